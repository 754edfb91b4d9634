"""Imports run one way: main → cli and gui → core; core knows nothing of Qt."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FORBIDDEN = {
    "core": {"PySide6", "shiboken6", "pyqtgraph", "tqdm", "gui", "cli", "main"},
    "cli": {"PySide6", "shiboken6", "pyqtgraph", "gui", "main"},
    "gui": {"cli", "main"},
}


def imported_packages(source: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_package_imports_nothing_above_it(package):
    files = list((ROOT / package).rglob("*.py"))
    assert files
    offenders = {
        str(file.relative_to(ROOT)): found
        for file in files
        if (found := imported_packages(file.read_text("utf-8")) & FORBIDDEN[package])
    }
    assert offenders == {}


def test_training_from_the_command_line_loads_no_qt():
    code = "import sys, cli.train, cli.evaluate; print([m for m in sys.modules if 'PySide6' in m])"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
