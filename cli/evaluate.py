"""``main.py evaluate``."""

from __future__ import annotations

import argparse
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from cli.data_choice import chosen_source, prepare
from cli.output import say
from cli.progress_bar import progress_bar
from cli.targets import check_target, write_report
from cli.which_network import chosen_network
from core.arrays import DIGITS, LabeledImages
from core.errors import ConfigError, DataError
from core.ink.recordings import read_images
from core.saving.run_file import load_run
from core.settings.data_source import DataSource, OwnData
from core.training.evaluation import evaluate as evaluate_network
from core.training.evaluation import evaluate_moved
from core.training.saved_run import SavedRun
from core.wording import percent


def evaluate(arguments: argparse.Namespace) -> int:
    """Test the saved network, print the result, and return the exit status."""
    saved = load_run(arguments.file)
    run, which = chosen_network(saved, arguments)
    check_target(arguments.report, (arguments.file, arguments.pen))
    source = _source(saved, arguments)
    images, classes = _images_to_read(source, arguments)
    if classes != run.network.classes:
        raise ConfigError(
            f"'{arguments.file}' has the classes {', '.join(run.network.classes)}, but the images "
            f"are {', '.join(classes)}. Choose a network that was trained on such images."
        )
    measure = evaluate_network if arguments.pen is None else evaluate_moved
    result = measure(run.network, images.images, images.labels)
    if arguments.report is not None:
        write_report(
            arguments.report,
            accuracy=result.accuracy,
            loss=result.loss,
            per_digit=result.per_class,
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
    if arguments.pen is not None:
        chosen_source(arguments)  # which refuses what says how own data are read
        return Path(arguments.pen)
    saved, named = run.config.dataset, arguments.dataset
    if named is None or _have_moved(run, arguments):
        source = chosen_source(arguments, saved if isinstance(saved, OwnData) else None)
    else:
        source = chosen_source(arguments)
    if source is None:
        raise ConfigError("Say what to evaluate on: a --dataset, or recordings with --pen.")
    return source


def _have_moved(run: SavedRun, arguments: argparse.Namespace) -> bool:
    """Return whether the images that the run learned from are at the path of ``--dataset``.

    Then they are read as they were for the run; other data are not.
    """
    saved, named = run.config.dataset, arguments.dataset
    if not isinstance(saved, OwnData) or not isinstance(named, OwnData):
        return False
    if saved.path == named.path:
        return True
    if run.training is None:
        return False
    with suppress(DataError):
        found = prepare(replace(saved, path=named.path), arguments, is_quiet=True)
        return found.checksum == run.training.dataset_checksum
    return False


def _images_to_read(
    source: DataSource | Path, arguments: argparse.Namespace
) -> tuple[LabeledImages, tuple[str, ...]]:
    """Return images, and the names of their classes."""
    if isinstance(source, Path):
        with progress_bar(f"Drawing {source.name}") as progress:
            return read_images(source, progress), DIGITS
    dataset = prepare(source, arguments)
    return dataset.test, dataset.classes
