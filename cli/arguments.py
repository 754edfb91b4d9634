"""What can be said on the command line."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import NoReturn

from cli.which_network import add_which_network
from core.printable_text import printable
from core.settings.augmentation import DEFAULT_AUGMENTATION, NO_AUGMENTATION, Augmentation
from core.settings.config import (
    ACTIVATION_NAMES,
    DATASET_NAMES,
    INITIALIZATION_NAMES,
    MAX_EPOCHS,
    MAX_THREADS,
    MAX_VALIDATION,
    OPTIMIZER_NAMES,
    OUTPUT_NAMES,
    SCHEDULE_NAMES,
)
from core.settings.presets import PRESETS

_COMMANDS = frozenset(("train", "evaluate", "replay", "export", "claims"))
_MAX_REASON = 400
_LONGEST = 24 * 3600
"""Seconds before a picture is taken."""
_STRENGTHS = tuple(field.name for field in fields(Augmentation))


class OneLineParser(argparse.ArgumentParser):
    """Answers bad arguments with one line and exit status 2."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, without the usage text."""
        reason = printable(message, _MAX_REASON)
        self.exit(2, f"{self.prog}: {reason} (--help lists what there is)\n")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; ``command`` of its result is None where the window is wanted."""
    parser = OneLineParser(
        prog="main.py",
        description="Watch a neural network, written in NumPy, learn to read digits. "
        "Without a command, the window opens: with a saved run if a FILE.npz is named.",
    )
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="a folder that holds MNIST")
    _add_screenshot_options(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_train(commands.add_parser("train", help="train a network without the window"))
    _add_evaluate(commands.add_parser("evaluate", help="test a saved network"))
    _add_replay(commands.add_parser("replay", help="train a saved run anew from its log"))
    _add_export(commands.add_parser("export", help="hand a saved run on to other programs"))
    _add_claims(commands.add_parser("claims", help="try what three documents claim"))
    return parser


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line; ``main.py FILE.npz`` opens the window with that run."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    # To argparse a word that is no option would be a command.
    files = (
        []
        if _COMMANDS.intersection(words)
        else [w for w in words if w.lower().endswith(".npz")][:1]
    )
    parsed = build_parser().parse_args([word for word in words if word not in files])
    if parsed.command is None:
        parsed.file = Path(files[0]) if files else None
    return parsed


def _add_screenshot_options(parser: argparse.ArgumentParser) -> None:
    shot = parser.add_argument_group("pictures of the window")
    shot.add_argument(
        "--screenshot", type=Path, metavar="FILE.png", help="train, draw a digit, save, leave"
    )
    shot.add_argument(
        "--seconds",
        type=_positive(float, _LONGEST),
        default=8.0,
        metavar="N",
        help="how long it trains (8)",
    )
    shot.add_argument(
        "--size", type=_size, default=(1280, 800), metavar="WxH", help="of the window (1280x800)"
    )
    parser.add_argument(
        "--theme", choices=("light", "dark"), help="light or dark, whatever the system says"
    )


def _add_data_dir_and_report(parser: argparse.ArgumentParser) -> None:
    # SUPPRESS keeps a --data-dir that was given before the command.
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="a folder that holds MNIST",
    )
    parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the figures here")


def _add_train(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--dataset", choices=DATASET_NAMES, help="begin a run that learns from it")
    what.add_argument(
        "--resume",
        type=Path,
        metavar="FILE.npz",
        help="go on with a run that --save wrote, to the same bits, for --epochs more",
    )
    _add_data_dir_and_report(parser)
    parser.add_argument(
        "--preset",
        choices=[preset.name for preset in PRESETS],
        metavar="NAME",
        help="where to begin; what follows changes it: " + ", ".join(p.name for p in PRESETS),
    )
    _add_network_options(parser.add_argument_group("network"))
    _add_training_options(parser.add_argument_group("training"))
    _add_course_options(parser.add_argument_group("course and end of the run"))
    parser.add_argument("--seed", type=int, metavar="S", help="of all that is random (0)")
    parser.add_argument("--save", type=Path, metavar="FILE.npz", help="write the run here")
    parser.add_argument(
        "--weights-only",
        action="store_true",
        help="leave out of that file what it takes to go on: it is a third as large, and read with",
    )
    _add_threads(parser)


def _add_threads(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--threads",
        type=_positive(int, MAX_THREADS),
        metavar="N",
        help="threads that share the work (measured unless given; the result is the same bits)",
    )


def _add_network_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--hidden", type=_layers, metavar="128,64", help="units of the hidden layers; '' for none"
    )
    group.add_argument(
        "--activation",
        type=_names,
        metavar="NAME[,NAME...]",
        help="one for all hidden layers, or one for each: " + ", ".join(ACTIVATION_NAMES),
    )
    group.add_argument(
        "--output",
        type=_name,
        choices=OUTPUT_NAMES,
        help="softmax with cross-entropy, or sigmoid with binary cross-entropy",
    )
    group.add_argument(
        "--init",
        type=_name,
        choices=INITIALIZATION_NAMES,
        help="how the weights begin",
    )
    group.add_argument(
        "--init-scale", type=float, metavar="RED", help="begin with N(0, 1) times this number"
    )


def _add_training_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--lr", type=float, metavar="RATE", help="learning rate")
    group.add_argument("--batch", type=int, metavar="N", help="images per step")
    group.add_argument("--optimizer", type=_name, choices=OPTIMIZER_NAMES)
    group.add_argument(
        "--momentum",
        type=float,
        metavar="MU",
        help="of momentum and nesterov, and Adam's beta 1; turns plain sgd into momentum",
    )
    group.add_argument("--l2", type=float, metavar="STRENGTH", help="of the penalty on weights")
    group.add_argument(
        "--dropout", type=float, metavar="SHARE", help="of the hidden units, left out at each step"
    )
    group.add_argument(
        "--augment",
        nargs="?",
        type=_augmentation,
        const=DEFAULT_AUGMENTATION,
        metavar="RECIPE",
        help="distort the training images; a recipe such as shift=2,rotation=10,elastic=1 names "
        "the strengths of " + ", ".join(_STRENGTHS) + "; 'none' for none",
    )


def _add_course_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--epochs", type=_positive(int, MAX_EPOCHS), metavar="N")
    group.add_argument(
        "--schedule",
        type=_name,
        choices=SCHEDULE_NAMES,
        help="how the learning rate goes over the epochs",
    )
    group.add_argument(
        "--warmup", type=float, metavar="EPOCHS", help="lead up to the learning rate for so long"
    )
    group.add_argument(
        "--validation",
        type=_split,
        metavar="N",
        help="hold out the last N training images, or that share of them; it, and not the test "
        "set, is what stops a run early",
    )
    group.add_argument(
        "--target-accuracy", type=float, metavar="SHARE", help="stop when it is reached, as 0.98"
    )
    group.add_argument(
        "--patience",
        type=_positive(int, MAX_EPOCHS),
        metavar="EPOCHS",
        help="stop after so many without gain",
    )


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.npz", help="what train --save wrote")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--dataset", choices=DATASET_NAMES, help="read its test set")
    what.add_argument(
        "--pen",
        type=Path,
        metavar="FILE.unipen",
        help="replay recordings of people's pens, plain or .gz, on the drawing pad, and read that",
    )
    add_which_network(parser)
    _add_data_dir_and_report(parser)


def _add_replay(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.npz", help="what --save or the app wrote")
    _add_data_dir_and_report(parser)
    _add_threads(parser)


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.npz", help="what --save or the app wrote")
    parser.add_argument(
        "target",
        type=Path,
        metavar="OUT",
        help="how it ends says what it gets: .csv the curves, .onnx or .safetensors the network, "
        ".toml the settings",
    )
    add_which_network(parser)


def _add_claims(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dataset", choices=DATASET_NAMES, default="mnist")
    _add_data_dir_and_report(parser)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="try these claims, not all")
    parser.add_argument(
        "--quick", action="store_true", help="train each network for one epoch, and judge nothing"
    )


def _layers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(units) for units in text.split(",") if text.strip())
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not a list of layer sizes such as 128,64"
        ) from error


def _names(text: str) -> tuple[str, ...]:
    return tuple(map(_name, text.split(",")))


def _name(text: str) -> str:
    """Return a name as it is written here, for one that others write as leaky_relu or ReLU."""
    return text.strip().lower().replace("_", "-")


def _augmentation(text: str) -> Augmentation:
    """Parse a recipe; what it does not name is left out."""
    if text == "none":
        return NO_AUGMENTATION
    strengths = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        try:
            strengths[name.strip()] = float(value)
        except ValueError as error:
            raise argparse.ArgumentTypeError(
                f"'{part}' is not a strength such as rotation=10"
            ) from error
        if name.strip() not in _STRENGTHS:
            raise argparse.ArgumentTypeError(
                f"there is no '{name.strip()}' to distort; use " + ", ".join(_STRENGTHS)
            )
    return Augmentation(**strengths)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if re.fullmatch(r"[0-9]{3,4}x[0-9]{3,4}", text) is None or min(int(width), int(height)) < 200:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not a size such as 1280x800, from 200 to 9999 each"
        )
    return int(width), int(height)


def _split(text: str) -> float:
    """Parse a number of images or a share; 1.5 is neither, and 1.0 could be either."""
    size = _positive(float, MAX_VALIDATION)(text)
    if size >= 1:
        try:
            return int(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(
                f"'{text}' is neither a whole number of images nor a share of them below 1"
            ) from error
    return size


def _positive(kind: Callable[[str], float], most: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        try:
            value = kind(text)
        except ValueError as error:
            what = "a whole number" if kind is int else "a number"
            raise argparse.ArgumentTypeError(f"'{text}' is not {what}") from error
        if not 0 < value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not above 0 and at most {most:,}")
        return value

    return parse
