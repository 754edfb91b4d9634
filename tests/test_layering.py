"""Imports run one way: main → cli and gui → core, and also between the folders of each."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

QT = {"PySide6", "shiboken6", "pyqtgraph"}
FORBIDDEN = {
    "core": QT | {"tqdm", "gui", "cli", "main"},
    "cli": QT | {"gui", "main"},
    "gui": {"cli", "main"},
}
MAY_IMPORT = {
    "core": {
        "files": set(),
        "settings": set(),
        "threads": set(),
        "history": set(),
        "network": {"settings"},
        "ink": {"files"},
        "pictures": {"files", "ink"},
        "datasets": {"files", "ink", "pictures", "settings"},
        "training": {"datasets", "history", "network", "settings", "threads"},
        "inspection": {"datasets", "history", "network", "settings", "training"},
        "maths": {"network", "settings", "training"},
        "saving": {"datasets", "files", "history", "network", "settings", "threads", "training"},
        "export": {"files", "history", "network", "settings"},
        "films": {"files", "network", "training"},
        "importing": {"export", "files", "network", "settings"},
        "runs": {"files", "history", "network", "settings"},
        "toml_files": {"files", "settings"},
        "classroom": {"lessons", "settings", "toml_files"},
        "my_digits": {"datasets", "files", "ink", "pictures"},
        "lessons": {
            "datasets",
            "files",
            "runs",
            "search",
            "settings",
            "threads",
            "toml_files",
            "training",
        },
        "search": {
            "datasets",
            "files",
            "history",
            "network",
            "runs",
            "saving",
            "settings",
            "training",
        },
    },
    "gui": {
        "threads": set(),
        "widgets": set(),
        "training": {"threads"},
        "settings": {"widgets"},
        "curves": {"widgets"},
        "film": {"widgets"},
        "flow": {"training", "widgets"},
        "layers": {"widgets"},
        "data": {"mistakes", "settings", "threads", "training", "widgets"},
        "mistakes": {"threads", "widgets"},
        "lessons": {"search", "threads", "widgets"},
        "compare": {"film", "mistakes", "pad", "threads", "training", "weights", "widgets"},
        "rate_test": {"curves", "settings", "threads", "training", "widgets"},
        "prediction": {"threads"},
        "weights": {"prediction", "threads", "widgets"},
        "pad": {"prediction", "threads", "training", "widgets"},
        "sheet": {"prediction", "threads", "widgets"},
        "maths": {"film", "prediction", "training", "widgets"},
        "files": {"curves", "prediction", "threads", "training", "widgets"},
        "own_data": {"files", "prediction", "threads", "training", "widgets"},
        "runs": {"curves", "training", "widgets"},
        "search": {"curves", "files", "widgets"},
    },
}
"""Which folder may import which. Files directly in core/ may be imported by all of it; files
directly in gui/ and in gui/window/ may import all folders of gui/."""
ABOVE_ALL = {"gui": ("window",)}
MOST_FILES_AT_THE_TOP = 8


def imported_modules(source: str) -> set[str]:
    """Names of all modules that are imported; for `from a import b`, both a and a.b."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def folders(package: str) -> list[str]:
    return sorted(path.parent.name for path in (ROOT / package).glob("*/__init__.py"))


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_package_imports_nothing_above_it(package):
    files = list((ROOT / package).rglob("*.py"))
    assert files
    offenders = {
        str(file.relative_to(ROOT)): found
        for file in files
        if (
            found := {name.split(".")[0] for name in imported_modules(file.read_text("utf-8"))}
            & FORBIDDEN[package]
        )
    }
    assert offenders == {}


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_folder_imports_only_what_it_may(package):
    everything = {*folders(package), "app", "screenshot", "screenshot_views"}
    allowed = {
        **MAY_IMPORT[package],
        **{name: everything for name in ABOVE_ALL.get(package, ())},
    }
    assert sorted(allowed) == folders(package)
    offenders = []
    for folder, may in allowed.items():
        for file in (ROOT / package / folder).rglob("*.py"):
            for name in imported_modules(file.read_text("utf-8")):
                parts = name.split(".")
                if parts[0] == package and len(parts) > 1:
                    target = parts[1]
                    if target in everything and target not in may | {folder}:
                        offenders.append(f"{file.relative_to(ROOT)} imports {name}")
    assert offenders == []


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_rule_has_no_circle(package):
    order = list(TopologicalSorter(MAY_IMPORT[package]).static_order())
    assert sorted(order) == sorted(MAY_IMPORT[package])


def test_files_at_the_top_of_core_import_no_folder_of_it():
    files = list((ROOT / "core").glob("*.py"))
    assert len(files) <= MOST_FILES_AT_THE_TOP
    below = {f"core.{folder}" for folder in folders("core")}
    offenders = {
        file.name
        for file in files
        for name in imported_modules(file.read_text("utf-8"))
        if ".".join(name.split(".")[:2]) in below
    }
    assert offenders == set()


@pytest.mark.parametrize("package", ["core", "cli", "gui"])
def test_each_folder_says_in_one_sentence_what_lives_there(package):
    for init in (ROOT / package).rglob("__init__.py"):
        says = ast.get_docstring(ast.parse(init.read_text("utf-8"))) or ""
        assert says.endswith("."), init
        assert "\n" not in says, init


@pytest.mark.parametrize("package", ["core", "gui"])
def test_tests_lie_in_the_folders_of_what_they_test(package):
    tested = {path.parent.name for path in (ROOT / "tests" / package).glob("*/test_*.py")}
    assert tested == set(folders(package))


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [("cli.train, cli.evaluate", "PySide6"), ("gui.window.main_window", "digits_in_picture")],
    ids=["training loads no Qt", "the window opens before it can read pictures"],
)
def test_a_program_loads_only_what_it_needs_at_its_start(modules, unwanted):
    code = f"import sys, {modules}; print([m for m in sys.modules if '{unwanted}' in m])"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
