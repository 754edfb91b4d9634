"""Options that several commands share, above all those that make up the settings of a run."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.argument_values import (
    STRENGTHS,
    augmentation,
    layer_sizes,
    name,
    names,
    positive,
    validation_split,
)
from core.settings.augmentation import DEFAULT_AUGMENTATION
from core.settings.config import (
    ACTIVATION_NAMES,
    INITIALIZATION_NAMES,
    MAX_EPOCHS,
    OPTIMIZER_NAMES,
    OUTPUT_NAMES,
    SCHEDULE_NAMES,
)
from core.settings.presets import PRESETS


def add_data_dir_and_report(parser: argparse.ArgumentParser) -> None:
    """Add ``--data-dir`` and ``--report``."""
    add_data_dir(parser)
    add_report(parser)


def add_data_dir(parser: argparse.ArgumentParser) -> None:
    """Add ``--data-dir``."""
    # SUPPRESS keeps a --data-dir that was given before the command.
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="a folder that holds the data set",
    )


def add_report(parser: argparse.ArgumentParser) -> None:
    """Add ``--report``."""
    parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the results here")


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add all options that :func:`cli.configuration.run_config` reads, but for the data set."""
    parser.add_argument(
        "--preset",
        choices=[preset.name for preset in PRESETS],
        metavar="NAME",
        help="start from these settings; other options change them: "
        + ", ".join(p.name for p in PRESETS),
    )
    _add_network_options(parser.add_argument_group("network"))
    _add_training_options(parser.add_argument_group("training"))
    _add_course_options(parser.add_argument_group("schedule and stopping"))
    parser.add_argument("--seed", type=int, metavar="S", help="random seed (0)")


def _add_network_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--hidden",
        type=layer_sizes,
        metavar="128,64",
        help="units of the hidden layers; '' for none",
    )
    group.add_argument(
        "--activation",
        type=names,
        metavar="NAME[,NAME...]",
        help="one for all hidden layers, or one for each: " + ", ".join(ACTIVATION_NAMES),
    )
    group.add_argument(
        "--output",
        type=name,
        choices=OUTPUT_NAMES,
        help="softmax with cross-entropy, or sigmoid with binary cross-entropy",
    )
    group.add_argument(
        "--init",
        type=name,
        choices=INITIALIZATION_NAMES,
        help="initial weights",
    )
    group.add_argument(
        "--init-scale",
        type=float,
        metavar="RED",
        help="draw the initial weights from N(0, 1) times this number",
    )


def _add_training_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--lr", type=float, metavar="RATE", help="learning rate")
    group.add_argument("--batch", type=int, metavar="N", help="images per step")
    group.add_argument("--optimizer", type=name, choices=OPTIMIZER_NAMES)
    group.add_argument(
        "--momentum",
        type=float,
        metavar="MU",
        help="of momentum and nesterov, and Adam's beta 1; turns plain sgd into momentum",
    )
    group.add_argument(
        "--l2", type=float, metavar="STRENGTH", help="strength of the L2 penalty on the weights"
    )
    group.add_argument(
        "--dropout",
        type=float,
        metavar="SHARE",
        help="fraction of the hidden units dropped at each step",
    )
    group.add_argument(
        "--augment",
        nargs="?",
        type=augmentation,
        const=DEFAULT_AUGMENTATION,
        metavar="RECIPE",
        help="data augmentation; for example shift=2,rotation=10,elastic=1 sets "
        "the strengths of " + ", ".join(STRENGTHS) + "; 'none' for none",
    )


def _add_course_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--epochs", type=positive(int, MAX_EPOCHS), metavar="N")
    group.add_argument(
        "--schedule",
        type=name,
        choices=SCHEDULE_NAMES,
        help="how the learning rate changes over the epochs",
    )
    group.add_argument(
        "--warmup",
        type=float,
        metavar="EPOCHS",
        help="raise the learning rate from zero over this many epochs",
    )
    group.add_argument(
        "--validation",
        type=validation_split,
        metavar="N",
        help="hold out the last N training images, or this fraction; this split, not the test "
        "set, stops a run early",
    )
    group.add_argument(
        "--target-accuracy", type=float, metavar="SHARE", help="stop at this accuracy, such as 0.98"
    )
    group.add_argument(
        "--patience",
        type=positive(int, MAX_EPOCHS),
        metavar="EPOCHS",
        help="stop after this many epochs without improvement",
    )
