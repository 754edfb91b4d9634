"""What `make bundle` leaves out; the bundle itself is tried by tests/package/test_bundle.py."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.bundle.contents import MODULES, is_wanted, only_needed

ROOT = Path(__file__).parents[1]


def needed(entries, needs):
    return [name for name, _, _ in only_needed(entries, lambda source: needs.get(source, ()))]


def test_a_library_stays_while_a_module_needs_it_through_others():
    entries = [
        ("a/module.so", "module", "EXTENSION"),
        ("near.so.1", "near", "BINARY"),
        ("far.so.1", "far", "BINARY"),
        ("gtk.so.3", "gtk", "BINARY"),
    ]
    needs = {"module": ["near.so.1", "libc.so.6"], "near": ["far.so.1"], "gtk": ["far.so.1"]}
    assert needed(entries, needs) == ["a/module.so", "near.so.1", "far.so.1"]


def test_two_libraries_of_one_name_stay_both():
    """NumPy's and SciPy's libgfortran: each module loads the one of its own package."""
    entries = [
        ("a/module.so", "module", "EXTENSION"),
        ("numpy.libs/same.so.5", "one", "BINARY"),
        ("scipy.libs/same.so.5", "other", "BINARY"),
    ]
    assert len(needed(entries, {"module": ["same.so.5"]})) == 3


def test_a_link_stays_with_what_it_leads_to():
    entries = [
        ("qt/plugins/x.so", "plugin", "BINARY"),
        ("qt/lib/core.so.6", "core", "BINARY"),
        ("core.so.6", "qt/lib/core.so.6", "SYMLINK"),
        ("gtk.so.3", "else/gtk.so.3", "SYMLINK"),
        ("else/gtk.so.3", "gtk", "BINARY"),
    ]
    kept = needed(entries, {"plugin": ["core.so.6"]})
    assert kept == ["qt/plugins/x.so", "qt/lib/core.so.6", "core.so.6"]


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("libstdc++.so.6", False),  # an older one would break the display's driver
        ("libX11.so.6", False),
        ("libxcb.so.1", False),
        ("libxcb-cursor.so.0", True),  # many desktops lack it
        ("libssl.so.3", True),
        ("scipy.libs/libquadmath-96973f99.so.0.0.0", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6\\plugins\\tls\\qopensslbackend.dll", False),
        ("assets/lessons/01-three-networks.toml", True),
        ("assets/icons/digitscope-48.png", True),
        ("assets/screenshot-dark.png", False),
        ("core/network/network.py", True),
    ],
)
def test_which_files_stay(name, stays):
    assert is_wanted(name) == stays


def imported_by_the_app():
    """The modules that the app's files import, at the top or when they need them."""
    files = [ROOT / "main.py"]
    files += [file for part in ("core", "cli", "gui") for file in (ROOT / part).rglob("*.py")]
    names = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
    return names


def test_what_the_app_imports_works_without_the_modules_that_are_left_out():
    """Some are imported late, so that a bundle without them would start, and fail in use."""
    names = [
        name
        for name in sorted(imported_by_the_app())
        # Optional packages are left out on purpose.
        if name.split(".")[0] not in (*MODULES, "core", "cli", "gui", "main")
    ]
    assert "scipy.optimize" in names
    program = f"""
import importlib, sys
sys.modules.update(dict.fromkeys({MODULES!r}))  # None: their import fails
for name in {names!r}:
    importlib.import_module(name)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
