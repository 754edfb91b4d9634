"""``main.py evaluate``."""

from __future__ import annotations

import argparse

from cli.output import say
from cli.progress_bar import progress_bar
from cli.targets import check_target, write_report
from cli.which_network import chosen_network
from core.arrays import DIGITS, LabeledImages
from core.datasets.loading import load_dataset
from core.errors import ConfigError
from core.ink.recordings import read_images
from core.saving.run_file import load_run
from core.training.evaluation import evaluate as evaluate_network
from core.wording import percent


def evaluate(arguments: argparse.Namespace) -> int:
    """Test the saved network, print the result, and return the exit status."""
    run, which = chosen_network(load_run(arguments.file), arguments)
    check_target(arguments.report, (arguments.file, arguments.pen))
    images, classes = _images_to_read(arguments)
    if classes != run.network.classes:
        raise ConfigError(
            f"'{arguments.file}' tells apart {', '.join(run.network.classes)}, but the images are "
            f"{', '.join(classes)}. Choose a network that was trained on such images."
        )
    result = evaluate_network(run.network, images.images, images.labels)
    source = arguments.dataset or str(arguments.pen)
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
            dataset=source,
        )
    kind = "test accuracy" if arguments.dataset else "accuracy"
    say(f"{run.network_config} on {source}: {kind} {percent(result.accuracy)}")
    return 0


def _images_to_read(arguments: argparse.Namespace) -> tuple[LabeledImages, tuple[str, ...]]:
    """Return images, and the names of their classes."""
    if arguments.pen is not None:
        with progress_bar(f"Drawing {arguments.pen.name}") as progress:
            return read_images(arguments.pen, progress), DIGITS
    with progress_bar(f"Preparing {arguments.dataset}") as progress:
        dataset = load_dataset(arguments.dataset, arguments.data_dir, progress)
    return dataset.test, dataset.classes
