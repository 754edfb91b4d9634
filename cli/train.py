"""``main.py train``."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict, replace
from pathlib import Path
from uuid import uuid4

from tqdm import tqdm

from cli.configuration import run_to_train, trainer_of
from cli.data_choice import prepare, settled
from cli.output import say
from cli.targets import check_target, write_report
from core.errors import ConfigError, DigitscopeError
from core.files.locations import data_folder
from core.saving.run_file import save_run
from core.saving.threshold_facts import threshold_facts
from core.threads.workers import Workers
from core.training.saved_run import SavedRun
from core.training.schedules import after_the_end
from core.training.starting_state import StartingState
from core.training.trainer import Trainer
from core.wording import counted, percent


def train(arguments: argparse.Namespace) -> int:
    """Train, print the result, and return the exit status."""
    if arguments.half_precision and not arguments.weights_only:
        raise ConfigError(
            "--half-precision is only for a network without the state of its training: add "
            "--weights-only."
        )
    if arguments.film and (arguments.weights_only or arguments.save is None):
        raise ConfigError(
            "A film is part of a run that is saved with its training: use --film with --save, and "
            "without --weights-only."
        )
    config, origin = run_to_train(arguments)
    begun = getattr(arguments, "from"), (arguments.branch or (None,))[0]
    check_target(arguments.save, begun)
    check_target(arguments.report, (arguments.save, arguments.resume, *begun))
    dataset = prepare(config.dataset, arguments)
    config = settled(config, dataset, arguments.validation)
    with Workers(arguments.threads) as workers:
        trainer = trainer_of(config, origin, dataset, workers, arguments.film)
        read = _images_read(trainer)
        epochs = _last_epoch(trainer, arguments.epochs if arguments.resume else None)
        _say_where_it_begins(trainer)
        _say_what_follows_the_schedule(trainer, epochs)
        seconds = _run(trainer, epochs)

    if arguments.save is not None:
        _save(arguments.save, _run_to_save(trainer, arguments), arguments.half_precision)
    if arguments.report is not None:
        write_report(arguments.report, **_figures(trainer, _images_read(trainer) - read, seconds))
    say(
        f"{trainer.network_config} on {config.dataset}: {_accuracies(trainer, 'test accuracy')} "
        f"after {counted(trainer.epoch, 'epoch')}, {seconds:.1f} s"
    )
    if trainer.moments.best is not None and not trainer.ended_by_patience:
        say(f"The best network was that of {trainer.moments.best}; --best uses it.")
    return 0


def _run_to_save(trainer: Trainer, arguments: argparse.Namespace) -> SavedRun:
    """Return all of the run, its networks, or, in half precision, only the one that is used."""
    trainer.evaluator.choose_thresholds(trainer.network)
    run = trainer.saved()
    if arguments.half_precision:
        return run.as_best() if run.uses_best else replace(run.weights_alone(), best=None)
    return run.weights_alone() if arguments.weights_only else run


def _save(path: Path, run: SavedRun, half_precision: bool) -> None:
    """Write the run to `path`; if that fails, to the folder of the window's automatic copies.

    The copy has full precision.

    Raises
    ------
    DigitscopeError
        If it is not at `path`.
    """
    try:
        save_run(path, run, half_precision)
    except DigitscopeError as error:
        copy = data_folder() / "autosave" / f"{uuid4().hex}.npz"
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            save_run(copy, run)
        except (OSError, DigitscopeError):
            raise error from None
        raise DigitscopeError(f"{error} The run is not lost: it is in '{copy}'.") from error


def _say_where_it_begins(trainer: Trainer) -> None:
    """Say what a run begins with, or, if another one was better, that it resumes from its last."""
    if trainer.start is not None and not trainer.step_count:
        say(f"Training begins with the weights of {trainer.start}.")
    best = trainer.moments.best
    if best is not None and best.step < trainer.step_count:
        say(f"Training continues from the last network, not the best, of {best}.")


def _say_what_follows_the_schedule(trainer: Trainer, epochs: int) -> None:
    """Say if some of the `epochs` come after the end of the schedule, and what to do."""
    settings = trainer.hyperparameters
    effect = after_the_end(settings)
    if effect is None or settings.epochs is None:
        return
    ahead = epochs - max(settings.epochs, trainer.epoch)
    if ahead > 0:
        say(
            f"The {settings.schedule} schedule ends after epoch {settings.epochs:,}. For "
            f"{counted(ahead, 'epoch')} after it, {effect}. To train longer, start a new run with "
            f"--epochs {epochs}, or open this one in the window and lengthen its schedule there."
        )


def _last_epoch(trainer: Trainer, more: int | None) -> int:
    """Return the last epoch: `more` than there are, or None for that of the run's settings.

    Raises
    ------
    ConfigError
        If the settings name none, or it is already done.
    """
    epochs = trainer.hyperparameters.epochs
    if more is not None:
        return trainer.epoch + more
    if epochs is None or epochs <= trainer.epoch:
        state = "This run has no end"
        if epochs is not None:
            state = "The 1 epoch is done" if epochs == 1 else f"The {epochs:,} epochs are done"
        raise ConfigError(f"{state}. Set --epochs to the number of further epochs.")
    return epochs


def _images_read(trainer: Trainer) -> int:
    """Return how many images the run has trained on, repetitions included."""
    return trainer.epoch * trainer.images_per_epoch + trainer.position


def _run(trainer: Trainer, epochs: int) -> float:
    """Train to the end with a progress bar; return the seconds, evaluations included."""
    start = time.perf_counter()
    total, done = epochs * trainer.images_per_epoch, _images_read(trainer)
    with tqdm(total=total, initial=done, unit=" images", unit_scale=True) as bar:
        while trainer.epoch < epochs and trainer.stop_reason is None:
            trainer.step()
            bar.update(_images_read(trainer) - bar.n)
            if not trainer.position:
                bar.set_postfix_str(_after_epoch(trainer))
        seconds = time.perf_counter() - start
    if trainer.epoch < epochs:
        say(f"Stopped early. {trainer.stop_reason}")
    return seconds


def _after_epoch(trainer: Trainer) -> str:
    history = trainer.history
    text = f"loss {history.epoch_loss:.3f}"
    data, penalty = history.epoch_loss_parts
    if penalty:
        text += f" = {data:.3f} + L2 {penalty:.3f}"
    return f"{text}, {_accuracies(trainer, 'test')}"


def _accuracies(trainer: Trainer, name: str) -> str:
    """Return the newest accuracies in words; `name` is that on the test set."""
    history = trainer.history
    text = f"{name} {percent(history.test_accuracy[-1])}"
    if len(history.validation_accuracy):
        text += f", validation {percent(history.validation_accuracy[-1])}"
    return text


def _parent(start: StartingState | None) -> dict[str, object] | None:
    """Return where a branch comes from, for the report."""
    if start is None or start.parent is None:
        return None
    parent, keeps_state = start.parent, start.memory is not None
    return {
        "id": parent.id,
        "step": parent.step,
        "is_rounded": parent.is_rounded,
        "keeps_optimizer_state": keeps_state,
    }


def _figures(trainer: Trainer, images: int, seconds: float) -> dict[str, object]:
    """Return the report on a run that trained on `images` images in `seconds` seconds."""
    history, config = trainer.history, trainer.config
    validation = {}
    if config.validation:
        validation = {
            "validation_loss": float(history.validation_loss[-1]),
            "validation_accuracy": float(history.validation_accuracy[-1]),
        }
    best, is_tested = trainer.moments.best, trainer.evaluator.metrics is not None
    return {
        "epochs": trainer.epoch,
        "steps": trainer.step_count,
        "stopped_because": trainer.stop_reason,
        "ended_by_patience": trainer.ended_by_patience,
        "best": None
        if best is None
        else {
            "epoch": best.epoch,
            "step": best.step,
            "validation_accuracy": best.accuracy,
            **threshold_facts(best.thresholds),
        },
        "seconds": seconds,
        "samples_per_second": images / seconds,
        "train_loss": history.epoch_loss,
        "train_data_loss": history.epoch_loss_parts[0],
        "train_regularization_loss": history.epoch_loss_parts[1],
        "test_loss": float(history.test_loss[-1]) if is_tested else None,
        "test_accuracy": float(history.test_accuracy[-1]) if is_tested else None,
        **validation,
        "seed": config.seed,
        "from": None if trainer.start is None else trainer.start.source,
        "parent": _parent(trainer.start),
        "threads": trainer.threads,
        "network": str(trainer.network_config),
        "dataset": str(config.dataset),
        "config": asdict(config),
    }
