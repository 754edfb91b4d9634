"""The set-up by `make`: which Python, which versions, which system libraries."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import PySide6
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from gui import system_libraries
from scripts import debian_packages, install
from scripts import system_libraries as setting_up

ROOT = Path(__file__).parents[1]
GROUPS = ("runtime", "dev", "export", "video", "search", "cluster", "compare", "package", "bundle")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the Makefile needs a Unix shell")


def pins(*groups: str) -> dict[str, str]:
    """The versions in those sections of constraints.txt that hold for this Python."""
    needs = _for_here(pin_lines(*groups))
    return {canonicalize_name(need.name): str(need.specifier).removeprefix("==") for need in needs}


def pin_lines(*groups: str) -> list[str]:
    """The lines of those sections of constraints.txt."""
    found = []
    section = ""
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if "==" not in line:
            section = line.removeprefix("# ") if line.startswith("# ") else ""
        elif section in groups:
            found.append(line)
    return found


def installed(groups: list[str]) -> dict[str, str]:
    """The versions of the packages in pyproject.toml, and of their dependencies."""
    waiting = asked_for(*groups)
    found: dict[str, str] = {}
    while waiting:
        name = canonicalize_name(waiting.pop().name)
        if name in found:
            continue
        package = importlib.metadata.distribution(name)
        found[name] = package.version
        waiting += _for_here(package.requires or ())
    return found


def asked_for(*groups: str) -> list[Requirement]:
    """The requirements of these groups in pyproject.toml that hold for this Python."""
    return _for_here(install.read_requirements(groups))


def _for_here(lines: Sequence[str]) -> list[Requirement]:
    needs = [Requirement(line) for line in lines]
    return [need for need in needs if not need.marker or need.marker.evaluate({"extra": ""})]


def names_in(*groups: str) -> set[str]:
    return {requirement.name for requirement in asked_for(*groups)}


def _program(folder: Path, name: str, text: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    program.chmod(0o755)


def _find_python(programs: Path) -> subprocess.CompletedProcess[str]:
    """Look for Python with only `programs` on PATH."""
    return subprocess.run(
        ["/bin/sh", ROOT / "scripts" / "find_python.sh"],
        check=False,
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
    )


def test_every_package_that_gets_installed_is_pinned_and_so_installed(monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    groups = ("runtime", "dev", "export", "search", "cluster")
    assert installed(list(groups)) == pins(*groups)


def test_every_package_is_pinned_once_and_in_a_section() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if line and not line.startswith("#")]
    assert pinned == pin_lines(*GROUPS)
    names = {canonicalize_name(Requirement(line).name) for line in pinned}
    assert len(names) == len(pinned)


@pytest.mark.parametrize(
    ("extra", "packages"),
    [
        ("export", {"onnx"}),
        ("video", {"imageio-ffmpeg"}),
        ("search", {"optuna", "joblib", "psutil"}),
        ("cluster", {"dask", "distributed"}),
        ("package", {"build"}),
        ("bundle", {"pyinstaller"}),
        ("compare", {"torch", "scikit-learn", "onnxruntime", "onnxscript"}),
    ],
)
def test_an_optional_dependency_is_pinned_and_installed_only_for_its_purpose(
    monkeypatch, extra, packages
) -> None:
    monkeypatch.chdir(ROOT)
    assert names_in(extra) == packages
    assert packages <= pins(extra).keys()
    assert not packages & names_in("runtime", "dev")


def test_the_runtime_needs_no_development_package(monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    runtime = names_in("runtime")
    assert "numpy" in runtime
    assert "pytest" not in runtime
    assert runtime < names_in("runtime", "dev")


def test_every_requirement_has_a_range_that_ends_and_holds_the_pin(monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    pinned = pins(*GROUPS)
    for requirement in asked_for(*GROUPS):
        operators = {clause.operator for clause in requirement.specifier}
        assert {">=", "<"} <= operators, requirement
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)])


@pytest.mark.parametrize(("python", "has_newest"), [("3.11", False), ("3.12", True)])
def test_qt_is_held_back_only_on_the_python_that_it_aborts(monkeypatch, python, has_newest) -> None:
    """PySide6 6.12 drops references to None, which Python 3.12 and later keep anyway."""
    monkeypatch.chdir(ROOT)
    lines = map(Requirement, install.read_requirements(["runtime"]))
    (qt,) = (
        line
        for line in lines
        if line.name.startswith("PySide6") and line.marker.evaluate({"python_version": python})
    )
    assert qt.specifier.contains("6.12.0") == has_newest
    assert qt.specifier.contains("6.11.3")
    assert not qt.specifier.contains("6.9.2")


@pytest.mark.parametrize("good", ["python3", "python3.13", "python3.11"])
def test_the_first_python_that_is_new_enough_is_found(tmp_path: Path, good: str) -> None:
    """python3 is preferred; one that is too old, or a shim without a Python, is skipped."""
    _program(tmp_path, "python3", "exit 1")
    _program(tmp_path, "python3.14", "exit 127")
    _program(tmp_path, good, f'exec "{sys.executable}" "$@"')
    found = _find_python(tmp_path)
    assert found.stdout.strip() == os.path.realpath(sys.executable)
    assert found.returncode == 0


def test_without_a_suitable_python_one_line_says_so(tmp_path: Path) -> None:
    _program(tmp_path, "python3", '[ "$1" = --version ] && echo Python 3.9.2; exit 1')
    found = _find_python(tmp_path)
    assert found.returncode == 1
    assert found.stdout == ""
    assert re.fullmatch(r".*3\.11 or newer.*Python 3\.9\.2.*apt-get install.*\n", found.stderr)


def test_only_libraries_that_do_not_load_count_as_missing() -> None:
    libraries = {"libc.so.6": "libc6", "libnowhere.so.1": "libnowhere1"}
    assert system_libraries.find_missing(libraries) == {"libnowhere.so.1": "libnowhere1"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt brings all it needs")
def test_every_library_that_qt_links_to_is_known() -> None:
    """By the names inside Qt's own files: a Qt that needs more than before fails this."""
    qt = Path(PySide6.__file__).parent / "Qt"
    files = [
        *(qt / f"plugins/platforms/libq{name}.so" for name in ("offscreen", "wayland", "xcb")),
        *(qt / f"lib/libQt6{name}.so.6" for name in ("Core", "DBus", "Gui", "Widgets", "XcbQpa")),
    ]
    named = re.compile(rb"(?<=\0)lib[\w.+-]+\.so\.\d+(?=\0)")
    linked = {name.decode() for file in files for name in named.findall(file.read_bytes())}
    brought = {file.name for file in (qt / "lib").iterdir()}
    on_every_linux = {f"lib{name}" for name in ("c.so.6", "gcc_s.so.1", "m.so.6", "stdc++.so.6")}
    needed_by_dpkg = {"libz.so.1", "libzstd.so.1"}
    assert linked - brought - on_every_linux - needed_by_dpkg <= set(system_libraries.LIBRARIES)


def test_a_font_is_found_wherever_it_lies(tmp_path: Path) -> None:
    (tmp_path / "truetype" / "dejavu").mkdir(parents=True)
    (tmp_path / "truetype" / "readme.txt").touch()
    absent = tmp_path / "absent"
    assert not system_libraries.has_font([absent, tmp_path])
    (tmp_path / "truetype" / "dejavu" / "Sans.TTF").touch()
    assert system_libraries.has_font([absent, tmp_path])


@pytest.fixture
def apt_calls(tmp_path: Path, monkeypatch) -> Path:
    """The file in which a fake apt-get and sudo record their calls."""
    calls = tmp_path / "calls"
    _program(tmp_path, "sudo", f'echo "sudo $1" >> "{calls}"; exec "$@"')
    note = f'echo "$@" >> "{calls}"; echo "E: says apt-get"'
    _program(tmp_path, "apt-get", f'{note}; case "$*" in *libnowhere1*) exit 100;; esac')
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return calls


@pytest.mark.parametrize("user", [0, 1000])
def test_packages_are_installed_as_root_or_through_sudo(
    apt_calls, monkeypatch, capfd, user
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert debian_packages.install_packages(["libegl1", "libgl1"], "Qt needs them")
    calls = apt_calls.read_text(encoding="utf-8").splitlines()
    assert calls.count("sudo env") == (2 if user else 0)
    assert calls[-1].endswith("libegl1 libgl1")
    assert " install " in calls[-1]
    said = capfd.readouterr()
    assert said.out == "Installing libegl1 libgl1 with apt-get: Qt needs them\n"
    assert said.err == ""


def test_without_the_right_to_install_nothing_is_attempted(
    tmp_path, apt_calls, monkeypatch
) -> None:
    (tmp_path / "sudo").unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert not debian_packages.install_packages(["libegl1"], "Qt needs it")
    assert not apt_calls.exists()


def test_a_failed_installation_shows_why(apt_calls, capfd) -> None:
    assert not debian_packages.install_packages(["libnowhere1"], "a test")
    assert "E: says apt-get" in capfd.readouterr().err
    assert apt_calls.exists()


def test_without_apt_get_the_missing_libraries_are_named(tmp_path, monkeypatch, capfd) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    libraries = {"libc.so.6": "libc6", "libnowhere.so.1": "libnowhere1"}
    monkeypatch.setattr(system_libraries, "LIBRARIES", libraries)
    monkeypatch.setattr(system_libraries, "FONT_FOLDERS", [])
    setting_up.main()
    said = capfd.readouterr()
    assert said.out == ""
    assert "libnowhere.so.1, a font" in said.err
    assert "apt-get install fonts-dejavu-core libnowhere1" in said.err
    assert "libc" not in said.err


@pytest.mark.parametrize(("options", "expected"), [((), False), (["--for-tests"], True)])
def test_the_tests_need_an_x_server_without_a_screen(
    tmp_path, monkeypatch, capfd, options, expected
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(system_libraries, "LIBRARIES", {})
    (tmp_path / "some.ttf").touch()
    monkeypatch.setattr(system_libraries, "FONT_FOLDERS", [tmp_path])
    setting_up.main(options)
    said = capfd.readouterr().err
    assert ("Xvfb" in said, "apt-get install xvfb" in said) == (expected, expected)


def test_an_interrupted_set_up_is_redone_and_a_complete_one_is_kept(tmp_path, monkeypatch) -> None:
    """With a separate environment whose only requirement, pip, is already installed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (tmp_path / "constraints.txt").touch()
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["pip"]\n'
        '[project.optional-dependencies]\ndev = ["digitscope-nowhere"]\n',
        encoding="utf-8",
    )
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    _program(tmp_path / ".venv" / "bin", "python", f'exec "{sys.executable}" "$@"')
    (tmp_path / ".venv" / "unfinished").touch()
    left_over = tmp_path / ".venv" / "left-over"
    left_over.touch()

    install.main(["runtime"])
    assert not left_over.exists()
    assert (tmp_path / ".venv" / "runtime-installed").exists()
    assert not (tmp_path / ".venv" / "unfinished").exists()

    left_over.touch()
    install.main(["runtime"])
    assert left_over.exists()

    with pytest.raises(SystemExit, match="pip says why"):
        install.main(["runtime", "dev"])
    assert not (tmp_path / ".venv" / "dev-installed").exists()
