"""``main.py train``."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict

from tqdm import tqdm

from cli.configuration import run_config
from cli.progress_bar import progress_bar
from cli.report import write_report
from core.atomic_file import check_writable
from core.datasets.loading import load_dataset
from core.run_file import save_run
from core.trainer import Trainer
from core.workers import Workers


def train(arguments: argparse.Namespace) -> int:
    """Train as `arguments` say, print the result, and return the exit status."""
    config = run_config(arguments)
    for path in (arguments.save, arguments.report):
        if path is not None:
            check_writable(path)
    with progress_bar(f"Preparing {config.dataset}") as progress:
        dataset = load_dataset(config.dataset, arguments.data_dir, progress)
    with Workers(arguments.threads) as workers:
        trainer = Trainer(config, dataset, workers=workers)
        seconds = _run(trainer)

    if arguments.save is not None:
        save_run(arguments.save, config, trainer.network, trainer.threshold)
    if arguments.report is not None:
        write_report(arguments.report, **_figures(trainer, seconds))
    results = f"test accuracy {trainer.history.test_accuracy.values[-1]:.2%}"
    if config.validation:
        results += f", validation {trainer.history.validation_accuracy.values[-1]:.2%}"
    print(
        f"{config.network} on {config.dataset}: {results} after {trainer.epoch} epochs, "
        f"{seconds:.1f} s"
    )
    return 0


def _run(trainer: Trainer) -> float:
    """Train to the end, under a bar; return the seconds, tests after each epoch included."""
    images, epochs = trainer.images_per_epoch, trainer.hyperparameters.epochs or 0
    start = time.perf_counter()
    with tqdm(total=epochs * images, unit=" images", unit_scale=True) as bar:
        while trainer.stop_reason is None:
            trainer.step()
            bar.update(trainer.epoch * images + trainer.position - bar.n)
            if not trainer.position:
                bar.set_postfix_str(_after_epoch(trainer))
        seconds = time.perf_counter() - start
    if trainer.epoch < epochs:
        print(f"Stopped early. {trainer.stop_reason}")
    return seconds


def _after_epoch(trainer: Trainer) -> str:
    history = trainer.history
    text = f"loss {history.epoch_loss:.3f}"
    data, penalty = history.epoch_loss_parts
    if penalty:
        text += f" = {data:.3f} + L2 {penalty:.3f}"
    text += f", test {history.test_accuracy.values[-1]:.2%}"
    if history.validation_accuracy:
        text += f", validation {history.validation_accuracy.values[-1]:.2%}"
    return text


def _figures(trainer: Trainer, seconds: float) -> dict[str, object]:
    """Return what the report says."""
    history, config = trainer.history, trainer.config
    validation = {}
    if config.validation:
        validation = {
            "validation_loss": float(history.validation_loss.values[-1]),
            "validation_accuracy": float(history.validation_accuracy.values[-1]),
        }
    return {
        "epochs": trainer.epoch,
        "steps": trainer.step_count,
        "stopped_because": trainer.stop_reason,
        "seconds": seconds,
        "samples_per_second": trainer.epoch * trainer.images_per_epoch / seconds,
        "train_loss": history.epoch_loss,
        "train_data_loss": history.epoch_loss_parts[0],
        "train_regularization_loss": history.epoch_loss_parts[1],
        "test_loss": float(history.test_loss.values[-1]),
        "test_accuracy": float(history.test_accuracy.values[-1]),
        **validation,
        "seed": config.seed,
        "threads": trainer.threads,
        "network": str(config.network),
        "dataset": config.dataset,
        "config": asdict(config),
    }
