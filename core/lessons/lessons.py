"""Which lessons there are: those that come with the app, and the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.files.locations import data_folder
from core.lessons.lesson import Lesson
from core.lessons.lesson_file import LessonError, load_lesson

SHIPPED_LESSONS = Path(__file__).parents[2] / "assets" / "lessons"


@dataclass(frozen=True)
class Lessons:
    """What was found.

    Attributes
    ----------
    lessons
        In the order of their folders, and within these of their file names.
    problems
        The files that are no lessons, and the folders that cannot be read.
    """

    lessons: tuple[Lesson, ...]
    problems: tuple[LessonError, ...]


def own_lessons_folder() -> Path:
    """Return where a user's own lessons are looked for; it need not exist."""
    return data_folder() / "lessons"


def find_lessons(folders: Sequence[Path] | None = None) -> Lessons:
    """Read all ``*.toml`` in these folders; None: those of the app and of the user.

    A file that is no lesson, or a folder that cannot be read, does not keep the others from being
    read; a folder that is not there has none.
    """
    if folders is None:
        folders = (SHIPPED_LESSONS, own_lessons_folder())
    lessons: list[Lesson] = []
    problems: list[LessonError] = []
    for folder in folders:
        for path in _files(folder, problems):
            try:
                lessons.append(load_lesson(path))
            except LessonError as error:
                problems.append(error)
    return Lessons(tuple(lessons), tuple(problems))


def _files(folder: Path, problems: list[LessonError]) -> list[Path]:
    """Return the files that should be lessons; add to `problems` if the folder cannot be read."""
    try:
        # A name that begins with a dot is no file of the user's: macOS and editors leave such.
        return sorted(
            path
            for path in folder.iterdir()
            if path.suffix == ".toml" and not path.name.startswith(".")
        )
    except FileNotFoundError:
        return []
    except OSError as error:
        reason = f"The lessons in this folder cannot be read ({error.strerror})."
        problems.append(LessonError(folder, None, reason))
        return []
