"""What Windows and macOS want to know of the program: its icon, its version, what it opens."""

from __future__ import annotations

import sys
from pathlib import Path

_ICONS = {"win32": "digitscope.ico", "darwin": "digitscope.icns"}

MAC_INFO = {
    "CFBundleDisplayName": "Digitscope",
    "LSApplicationCategoryType": "public.app-category.education",
    "LSMinimumSystemVersion": "13.0",  # that of Qt 6.11
    "NSHighResolutionCapable": True,
    # Offered under "Open With", but never the app that a double click on an .npz opens: many
    # programs write such files.
    "CFBundleDocumentTypes": [
        {
            "CFBundleTypeName": "Digitscope run",
            "CFBundleTypeRole": "Viewer",
            "CFBundleTypeExtensions": ["npz"],
            "LSHandlerRank": "Alternate",
        }
    ],
}
"""For Info.plist. A classroom's .toml and pictures are opened from the window."""

_VERSION_RESOURCE = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, OS=0x40004, fileType=0x1),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("FileDescription", "Digitscope"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "digitscope"),
      StringStruct("LegalCopyright", "The Digitscope developers. MIT License."),
      StringStruct("OriginalFilename", "digitscope.exe"),
      StringStruct("ProductName", "Digitscope"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x0409, 1200])]),
  ],
)
"""


def icon(root: Path) -> str | None:
    """Return the icon to build into the program; Linux has it in the desktop entry instead."""
    name = _ICONS.get(sys.platform)
    return None if name is None else str(root / "assets" / "icons" / name)


def windows_version(version: str, folder: Path) -> str | None:
    """Write the resource with the version for Windows, and return its path; None elsewhere."""
    if sys.platform != "win32":
        return None
    numbers = tuple(int(part) for part in version.split("."))
    file = folder / "version.txt"
    text = _VERSION_RESOURCE.format(numbers=(*numbers, 0, 0, 0)[:4], version=version)
    file.write_text(text, encoding="utf-8")
    return str(file)
