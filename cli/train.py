"""``main.py train``."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

from threadpoolctl import threadpool_limits
from tqdm import tqdm

from cli.progress_bar import progress_bar
from cli.report import write_report
from core.atomic_file import check_writable
from core.blas import choose_blas_threads
from core.config import RunConfig
from core.datasets.loading import load_dataset
from core.presets import preset_named
from core.run_file import save_run
from core.trainer import Trainer


def run_config(arguments: argparse.Namespace) -> tuple[RunConfig, int]:
    """Return the preset with what the arguments change, and the number of epochs."""
    preset = preset_named(arguments.preset)
    network, hyperparameters = preset.network, preset.hyperparameters
    if arguments.hidden is not None:
        network = replace(network, hidden=arguments.hidden)
    given = {
        field: value
        for field, value in (
            ("learning_rate", arguments.lr),
            ("batch_size", arguments.batch),
            ("l2", arguments.l2),
        )
        if value is not None
    }
    config = RunConfig(
        arguments.dataset, network, replace(hyperparameters, **given), arguments.seed
    )
    return config, arguments.epochs or preset.epochs


def train(arguments: argparse.Namespace) -> int:
    """Train as `arguments` say, print the result, and return the exit status."""
    config, epochs = run_config(arguments)
    for path in (arguments.save, arguments.report):
        if path is not None:
            check_writable(path)
    with progress_bar(f"Preparing {config.dataset}") as progress:
        dataset = load_dataset(config.dataset, arguments.data_dir, progress)
    trainer = Trainer(config, dataset)
    if arguments.threads:
        threads = arguments.threads
        threadpool_limits(threads, user_api="blas")
    else:
        threads = choose_blas_threads(trainer.probe, trainer.operations)

    seconds = _run_epochs(trainer, epochs)

    history = trainer.history
    if arguments.save is not None:
        save_run(arguments.save, config, trainer.network)
    if arguments.report is not None:
        images = epochs * len(dataset.train_labels)
        write_report(
            arguments.report,
            epochs=epochs,
            steps=trainer.step_count,
            seconds=seconds,
            samples_per_second=images / seconds,
            train_loss=trainer.history.epoch_loss,
            test_loss=float(history.test_loss.values[-1]),
            test_accuracy=float(history.test_accuracy.values[-1]),
            seed=config.seed,
            blas_threads=threads,
            network=str(config.network),
            dataset=config.dataset,
        )
    print(
        f"{config.network} on {config.dataset}: test accuracy "
        f"{history.test_accuracy.values[-1]:.2%} after {epochs} epochs, {seconds:.1f} s"
    )
    return 0


def _run_epochs(trainer: Trainer, epochs: int) -> float:
    """Train for `epochs`, under a bar; return the seconds, tests after each epoch included."""
    images = len(trainer.dataset.train_labels)
    start = time.perf_counter()
    with tqdm(total=epochs * images, unit=" images", unit_scale=True) as bar:
        while trainer.epoch < epochs:
            trainer.step()
            bar.update(trainer.epoch * images + trainer.position - bar.n)
            if not trainer.position:
                bar.set_postfix_str(
                    f"loss {trainer.history.epoch_loss:.3f}, "
                    f"test {trainer.history.test_accuracy.values[-1]:.2%}"
                )
        return time.perf_counter() - start
