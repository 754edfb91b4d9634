"""Finds the lessons: those that come with the app, and the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.files.locations import data_folder
from core.files.user_file import visible_files
from core.lessons.lesson import Lesson
from core.lessons.lesson_file import load_lesson
from core.toml_files.toml_reader import TomlFileError

SHIPPED_LESSONS = Path(__file__).parents[2] / "assets" / "lessons"


@dataclass(frozen=True)
class Lessons:
    """The lessons found.

    Attributes
    ----------
    lessons
        Sorted by folder, and by file name in each.
    problems
        Errors of files that are not lessons, and of folders that cannot be read.
    """

    lessons: tuple[Lesson, ...]
    problems: tuple[TomlFileError, ...]


def own_lessons_folder() -> Path:
    """Return the folder of the user's own lessons; it may not exist."""
    return data_folder() / "lessons"


def find_lessons(folders: Sequence[Path] | None = None) -> Lessons:
    """Read all ``*.toml`` in these folders; None: those of the app and of the user.

    Other lessons are still read if a file is not a lesson or a folder cannot be read. A missing
    folder counts as empty.
    """
    if folders is None:
        folders = (SHIPPED_LESSONS, own_lessons_folder())
    lessons: list[Lesson] = []
    problems: list[TomlFileError] = []
    for folder in folders:
        for path in _files(folder, problems):
            try:
                lessons.append(load_lesson(path))
            except TomlFileError as error:
                problems.append(error)
    return Lessons(tuple(lessons), tuple(problems))


def shipped_lessons() -> dict[str, Lesson]:
    """Return the lessons that come with the app, by their titles."""
    return {lesson.title: lesson for lesson in find_lessons([SHIPPED_LESSONS]).lessons}


def _files(folder: Path, problems: list[TomlFileError]) -> list[Path]:
    """Return the lesson files of a folder; add to `problems` if it cannot be read."""
    try:
        return visible_files(folder, ".toml")
    except OSError as error:
        reason = f"The lessons in this folder cannot be read ({error.strerror})."
        problems.append(TomlFileError(folder, None, reason))
        return []
