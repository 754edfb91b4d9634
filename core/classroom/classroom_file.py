"""Reads a classroom from a TOML file; errors name the line."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from core.classroom.classroom import CONTROLS, TABS, Classroom
from core.lessons.lesson import Lesson
from core.lessons.lesson_file import lesson_in, load_lesson
from core.lessons.lessons import shipped_lessons
from core.settings.config import RunConfig
from core.settings.kind import KIND_KEY
from core.settings.presets import DEFAULT_PRESET
from core.settings.settings_text import suggestion
from core.toml_files.settings_file import settings_in
from core.toml_files.toml_file import TomlFile
from core.toml_files.toml_reader import TomlFileError, TomlReader

MAX_TITLE = 48
MAX_TEXT = 240
"""Two lines, or three in a narrow window: what is longer is a lesson."""

_MAX_PATH = 200
_KEYS = (KIND_KEY, "title", "text", "controls", "tabs", "data_dir", "lesson", "settings")


def classroom_in(file: TomlFile) -> Classroom:
    """Return the classroom that a file describes.

    Raises
    ------
    TomlFileError
        If something in it is wrong, or a file or folder that it names is not there.
    """
    return _Reader(file).classroom()


class _Reader(TomlReader):
    """Reads the classroom of one file."""

    def __init__(self, file: TomlFile) -> None:
        super().__init__(file.path, file.text)
        self._file = file

    def classroom(self) -> Classroom:
        """Return the classroom."""
        values = self._file.values
        self.check_keys(values, _KEYS, (), "A classroom")
        text = self.text_of(values, "text", (), MAX_TEXT) if "text" in values else ""
        classroom = Classroom(
            " ".join(self.text_of(values, "title", (), MAX_TITLE).split()),
            " ".join(text.split()),
            self._names(values, "controls", "control", tuple(CONTROLS)),
            self._names(values, "tabs", "tab", TABS),
            self._config(values),
            self._data_dir(values),
            self._lesson(values),
        )
        self._check_shown(classroom)
        self._check_data(classroom)
        return classroom

    def _names(
        self, values: Mapping[str, Any], key: str, what: str, known: Collection[str]
    ) -> frozenset[str]:
        """Return the names in a list; all that are known if there is no list."""
        names = values.get(key, [*known])
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self.error((key,), f'\'{key}\' should be a list of names, as in ["…", "…"].')
        for index, name in enumerate(names):
            if name not in known:
                reason = f"There is no {what} '{name}'. {suggestion(name, [*known])}"
                raise self.error((key, index), reason)
        return frozenset(names)

    def _table(self, values: Mapping[str, Any], key: str) -> None:
        """Check that a value is a table."""
        if not isinstance(values[key], dict):
            raise self.error((key,), f"'{key}' should be a table, after a line [{key}].")

    def _config(self, values: Mapping[str, Any]) -> RunConfig:
        if "settings" not in values:
            preset = DEFAULT_PRESET
            return RunConfig(network=preset.network, hyperparameters=preset.hyperparameters)
        self._table(values, "settings")
        return settings_in(self._file, "settings")

    def _data_dir(self, values: Mapping[str, Any]) -> Path | None:
        if "data_dir" not in values:
            return None
        folder = self._beside(values, "data_dir")
        if not os.path.isdir(folder):
            raise self.error(
                ("data_dir",),
                f"There is no folder '{folder}'. Hand it out with this file, or leave out "
                "'data_dir' to find or download the data set.",
            )
        return folder

    def _lesson(self, values: Mapping[str, Any]) -> Lesson | None:
        """Return the lesson: in a table here, in a file beside this one, or a shipped one."""
        if "lesson" not in values:
            return None
        if isinstance(values["lesson"], dict):
            return lesson_in(self._file, "lesson")
        name = self.text_of(values, "lesson", (), _MAX_PATH)
        if name.endswith(".toml"):
            try:
                return load_lesson(self._beside(values, "lesson"))
            except TomlFileError as error:
                if error.line is None:  # there is no such file
                    raise self.error(("lesson",), str(error)) from error
                raise
        lessons = shipped_lessons()
        if name not in lessons:
            reason = f"No lesson has the title '{name}'. {suggestion(name, [*lessons])}"
            raise self.error(("lesson",), reason)
        return lessons[name]

    def _beside(self, values: Mapping[str, Any], key: str) -> Path:
        """Return what is named relative to this file; it may not lead elsewhere."""
        name = self.text_of(values, key, (), _MAX_PATH)
        path = PurePosixPath(name)
        is_plain = name.isprintable() and not set('\\:*?"<>|').intersection(name)
        if path.is_absolute() or ".." in path.parts or not is_plain:
            raise self.error(
                (key,),
                f"'{key}' should name something beside this file or in a folder beside it, such "
                'as "mnist" or "files/mnist".',
            )
        return self._file.path.parent / path

    def _check_shown(self, classroom: Classroom) -> None:
        """Check that what belongs together is shown together."""
        controls, tabs, lesson = classroom.controls, classroom.tabs, classroom.lesson
        if not controls and not tabs and lesson is None:
            raise self.error(("controls",), "This classroom shows nothing: name some controls.")
        is_still = classroom.config.hyperparameters.optimizer == "sgd"
        if "momentum" in controls and "optimizer" not in controls and is_still:
            raise self.error(
                ("controls",),
                "'momentum' is hidden with the optimizer \"sgd\": show 'optimizer', too, or add "
                'optimizer = "momentum" to [settings.hyperparameters].',
            )
        if lesson is None:
            return
        if lesson.search is None and "curves" not in controls:
            reason = "The lesson needs the curves: add \"curves\" to 'controls'."
            raise self.error(("controls",), reason)
        if lesson.search is not None and "search" not in tabs:
            reason = "The lesson has a search, which needs its tab: add \"search\" to 'tabs'."
            raise self.error(("tabs",), reason)

    def _check_data(self, classroom: Classroom) -> None:
        """Check that the data set is the one that the lesson and the folder are about."""
        name, lesson = classroom.config.dataset, classroom.lesson
        if lesson is not None and not lesson.is_about(name):
            raise self.error(
                ("settings", "dataset"),
                f'The lesson is about "{lesson.dataset}", but the data set is "{name}". Add a line '
                f'dataset = "{lesson.dataset}" after a line [settings].',
            )
        if classroom.data_dir is not None and name == "strokes":
            raise self.error(
                ("data_dir",),
                "'data_dir' is a folder of files, but the data set is \"strokes\". Add a line like "
                "dataset = \"mnist\" after a line [settings], or leave out 'data_dir'.",
            )
