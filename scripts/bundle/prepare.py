"""Prepares files for the bundle: compiles modules that stay files, strips Python's libraries."""

from __future__ import annotations

import importlib.util
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path, PurePath

from scripts.bundle.contents import Entry


def compiled(modules: Iterable[Entry], folder: Path) -> list[Entry]:
    """Compile those of `modules` that are Python's into `folder`, and return them as entries.

    Otherwise they would be compiled again at each start, as a bundle writes nothing into itself.
    Their source is never compared with them: its time stamps change when it is unpacked.
    """
    entries = []
    for name, source, _ in modules:
        if not name.endswith(".py"):
            continue
        cached = PurePath(importlib.util.cache_from_source(name))
        target = folder / cached
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        py_compile.compile(source, str(target), dfile=name, doraise=True, invalidation_mode=mode)
        entries.append((str(cached), str(target), "DATA"))
    return entries


def stripped(binaries: Iterable[Entry], folder: Path) -> list[Entry]:
    """Return `binaries` with copies, without symbols, of Python's own libraries.

    Only of these: wheels' libraries have been changed by patchelf, which `strip` may break.
    Without the program `strip`, all stay as they are.
    """
    if shutil.which("strip") is None:
        return list(binaries)
    shutil.rmtree(folder, ignore_errors=True)
    entries = []
    for name, source, kind in binaries:
        copy = source
        if kind != "SYMLINK" and Path(source).is_relative_to(sys.base_prefix):
            copy = str(folder / name)
            Path(copy).parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["strip", "--strip-unneeded", "-o", copy, source], check=True)
        entries.append((name, copy, kind))
    return entries
