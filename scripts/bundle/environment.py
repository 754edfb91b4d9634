"""Runs before the program, in the bundle: programs that it starts get the user's environment.

PyInstaller's bootloader sets LD_LIBRARY_PATH to the bundle's folder, where the dynamic linker has
read it already. A file manager that is opened from the window must not load the bundle's libraries.
"""

import os

_before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
if _before is not None:
    os.environ["LD_LIBRARY_PATH"] = _before
else:
    os.environ.pop("LD_LIBRARY_PATH", None)
