"""The record of a search: its plan, its state, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SearchRecord:
    """One search, as a row of a list.

    Attributes
    ----------
    id
        Unique; the runs of its trials have it as their ``search``.
    name
        Given by the user. If it is empty, the library shows the number of the search.
    began
        When it was begun, in POSIX seconds.
    plan
        All that decides it, as plain values; what they mean is up to the search.
    state
        Such as "running" or "finished".
    trials
        How many it will make in all.
    importance
        Of each setting that varies, 0…1, by name; None as long as it is not known.
    message
        What the user should know about its state, such as why it ended; may be empty.
    recorded
        How many trials have a run in the library. This and `best_accuracy` are what the library
        counts; they are not written.
    best_accuracy
        The best accuracy of a trial on the validation split, 0…1, as a mean over its runs; None
        before the first.
    """

    id: str
    name: str
    began: float
    plan: Mapping[str, Any]
    state: str
    trials: int
    importance: Mapping[str, float] | None = None
    message: str = ""
    recorded: int = 0
    best_accuracy: float | None = None
