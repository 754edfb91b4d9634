"""Snapshots of artificial runs, for tests of how they are drawn."""

import numpy as np

from core.history.recorder import HistoryRecorder
from core.runs.run_curves import course_of, curves_of
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.checkpoint import Change
from core.training.snapshot import Snapshot

PER_EPOCH = 100


def snapshot(
    steps,
    hidden=((0, (32,)),),
    seconds_per_step=0.01,
    validation=False,
    images=64,
    per_epoch=PER_EPOCH,
):
    """A run of this many steps, tested after each epoch, with hidden layers that change.

    `seconds_per_step` is NaN if a file does not have it.
    """
    recorder = HistoryRecorder()
    for step in range(steps + 1):
        loss = 2.0 / (1 + step / 50)
        if step:
            recorder.record_step(loss, 0.0, 1 - loss / 2.5, images)
        if step % per_epoch == 0:
            if step:
                recorder.record_epoch(step)
            validated = (1.1 * loss, 1 - loss / 2.3) if validation else ()
            seconds = seconds_per_step * step
            recorder.record_evaluation(step, seconds, loss, 1 - loss / 2.4, *validated)
    changes = tuple(
        Change(step, Hyperparameters(), NetworkConfig(hidden=layers)) for step, layers in hidden
    )
    hyperparameters = Hyperparameters(batch_size=images)
    return Snapshot(
        config=RunConfig(network=changes[-1].network, hyperparameters=hyperparameters),
        step=steps,
        epoch=steps // per_epoch,
        epoch_progress=steps % per_epoch / per_epoch,
        images_seen=images * steps,
        seconds=seconds_per_step * steps,
        network=None,
        changes=changes,
        history=recorder.history,
        layer_records=(),
        test=None,
        test_step=0,
        learning_rate=0.1,
        threads=1,
        thresholds=None,
        time=0.0,
    )


def curves(run, scale=1.0):
    """Return the curves of a snapshot's run, with losses times `scale`."""
    epochs = run.epoch + run.epoch_progress
    drawn = curves_of(run.history, course_of(run.history, run.step, epochs, run.seconds))
    np.multiply(drawn.loss, scale, out=drawn.loss)
    np.multiply(drawn.test_loss, scale, out=drawn.test_loss)
    return drawn
