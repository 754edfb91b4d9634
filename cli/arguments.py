"""What can be said on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from core.datasets.dataset import DATASET_NAMES
from core.presets import DEFAULT_PRESET, PRESETS


class OneLineParser(argparse.ArgumentParser):
    """Answers bad arguments with one line and exit status 2."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, without the usage text."""
        self.exit(2, f"{self.prog}: {message} (--help lists what there is)\n")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; ``command`` of its result is None where the window is wanted."""
    parser = OneLineParser(
        prog="main.py",
        description="Watch a neural network, written in NumPy, learn to read digits. "
        "Without a command, the window opens.",
    )
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="a folder that holds MNIST")
    _add_screenshot_options(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_train(commands.add_parser("train", help="train a network without the window"))
    _add_evaluate(commands.add_parser("evaluate", help="test a saved network"))
    return parser


def _add_screenshot_options(parser: argparse.ArgumentParser) -> None:
    shot = parser.add_argument_group("pictures of the window")
    shot.add_argument(
        "--screenshot", type=Path, metavar="FILE.png", help="train, draw a digit, save, leave"
    )
    shot.add_argument(
        "--seconds", type=_positive(float), default=8.0, metavar="N", help="how long it trains (8)"
    )
    shot.add_argument(
        "--size", type=_size, default=(1280, 800), metavar="WxH", help="of the window (1280x800)"
    )
    parser.add_argument(
        "--theme", choices=("light", "dark"), help="light or dark, whatever the system says"
    )


def _add_data_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dataset", choices=DATASET_NAMES, required=True)
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
    _add_data_options(parser)
    parser.add_argument(
        "--preset",
        choices=[preset.name for preset in PRESETS],
        default=DEFAULT_PRESET.name,
        metavar="NAME",
        help="where to begin; what follows changes it: " + ", ".join(p.name for p in PRESETS),
    )
    parser.add_argument(
        "--hidden", type=_layers, metavar="128,64", help="units of the hidden layers; '' for none"
    )
    parser.add_argument("--lr", type=float, metavar="RATE", help="learning rate")
    parser.add_argument("--batch", type=int, metavar="N", help="images per step")
    parser.add_argument("--l2", type=float, metavar="STRENGTH", help="of the penalty on weights")
    parser.add_argument("--epochs", type=_positive(int), metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--save", type=Path, metavar="FILE.npz", help="write the network here")
    parser.add_argument(
        "--threads",
        type=_positive(int),
        metavar="N",
        help="threads of the matrix products (measured unless given; the last bits of the "
        "result depend on it)",
    )


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.npz", help="what train --save wrote")
    _add_data_options(parser)


def _layers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(units) for units in text.split(",") if text.strip())
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not a list of layer sizes such as 128,64"
        ) from error


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and min(int(width), int(height)) >= 200):
        raise argparse.ArgumentTypeError(f"'{text}' is not a size such as 1280x800")
    return int(width), int(height)


def _positive(kind: Callable[[str], float]) -> Callable[[str], float]:
    def parse(text: str) -> float:
        try:
            value = kind(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"'{text}' is not a number") from error
        if not 0 < value < float("inf"):
            raise argparse.ArgumentTypeError(f"{text} is not above 0")
        return value

    return parse
