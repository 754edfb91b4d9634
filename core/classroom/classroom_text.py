"""Writes a classroom as a file for a teacher to finish: all that can be shown, to delete from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from core.classroom.classroom import SETTINGS, TABS, TRAINING, VIEWS
from core.lessons.lesson import Lesson
from core.lessons.lessons import shipped_lessons
from core.settings.config import RunConfig
from core.settings.settings_text import setting_lines

_HEAD = """\
# A classroom of Digitscope. Finish it here, then hand it out: students open it with
# File > Open, drop it on the window, or start Digitscope with it.
kind = "classroom"
title = "My class"
text = "What to do first, in a sentence or two."

# What the window shows. Delete the lines that your students do not need: the control goes,
# and with it its keys and its entries in the menus."""
_LESSON = """\
# A lesson to open: the title of one that comes with Digitscope, a file beside this one, or
# a whole lesson in a table [lesson] at the end of this file.
# lesson = "own-lesson.toml"
"""
_DATA = """\
# A folder beside this file that holds the data set, so that nobody needs to download it.
# data_dir = "mnist"

# The settings that students begin with."""


def classroom_text(config: RunConfig, lesson: Lesson | None = None) -> str:
    """Return the text of a classroom file that shows everything.

    Parameters
    ----------
    config
        The settings to begin with.
    lesson
        The lesson to open; left out unless it comes with the app and is about the data set.
    """
    lines = [_HEAD, "controls = ["]
    for heading, names in (("views", VIEWS), ("training", TRAINING), ("settings", SETTINGS)):
        lines += [f"  # {heading}", *_named(names)]
    lines += ["]", "", "# The tabs under the curves.", "tabs = ["]
    lines += [*_named(dict.fromkeys(TABS, "")), "]", "", _LESSON.rstrip()]
    is_shipped = lesson is not None and shipped_lessons().get(lesson.title) == lesson
    if lesson is not None and is_shipped and lesson.is_about(config.dataset):
        lines.append(f"lesson = {json.dumps(lesson.title, ensure_ascii=False)}")
    return "\n".join([*lines, "", _DATA.rstrip(), *list(setting_lines(config, "settings"))[1:], ""])


def _named(names: Mapping[str, str]) -> Iterator[str]:
    """Yield a line of a list for each name, with what it is."""
    for name, what in names.items():
        yield f"  {json.dumps(name)}," + (f"  # {what}" if what else "")
