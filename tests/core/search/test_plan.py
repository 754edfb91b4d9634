"""What a search tries: values and ranges as text, grids, and the settings of each trial."""

import math
from dataclasses import replace

import pytest

from core.errors import ConfigError
from core.search.plan import SearchPlan
from core.search.varied import Varied, parse_varied
from core.search.varied_settings import SETTINGS
from core.settings.config import Hyperparameters, RunConfig

BASE = RunConfig(validation=1000)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_what_is_offered_can_be_read_written_and_tried(setting):
    varied = parse_varied(f"{setting.name}={setting.default}")
    assert parse_varied(str(varied)) == varied
    plan = SearchPlan(BASE, (varied,), epochs=2)
    for value in varied.grid():
        config = plan.config_of({setting.name: value})
        assert setting.read(config) == pytest.approx(value)


def test_logarithmic_grid_has_equal_ratios_and_both_ends():
    values = parse_varied("learning_rate=0.001..10:log:5").grid()
    assert values == (0.001, 0.01, 0.1, 1.0, 10.0)


def test_grid_of_whole_numbers_has_each_once():
    assert parse_varied("layers=1..3:9").grid() == (1, 2, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("learning_rate", "does not say what to try"),
        ("learning_rate=", "does not say what to try"),
        ("learnig_rate=1..2", "Did you mean 'learning_rate'"),
        ("learning_rate=1..0.1", "is empty"),
        ("learning_rate=nan..1", "is empty"),
        ("learning_rate=0..1:log", "begin above 0"),
        ("learning_rate=0..x", "not a number"),
        ("learning_rate=0.1..1:1", "2 to 1,000"),
        ("learning_rate=0.1..1:many", "not a range"),
        ("learning_rate=0.1,0.1", "listed twice"),
        ("learning_rate=fast", "not a value"),
        ("learning_rate=inf", "not a value"),
        ("batch_size=16.5,32", "not a value"),
        ("batch_size=16.5..32", "whole numbers"),
        ("optimizer=adam..sgd", "has no range"),
        ("optimizer=adamw", "not a value"),
        ("hidden=64-", "not a value"),
    ],
)
def test_what_is_wrong_with_a_text_is_said(text, said):
    with pytest.raises(ConfigError, match=said):
        parse_varied(text)


def test_hidden_layers_are_read_as_text():
    varied = parse_varied("hidden=none, 64, 128-64")
    plan = SearchPlan(BASE, (varied,))
    hidden = [plan.config_of({"hidden": value}).network.hidden for value in varied.values]
    assert hidden == [(), (64,), (128, 64)]


def test_units_apply_to_the_number_of_layers_of_the_same_trial():
    plan = SearchPlan(BASE, (parse_varied("units=16..64"), parse_varied("layers=1..4")))
    assert plan.config_of({"units": 32, "layers": 3}).network.hidden == (32, 32, 32)


def test_each_run_of_a_trial_has_its_own_seed_and_all_have_the_epochs():
    plan = SearchPlan(replace(BASE, seed=5), (parse_varied("l2=0,0.1"),), epochs=3)
    first, second = (plan.config_of({"l2": 0.1}, run) for run in (0, 1))
    assert (first.seed, second.seed) == (5, 6)
    assert first.hyperparameters == Hyperparameters(l2=0.1, epochs=3)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"varied": ()}, "Nothing varies"),
        ({"varied": (Varied("l2", (0.1,)), Varied("l2", (0.2,)))}, "varies twice"),
        ({"config": RunConfig()}, "validation split"),
        ({"sampler": "best"}, "Unknown sampler"),
        ({"trials": 0}, "0 trials"),
        ({"epochs": 0}, "0 epochs"),
        ({"runs_per_trial": 0}, "0 runs per trial"),
        ({"seed": -1}, "seed"),
        ({"varied": (Varied("learning_rate", (-1.0,)),)}, "cannot try learning_rate = -1.0"),
        ({"varied": (Varied("warm_up", (5.0,)),)}, "cannot try warm_up"),
        ({"varied": (Varied("units", low=0.0, high=8.0),)}, "cannot try units"),
    ],
)
def test_impossible_plan_is_refused(changes, said):
    plan = {"config": BASE, "varied": (Varied("l2", (0.1,)),)}
    with pytest.raises(ConfigError, match=said):
        SearchPlan(**{**plan, **changes})


def test_grid_has_at_most_its_combinations():
    varied = (parse_varied("l2=0,0.1"), parse_varied("layers=1..3"))
    assert SearchPlan(BASE, varied, "grid", trials=100).combinations == math.prod((2, 3))
    assert SearchPlan(BASE, varied, "grid", trials=4).combinations == 4
    assert SearchPlan(BASE, varied, "random", trials=100).combinations == 100


def test_plan_is_read_back_from_plain_values():
    varied = (parse_varied("units=16..512:log:6"), parse_varied("hidden=none,64-32"))
    plan = SearchPlan(BASE, varied, "guided", 7, 3, True, 2, 9)
    assert SearchPlan.from_values(plan.as_values()) == plan


def test_damaged_plan_is_refused():
    with pytest.raises(ConfigError, match="damaged"):
        SearchPlan.from_values({"config": {}})
