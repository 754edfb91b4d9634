import pytest

from core.lessons.lesson import Stop
from core.lessons.lesson_file import load_lesson
from core.lessons.lessons import SHIPPED_LESSONS, find_lessons, own_lessons_folder
from core.settings.augmentation import DEFAULT_AUGMENTATION, NO_AUGMENTATION
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.settings.presets import preset_named
from core.toml_files.toml_file import MAX_BYTES, MAX_LINES, load_toml
from core.toml_files.toml_reader import TomlFileError
from tests.core.lessons.lesson_texts import TEXT, lesson_file

VARIANTS = TEXT[TEXT.index("[[variants]]") :]
SHIPPED = sorted(SHIPPED_LESSONS.glob("*.toml"))


def test_a_lesson_matches_its_file(tmp_path):
    lesson = load_lesson(lesson_file(tmp_path))
    assert lesson.title == "Two rates"
    assert lesson.text == "Two networks learn at two rates.\n\nThey are small."
    assert (lesson.dataset, lesson.axis, lesson.tab, lesson.together) == (
        "any",
        "epoch",
        None,
        True,
    )
    slow, quick = lesson.variants
    assert slow.run_config("strokes") == RunConfig(
        "strokes", NetworkConfig((8,)), Hyperparameters(learning_rate=0.01, batch_size=20)
    )
    assert (slow.stop, quick.stop) == (Stop(steps=4), Stop(epochs=1))


def test_texts_of_lesson_and_variant_are_read(tmp_path):
    text = 'dataset = "mnist"\naxis = "time"\ntab = "layers"\ntogether = false\n' + TEXT
    text += "seed = 7\nvalidation = 50000\n"
    lesson = load_lesson(lesson_file(tmp_path, text))
    assert (lesson.dataset, lesson.axis, lesson.tab, lesson.together) == (
        "mnist",
        "time",
        "layers",
        False,
    )
    assert lesson.is_about("mnist")
    assert not lesson.is_about("strokes")
    config = lesson.variants[1].run_config("mnist")
    assert (config.dataset, config.seed, config.validation) == ("mnist", 7, 50_000)


STORY = """promise = "You will know a good rate."
minutes = 2
predict = "Which one is ahead?"
correct = "quick"
log_scale = true
loss_range = [0, 0.5]
accuracy_range = [90, 100]
"""


def test_the_story_of_a_lesson_is_optional(tmp_path):
    lesson = load_lesson(lesson_file(tmp_path))
    assert (lesson.promise, lesson.minutes, lesson.predict, lesson.correct) == ("", None, "", "")
    assert (lesson.log_scale, lesson.loss_range, lesson.accuracy_range) == (None, None, None)
    lesson = load_lesson(lesson_file(tmp_path, STORY + TEXT))
    assert (lesson.promise, lesson.minutes) == ("You will know a good rate.", 2)
    assert (lesson.predict, lesson.correct) == ("Which one is ahead?", "quick")
    assert lesson.log_scale is True
    assert (lesson.loss_range, lesson.accuracy_range) == ((0.0, 0.5), (90.0, 100.0))


def test_settings_override_a_preset(tmp_path):
    text = TEXT.replace('name = "slow"', 'name = "slow"\npreset = "first-steps"')
    slow = load_lesson(lesson_file(tmp_path, text)).variants[0]
    preset = preset_named("first-steps")
    assert slow.network.initialization == preset.network.initialization == "constant"
    assert slow.network.hidden == (8,)
    assert slow.hyperparameters.l2 == preset.hyperparameters.l2
    assert slow.hyperparameters.learning_rate == 0.01


def line_with(text, part):
    """Return the number of the line that holds `part`."""
    return next(n for n, line in enumerate(text.split("\n"), start=1) if part in line)


# Mistakes: the text replaced and its replacement, how to find the line, and the message.
FAULTS = {
    "unclosed quotation mark": ('"Which one is ahead?"', '"Which', "question", "not valid TOML"),
    "twice": ("stop = { epochs = 1 }", 'name = "again"', '"again"', "not valid TOML"),
    "unknown key": ("question =", "questoin =", "questoin", "Did you mean 'question'"),
    "unknown key of a variant": ("stop = { epochs", "stopp = { epochs", "stopp", "'stop'"),
    "unknown setting": ("learning_rate = 0.01", "rate = 0.01", "rate = 0.01", "no setting 'rate'"),
    "wrong kind": ("batch_size = 20\n", 'batch_size = "20"\n', '"20"', "a whole number"),
    "impossible": ("learning_rate = 0.01", "learning_rate = -1", "= -1", "learning rate -1"),
    "impossible, in one line": ("= 0.1, b", "= 0, b", "= 0, b", "learning rate 0 "),
    "impossible network": ("hidden = [8]\n", "hidden = [0]\n", "[0]", "0 units"),
    "needs another": ("batch_size = 20\n", 'schedule = "cosine"\n', "cosine", "set the epochs"),
    "no such preset": ("stop = { epochs", 'preset = "x"\nstop = { epochs', '"x"', "preset 'x'"),
    "settings no table": ("network = { hidden = [8] }", "network = 8", "= 8", "a group of"),
    "title is a number": ('"Two rates"', "2", "title", "should be text"),
    "empty answer": ('"The second one."', '" "', "answer", "should be text"),
    "title too long": ('"Two rates"', f'"{"x" * 60}"', "title", "48 characters"),
    "unknown axis": ("stop = { steps", 'axis = "hours"\nstop = { steps', "hours", '"epoch"'),
    "unknown tab": ("stop = { steps", 'tab = "x"\nstop = { steps', "tab", '"layers"'),
    "list for a name": ("stop = { steps", "dataset = []\nstop = { steps", "dataset", '"any"'),
    "together is text": ("stop = { steps", "together = 1\nstop = { steps", "together", "true or"),
    "stop by both": ("{ epochs = 1 }", "{ epochs = 1, steps = 2 }", "steps = 2", "either { epochs"),
    "stop is a number": ("{ epochs = 1 }", "1", "stop = 1", "either { epochs"),
    "stop at once": ("{ epochs = 1 }", "{ epochs = 0 }", "epochs = 0", "from 1 to"),
    "stop by half": ("{ epochs = 1 }", "{ epochs = 0.5 }", "0.5", "from 1 to"),
    "stop is missing": ("stop = { steps = 4 }\n", "", "[[variants]]", "no end for 'slow'"),
    "name is missing": ('name = "quick"\n', "", "[[variants]]\nstop", "'name' is missing"),
    "same name": ('"quick"', '"slow"', "", "called 'slow'"),
    "seed is text": ("stop = { epochs", 'seed = "1"\nstop = { epochs', "seed", "whole number"),
    "seed below 0": ("stop = { epochs", "seed = -1\nstop = { epochs", "seed", "seed -1"),
    "validation": ("stop = { epochs", "validation = 60000\nstop = { epochs", "= 60000", "60000 im"),
    "promise too long": ("question =", f'promise = "{"x" * 91}"\nquestion =', "promise", "90 char"),
    "minutes are text": ("question =", 'minutes = "2"\nquestion =', "minutes", "from 1 to 600"),
    "no minutes": ("question =", "minutes = 0\nquestion =", "minutes", "from 1 to 600"),
    "empty prediction": ("question =", 'predict = ""\nquestion =', "predict", "1 to 160"),
    "correct alone": ("question =", 'correct = "slow"\nquestion =', "correct", "line predict"),
    "correct is no variant": (
        "question =", 'predict = "?"\ncorrect = "x"\nquestion =', "correct", '"slow", "quick"'
    ),
    "correct is a list": ("question =", "correct = []\nquestion =", "correct", "the name of a"),
    "log scale is text": ("question =", 'log_scale = "yes"\nquestion =', "log_scale", "true or"),
    "range of one": ("question =", "loss_range = [1]\nquestion =", "loss_range", "[0, 0.5]"),
    "range backward": ("question =", "loss_range = [1, 0]\nquestion =", "loss_range", "smaller"),
    "range of nan": ("question =", "loss_range = [0, nan]\nquestion =", "loss_range", "smaller"),
    "range over 100": (
        "question =", "accuracy_range = [0, 101]\nquestion =", "accuracy_range", "0 to 100,"
    ),
    "one bracket": (VARIANTS, '[variants]\nname = "x"', "[variants]", "[[variants]]"),
    "variants are numbers": (VARIANTS, "variants = [1]", "= [1]", "[[variants]]"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_reported_with_file_and_line(tmp_path, fault):
    before, after, mark, says = FAULTS[fault]
    assert before in TEXT
    text = TEXT.replace(before, after)
    path = lesson_file(tmp_path, text)
    with pytest.raises(TomlFileError) as caught:
        load_lesson(path)
    if fault == "name is missing":
        line = text[: text.index(mark)].count("\n") + 1
    elif fault == "same name":
        line = text[: text.rindex('name = "slow"')].count("\n") + 1
    else:
        line = line_with(text, mark)
    assert caught.value.line == line
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert says in caught.value.reason


def test_missing_keys_are_reported_at_the_top(tmp_path):
    with pytest.raises(
        TomlFileError, match=r"line 1: 'answer' is missing.*above the first line in"
    ):
        load_lesson(lesson_file(tmp_path, TEXT.replace('answer = "The second one."\n', "")))


def test_missing_variants_are_reported(tmp_path):
    with pytest.raises(TomlFileError, match=r"needs variants to run.*\[\[variants\]\]"):
        load_lesson(lesson_file(tmp_path, TEXT.removesuffix(VARIANTS)))


def test_more_variants_than_colors_are_refused_at_the_first_too_many(tmp_path):
    more = "".join(f'[[variants]]\nname = "{n}"\n' for n in range(7))
    text = TEXT + more
    with pytest.raises(TomlFileError, match="9 variants, but colors for only 8") as caught:
        load_lesson(lesson_file(tmp_path, text))
    assert caught.value.line == text.count("\n") - 1


def test_binary_content_is_refused(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(TEXT.encode() + b"# \xff\n")
    with pytest.raises(TomlFileError, match="UTF-8") as caught:
        load_lesson(path)
    assert caught.value.line == TEXT.count("\n") + 1
    path.write_text("\n" * MAX_LINES)
    with pytest.raises(TomlFileError, match="something else"):
        load_lesson(path)
    path.write_text(f"# {'é' * MAX_BYTES}")
    with pytest.raises(TomlFileError, match="at most 100 kB"):
        load_lesson(path)
    with pytest.raises(TomlFileError, match="cannot be read"):
        load_lesson(tmp_path)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    path = lesson_file(tmp_path, "\ufeff" + TEXT)
    assert load_lesson(path).title == "Two rates"
    text = TEXT.replace("learning_rate = 0.01", "learning_rate = -1")
    lesson_file(tmp_path, "\ufeff" + text)
    with pytest.raises(TomlFileError) as caught:
        load_lesson(path)
    assert caught.value.line == line_with(text, "= -1")


def test_files_of_macos_and_editors_beside_a_lesson_are_ignored(tmp_path):
    lesson_file(tmp_path)
    (tmp_path / "._01-two-rates.toml").write_bytes(b"\x00\x05\x16\x07\xff")
    found = find_lessons([tmp_path])
    assert len(found.lessons) == 1
    assert not found.problems


def test_an_unreadable_folder_is_reported_and_the_others_are_read(tmp_path):
    lesson_file(tmp_path / "good")
    no_folder = tmp_path / "lessons"
    no_folder.write_text("")
    found = find_lessons([no_folder, tmp_path / "missing", tmp_path / "good"])
    assert [lesson.title for lesson in found.lessons] == ["Two rates"]
    assert [problem.path for problem in found.problems] == [no_folder]
    assert "cannot be read" in found.problems[0].reason


def test_windows_line_ends_are_accepted(tmp_path):
    path = tmp_path / "x.toml"
    text = TEXT.replace("learning_rate = 0.01", "learning_rate = -1")
    path.write_bytes(text.replace("\n", "\r\n").encode())
    with pytest.raises(TomlFileError) as caught:
        load_lesson(path)
    assert caught.value.line == line_with(text, "= -1")


def test_a_broken_file_does_not_hide_the_others(tmp_path):
    lesson_file(tmp_path, "title = 1", "02-broken.toml")
    lesson_file(tmp_path, TEXT.replace("Two rates", "Last"), "03.toml")
    lesson_file(tmp_path, TEXT)
    found = find_lessons([tmp_path / "missing", tmp_path])
    assert [lesson.title for lesson in found.lessons] == ["Two rates", "Last"]
    assert [error.path.name for error in found.problems] == ["02-broken.toml"]


def test_a_users_lessons_come_after_the_app_s():
    folder = own_lessons_folder()
    folder.mkdir(parents=True)
    lesson_file(folder, name="00-mine.toml")
    found = find_lessons()
    assert len(found.lessons) == len(SHIPPED) + 1
    assert found.lessons[-1].title == "Two rates"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_each_lesson_of_the_app_can_be_read(path):
    lesson = load_lesson(path)
    assert (len(lesson.variants) > 1) != (lesson.search is not None)
    assert len(lesson.choices) > 1
    assert lesson.is_about("mnist")
    assert lesson.is_about("strokes")
    assert lesson.promise
    assert lesson.minutes
    assert lesson.predict
    assert lesson.correct


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_variants_of_a_shipped_lesson_differ_in_more_than_their_names(path):
    variants = load_lesson(path).variants
    runs = [(variant.run_config("strokes"), variant.stop) for variant in variants]
    assert all(run not in runs[:n] for n, run in enumerate(runs))


@pytest.mark.parametrize("name", ["14-augmentation", "15-wrong-labels"])
def test_a_variant_with_augmentation_augments(name):
    plain, augmented = load_lesson(SHIPPED_LESSONS / f"{name}.toml").variants
    assert plain.hyperparameters.augmentation == NO_AUGMENTATION
    assert augmented.hyperparameters.augmentation == DEFAULT_AUGMENTATION


def test_there_are_lessons():
    assert len(SHIPPED) == 15


def test_the_example_in_the_instructions_is_a_lesson(tmp_path):
    text = (SHIPPED_LESSONS / "README.md").read_text(encoding="utf-8")
    example, with_search = (part.split("```")[0] for part in text.split("```toml\n")[1:])
    search = load_lesson(lesson_file(tmp_path, with_search)).search
    assert search is not None
    assert search.plan("mnist", 60_000).combinations == 20
    lesson = load_lesson(lesson_file(tmp_path, example))
    assert [variant.name for variant in lesson.variants] == ["small", "large"]
    assert lesson.variants[1].validation == 10_000


def test_a_setting_that_does_not_suit_the_preset_is_the_one_reported(tmp_path):
    text = TEXT.replace('name = "slow"', 'name = "slow"\npreset = "fast"')  # 12 epochs
    text = text.replace("batch_size = 20\n", "warm_up = 20\n")
    with pytest.raises(TomlFileError, match=r"warm-up of 20 epochs") as caught:
        load_lesson(lesson_file(tmp_path, text))
    assert caught.value.line == line_with(text, "warm_up")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_lesson_says_its_kind(path):
    assert load_toml(path).kind == "lesson"
    assert 'kind = "lesson"' in path.read_text("utf-8").splitlines()[:2]


def test_a_file_of_another_kind_is_no_lesson(tmp_path):
    with pytest.raises(TomlFileError, match=r"line 1: This is settings, not a lesson\."):
        load_lesson(lesson_file(tmp_path, f'kind = "settings"\n{TEXT}'))
