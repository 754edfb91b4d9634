"""The history in files of versions 4 and 5: every step, without the sizes of batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.history.history import History
from core.history.measurements import Shapes
from core.history.recorder import HistoryRecorder
from core.training.checkpoint import Change

_STEPS = ("batch_loss", "regularization_loss", "batch_accuracy")
_EVALUATIONS = ("evaluation_step", "test_loss", "test_accuracy")
_VALIDATIONS = ("validation_loss", "validation_accuracy")


def shapes(steps: int, epochs: int, evaluations: int, is_validated: bool) -> Shapes:
    """Return the shapes and types of the arrays of such a history."""
    lengths = {
        **dict.fromkeys(_STEPS, steps),
        "epoch_end": epochs,
        **dict.fromkeys(_EVALUATIONS, evaluations),
        **dict.fromkeys(_VALIDATIONS, evaluations if is_validated else 0),
    }
    whole = ("epoch_end", "evaluation_step")
    return {
        name: ((length,), np.dtype(np.int64 if name in whole else np.float32))
        for name, length in lengths.items()
    }


def recorded(
    values: Mapping[str, NDArray[Any]],
    seconds: NDArray[np.float64],
    changes: Sequence[Change],
    images: int,
    position: int,
) -> History:
    """Return the history as this version would have recorded it.

    Parameters
    ----------
    values
        The arrays, by name.
    seconds
        Training time at each evaluation.
    changes
        Of the run; they give the sizes of its batches.
    images
        Images per epoch.
    position
        How many images of the current epoch were used.
    """
    recorder = HistoryRecorder()
    ends = values["epoch_end"].tolist()
    losses, penalties, accuracies = (values[name] for name in _STEPS)
    sizes = _batch_sizes(changes, len(losses))
    for begin, end in pairwise([0, *ends, len(losses)]):
        is_complete = recorder.epochs.count < len(ends)
        batches = _batch_images(sizes[begin:end], images if is_complete else position)
        part = slice(begin, end)
        recorder.record_steps(losses[part], penalties[part], accuracies[part], batches)
        if is_complete:
            recorder.record_epoch(end)
    is_validated = len(values[_VALIDATIONS[0]]) > 0
    results = [*_EVALUATIONS[1:], *(_VALIDATIONS if is_validated else ())]
    columns = (values[_EVALUATIONS[0]], seconds, *(values[name] for name in results))
    for evaluation in zip(*(column.tolist() for column in columns), strict=True):
        recorder.record_evaluation(*evaluation)
    return recorder.history


def _batch_sizes(changes: Sequence[Change], steps: int) -> NDArray[np.int64]:
    """Return the batch size at each step, (steps,)."""
    begins = [change.step for change in changes]
    sizes = np.array([change.hyperparameters.batch_size for change in changes])
    at: NDArray[np.int64] = sizes[np.searchsorted(begins, np.arange(steps), side="right") - 1]
    return at


def _batch_images(sizes: NDArray[np.int64], images: int) -> NDArray[np.int64]:
    """Return the images in each batch of an epoch, (steps,); only the last may be smaller.

    If these sizes are impossible, because the log of changes was too long for the file, the images
    are spread evenly.
    """
    if not len(sizes):
        return sizes
    last = images - int(sizes[:-1].sum())
    if 1 <= last <= sizes[-1]:
        return np.append(sizes[:-1], last)
    even = np.diff(np.linspace(0, images, len(sizes) + 1).astype(np.int64))
    return np.maximum(even, 1)
