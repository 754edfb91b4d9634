"""Opens a TOML file of any kind that the window can use."""

from __future__ import annotations

from pathlib import Path

from core.classroom.classroom import Classroom
from core.classroom.classroom_file import classroom_in
from core.lessons.lesson import Lesson
from core.lessons.lesson_file import lesson_in
from core.settings.config import RunConfig
from core.toml_files.settings_file import settings_in
from core.toml_files.toml_file import load_toml


def open_handed_file(path: Path) -> RunConfig | Lesson | Classroom:
    """Return the settings, the lesson or the classroom in a file, checked in full.

    Raises
    ------
    TomlFileError
        If it is none of them, or something in it is wrong.
    """
    file = load_toml(path)
    if file.kind == "settings":
        return settings_in(file)
    return lesson_in(file) if file.kind == "lesson" else classroom_in(file)
