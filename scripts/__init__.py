"""Scripts with which the Makefile sets Digitscope up: standard library only, Python >= 3.11."""
