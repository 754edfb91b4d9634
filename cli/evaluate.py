"""``main.py evaluate``."""

from __future__ import annotations

import argparse

from cli.progress_bar import progress_bar
from cli.report import write_report
from core.atomic_file import check_writable
from core.datasets.loading import load_dataset
from core.evaluation import evaluate as evaluate_network
from core.run_file import load_run


def evaluate(arguments: argparse.Namespace) -> int:
    """Test the saved network on a test set, print the result, and return the exit status."""
    config, network = load_run(arguments.file)
    if arguments.report is not None:
        check_writable(arguments.report)
    with progress_bar(f"Preparing {arguments.dataset}") as progress:
        dataset = load_dataset(arguments.dataset, arguments.data_dir, progress)
    result = evaluate_network(network, dataset.test_images, dataset.test_labels)
    if arguments.report is not None:
        write_report(
            arguments.report,
            accuracy=result.accuracy,
            loss=result.loss,
            confusion=result.confusion.tolist(),
            network=str(config.network),
            dataset=arguments.dataset,
        )
    print(f"{config.network} on {arguments.dataset}: test accuracy {result.accuracy:.2%}")
    return 0
