"""Gathers the licenses of all that the bundle holds, from where it was taken.

Each file of the bundle belongs to one component: a distribution of Python's, Python itself, a
package of the system, or Digitscope. A component without a license text ends the build.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

TEXTS = Path(__file__).parent / "licenses"
_IS_LICENSE = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|AUTHORS)", re.IGNORECASE)
_PYTHON, _APP = "Python", "Digitscope"

_NOT_IN_THE_DISTRIBUTION = {
    "PySide6_Essentials": ("LGPL-3.0.txt", "GPL-3.0.txt", "Qt-third-party.txt"),
    "shiboken6": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    _PYTHON: ("Python-incorporated.txt",),
}
"""Texts in `TEXTS` for components that come without."""

_SHORT = 60
_SPDX = {
    "PySide6_Essentials": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
    "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",
    _PYTHON: "PSF-2.0",
}
"""For components whose metadata does not say it in one expression; Qt under the LGPL, of the
licenses that it offers."""


@dataclass
class Component:
    """What one license holds for.

    Attributes
    ----------
    texts
        Files with its licenses, by the names that they get in its folder.
    binaries
        Names, in the bundle, of the programs and libraries that belong to it.
    """

    name: str
    version: str
    license: str
    texts: dict[str, Path]
    binaries: list[str] = field(default_factory=list)


def gather(
    binaries: Iterable[tuple[str, str]], modules: Iterable[str], root: Path, folder: Path
) -> None:
    """Write `folder`: the texts by component, an index to read, and one for programs.

    Parameters
    ----------
    binaries
        The programs and libraries: name in the bundle, and file on this system.
    modules
        Files of Python's modules and of data.
    root
        The checkout.

    Raises
    ------
    SystemExit
        If something in the bundle has no owner, or an owner no license.
    """
    shutil.rmtree(folder, ignore_errors=True)
    components: dict[str, Component] = {}
    for source in modules:
        component = _owner(Path(source), root)
        components.setdefault(component.name, component)
    for name, source in binaries:
        component = _owner(Path(source), root)
        components.setdefault(component.name, component).binaries.append(name)
    ordered = sorted(components.values(), key=lambda component: component.name.lower())
    for component in ordered:
        if not component.texts:
            sys.exit(f"The bundle has no license of {component.name}: put it into {TEXTS}.")
        for name, text in component.texts.items():
            (folder / component.name / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, folder / component.name / name)
    (folder / "README.txt").write_text(_index(ordered), encoding="utf-8")
    by_name = {c.name: {"texts": sorted(c.texts), "binaries": sorted(c.binaries)} for c in ordered}
    (folder / "index.json").write_text(json.dumps(by_name, indent=1) + "\n", encoding="utf-8")


def _owner(source: Path, root: Path) -> Component:
    """Return a new component for the owner of a file on this system."""
    if (distribution := _distribution_files().get(source)) is not None:
        return _of_distribution(distribution)
    if source.is_relative_to(root):
        texts = {"LICENSE.txt": root / "LICENSE"}
        texts |= {path.name: path for path in (root / "assets" / "fonts").glob("*LICENSE.txt")}
        return Component(_APP, "", "MIT AND OFL-1.1", texts)
    if sys.base_prefix != "/usr" and source.resolve().is_relative_to(
        Path(sys.base_prefix).resolve()
    ):
        return _of_python()
    # The Python of Debian: one question to dpkg stands for all of its modules.
    standard = Path(sysconfig.get_path("stdlib"))
    is_module = source.is_relative_to(standard) and source.suffix == ".py"
    return _of_debian(standard / "os.py" if is_module else source)


@cache
def _distribution_files() -> dict[Path, importlib.metadata.Distribution]:
    """Return which distribution each installed file belongs to."""
    return {
        Path(str(distribution.locate_file(file))).absolute(): distribution
        for distribution in importlib.metadata.distributions()
        for file in distribution.files or ()
    }


def _of_distribution(distribution: importlib.metadata.Distribution) -> Component:
    name = distribution.metadata["Name"]
    texts = _own(name)
    for file in distribution.files or ():
        inside = next((i for i, part in enumerate(file.parts) if part.endswith(".dist-info")), None)
        if inside is None:
            continue
        parts = file.parts[inside + 1 :]
        if parts[0] in ("licenses", "sboms") or _IS_LICENSE.match(parts[0]):
            kept = parts[1:] if parts[0] in ("licenses", "sboms") else parts
            texts["/".join(kept)] = Path(str(distribution.locate_file(file)))
    license_ = _SPDX.get(name) or _stated_license(distribution.metadata)
    return Component(name, distribution.version, license_, texts)


def _stated_license(about: importlib.metadata.PackageMetadata) -> str:
    if "License-Expression" in about:
        return about["License-Expression"]
    if "License" in about and len(about["License"]) < _SHORT:  # some have the whole text there
        return about["License"]
    classifiers = about.get_all("Classifier") or []
    named = [line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License ::")]
    return " or ".join(named) or "see its license"


def _of_python() -> Component:
    folders = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    found = [path for folder in folders if (path := folder / "LICENSE.txt").is_file()]
    texts = {path.name: path for path in found[:1]}
    # Without the license itself, that of what it incorporates is not enough.
    texts |= _own(_PYTHON) if texts else {}
    return Component(_PYTHON, sys.version.split()[0], _SPDX[_PYTHON], texts)


@cache
def _of_debian(source: Path) -> Component:
    """Return the package of Debian's, or of a system like it, that has installed a file."""
    real = str(source.resolve())
    package = None
    if shutil.which("dpkg-query") is not None:
        # Packages may have put it into /lib, which is a link to /usr/lib today.
        paths = (real, real.removeprefix("/usr"))
        package = next((found for path in paths if (found := _package_with(path))), None)
    if package is None:
        sys.exit(f"The bundle holds {source}, but no package is known for it, and so no license.")
    show = ["dpkg-query", "--show", "--showformat", "${Version}\n", package]
    version = subprocess.run(show, capture_output=True, text=True, check=True).stdout.split("\n")[0]
    text = Path("/usr/share/doc") / package / "copyright"
    texts = {"copyright.txt": text} if text.is_file() else {}
    if texts:
        named = re.findall(r"/usr/share/common-licenses/([\w.-]*\w)", text.read_text("utf-8"))
        texts |= {f"{name}.txt": Path("/usr/share/common-licenses") / name for name in named}
    return Component(package, version, "see copyright.txt", texts)


def _package_with(path: str) -> str | None:
    command = ["dpkg-query", "--search", path]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.split(":", 1)[0] if found.returncode == 0 else None


def _own(component: str) -> dict[str, Path]:
    return {name: TEXTS / name for name in _NOT_IN_THE_DISTRIBUTION.get(component, ())}


def _index(components: Iterable[Component]) -> str:
    """Return the page that says what is here, and what the LGPL lets everyone do."""
    lines = [
        "Digitscope is made of these components. The folder of each holds its licenses; index.json",
        "names the programs and libraries that belong to it.",
        "",
    ]
    for component in components:
        lines.append(f"{component.name} {component.version}".rstrip() + f": {component.license}")
    return "\n".join(lines) + "\n\n" + (TEXTS / "replacing-qt.txt").read_text("utf-8")
