"""``main.py evaluate``."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.data_choice import chosen_source, prepare
from cli.output import say
from cli.progress_bar import progress_bar
from cli.targets import check_target, write_report
from cli.which_network import chosen_network
from core.arrays import DIGITS, LabeledImages
from core.errors import ConfigError
from core.ink.recordings import read_images
from core.saving.run_file import load_run
from core.settings.data_source import DataSource, OwnData
from core.training.evaluation import evaluate as evaluate_network
from core.training.saved_run import SavedRun
from core.wording import percent


def evaluate(arguments: argparse.Namespace) -> int:
    """Test the saved network, print the result, and return the exit status."""
    run, which = chosen_network(load_run(arguments.file), arguments)
    check_target(arguments.report, (arguments.file, arguments.pen))
    source = _source(run, arguments)
    images, classes = _images_to_read(source, arguments)
    if classes != run.network.classes:
        raise ConfigError(
            f"'{arguments.file}' tells apart {', '.join(run.network.classes)}, but the images are "
            f"{', '.join(classes)}. Choose a network that was trained on such images."
        )
    result = evaluate_network(run.network, images.images, images.labels)
    if arguments.report is not None:
        write_report(
            arguments.report,
            accuracy=result.accuracy,
            loss=result.loss,
            per_digit=result.per_digit,
            confusion=result.confusion.tolist(),
            images=len(images.labels),
            network=str(run.network_config),
            which_network=which,
            dataset=str(source),
        )
    kind = "test accuracy" if arguments.pen is None else "accuracy"
    say(f"{run.network_config} on {source}: {kind} {percent(result.accuracy)}")
    return 0


def _source(run: SavedRun, arguments: argparse.Namespace) -> DataSource | Path:
    """Return what to evaluate on: recordings, a data set, or the own data of the run."""
    saved = run.config.dataset if isinstance(run.config.dataset, OwnData) else None
    source: DataSource | Path | None = arguments.pen or chosen_source(arguments, saved)
    if source is None:
        raise ConfigError("Say what to evaluate on: a --dataset, or recordings with --pen.")
    return source


def _images_to_read(
    source: DataSource | Path, arguments: argparse.Namespace
) -> tuple[LabeledImages, tuple[str, ...]]:
    """Return images, and the names of their classes."""
    if isinstance(source, Path):
        with progress_bar(f"Drawing {source.name}") as progress:
            return read_images(source, progress), DIGITS
    dataset = prepare(source, arguments)
    return dataset.test, dataset.classes
