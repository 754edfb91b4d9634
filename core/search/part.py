"""A part of a run: what one process of a search does at a time."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass

from core.datasets.dataset import Dataset
from core.runs.run_curves import RunCurves, course_of, curves_of
from core.saving.run_file import read_run, write_run
from core.settings.config import RunConfig
from core.training.divergence import TrainingDivergedError
from core.training.trainer import Trainer


@dataclass(frozen=True)
class Part:
    """What to train.

    Attributes
    ----------
    run
        The id of the run.
    config
        Its settings, with a validation split.
    until
        The epoch at whose end this part ends.
    state
        Where to continue, from :attr:`PartResult.state`; None: from the beginning.
    wants_state
        Whether to return the state at the end: to continue, or to save it.
    reads_test_set
        Whether to evaluate the network on the test set at the end.
    """

    run: str
    config: RunConfig
    until: int
    state: bytes | None = None
    wants_state: bool = False
    reads_test_set: bool = False


@dataclass(frozen=True, eq=False)
class PartResult:
    """How a run is at the end of a part.

    Attributes
    ----------
    is_over
        Whether it has ended before its last epoch: it diverged, or a rule of its own stopped it.
    remark
        Why, if it diverged; else "".
    accuracy
        The newest on the validation split, 0…1; 0 before the first.
    steps, epochs, seconds, curves
        As :class:`core.runs.run_record.RunRecord` and the library have them.
    test
        Loss and accuracy on the test set, if that was asked for.
    weights
        SHA-256 of the parameters: equal for the same bits.
    state
        The run as a file, if that was asked for.
    """

    is_over: bool
    remark: str
    accuracy: float
    steps: int
    epochs: float
    seconds: float
    curves: RunCurves
    test: tuple[float, float] | None
    weights: str
    state: bytes | None


def train_part(
    dataset: Dataset, part: Part, check: Callable[[], object] | None = None
) -> PartResult:
    """Train a part of a run, in the calling thread.

    Parameters
    ----------
    check
        Called before each step; may raise an error, which ends the training.
    """
    trainer = _trainer(dataset, part)
    remark = ""
    try:
        while trainer.epoch < part.until and trainer.stop is None:
            if check is not None:
                check()
            trainer.step()
    except TrainingDivergedError as error:
        remark = str(error)
    history = trainer.history
    epochs = trainer.epoch + trainer.position / trainer.images_per_epoch
    accuracies = history.validation_accuracy
    return PartResult(
        is_over=bool(remark) or trainer.stop is not None,
        remark=remark,
        accuracy=float(accuracies[-1]) if len(accuracies) else 0.0,
        steps=trainer.step_count,
        epochs=epochs,
        seconds=trainer.seconds,
        curves=curves_of(history, course_of(history, trainer.step_count, epochs, trainer.seconds)),
        test=_test(trainer) if part.reads_test_set else None,
        weights=hashlib.sha256(trainer.network.parameters.data).hexdigest(),
        state=_state(trainer) if part.wants_state else None,
    )


def _trainer(dataset: Dataset, part: Part) -> Trainer:
    if part.state is not None:
        return Trainer.resume(read_run(io.BytesIO(part.state)), dataset)
    trainer = Trainer(part.config, dataset, reads_test_set=False)
    trainer.id = part.run
    return trainer


def _test(trainer: Trainer) -> tuple[float, float]:
    evaluation = trainer.read_test_set()
    return evaluation.loss, evaluation.accuracy


def _state(trainer: Trainer) -> bytes:
    stream = io.BytesIO()
    write_run(stream, trainer.saved())
    return stream.getvalue()
