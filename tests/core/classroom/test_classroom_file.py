import re
from dataclasses import replace

import pytest

from core.classroom.classroom import CONTROLS, TABS, Classroom
from core.classroom.classroom_text import classroom_text
from core.lessons.lesson_file import load_lesson
from core.lessons.lessons import SHIPPED_LESSONS
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.settings.presets import DEFAULT_PRESET
from core.settings.settings_text import settings_text
from core.toml_files.toml_reader import TomlFileError
from tests.core.classroom.classrooms import TEXT, open_text
from tests.core.lessons.lesson_texts import TEXT as LESSON

SHORT = 'kind = "classroom"\ntitle = "Short"\n'
CONFIG = RunConfig(
    "strokes", NetworkConfig((16,)), Hyperparameters(learning_rate=0.02, optimizer="momentum"), 7
)


def test_a_classroom_matches_its_file(tmp_path):
    assert open_text(tmp_path) == Classroom(
        "Learning rates",
        "Find the largest rate that still learns.",
        frozenset(("curves", "pad", "play", "learning_rate", "momentum", "l2")),
        frozenset(),
        CONFIG,
    )
    assert open_text(tmp_path).settings == {"learning_rate", "momentum", "l2"}


def test_what_a_classroom_does_not_say_is_as_ever(tmp_path):
    classroom = open_text(tmp_path, SHORT)
    assert (classroom.text, classroom.data_dir, classroom.lesson) == ("", None, None)
    assert (classroom.controls, classroom.tabs) == (set(CONTROLS), set(TABS))
    default = DEFAULT_PRESET.network, DEFAULT_PRESET.hyperparameters
    assert (classroom.config.network, classroom.config.hyperparameters) == default


def test_the_settings_are_those_of_a_file_of_settings(tmp_path):
    """The lines of such a file, with the names of their tables below [settings]."""
    lines = re.sub(r"^\[", "[settings.", settings_text(CONFIG), flags=re.MULTILINE)
    assert open_text(tmp_path, f"{SHORT}[settings]\n{lines}").config == CONFIG


@pytest.mark.parametrize("where", ["shipped", "beside", "below", "inside"])
def test_the_lesson_is_shipped_or_beside_the_file_or_in_it(tmp_path, where):
    path = next(iter(sorted(SHIPPED_LESSONS.glob("*.toml"))))
    lesson, says = load_lesson(path), f'lesson = "{load_lesson(path).title}"'
    if where != "shipped":
        (tmp_path / "files").mkdir()
        for name in ("own.toml", "files/own.toml"):
            (tmp_path / name).write_text(LESSON, "utf-8")
        lesson = load_lesson(tmp_path / "own.toml")
        table = "[lesson]\n" + LESSON.replace("[[variants", "[[lesson.variants")
        table = table.replace("[variants", "[lesson.variants")
        names = {"beside": "own.toml", "below": "files/own.toml"}
        says = table if where == "inside" else f'lesson = "{names[where]}"'
    assert open_text(tmp_path, SHORT + says).lesson == lesson


def test_the_data_lies_beside_the_file(tmp_path):
    (tmp_path / "data" / "mnist").mkdir(parents=True)
    text = f'{SHORT}data_dir = "data/mnist"\n[settings]\ndataset = "mnist"\n'
    classroom = open_text(tmp_path, text)
    assert classroom.data_dir == tmp_path / "data" / "mnist"
    assert classroom.config.dataset == "mnist"


def test_what_is_written_for_a_teacher_is_read_as_it_is(tmp_path):
    lesson = load_lesson(SHIPPED_LESSONS / "07-learning-rate.toml")
    for config in (CONFIG, RunConfig()):
        classroom = open_text(tmp_path, classroom_text(config, lesson))
        assert (classroom.config, classroom.lesson) == (config, lesson)
        assert (classroom.controls, classroom.tabs) == (set(CONTROLS), set(TABS))
    mine, about_mnist = replace(lesson, title="Mine"), replace(CONFIG, dataset="mnist")
    assert open_text(tmp_path, classroom_text(CONFIG, mine)).lesson is None
    assert open_text(tmp_path, classroom_text(about_mnist, lesson)).lesson == lesson
    # Lines can be deleted one by one.
    for name in ("play", "sheet", "seed"):
        fewer = re.sub(rf'^  "{name}",.*\n', "", classroom_text(CONFIG), flags=re.MULTILINE)
        left = open_text(tmp_path, fewer)
        assert name not in left.controls | left.tabs


FAULTS = [
    ("title =", "titel =", "titel", "A classroom has no 'titel'. Did you mean 'title'?"),
    ('title = "Learning rates"\n', "", "kind", "'title' is missing: add a line title"),
    ('"Learning rates"', "3", "title", "'title' should be text of 1 to 48 characters"),
    ('"Find', '"' + 241 * "x", "text", "'text' should be text of 1 to 240 characters"),
    ('"momentum", "l2"', '"momentun"', "controls", "'momentun'. Did you mean 'momentum'?"),
    ("tabs = []", 'tabs = ["weigths"]', "tabs", "no tab 'weigths'. Did you mean 'weights'?"),
    ("tabs = []", 'tabs = "weights"', "tabs", "'tabs' should be a list of names"),
    ("tabs = []", "tabs = [3]", "tabs", "'tabs' should be a list of names"),
    ('optimizer = "momentum"\n', "", "controls", "'momentum' is hidden with the optimizer"),
    ("seed = 7", "seeds = 7", "seeds", "A run has no 'seeds'. Did you mean 'seed'?"),
    ("seed = 7", "seed = true", "seed", "'seed' should be a whole number"),
    ('"strokes"', '"emnist"', "dataset", "'dataset' should be one of"),
    ("rate = 0.02", "rate = -1", "learning_rate", "learning rate"),
    ("hidden = [16]", "hiden = [16]", "hiden", "Did you mean 'hidden'?"),
    ("tabs = []", "tabs = []\nsettings = 3", "settings", ""),
    ("tabs = []", 'lesson = "Learning"', "lesson", "No lesson has the title 'Learning'."),
    ("tabs = []", 'lesson = "gone.toml"', "lesson", "gone.toml: This file cannot be read"),
    ("tabs = []", "lesson = []", "lesson", "'lesson' should be text"),
    ("tabs = []", 'data_dir = "gone"', "data_dir", "There is no folder"),
    ("tabs = []", 'data_dir = "files"', "data_dir", "but the data set is \"strokes\""),
    ('kind = "classroom"', 'kind = "class"', "kind", "'kind' should be one of"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "says"), FAULTS)
def test_what_is_wrong_has_its_line(tmp_path, old, new, line, says):
    (tmp_path / "files").mkdir()
    text = TEXT.replace(old, new)
    assert text != TEXT
    if new.endswith("settings = 3"):
        text = text[: text.index("[settings]")]
    with pytest.raises(TomlFileError) as caught:
        open_text(tmp_path, text)
    assert says in caught.value.reason
    assert text.splitlines()[caught.value.line - 1].startswith(line)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("key", ["lesson", "data_dir"])
@pytest.mark.parametrize(
    "name",
    ["/x.toml", "../x.toml", "a/../../x.toml", r"\\\\host\\x.toml", "C:/x.toml", r"a\u0000.toml"],
)
def test_a_classroom_names_only_what_lies_with_it(tmp_path, key, name):
    with pytest.raises(TomlFileError, match=r"line 3: .*beside this file"):
        open_text(tmp_path, f'{SHORT}{key} = "{name}"\n')


def test_the_lesson_must_suit(tmp_path):
    inside = "[lesson]\n" + LESSON.replace("[variants", "[lesson.variants")
    inside = inside.replace("[[variants", "[[lesson.variants")
    with pytest.raises(TomlFileError, match=r"line 3: The lesson needs the curves"):
        open_text(tmp_path, f'{SHORT}controls = ["pad"]\n{inside}')
    with pytest.raises(TomlFileError, match='about "mnist", but the data set is "strokes"'):
        open_text(tmp_path, SHORT + inside.replace("[lesson]\n", '[lesson]\ndataset = "mnist"\n'))
    with pytest.raises(TomlFileError, match=r"line 3: .*add \"search\" to 'tabs'"):
        open_text(tmp_path, f'{SHORT}tabs = []\nlesson = "Learning rate and batch size"')
    wrong = inside.replace("question =", "queston =")
    with pytest.raises(
        TomlFileError, match=r"has no 'queston'\. Did you mean 'question'"
    ) as caught:
        open_text(tmp_path, SHORT + wrong)
    assert (SHORT + wrong).splitlines()[caught.value.line - 1].startswith("queston")


def test_nothing_to_show_is_refused(tmp_path):
    with pytest.raises(TomlFileError, match="shows nothing"):
        open_text(tmp_path, f"{SHORT}controls = []\ntabs = []\n")


def test_files_of_other_kinds_are_opened_as_what_they_are(tmp_path):
    assert open_text(tmp_path, settings_text(CONFIG)) == CONFIG
    assert open_text(tmp_path, LESSON).title == "Two rates"
