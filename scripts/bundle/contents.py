"""What the bundle leaves out of the packages that it is made from."""

from __future__ import annotations

import os.path
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath

MODULES = (
    # Optional, or only for development: in the environment of `make bundle`, but not in the bundle.
    "PyInstaller",
    "_pytest",
    "dask",
    "distributed",
    "hypothesis",
    "joblib",
    "mypy",
    "onnx",
    "optuna",
    "pip",
    "pytest",
    "setuptools",
    "torch",
    # Parts of the standard library that need large libraries, or such as are under the GPL.
    "_tkinter",
    "curses",
    "dbm",
    "ensurepip",
    "idlelib",
    "lib2to3",
    "pydoc_data",
    "readline",
    "tkinter",
    "turtle",
    # Parts of packages that the app does not use.
    "IPython",
    "OpenGL",
    "h5py",
    "matplotlib",
    "pyqtgraph.canvas",
    "pyqtgraph.console",
    "pyqtgraph.examples",
    "pyqtgraph.flowchart",
    "pyqtgraph.jupyter",
    "pyqtgraph.opengl",
    "PIL.ImageTk",
    "PIL._avif",
    "PIL._imagingcms",
    "PIL._imagingft",
    "PySide6.QtNetwork",
    "PySide6.QtPrintSupport",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtSql",
    "PySide6.QtTest",
    "PySide6.QtUiTools",
    "scipy.cluster",
    "scipy.datasets",
    "scipy.differentiate",
    "scipy.fftpack",
    "scipy.integrate",
    "scipy.interpolate",
    "scipy.io",
    "scipy.misc",
    "scipy.odr",
    "scipy.signal",
    "scipy.stats",
)
"""Modules that are not followed; without them the libraries that only they need stay out, too."""

_OF_THE_SYSTEM = (
    # Not to be replaced by older ones: the C++ runtime, what belongs to the display, its drivers
    # and its fonts, and what they need. Each desktop has them.
    r"lib(stdc\+\+|gcc_s|X11|X11-xcb|Xau|Xdmcp|xcb|EGL|GL|GLX|GLdispatch|OpenGL)\.so\..*",
    r"lib(drm|gbm|fontconfig|freetype|png16|brotli\w+|expat|z|bsd|md|uuid)\.so\..*",
    r"lib(glib-2\.0|gthread-2\.0|pcre2?-?\w*|dbus-1|systemd|cap|gcrypt|gpg-error)\.so\..*",
    r"lib(lz4|zstd|lzma)\.so\..*",
)
_FILES = (
    # Qt's: its own texts in other languages, and plugins for what the app does not do.
    r".*/translations/.*",
    r".*/plugins/(egldeviceintegrations|generic|networkinformation|qmltooling|sqldrivers|tls)/.*",
    r".*/plugins/(printsupport|vectorimageformats|xcbglintegrations)/.*",
    r".*/plugins/wayland-(graphics-integration-client|shell-integration/.*(ivi|fullscreen)).*",
    r".*/plugins/platforms/.*(eglfs|linuxfb|vkkhrdisplay|vnc|minimal).*",
    r".*/plugins/platforminputcontexts/.*virtualkeyboard.*",
    r".*/plugins/platformthemes/.*gtk3.*",
    r".*/plugins/imageformats/.*(pdf|tga|wbmp|icns|ico).*",
    r"(.*/)?(opengl32sw|d3dcompiler_47)\.dll",
    # Of other packages: tests, sources, licenses (which the bundle has in a place of their own),
    # and pictures that pyqtgraph never shows here.
    r"(.*/)?tests?/.*",
    r".*\.(pyi|pxd|pyx|h|hpp|a|lib|f90|c)",
    r".*\.dist-info/(licenses|sboms)/.*",
    r"pyqtgraph/.*",
    # The app's: pictures of its README, and icons that are built into the executable.
    r"assets/screenshot-.*",
    r"assets/icons/.*\.(ico|icns)",
    r"assets/(.*/)?(__pycache__/.*|.*\.py)",
)
_LINK = "SYMLINK"
_UNWANTED = re.compile("|".join(f"(?:{pattern})" for pattern in (*_OF_THE_SYSTEM, *_FILES)))

Entry = tuple[str, str, str]
"""Of PyInstaller's tables of contents: name in the bundle, file on this system, and its type."""


def is_wanted(name: str) -> bool:
    """Return whether the bundle holds the file with this name, relative to its folder."""
    return _UNWANTED.fullmatch(name.replace("\\", "/")) is None


def only_needed(binaries: Sequence[Entry], needs_of: Callable[[str], Iterable[str]]) -> list[Entry]:
    """Return the modules and plugins, and those libraries that they need in turn.

    PyInstaller has collected the libraries of unwanted plugins, too, such as all of GTK.

    Parameters
    ----------
    needs_of
        Returns the base names of the libraries that a file links to.
    """
    by_name: dict[str, list[Entry]] = {}  # NumPy and SciPy bring some of the same name
    for entry in binaries:
        by_name.setdefault(PurePath(entry[0]).name, []).append(entry)
    waiting = [entry for entry in binaries if _is_loaded_by_name(entry)]
    kept: set[str] = set()
    while waiting:
        name, source, kind = waiting.pop()
        if name not in kept:
            kept.add(name)
            needs = (PurePath(source).name,) if kind == _LINK else needs_of(source)
            waiting += [entry for need in needs for entry in by_name.get(need, ())]
    return [
        (name, source, kind)
        for name, source, kind in binaries
        if name in kept or (kind == _LINK and _target(name, source) in kept)
    ]


def _is_loaded_by_name(entry: Entry) -> bool:
    name, _, kind = entry
    path = PurePath(name)
    return kind == "EXTENSION" or "plugins" in path.parts or path.name.startswith("libpython")


def _target(link: str, target: str) -> str:
    return os.path.normpath(PurePath(link).parent / target)
