import json
import re
from dataclasses import asdict, replace

import pytest

from core.errors import ConfigError
from core.settings.augmentation import Augmentation
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.settings.presets import PRESETS
from core.settings.settings_text import (
    MAX_CHARACTERS,
    config_from,
    hyperparameters_from,
    network_from,
    read_settings,
    settings_of,
    settings_text,
)
from tests.core.saving.test_run_file import CONFIG

TEXT = settings_text(CONFIG)
CONFIGS = [
    CONFIG,
    RunConfig(),
    RunConfig(network=NetworkConfig(hidden=())),
    RunConfig(network=NetworkConfig((4_096,) * 8, ("leaky-relu", "identity") * 4)),
    RunConfig(hyperparameters=Hyperparameters(learning_rate=1e-05, l2=1e-10, epochs=1_000_000)),
    RunConfig(hyperparameters=Hyperparameters(learning_rate=1, augmentation=Augmentation(shift=2))),
    *(RunConfig("mnist", p.network, p.hyperparameters, 2**31 - 1, 10_000) for p in PRESETS),
]


@pytest.mark.parametrize("config", CONFIGS)
def test_everything_is_restored(config):
    assert read_settings(settings_text(config)) == config
    assert config_from(settings_of(config)) == config
    assert network_from(settings_of(config)["network"]) == config.network
    hyperparameters = settings_of(config)["hyperparameters"]
    assert hyperparameters_from(hyperparameters) == config.hyperparameters


@pytest.mark.parametrize("config", CONFIGS)
def test_values_are_json_values(config):
    values = settings_of(config)
    everything = json.loads(json.dumps(asdict(config)))
    del everything["network"]["classes"]  # they are those of the data set
    assert json.loads(json.dumps(values)) == values == everything


@pytest.mark.parametrize("config", [CONFIG, RunConfig()])
def test_every_setting_has_a_line_that_a_mail_does_not_break(config):
    lines = settings_text(config).splitlines()
    assert max(map(len, lines)) <= 70
    groups = settings_of(config)
    augmentation = groups["hyperparameters"].pop("augmentation")
    names = [*groups, *groups["network"], *groups["hyperparameters"], *augmentation]
    words = [re.findall(r"[a-z_0-9]+", line) for line in lines]
    for name in names:
        assert any(name in words_of_line for words_of_line in words), name


@pytest.mark.parametrize(
    "dress",
    [
        "\n\n\n{}\n\n  \n",
        "```toml\n{}```",
        "Try this, it is better:\n\n```\n{}```\nHave fun\n",
        "~~~ toml\n{}~~~\n",
        "\ufeff{}",
    ],
)
def test_text_added_by_mail_and_chat_programs_is_harmless(dress):
    assert read_settings(dress.format(TEXT)) == CONFIG


@pytest.mark.parametrize(
    ("old", "new"), [("\n", "\r\n"), ("\n", "\n> > "), ("\n", "\n    "), (" ", "\u00a0")]
)
def test_line_changes_by_mail_and_chat_programs_are_harmless(old, new):
    assert read_settings(TEXT.replace(old, new)) == CONFIG


def test_curly_quotes_do_no_harm():
    assert read_settings(re.sub('"([^"]*)"', "“\\1”", TEXT)) == CONFIG


def test_an_edited_line_counts():
    text = TEXT.replace("learning_rate = 0.25", "learning_rate = 3").replace("[12, 7]", "[5, 6]")
    hyperparameters = replace(CONFIG.hyperparameters, learning_rate=3)
    network = replace(CONFIG.network, hidden=(5, 6))
    assert read_settings(text) == replace(CONFIG, hyperparameters=hyperparameters, network=network)


def test_omitted_settings_have_their_defaults():
    assert read_settings('dataset = "mnist"\nnetwork.hidden = [30]') == RunConfig(
        "mnist", NetworkConfig((30,))
    )
    assert hyperparameters_from({}) == Hyperparameters()
    assert network_from({}) == NetworkConfig()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no settings in this text"),
        ("# only a remark\n", "no settings in this text"),
        ("Dear all, hello", "cannot be read as settings .*line 1"),
        (TEXT + "seed = 4\n[network]", "cannot be read as settings"),
        (TEXT[: TEXT.index("epochs") + 8], "cannot be read as settings"),
        ("depth = 3", "no setting 'depth' in the settings"),
        ("[hyperparameters]\nlearning_rat = 1", "Did you mean 'learning_rate'"),
        ("[network]\nunits = [3]", "no setting 'units' in 'network'"),
        ("[hyperparameters.augmentation]\nblur = 1", "no setting 'blur' in 'augmentation'"),
        ("seed = 1.0", "'seed' should be a whole number, but is 1.0"),
        ("seed = true", "'seed' should be a whole number, but is True"),
        ("[network]\nhidden = 128", r"'hidden' should be a list such as \[128, 64\]"),
        ("[network]\nhidden = ['128']", "'hidden' should be a whole number"),
        ("[network]\nhidden = [true]", "'hidden' should be a whole number"),
        ("[network]\nactivations = 'relu'", "'activations' should be a list such as"),
        ("[network]\nactivations = [3]", "'activations' should be one of \"relu\""),
        ("[hyperparameters]\nlearning_rate = '0.1'", "'learning_rate' should be a number"),
        ("[hyperparameters]\nlearning_rate = false", "'learning_rate' should be a number"),
        ("[hyperparameters]\nepochs = 'many'", "'epochs' should be a whole number"),
        ("dataset = 1999-12-31", "'dataset' should be one of"),
        ("network = 3", "'network' should be a group"),
        ("hyperparameters = []", "'hyperparameters' should be a group"),
        ("hyperparameters.augmentation = 1", "'augmentation' should be a group"),
        ("seed = {a = 1}", "is a group of settings"),
        # Of the right kind, but not possible.
        ("dataset = 'cats'", "Unknown data set 'cats'"),
        ("seed = -1", "seed -1 is not in"),
        ("[hyperparameters]\nlearning_rate = nan", "learning rate nan"),
        ("[hyperparameters]\nmomentum = inf", "momentum inf"),
        ("[hyperparameters]\nschedule = 'cosine'", "set the epochs"),
        ("[hyperparameters.augmentation]\nrotation = 500", "rotation of 500"),
        ("[network]\nhidden = [0]", "0 units"),
        ("[network]\nhidden = [1,1,1,1,1,1,1,1,1]", "9 hidden layers"),
    ],
)
def test_each_mistake_in_a_lesson_is_reported(text, says):
    with pytest.raises(ConfigError, match=says):
        read_settings(text)


ROOM = MAX_CHARACTERS - 100


@pytest.mark.parametrize(
    "text",
    [
        "#" * (MAX_CHARACTERS + 1),
        "[" * ROOM,
        "hidden = " + "[" * ROOM,
        "seed = " + "9" * ROOM,
        "seed = 0x" + "f" * ROOM,
        "seed = -0x" + "f" * ROOM,
        "hyperparameters.learning_rate = 0x" + "f" * ROOM,
        "hyperparameters.learning_rate = 1" + "0" * 400,
        "a." * (ROOM // 2) + "a = 1",
        "a" * ROOM + " = 1",
        f"dataset = '{'a' * ROOM}'",
        f"network.activations = [{'3,' * (ROOM // 3)}]",
        f"network.hidden = [{'3,' * (ROOM // 3)}]",
        "```\n" * (ROOM // 4),
        "~~~~\n```\n" * (ROOM // 9),
        "> " * (ROOM // 2),
        "\0" * ROOM,
        "\ud800",
    ],
)
@pytest.mark.timeout(5)
def test_a_hostile_text_is_refused_quickly_and_briefly(text):
    with pytest.raises(ConfigError) as refusal:
        read_settings(text)
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize(
    "text",
    [
        f"seed = 0x{'f' * 6_000}",
        f"[hyperparameters]\nlearning_rate = [0x{'f' * 6_000}]",
        f"[network]\nhidden = [[{{{'a.' * 2_000}b = 1}}]]",
    ],
)
def test_values_that_cannot_be_shown_are_refused(text):
    with pytest.raises(ConfigError, match="one of its values is too large"):
        read_settings(text)
