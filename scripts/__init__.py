"""Scripts of the Makefile; those that set Digitscope up need only the standard library."""
