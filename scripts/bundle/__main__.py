"""Builds the bundle: `python -m scripts.bundle`, from the checkout's root.

It leaves the folder dist/digitscope (on macOS dist/Digitscope.app) and an archive of it.
"""

from __future__ import annotations

import lzma
import platform
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from ctypes.util import find_library
from pathlib import Path

from core.program import VERSION
from scripts.debian_packages import install_packages

_HERE = Path(__file__).parent
_DIST = Path("dist")
_WORK = Path("build") / "bundle"
_XZ = (
    {"id": lzma.FILTER_X86},
    {"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 1 << 26},
)
"""Shrinks machine code more than usual, and sees that NumPy's and SciPy's OpenBLAS are alike."""


def main() -> None:
    """Build, add what belongs beside the program, pack, and say how large it has become."""
    _install_tools()
    from PyInstaller.__main__ import run

    started = time.monotonic()
    run(
        [
            *("--noconfirm", "--log-level", "WARN"),
            *("--distpath", str(_DIST), "--workpath", str(_WORK)),
            str(_HERE / "digitscope.spec"),
        ]
    )
    if sys.platform == "darwin":
        folder = _DIST / "Digitscope.app"
    else:
        folder = _DIST / "digitscope"
        shutil.move(folder / "_internal" / "licenses", folder / "licenses")
    if sys.platform == "linux":
        shutil.copytree(_HERE / "linux", folder, dirs_exist_ok=True)
    archive = _pack(folder)
    size = sum(file.stat().st_size for file in folder.rglob("*") if not file.is_symlink())
    print(
        f"{folder}: {size / 1e6:.0f} MB; {archive}: {archive.stat().st_size / 1e6:.1f} MB; "
        f"built in {time.monotonic() - started:.0f} s"
    )


def _install_tools() -> None:
    """Install what PyInstaller needs of the system, where that is Debian or its like."""
    missing = {}
    if sys.platform == "linux" and shutil.which("objdump") is None:
        missing["objdump"] = "binutils"
    version = "{}.{}".format(*sys.version_info)
    if sys.base_prefix == "/usr" and find_library(f"python{version}") is None:
        missing["Python as a shared library"] = f"libpython{version}"
    if missing and not install_packages(sorted(missing.values()), "PyInstaller needs them"):
        sys.exit(
            f"PyInstaller needs {' and '.join(missing)}. Install {' and '.join(missing.values())} "
            "with the system's package manager, and try again."
        )


def _pack(folder: Path) -> Path:
    system = {"linux": "linux", "win32": "windows", "darwin": "macos"}[sys.platform]
    name = f"digitscope-{VERSION}-{system}-{platform.machine().lower()}"
    if sys.platform == "linux":
        archive = _DIST / f"{name}.tar.xz"
        with lzma.open(archive, "w", filters=_XZ) as packed, tarfile.open(None, "w", packed) as tar:
            tar.add(folder, name, filter=_of_nobody)
        return archive
    archive = _DIST / f"{name}.zip"
    if sys.platform == "darwin":
        # The app has links, which Python's zipfile would follow.
        subprocess.run(["ditto", "-c", "-k", "--keepParent", folder, archive], check=True)
        return archive
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        for file in sorted(folder.rglob("*")):
            zipped.write(file, Path(name) / file.relative_to(folder))
    return archive


def _of_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


if __name__ == "__main__":
    main()
