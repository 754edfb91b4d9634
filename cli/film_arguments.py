"""The options of ``main.py film``."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.argument_values import within
from cli.data_choice import add_dataset, add_own_data_options
from cli.run_options import add_data_dir
from core.films.film_writer import DEFAULT_SPEED, LEAST_SPEED, MOST_SPEED
from core.films.frames import LEAST_WIDTH, MOST_WIDTH


def add_film_options(parser: argparse.ArgumentParser) -> None:
    """Add all that :func:`cli.film.film` reads."""
    parser.add_argument("file", type=Path, metavar="FILE.npz", help="a saved run that has a film")
    parser.add_argument(
        "target",
        type=Path,
        metavar="OUT",
        help="the extension sets the format: .gif, .webp or .mp4 for a film, .png for a strip of "
        "eight moments",
    )
    parser.add_argument(
        "--image",
        type=within(int, 0, 999_999),
        metavar="N",
        help="show how test image N is read, instead of the incoming weights of 24 units",
    )
    parser.add_argument(
        "--width",
        type=within(int, LEAST_WIDTH, MOST_WIDTH),
        default=720,
        metavar="PIXELS",
        help="width of a frame (720)",
    )
    parser.add_argument(
        "--speed",
        type=within(float, LEAST_SPEED, MOST_SPEED),
        default=DEFAULT_SPEED,
        metavar="N",
        help=f"moments per second ({DEFAULT_SPEED:g})",
    )
    # SUPPRESS keeps a --theme that was given before the command.
    parser.add_argument(
        "--theme",
        choices=("light", "dark"),
        default=argparse.SUPPRESS,
        help="light or dark (light)",
    )
    add_dataset(parser, "with --image: where the run's own data are now, if they have moved")
    add_own_data_options(parser)
    add_data_dir(parser)
