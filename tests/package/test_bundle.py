"""The program for people without Python, which `make bundle` has built: licenses, window, commands.

It is tried with an environment in which no Python can be found. With the path of a bare system in
DIGITSCOPE_ROOT (such as debootstrap makes), it is tried there, too, by root.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from core.program import VERSION
from tests.package.conftest import ROOT

IS_MAC = sys.platform == "darwin"
FOLDER = ROOT / "dist" / ("Digitscope.app" if IS_MAC else "digitscope")
CONTENTS = FOLDER / "Contents"
PROGRAM = {"darwin": CONTENTS / "MacOS" / "digitscope", "win32": FOLDER / "digitscope.exe"}.get(
    sys.platform, FOLDER / "digitscope"
)
LICENSES = CONTENTS / "Resources" / "licenses" if IS_MAC else FOLDER / "licenses"
STARTS_OF_BINARIES = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
BARE_ROOT = os.environ.get("DIGITSCOPE_ROOT")
ONLY_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="desktop entries are Linux's")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session", autouse=True)
def _is_built() -> None:
    assert PROGRAM.is_file(), "There is no bundle to test; `make bundle` builds it."


@pytest.fixture(scope="session", params=["here", "bare"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the program works: here, or inside of a bare system."""
    if request.param == "here":
        return tmp_path_factory.mktemp("place")
    if BARE_ROOT is None:
        pytest.skip("no bare system is named in DIGITSCOPE_ROOT")
    root = Path(BARE_ROOT)
    for folder in ("opt/digitscope", "root/place"):
        shutil.rmtree(root / folder, ignore_errors=True)
    shutil.copytree(FOLDER, root / "opt" / "digitscope", symlinks=True)
    (root / "root" / "place").mkdir()
    return root / "root" / "place"


@pytest.fixture(scope="session")
def run(place: Path) -> Run:
    """Run the program there, offscreen, with a home of its own and no Python."""
    is_bare = BARE_ROOT is not None and place.is_relative_to(BARE_ROOT)
    home = Path("/root/place") if is_bare else place
    system = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
    environment = {
        **system,
        **{name: str(home / "home") for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA")},
        "PATH": "/nowhere",
        "LANG": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
    }
    program = [str(PROGRAM)]
    if is_bare:
        work = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', str(home), "/opt/digitscope/digitscope"]
        program = [shutil.which("chroot") or "chroot", str(BARE_ROOT), *work]

    def run_program(*words: object, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*program, *map(str, words)],
            cwd=place,
            env={**environment, **changes},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )

    return run_program


@pytest.fixture(scope="session")
def trained(place: Path, run: Run) -> Path:
    """A run that the program has trained and saved."""
    words = ("--dataset", "strokes", "--hidden", "16", "--epochs", "1", "--save", "run.npz")
    done = run("train", *words, "--report", "report.json")
    assert done.returncode == 0, done.stderr
    return place / "run.npz"


# --- licenses -------------------------------------------------------------------------------------


def test_every_program_and_library_has_a_license() -> None:
    index = json.loads((LICENSES / "index.json").read_text("utf-8"))
    known = {Path(name).name for component in index.values() for name in component["binaries"]}
    known |= {PROGRAM.name, "Python"}  # PyInstaller's start, and the framework of macOS
    found = {
        path.name
        for path in FOLDER.rglob("*")
        if path.is_file() and not path.is_symlink() and path.read_bytes()[:4] in STARTS_OF_BINARIES
    }
    assert found
    assert found - known == set()
    for component, holds in index.items():
        sizes = [(LICENSES / component / name).stat().st_size for name in holds["texts"]]
        assert max(sizes, default=0) > 500, component


@pytest.mark.parametrize(
    ("component", "text", "says"),
    [
        ("PySide6_Essentials", "LGPL-3.0.txt", "GNU LESSER GENERAL PUBLIC LICENSE"),
        ("PySide6_Essentials", "GPL-3.0.txt", "GNU GENERAL PUBLIC LICENSE"),
        ("shiboken6", "LGPL-3.0.txt", "GNU LESSER GENERAL PUBLIC LICENSE"),
        ("PySide6_Essentials", "Qt-third-party.txt", "Unicode, Inc."),
        ("numpy", "LICENSE.txt", "OpenBLAS"),
        ("scipy", "LICENSE.txt", "libgfortran"),
        ("pillow", "LICENSE", "LIBJPEG"),
        ("Python", "LICENSE.txt", "PYTHON SOFTWARE FOUNDATION LICENSE"),
        ("pyinstaller", "COPYING.txt", "Bootloader Exception"),
        ("Digitscope", "DigitscopeSans-LICENSE.txt", "SIL OPEN FONT LICENSE"),
    ],
)
def test_the_licenses_are_those_of_what_is_in_it(component: str, text: str, says: str) -> None:
    assert says.lower() in (LICENSES / component / text).read_text("utf-8").lower()


def test_it_is_said_how_qt_can_be_replaced() -> None:
    page = (LICENSES / "README.txt").read_text("utf-8")
    assert "Replacing Qt" in page
    if sys.platform == "linux":
        assert (FOLDER / "_internal" / "PySide6" / "Qt" / "lib" / "libQt6Core.so.6").is_file()


# --- the program ----------------------------------------------------------------------------------


def test_it_says_its_version(run: Run) -> None:
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"Digitscope {VERSION}\n", "")


def test_it_trains_and_saves(trained: Path) -> None:
    report = json.loads((trained.parent / "report.json").read_text("utf-8"))
    assert report["epochs"] == 1
    assert trained.stat().st_size > 10_000


@pytest.mark.parametrize("suffix", [".csv", ".safetensors", ".toml"])
def test_it_exports(run: Run, trained: Path, suffix: str) -> None:
    done = run("export", trained.name, f"exported{suffix}")
    assert done.returncode == 0, done.stderr
    assert (trained.parent / f"exported{suffix}").stat().st_size > 0


def test_it_reads_a_picture(place: Path, run: Run) -> None:
    """With SciPy's parts that find digits, and Pillow's that read JPEG."""
    picture = QImage(120, 120, QImage.Format.Format_Grayscale8)
    picture.fill(255)
    for y in range(30, 95):
        for x in range(56, 66):
            picture.setPixel(x, y, 0)
    picture.save(str(place / "one.jpg"))
    done = run("predict", "one.jpg", "--report", "digits.json")
    assert done.returncode == 0, done.stderr
    (report,) = json.loads((place / "digits.json").read_text("utf-8"))["pictures"]
    assert [digit["digit"] for digit in report["digits"]] == [1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_shows_its_window(tmp_path: Path, place: Path, run: Run, theme: str) -> None:
    done = run("--screenshot", f"{theme}.png", "--seconds", "2", "--theme", theme)
    assert (done.returncode, done.stderr) == (0, "")
    shutil.copy(place / f"{theme}.png", tmp_path)
    picture = QImage(str(place / f"{theme}.png"))
    assert (picture.width(), picture.height()) == (1280, 800)
    for left in range(0, 1280, 320):
        part = picture.copy(left, 0, 320, 800)
        seen = {part.pixel(x, y) for x in range(0, 320, 2) for y in range(0, 800, 2)}
        assert len(seen) > 30, (theme, left)


def test_the_source_that_the_maths_tab_shows_is_there() -> None:
    folder = CONTENTS / "Resources" if IS_MAC else FOLDER / "_internal"
    for file in (ROOT / "core").rglob("*.py"):
        built = folder / file.relative_to(ROOT)
        assert built.read_bytes() == file.read_bytes(), f"{file} is newer: `make bundle` again"
    cached = sys.implementation.cache_tag
    assert list((folder / "core" / "network" / "__pycache__").glob(f"network.{cached}.pyc"))


def test_what_a_bundle_lacks_is_said_in_its_words(run: Run, trained: Path) -> None:
    for words in (("export", trained.name, "run.onnx"), ("search", "--dataset", "strokes")):
        done = run(*words)
        assert done.returncode == 2, done.stdout
        assert "This program brings its own Python" in done.stderr
        assert "make " not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such process")
def test_a_child_of_multiprocessing_is_not_another_window(run: Run) -> None:
    """Its helper processes start the same program with options that only Python knows."""
    tracker = ("-B", "-S", "-I", "-c", "from multiprocessing.resource_tracker import main;main(0)")
    done = run(*tracker)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@ONLY_LINUX
def test_a_window_that_cannot_be_opened_is_explained(run: Run) -> None:
    done = run(QT_QPA_PLATFORM="xcb", DISPLAY=":9999")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("digitscope: No X server answers at DISPLAY=':9999'")
    assert "`digitscope train` trains" in done.stderr


# --- the desktop ----------------------------------------------------------------------------------


def script(name: str, folder: Path, data: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HOME": str(data), "XDG_DATA_HOME": str(data / "share")}
    return subprocess.run(
        [folder / name], env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What install.sh needs of the folder, in a place with characters that it has to escape."""
    folder = tmp_path / "it's 100% & |ours"
    (folder / "_internal" / "assets").mkdir(parents=True)
    shutil.copytree(FOLDER / "_internal/assets/icons", folder / "_internal/assets/icons")
    for file in FOLDER.iterdir():
        if file.is_file():
            shutil.copy2(file, folder)
    return folder


@ONLY_LINUX
def test_it_is_added_to_the_menu_and_taken_out_again(tmp_path: Path, copy: Path) -> None:
    data = tmp_path / "home"
    done = script("install.sh", copy, data)
    assert (done.returncode, done.stderr) == (0, "")
    entry = data / "share" / "applications" / "digitscope.desktop"
    escaped = str(copy / "digitscope").replace("%", "%%")
    assert f'Exec="{escaped}" %f' in entry.read_text("utf-8").splitlines()
    assert os.path.realpath(data / ".local/bin/digitscope") == str(copy / "digitscope")
    sizes = {path.name for path in (data / "share/icons/hicolor").iterdir()}
    assert {"16x16", "48x48", "256x256", "512x512", "scalable"} <= sizes
    if validator := shutil.which("desktop-file-validate"):
        checked = subprocess.run([validator, entry], capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stdout) == (0, "")
    done = script("uninstall.sh", copy, data)
    assert (done.returncode, done.stderr) == (0, "")
    left = [path for path in data.rglob("*digitscope*") if path.is_symlink() or path.is_file()]
    assert [path for path in left if "cache" not in path.name] == []


@ONLY_LINUX
def test_another_installation_keeps_its_command(tmp_path: Path, copy: Path) -> None:
    programs = tmp_path / "home" / ".local" / "bin"
    programs.mkdir(parents=True)
    (tmp_path / "other").touch()
    (programs / "digitscope").symlink_to(tmp_path / "other")
    assert "another installation" in script("install.sh", copy, tmp_path / "home").stdout
    script("uninstall.sh", copy, tmp_path / "home")
    assert (programs / "digitscope").resolve() == tmp_path / "other"


@ONLY_LINUX
def test_a_saved_run_is_known_by_its_content_and_other_arrays_are_not_claimed(
    tmp_path: Path, copy: Path
) -> None:
    query = shutil.which("gio")
    if query is None or shutil.which("update-mime-database") is None:
        pytest.skip("gio and shared-mime-info are not installed")
    script("install.sh", copy, tmp_path / "home")
    np.savez(tmp_path / "arrays.npz", config=np.array('{"vertices": 3}'), weights=np.ones(3))
    shutil.copy(ROOT / "assets" / "network.npz", tmp_path / "network.npz")
    shutil.copy(ROOT / "tests/data/version-0.1.0/run.npz", tmp_path / "earlier.npz")
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "home" / "share")}
    for name, is_run in (("network.npz", True), ("earlier.npz", True), ("arrays.npz", False)):
        command = [query, "info", "--attributes", "standard::content-type", tmp_path / name]
        said = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        ).stdout
        assert ("application/x-digitscope-run" in said) == is_run, said
