"""The button that puts the networks of two runs side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton

from core.runs.run_record import RunRecord
from gui.runs.run_columns import Listed
from gui.runs.runs_model import RunsModel
from gui.widgets.literal_text import literal
from gui.widgets.named import named

_MARK_TWO = (
    "Select two runs, or tick them, to compare their networks on the drawing and on the test set. "
    "One ticked run is compared with the current one"
)

WhyNot = Callable[[Sequence[RunRecord]], str]


class CompareButton(QPushButton):
    """Enabled where two runs are selected, or else ticked, whose networks are within reach.

    Parameters
    ----------
    model
        Which runs are ticked, and which is the current one.
    why_not
        Returns why the networks of two runs cannot be compared; empty if they can.

    Signals
    -------
    compare_wanted(list[RunRecord])
        The two runs.
    """

    compare_wanted = Signal(object)

    def __init__(self, model: RunsModel, why_not: WhyNot) -> None:
        super().__init__("Compare networks")
        named(self, "runs_compare_button", self.text())
        self._model = model
        self._why_not = why_not
        self._pair: list[RunRecord] = []
        self.clicked.connect(self._compare)

    def offer(self, selected: Sequence[Listed]) -> None:
        """Take what is selected, or else what is ticked, and say what a click would do."""
        self._pair = self._marked(selected)
        why_not = self._why_not(self._pair) if self._pair else _MARK_TWO
        self.setEnabled(not why_not)
        names = " and ".join(record.name for record in self._pair)
        self.setToolTip(literal(why_not or f"Compare the networks of {names}, side by side"))

    def _marked(self, selected: Sequence[Listed]) -> list[RunRecord]:
        """Return the two runs to compare, the current one last; none if it is not clear which."""
        present = self._model.present_record
        runs = [record for record in selected if isinstance(record, RunRecord)]
        if len(selected) != 2 or len(runs) != 2:
            runs = list(self._model.ticked_records)
            if len(runs) == 1 and present is not None:
                runs.append(present)
        if len(runs) != 2 or runs[0].id == runs[1].id:
            return []
        return sorted(runs, key=lambda record: present is not None and record.id == present.id)

    @Slot()
    def _compare(self) -> None:
        self.compare_wanted.emit(self._pair)
