"""What the page on classrooms says is true."""

import re
from pathlib import Path

from core.classroom.classroom import CONTROLS, TABS
from core.lessons.lessons import shipped_lessons
from tests.core.classroom.classrooms import open_text

PAGE = (Path(__file__).parents[3] / "docs" / "classrooms.md").read_text("utf-8")


def test_the_example_is_a_classroom(tmp_path):
    example, data = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    classroom = open_text(tmp_path, example)
    assert classroom.controls < set(CONTROLS)
    assert len(classroom.settings) == 3
    assert classroom.lesson in shipped_lessons().values()
    assert classroom.config.network.hidden == (64,)
    (tmp_path / "mnist").mkdir()
    with_data = example.replace("[settings]", f"{data}[settings]").replace('"strokes"', '"mnist"')
    assert open_text(tmp_path, with_data).data_dir == tmp_path / "mnist"


def test_all_names_are_listed():
    named = set(re.findall(r"`(\w+)`", PAGE[PAGE.index("## Names") :]))
    assert named >= {*CONTROLS, *TABS}
