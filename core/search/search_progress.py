"""How far a search is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SearchProgress:
    """How far a search is.

    Attributes
    ----------
    done, total
        Trials that have ended, and all.
    running
        Runs that are being trained.
    best, best_trial
        The highest accuracy on the validation split of a complete trial, 0…1, and its number.
    seconds_left
        An estimate; None before the first trial of this process has ended.
    message
        What is going on, if that is not the trials; else "".
    """

    done: int
    total: int
    running: int
    best: float | None
    best_trial: int | None
    seconds_left: float | None
    message: str
