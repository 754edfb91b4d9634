"""How the options of ``train`` change a run's configuration."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from cli import arguments
from cli.arguments import build_parser
from cli.configuration import run_config
from core.settings.augmentation import DEFAULT_AUGMENTATION, NO_AUGMENTATION, Augmentation
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.settings.presets import DEFAULT_PRESET, preset_named


def parse(*options):
    arguments = build_parser().parse_args(["train", "--dataset", "strokes", *options])
    return run_config(arguments)


def test_without_options_it_is_the_default_preset_with_its_epochs():
    preset = DEFAULT_PRESET
    assert parse() == RunConfig(
        "strokes", preset.network, replace(preset.hyperparameters, epochs=preset.epochs)
    )


EVERY_OPTION = {
    "--hidden": "30,20",
    "--activation": "tanh,leaky-relu",
    "--output": "sigmoid",
    "--init": "constant",
    "--init-scale": "0.25",
    "--lr": "0.5",
    "--batch": "32",
    "--optimizer": "nesterov",
    "--momentum": "0.75",
    "--l2": "0.125",
    "--dropout": "0.375",
    "--augment": "shift=2,rotation=20,scale=0.25,shear=0.5,elastic=3,smoothness=5",
    "--epochs": "7",
    "--schedule": "one-cycle",
    "--warmup": "1.5",
    "--validation": "5000",
    "--target-accuracy": "0.98",
    "--patience": "4",
    "--seed": "11",
}

EVERY_SETTING = RunConfig(
    "strokes",
    NetworkConfig((30, 20), ("tanh", "leaky-relu"), "sigmoid", "constant", 0.25),
    Hyperparameters(
        learning_rate=0.5,
        batch_size=32,
        l2=0.125,
        optimizer="nesterov",
        momentum=0.75,
        dropout=0.375,
        schedule="one-cycle",
        warm_up=1.5,
        epochs=7,
        target_accuracy=0.98,
        patience=4,
        augmentation=Augmentation(2, 20, 0.25, 0.5, 3, 5),
    ),
    seed=11,
    validation=5000,
)


def flat(config):
    """Every setting of a run by its name."""
    parts = (config, config.network, config.hyperparameters)
    return {
        field.name: getattr(part, field.name)
        for part in parts
        for field in fields(part)
        if field.name not in ("dataset", "network", "hyperparameters")
    }


def test_every_setting_has_an_option():
    assert parse(*[word for option in EVERY_OPTION.items() for word in option]) == EVERY_SETTING
    default = flat(parse())
    assert [name for name, value in flat(EVERY_SETTING).items() if value == default[name]] == [
        "classes"  # those of the data set
    ]


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        (["--hidden", "30,20"], {"hidden": (30, 20)}),
        (["--hidden", ""], {"hidden": ()}),
        (["--activation", "tanh"], {"activations": ("tanh",)}),
        (["--activation", "tanh, identity"], {"activations": ("tanh", "identity")}),
        (["--output", "sigmoid"], {"output": "sigmoid"}),
        (["--init", "glorot"], {"initialization": "glorot"}),
        (["--init", "zeros"], {"initialization": "zeros"}),
        # Names as others write them.
        (["--activation", "Leaky_ReLU"], {"activations": ("leaky-relu",)}),
        (["--schedule", "one_cycle"], {"schedule": "one-cycle"}),
        (["--optimizer", "Adam"], {"optimizer": "adam"}),
        (["--lr", "0.5"], {"learning_rate": 0.5}),
        (["--batch", "32"], {"batch_size": 32}),
        (["--l2", "0.125"], {"l2": 0.125}),
        (["--optimizer", "adam"], {"optimizer": "adam"}),
        (["--dropout", "0.25"], {"dropout": 0.25}),
        (["--epochs", "3"], {"epochs": 3}),
        (["--schedule", "cosine"], {"schedule": "cosine"}),
        (["--warmup", "0.5"], {"warm_up": 0.5}),
        (["--target-accuracy", "0.9"], {"target_accuracy": 0.9}),
        (["--patience", "3"], {"patience": 3}),
        (["--seed", "5"], {"seed": 5}),
        # Options that imply something.
        (["--momentum", "0.5"], {"momentum": 0.5, "optimizer": "momentum"}),
        (["--momentum", "0.5", "--optimizer", "sgd"], {"momentum": 0.5}),
        (["--momentum", "0.5", "--optimizer", "adam"], {"momentum": 0.5, "optimizer": "adam"}),
        (["--init-scale", "0.5"], {"initialization": "constant", "initial_scale": 0.5}),
        (["--init-scale", "0.5", "--init", "he"], {"initial_scale": 0.5}),
        # The validation split, as a number and as a share of 60,000.
        (["--validation", "0.1"], {"validation": 6000}),
        (["--validation", "0.5"], {"validation": 30_000}),
        (["--validation", "10000"], {"validation": 10_000}),
        (["--validation", "1"], {"validation": 1}),
        # Augmentation.
        (["--augment"], {"augmentation": DEFAULT_AUGMENTATION}),
        (["--augment", "none"], {}),
        (["--augment", "rotation=10"], {"augmentation": Augmentation(rotation=10)}),
        (["--augment", "shift=1, scale=0.5"], {"augmentation": Augmentation(1, scale=0.5)}),
        (
            ["--augment", "--lr", "0.5"],
            {"augmentation": DEFAULT_AUGMENTATION, "learning_rate": 0.5},
        ),
    ],
)
def test_an_option_changes_what_it_says_and_nothing_else(options, changed):
    assert flat(parse(*options)) == flat(parse()) | changed


def test_the_default_is_without_augmentation():
    assert parse().hyperparameters.augmentation == NO_AUGMENTATION


def test_options_change_the_preset_they_come_with():
    preset = preset_named("chapter-3-sigmoid")
    config = parse("--preset", "chapter-3-sigmoid", "--hidden", "9,8,7", "--lr", "0.25")
    assert config.network == preset.network.with_hidden((9, 8, 7))
    assert config.network.layer_activations == ("sigmoid",) * 3
    assert config.hyperparameters == replace(
        preset.hyperparameters, learning_rate=0.25, epochs=preset.epochs
    )


@pytest.mark.parametrize("place", ["before", "after"])
def test_the_data_folder_may_be_named_before_or_after_the_command(place):
    named = ["--data-dir", "digits"]
    train = ["train", "--dataset", "mnist"]
    words = named + train if place == "before" else train + named
    assert str(build_parser().parse_args(words).data_dir) == "digits"


def test_a_run_opens_with_its_extension_in_any_case():
    assert arguments.parse(["RUN.NPZ"]).file == Path("RUN.NPZ")
    assert arguments.parse(["class.toml"]).file == Path("class.toml")
    assert arguments.parse([]).file is None
