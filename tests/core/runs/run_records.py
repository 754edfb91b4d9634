"""Records of runs for tests."""

import numpy as np

from core.history.recorder import HistoryRecorder
from core.runs.run_curves import course_of, curves_of
from core.runs.run_record import RunRecord
from core.settings.config import RunConfig


def make_record(number=1, **fields):
    """Return the record of a run that began `number` hours after a fixed time."""
    known = {
        "id": f"{number:032x}",
        "name": "",
        "note": "",
        "began": 1.7e9 + 3600.0 * number,
        "config": RunConfig(),
        "steps": 40,
        "epochs": 2.5,
        "seconds": 1.5,
        "test_loss": 0.25,
        "test_accuracy": 0.9,
        "live_changes": 0,
        "path": None,
        "thumbnail": np.linspace(0.1, 0.9, 64, dtype=np.float32),
    }
    return RunRecord(**(known | fields))


def make_history(steps=40, per_epoch=16, images=1):
    """Return the history of a run whose loss at each step is the step's number, from 1 on.

    Its batches have this many images.
    """
    recorder = HistoryRecorder()
    for step in range(1, steps + 1):
        recorder.record_step(step, 0.5, step / steps, images)
        if step % per_epoch == 0:
            recorder.record_epoch(step)
            recorder.record_evaluation(step, step / 10, 1 / step, step / steps)
    return recorder.history


def make_curves(steps=40, per_epoch=16):
    """Return the curves of such a run."""
    course = course_of(make_history(steps, per_epoch), steps, steps / per_epoch, steps / 10)
    return curves_of(make_history(steps, per_epoch), course)
