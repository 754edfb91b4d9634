"""Checks whether Qt can open a window here; Qt itself aborts the process if it cannot.

Check before PySide6 is imported: the import fails where a system library is missing, and Qt blames
xcb-cursor for any missing library and most other problems.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from core.program import as_typed, is_checkout
from gui.system_libraries import find_all_missing


def display_problem(
    environment: Mapping[str, str] = os.environ, plugins: Path | None = None
) -> str | None:
    """Return one line on why Qt would abort and what to do; None if it can start.

    Parameters
    ----------
    environment
        Environment variables that tell Qt which display to use.
    plugins
        The folder of Qt's platform plugins; by default that of PySide6.

    Returns
    -------
    str or None
        Always None on systems other than Linux, which always have a display. Qt tries all platforms
        that suit the environment, so there is only a problem if all of them fail; the first
        problem is returned.
    """
    if sys.platform != "linux":
        return None
    platforms = _platforms(environment)
    if not platforms:
        return f"There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set). {_advice()}"
    problems = []
    for platform in platforms:
        problem = _connection_problem(platform, environment) or _plugin_problem(
            platform, plugins or _pyside_plugins()
        )
        if problem is None:
            return None
        problems.append(problem)
    return problems[0]


def _platforms(environment: Mapping[str, str]) -> list[str]:
    """Return the names of the platforms that Qt tries, without their options."""
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if chosen:
        # Such as "wayland;xcb" or "offscreen:size=800x600"; wayland-egl is a variant of wayland.
        return [re.split("[:-]", name)[0] for name in chosen.split(";")]
    of_variable = {"WAYLAND_DISPLAY": "wayland", "DISPLAY": "xcb"}
    return [name for variable, name in of_variable.items() if environment.get(variable)]


def _connection_problem(platform: str, environment: Mapping[str, str]) -> str | None:
    if platform == "xcb":
        return _x_problem(environment.get("DISPLAY", ""))
    if platform == "wayland":
        return _wayland_problem(environment)
    return None


def _x_problem(display: str) -> str | None:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError as error:
        return _library_problem(error)
    xcb.xcb_connect.restype = ctypes.c_void_p
    # A failed connection must be closed, too.
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    if not failed:
        return None
    return f"No X server answers at DISPLAY={display!r}, or it refuses this user. {_advice()}"


def _wayland_problem(environment: Mapping[str, str]) -> str | None:
    name = environment.get("WAYLAND_DISPLAY", "wayland-0")
    # An absolute WAYLAND_DISPLAY replaces the folder, with this operator as in Wayland.
    path = Path(environment.get("XDG_RUNTIME_DIR", "")) / name
    try:
        with socket.socket(socket.AF_UNIX) as compositor:
            compositor.connect(str(path))
    except OSError:
        fault = f"No Wayland compositor answers at WAYLAND_DISPLAY={name!r} (socket {path})."
        return f"{fault} {_advice()}"
    return None


def _pyside_plugins() -> Path | None:
    """Return PySide6's folder of platform plugins; None if a system package has none."""
    package = importlib.util.find_spec("PySide6")
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent / "Qt" / "plugins" / "platforms"
    return folder if folder.is_dir() else None


def _plugin_problem(platform: str, plugins: Path | None) -> str | None:
    if plugins is None:
        return None
    plugin = plugins / f"libq{platform}.so"
    if not plugin.exists():
        return (
            f"QT_QPA_PLATFORM names '{platform}', which Qt does not have here. Unset it, or use "
            "one of xcb, wayland and offscreen."
        )
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return _library_problem(error)
    return None


def _library_problem(error: OSError) -> str:
    reason = str(error.__cause__ or error)  # in a bundle, ctypes hides the linker's reason
    absent = re.match(r"(\S+): cannot open shared object file", reason)
    fault = f"the system library {absent[1]} is missing" if absent else reason
    packages = sorted(set(find_all_missing().values()))
    if is_checkout():
        advice = "run `make run`"
    elif packages:
        advice = f"run `sudo apt-get install {' '.join(packages)}`"
    else:  # a later Qt may need what the table lacks
        advice = "look for its package with `apt-file`"
    return (
        f"Qt cannot open a window: {fault}. On Debian and Ubuntu, {advice} to install what is "
        "missing; on other systems, use the package manager."
    )


def _advice() -> str:
    return (
        f"Use a desktop session, `ssh -X` or `xvfb-run {as_typed('')}`; `{as_typed('train')}` "
        f"trains and `{as_typed('--screenshot FILE.png')}` makes a picture without a window."
    )
