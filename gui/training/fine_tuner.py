"""Fine-tunes the network of a run, in the run's thread."""

from __future__ import annotations

import time

from core.errors import Cancelled, DigitscopeError
from core.progress import Progress
from core.saving.replaced_runs import KeptRun
from core.threads.workers import Workers
from core.training.fine_tuning import fine_tune
from core.training.trainer import Trainer
from gui.training.mailbox import FineTuning, Mailbox
from gui.training.news import FineTuned, FineTuneProgress, Outbox

_SECONDS_BETWEEN_REPORTS = 0.05


def fine_tune_run(
    trainer: Trainer,
    fine_tuning: FineTuning,
    kept: KeptRun,
    mailbox: Mailbox,
    outbox: Outbox,
    workers: Workers | None,
) -> None:
    """Fine-tune the network of `trainer`, and report; unless it succeeds, nothing changes.

    `kept` is the run as it is before.

    Raises
    ------
    Cancelled
        If the thread should end.
    """
    try:
        parameters, result = fine_tune(
            trainer.network,
            trainer.present_config,
            trainer.dataset,
            fine_tuning.own,
            _progress(mailbox, outbox),
            workers,
        )
    except Cancelled:
        if mailbox.is_stopping:
            raise
        outbox.put(FineTuned(None))
    except DigitscopeError as error:
        outbox.put(FineTuned(None, str(error)))
    except MemoryError:
        outbox.put(FineTuned(None, "There is not enough memory to fine-tune this network."))
    else:
        fine_tuning.replaced.put(kept)
        trainer.take_parameters(parameters)
        outbox.publish(trainer)
        outbox.put(FineTuned(result))


def _progress(mailbox: Mailbox, outbox: Outbox) -> Progress:
    """Return what reports the progress now and then, and cancels when there is a command."""
    reported = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal reported
        if mailbox.has_command:
            raise Cancelled
        now = time.perf_counter()
        if now - reported >= _SECONDS_BETWEEN_REPORTS:
            reported = now
            outbox.put(FineTuneProgress(done, total))

    return progress
