"""Builds Digitscope as a folder that needs no Python, and an archive of it, with PyInstaller."""
