"""The columns of the list of runs, and how they are sorted."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from core.network.layers import parameter_count
from core.runs.run_comparison import NAMES, UNUSED, hidden_layers
from core.runs.run_record import RunRecord
from core.runs.search_record import SearchRecord
from core.settings.data_source import data_title
from core.wording import capitalized, counted, numeral, percent
from gui.widgets.locale import short_date

Listed = RunRecord | SearchRecord
"""What has a row in the list: a run, or a search, whose runs have rows once it is opened."""


@dataclass(frozen=True)
class Column:
    """One column: the text of a run, its sort key, and the width in pixels."""

    title: str
    tool_tip: str
    width: int
    text: Callable[[RunRecord], str]
    key: Callable[[RunRecord], float | str]
    is_number: bool = True


def _figure(value: float | None) -> float:
    return -math.inf if value is None else value


def _epochs(epochs: float) -> str:
    return numeral(epochs, ",.1f" if epochs < 1000 else ",.0f")


def _duration(seconds: float) -> str:
    if math.isnan(seconds):
        return UNUSED
    whole = round(seconds)
    if whole < 60:
        return f"{numeral(seconds, '.1f')} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def _natural(record: Listed) -> str:
    """Sort by name, with Run 9 before Run 10."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(12), record.name)


def _when(record: RunRecord) -> str:
    return short_date(record.began)


COLUMNS = (
    Column("", "Overlay the curves of up to 8 runs", 32, lambda r: "", lambda r: 0, False),
    Column(
        "Run",
        "Double-click or press F2 to rename; an empty name restores the number",
        92,
        lambda r: r.name,
        _natural,
        False,
    ),
    Column(
        "Curve",
        "Test accuracy over the steps, from 10 % at the bottom to 99.7 % at the top; halving the "
        "errors is always the same rise",
        56,
        lambda r: "",
        lambda r: _figure(r.test_accuracy),
        False,
    ),
    Column(
        "Accuracy",
        "On the test set, at the end",
        88,
        lambda r: percent(r.test_accuracy),
        lambda r: _figure(r.test_accuracy),
    ),
    Column(
        "Layers",
        "Units of the hidden layers; sorted by the number of weights",
        96,
        lambda r: hidden_layers(r.config.network),
        lambda r: parameter_count(r.config.network.sizes),
        False,
    ),
    Column(
        "Optimizer",
        "Optimizer at the end",
        90,
        lambda r: NAMES[r.config.hyperparameters.optimizer],
        lambda r: r.config.hyperparameters.optimizer,
        False,
    ),
    Column(
        "Rate",
        "Learning rate at the end",
        74,
        lambda r: numeral(r.config.hyperparameters.learning_rate, ".3g"),
        lambda r: r.config.hyperparameters.learning_rate,
    ),
    Column("Epochs", "Epochs trained", 64, lambda r: _epochs(r.epochs), lambda r: r.epochs),
    Column(
        "Time",
        "Training time, without tests and pauses",
        104,
        lambda r: _duration(r.seconds),
        lambda r: -math.inf if math.isnan(r.seconds) else r.seconds,
    ),
    Column(
        "Loss",
        "On the test set, at the end",
        76,
        lambda r: UNUSED if r.test_loss is None else numeral(r.test_loss, ".4f"),
        lambda r: _figure(r.test_loss),
    ),
    Column(
        "Batch",
        "Images per step at the end",
        72,
        lambda r: numeral(r.config.hyperparameters.batch_size),
        lambda r: r.config.hyperparameters.batch_size,
    ),
    Column(
        "Data",
        "Data set",
        144,
        lambda r: data_title(r.config.dataset),
        lambda r: str(r.config.dataset),
        False,
    ),
    Column(
        "Changes",
        "How often settings were changed during training",
        76,
        lambda r: numeral(r.live_changes) if r.live_changes else UNUSED,
        lambda r: r.live_changes,
    ),
    Column("Started", "When the first step was made", 140, _when, lambda r: r.began, False),
    Column("Note", "Double-click to edit", 200, lambda r: r.note, lambda r: r.note, False),
    # The newest is last, so that the widths of earlier versions stay with their columns.
    Column(
        "Validation",
        "Accuracy on the validation split, at the end; of a search, that of its best trial",
        88,
        lambda r: percent(r.validation_accuracy),
        lambda r: _figure(r.validation_accuracy),
    ),
)
TICK, NAME, CURVE = 0, 1, 2
BEGAN, NOTE, VALIDATION = 13, 14, 15
VALIDATION_SHOWN = 10
"""Where the table shows it at first."""


def text_of(row: Listed, column: int) -> str:
    """Return the text of a cell."""
    if isinstance(row, RunRecord):
        return COLUMNS[column].text(row)
    texts: dict[str, str] = {
        "Run": row.name,
        "Layers": counted(row.recorded, "trial"),
        "Optimizer": capitalized(row.state),
        "Validation": percent(row.best_accuracy),
        "Started": short_date(row.began),
        "Note": row.message,
    }
    return texts.get(COLUMNS[column].title, "")


def key_of(row: Listed, column: int) -> float | str:
    """Return what a cell is sorted by: a number or a text, the same in all of a column."""
    if isinstance(row, RunRecord):
        return COLUMNS[column].key(row)
    keys: dict[str, float | str] = {
        "Run": _natural(row),
        "Optimizer": "",
        "Data": "",
        "Layers": 0,
        "Validation": _figure(row.best_accuracy),
        "Started": row.began,
        "Note": row.message,
    }
    return keys.get(COLUMNS[column].title, -math.inf)


def description_of_search(search: SearchRecord, is_open: bool) -> str:
    """Return a search in words: how far it is, how good, and which key opens it."""
    words = [
        f"Search {search.name}: {numeral(search.recorded)} of {counted(search.trials, 'trial')}",
        search.state,
        f"best validation accuracy {percent(search.best_accuracy)}",
        "open, Left closes it" if is_open else "closed, Right opens it",
    ]
    return ", ".join(word for word in words if word)


def how_many(runs: int, searches: int) -> str:
    """Return "1 run", "2 searches", or "1 run, 2 searches"."""
    parts = [counted(runs, "run")] if runs or not searches else []
    if searches:
        parts.append("1 search" if searches == 1 else f"{numeral(searches)} searches")
    return ", ".join(parts)
