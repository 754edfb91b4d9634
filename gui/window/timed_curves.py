"""The curves, and the time bar under them."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.curves.curves_view import CurvesView
from gui.film.time_bar import TimeBar
from gui.widgets.layouts import column


class TimedCurves(QWidget):
    """Where the curves are hidden, the bar keeps its line, and the splitter gives it no more."""

    def __init__(self, curves: CurvesView, time_bar: TimeBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._curves = curves
        self.setLayout(column(curves, time_bar, spacing=0, high=curves))

    def fit(self) -> None:
        """Be as high as the bar alone where the curves are hidden."""
        policy = QSizePolicy.Policy
        height = policy.Fixed if self._curves.isHidden() else policy.Preferred
        self.setSizePolicy(policy.Preferred, height)
