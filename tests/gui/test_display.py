"""One line says why a window cannot open; tested with real servers, sockets and libraries."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import program
from gui import system_libraries
from gui.display import display_problem

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux may lack a display")

NO_SERVER = ":4711"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def x_server() -> Iterator[str]:
    """The DISPLAY of an X server that is running during these tests."""
    if shutil.which("Xvfb") is None:
        pytest.skip("there is no Xvfb here")
    command = ["Xvfb", "-displayfd", "1", "-nolisten", "tcp"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        yield f":{server.stdout.readline().strip()}"
        server.terminate()


@pytest.fixture
def compositor(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a Wayland session whose socket accepts connections."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "wayland-7"))
        listener.listen()
        yield {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-7"}


@pytest.fixture
def plugins_lacking_a_library(tmp_path: Path) -> Path:
    """A folder of Qt's plugins, where offscreen needs a library that does not exist."""
    original = _pyside_plugins() / "libqoffscreen.so"
    changed = original.read_bytes().replace(b"libX11.so.6\0", b"libX99.so.6\0")
    (tmp_path / "libqoffscreen.so").write_bytes(changed)
    return tmp_path


def _pyside_plugins() -> Path:
    import PySide6  # noqa: PLC0415 - its folder only

    return Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms"


def _told(environment: dict[str, str], plugins: Path | None = None) -> str:
    problem = display_problem(environment, plugins)
    assert problem is not None
    assert "\n" not in problem
    return problem


def test_no_display_at_all_is_reported_with_ways_to_continue() -> None:
    problem = _told({})
    assert "neither DISPLAY nor WAYLAND_DISPLAY is set" in problem
    for way in ("ssh -X", "xvfb-run python main.py", "main.py train", "main.py --screenshot"):
        assert way in problem
    assert _told({"DISPLAY": "", "WAYLAND_DISPLAY": ""}) == problem


@pytest.mark.parametrize("platform", ["offscreen", "offscreen:size=300x200", "minimal"])
def test_platforms_without_a_display_need_no_display(platform: str) -> None:
    assert display_problem({"QT_QPA_PLATFORM": platform}) is None


def test_an_x_server_that_does_not_answer_is_named() -> None:
    assert f"No X server answers at DISPLAY='{NO_SERVER}'" in _told({"DISPLAY": NO_SERVER})
    assert "No X server answers" in _told({"QT_QPA_PLATFORM": "xcb"})


def test_an_x_server_that_answers_is_no_problem(x_server: str) -> None:
    assert display_problem({"DISPLAY": x_server}) is None


def test_the_window_opens_after_the_question(x_server: str) -> None:
    program = """
from gui.display import display_problem
assert display_problem() is None
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
window = QWidget()
window.show()
application.processEvents()
assert application.platformName() == "xcb"
"""
    other = {"QT_QPA_PLATFORM", "WAYLAND_DISPLAY"}
    environment = {name: value for name, value in os.environ.items() if name not in other}
    subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**environment, "DISPLAY": x_server},
        check=True,
    )


def test_connections_to_the_x_server_are_closed(x_server: str) -> None:
    def open_sockets() -> int:
        links = (os.readlink(entry) for entry in Path("/proc/self/fd").iterdir() if entry.exists())
        return sum(link.startswith("socket:") for link in links)

    before = open_sockets()
    display_problem({"DISPLAY": x_server})
    display_problem({"DISPLAY": NO_SERVER})
    assert open_sockets() == before


def test_a_compositor_that_responds_is_no_problem(compositor: dict[str, str]) -> None:
    assert display_problem(compositor) is None
    socket_itself = f"{compositor['XDG_RUNTIME_DIR']}/{compositor['WAYLAND_DISPLAY']}"
    assert display_problem({"WAYLAND_DISPLAY": socket_itself}) is None


def test_a_compositor_that_does_not_respond_is_named(tmp_path: Path) -> None:
    environment = {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path)}
    problem = _told(environment)
    assert "WAYLAND_DISPLAY='wayland-9'" in problem
    assert f"{tmp_path}/wayland-9" in problem


def test_one_usable_platform_suffices(x_server: str, compositor: dict[str, str]) -> None:
    assert display_problem({**compositor, "DISPLAY": NO_SERVER}) is None
    assert display_problem({"WAYLAND_DISPLAY": "wayland-9", "DISPLAY": x_server}) is None
    assert display_problem({"QT_QPA_PLATFORM": "wayland;xcb;offscreen"}) is None
    assert "Wayland" in _told({"WAYLAND_DISPLAY": "wayland-9", "DISPLAY": NO_SERVER})


def test_a_missing_system_library_is_named(plugins_lacking_a_library: Path) -> None:
    problem = _told({"QT_QPA_PLATFORM": "offscreen"}, plugins_lacking_a_library)
    assert "the system library libX99.so.6 is missing" in problem
    assert "make run" in problem


def test_an_installed_program_names_the_packages_that_are_missing(
    plugins_lacking_a_library: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(program, "_FOLDER", tmp_path)
    monkeypatch.setattr(system_libraries, "LIBRARIES", {"libX99.so.6": "libx99-6"})
    monkeypatch.setattr(system_libraries, "FONT_FOLDERS", [plugins_lacking_a_library])
    problem = _told({"QT_QPA_PLATFORM": "offscreen"}, plugins_lacking_a_library)
    assert "the system library libX99.so.6 is missing" in problem
    assert "sudo apt-get install fonts-dejavu-core libx99-6" in problem
    assert "make run" not in problem


def test_a_damaged_plugin_is_reported(tmp_path: Path) -> None:
    (tmp_path / "libqoffscreen.so").write_bytes(b"no library")
    problem = _told({"QT_QPA_PLATFORM": "offscreen"}, tmp_path)
    assert str(tmp_path / "libqoffscreen.so") in problem


def test_an_unknown_platform_is_named(tmp_path: Path) -> None:
    assert "QT_QPA_PLATFORM names 'paper'" in _told({"QT_QPA_PLATFORM": "paper"})
    assert "'offscreen'" in _told({"QT_QPA_PLATFORM": "offscreen"}, tmp_path)


def test_qt_knows_no_other_variants_of_the_platforms() -> None:
    """The accepted platforms are those that Qt lists when asked for an unknown one."""
    outcome = subprocess.run(
        [sys.executable, "-c", "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"],
        env={**os.environ, "QT_QPA_PLATFORM": "paper"},
        capture_output=True,
        text=True,
        check=False,
    )
    listed = re.search(r"Available platform plugins are: (.*)\.", outcome.stderr)
    assert listed is not None
    for platform in listed[1].split(", "):
        problem = display_problem({"QT_QPA_PLATFORM": platform}) or ""
        assert "does not have" not in problem


def test_asking_imports_nothing_of_qt() -> None:
    program = (
        "import sys; from gui.display import display_problem; display_problem();"
        "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
