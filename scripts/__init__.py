"""What the Makefile calls to set Digitscope up: the standard library only, on Python >= 3.11."""
