"""``main.py film``."""

from __future__ import annotations

import argparse

from cli.data_choice import chosen_source, prepare
from cli.output import say
from cli.progress_bar import progress_bar
from cli.targets import check_target
from core.arrays import SIDE
from core.errors import ConfigError
from core.films.film_writer import check_film, write_film
from core.films.frames import Draw, Look, drawing_frames, weights_frames
from core.films.scenes import Scene, scenes_of_run
from core.saving.run_file import load_run
from core.settings.data_source import DataSource
from core.wording import counted


def film(arguments: argparse.Namespace) -> int:
    """Write the film of a saved run, and return the exit status.

    Raises
    ------
    DigitscopeError
        If the run cannot be read or holds no film, or the file cannot be written.
    """
    target = arguments.target
    check_film(target)
    check_target(target, (arguments.file,))
    run = load_run(arguments.file)
    scenes = scenes_of_run(run)
    look = Look(arguments.width, arguments.theme or "light")
    draw = _draw(arguments, run.config.dataset, scenes, look)
    with progress_bar("Drawing the film") as progress:
        write_film(target, scenes, draw, look, arguments.speed, progress)
    say(f"{counted(len(scenes), 'moment')} of {arguments.file}: {target}")
    return 0


def _draw(
    arguments: argparse.Namespace, dataset: DataSource, scenes: list[Scene], look: Look
) -> Draw:
    """Return what draws the frames: the weights, or how a test image is read."""
    if arguments.image is None:
        return weights_frames(scenes, look)
    source = chosen_source(arguments, dataset, is_fixed=True) or dataset
    test = prepare(source, arguments).test
    if arguments.image >= len(test.labels):
        raise ConfigError(
            f"There is no test image {arguments.image:,}: --image takes 0 to "
            f"{len(test.labels) - 1:,}."
        )
    return drawing_frames(test.images[arguments.image].reshape(SIDE, SIDE), look)
