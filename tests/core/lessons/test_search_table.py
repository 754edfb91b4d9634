"""Lessons that have a search instead of variants."""

import pytest

from core.lessons.lesson_file import load_lesson
from core.search.plan import SearchPlan
from core.search.varied import Varied
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.toml_files.toml_reader import TomlFileError
from tests.core.lessons.lesson_texts import SEARCH, TEXT, lesson_file

RATES = Varied("learning_rate", (0.01, 0.1))


def test_a_search_matches_its_file(tmp_path):
    lesson = load_lesson(lesson_file(tmp_path, SEARCH))
    assert lesson.variants == ()
    assert lesson.choices == ("the smallest", "the largest")
    assert lesson.search is not None
    assert lesson.search.plan("mnist", 60_000) == SearchPlan(
        RunConfig(
            "mnist", NetworkConfig((8,)), Hyperparameters(batch_size=20), validation=10_000
        ),
        (RATES,),
        sampler="grid",
        trials=20,
        epochs=1,
        runs_per_trial=2,
    )  # fmt: skip
    assert lesson.search.plan("strokes", 600).config.validation == 100


def test_what_a_search_leaves_out_is_as_on_the_command_line(tmp_path):
    least = SEARCH[: SEARCH.index("predict")] + '[search]\nvary = ["learning_rate=0.01,0.1"]\n'
    lesson = load_lesson(lesson_file(tmp_path, least))
    assert lesson.choices == ()
    assert lesson.search is not None
    plan = lesson.search.plan("strokes", 60_000)
    assert plan == SearchPlan(RunConfig("strokes", validation=10_000), (RATES,))


# Mistakes: the text replaced and its replacement, how to find the line, and the message.
FAULTS = {
    "unknown key": ("trials =", "trails =", "trails", "Did you mean 'trials'"),
    "no table": (SEARCH[SEARCH.index("\n[search]") :], "search = 1\n", "search = 1", "[search]"),
    "variants, too": ("[search]", '[[variants]]\nname = "x"\n[search]', "variants", "either"),
    "an end": ("correct =", "stop = { epochs = 1 }\ncorrect =", "stop", "'stop' is for variants"),
    "a tab": ("correct =", 'tab = "layers"\ncorrect =', "tab", "'tab' is for variants"),
    "nothing varies": ('vary = ["learning_rate=0.01,0.1"]', "vary = []", "vary", "what to vary"),
    "vary is text": ('["learning_rate=0.01,0.1"]', '"units=8"', "vary", "what to vary"),
    "vary is missing": ('vary = ["learning_rate=0.01,0.1"]\n', "", "[search]", "what to vary"),
    "no such setting": ("learning_rate=", "rate=", "vary", "cannot vary 'rate'"),
    "no values": ("learning_rate=0.01,0.1", "learning_rate", "vary", "does not say what to try"),
    "impossible value": ("=0.01,0.1", "=-1,0.1", "vary", "cannot try learning_rate = -1"),
    "varies twice": (',0.1"]', ',0.1", "learning_rate=1,2"]', "vary", "varies twice"),
    "no such sampler": ('"grid"', '"all"', "sampler", '"grid", "random", "guided"'),
    "sampler is a list": ('"grid"', "[]", "sampler", '"grid", "random", "guided"'),
    "trials are text": ("trials = 20", 'trials = "20"', "trials", "a whole number"),
    "trials are true": ("trials = 20", "trials = true", "trials", "a whole number"),
    "no trials": ("trials = 20", "trials = 0", "trials", "0 trials are not possible"),
    "half an epoch": ("epochs = 1", "epochs = 0.5", "epochs", "a whole number"),
    "no epochs": ("epochs = 1", "epochs = 0", "epochs", "0 epochs are not possible"),
    "too many runs": ("trial = 2", "trial = 101", "runs_per_trial", "101 runs per trial"),
    "impossible setting": ("batch_size = 20", "batch_size = 0", "batch_size", "batch size"),
    "no such preset": ("trials =", 'preset = "x"\ntrials =', "preset", "preset 'x'"),
    "one choice": ('"the smallest", ', "", "choices", "2 to 8 different texts"),
    "the same choice": ('"the smallest"', '"the largest"', "choices", "2 to 8 different texts"),
    "choices are numbers": ('"the smallest", "the largest"', "1, 2", "choices", "2 to 8 diff"),
    "empty choice": ('"the smallest"', '""', "choices", "2 to 8 different texts"),
    "choices are missing": ('choices = ["the smallest", "the largest"]\n', "", "[search]", "line"),
    "nothing to predict": (
        'predict = "Which one is best?"\ncorrect = "the largest"\n', "", "choices", "line predict"
    ),
    "correct is no choice": ('= "the largest"', '= "x"', "correct", '"the smallest", "the lar'),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_reported_with_file_and_line(tmp_path, fault):
    before, after, mark, says = FAULTS[fault]
    assert before in SEARCH
    text = SEARCH.replace(before, after)
    path = lesson_file(tmp_path, text)
    with pytest.raises(TomlFileError) as caught:
        load_lesson(path)
    assert says in caught.value.reason
    line = next(n for n, each in enumerate(text.split("\n"), start=1) if mark in each)
    assert caught.value.line == line


def test_a_setting_may_depend_on_another_of_the_search(tmp_path):
    text = SEARCH.replace("batch_size = 20", 'schedule = "cosine", epochs = 3')
    lesson = load_lesson(lesson_file(tmp_path, text.replace("epochs = 1\n", "epochs = 2\n")))
    assert lesson.search is not None
    config = lesson.search.plan("mnist", 60_000).config_of({})
    assert (config.hyperparameters.schedule, config.hyperparameters.epochs) == ("cosine", 2)


def test_a_lesson_has_variants_or_a_search(tmp_path):
    text = TEXT[: TEXT.index("stop = { steps")]
    with pytest.raises(TomlFileError, match=r"variants to run.*or a \[search\]"):
        load_lesson(lesson_file(tmp_path, text))
