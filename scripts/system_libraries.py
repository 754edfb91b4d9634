"""Installs the system libraries that Qt links to and that a bare Linux may lack.

`python -m scripts.system_libraries`. Qt aborts without them, and blames xcb-cursor whichever is
missing. With `--for-tests`, also the X server without a screen that some tests open windows on.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

from gui.system_libraries import find_all_missing
from scripts.debian_packages import install_packages


def main(options: Sequence[str] = ()) -> None:
    """Install what is missing; if that fails, name it and continue: not every use needs all."""
    missing = find_all_missing()
    if "--for-tests" in options and shutil.which("Xvfb") is None:
        missing["Xvfb"] = "xvfb"
    packages = sorted(set(missing.values()))
    if not packages or install_packages(packages, "Qt draws the window with them"):
        return
    print(
        f"Qt needs what is missing here: {', '.join(missing)}. Install it with the system's "
        f"package manager (Debian, Ubuntu: sudo apt-get install {' '.join(packages)}).",
        file=sys.stderr,
    )


if __name__ == "__main__" and sys.platform == "linux":
    main(sys.argv[1:])
