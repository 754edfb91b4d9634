"""One of the runs that a lesson compares: its color, progress and accuracy."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from core.colors import Theme
from core.lessons.lesson import Variant
from core.lessons.lesson_run import VariantState
from core.wording import numeral, percent
from gui.widgets.labels import label
from gui.widgets.literal_text import literal
from gui.widgets.named import named
from gui.widgets.radio_button import RadioButton
from gui.widgets.theme import SPACE, tabular

_BAR_HEIGHT = 6
_WIDEST = "100.00 %", "diverged"


class _VariantBar(QWidget):
    """A progress bar in the color of the curves."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_BAR_HEIGHT)
        self._share = 0.0
        self._color = self._ground = QColor()

    def set_share(self, share: float) -> None:
        """Fill this share of the bar, 0…1."""
        if share != self._share:
            self._share = share
            self.update()

    def set_colors(self, color: str, ground: str) -> None:
        """Draw in these colors, as #rrggbb."""
        self._color, self._ground = QColor(color), QColor(ground)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and, from the left, the bar; an empty one is a dot of its color."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.height() / 2
        filled = self.height() + self._share * (self.width() - self.height())
        for width, color in ((self.width(), self._ground), (filled, self._color)):
            painter.setBrush(color)
            painter.drawRoundedRect(QRectF(0, 0, width, self.height()), radius, radius)


def predicting(choice: str, index: int) -> RadioButton:
    """Return a round button, hidden at first, that predicts this."""
    button = RadioButton()
    named(button, f"lesson_predict_{index}", f"Predict “{choice}”", literal(f"Predict “{choice}”"))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.hide()
    return button


class VariantRow(QWidget):
    """Name, bar, accuracy, and a button that starts a run with the settings of the variant.

    Attributes
    ----------
    prediction
        Predicts this variant; hidden unless the lesson asks for a prediction.

    Signals
    -------
    open_requested
        The button was clicked.
    """

    open_requested = Signal()

    def __init__(self, variant: Variant, index: int) -> None:
        super().__init__()
        self.setObjectName(f"lesson_variant_{index}")
        self._name = variant.name
        self.name = label(variant.name)
        self.name.setWordWrap(True)
        self.prediction = predicting(variant.name, index)
        self.bar = _VariantBar()
        self.figure = label("")
        self.figure.setObjectName(f"lesson_accuracy_{index}")
        self.figure.setFont(tabular(self.figure.font()))
        metrics = QFontMetrics(self.figure.font())
        self.figure.setFixedWidth(max(map(metrics.horizontalAdvance, _WIDEST)) + SPACE)
        self.figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.open = QToolButton()
        self.open.setText("Try these settings")
        self.open.setObjectName(f"lesson_open_{index}")
        self.open.setAccessibleName(f"Try the settings of “{variant.name}”")
        self.open.setToolTip(
            "Start a new run of your own with these settings, to explore it in all tabs. "
            "Your present run is replaced; Go back returns to it"
        )
        self.open.clicked.connect(self.open_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for left, right in ((self.name, self.open), (self.bar, self.figure)):
            line = QHBoxLayout()
            line.setSpacing(2 * SPACE)
            if left is self.name:
                line.addWidget(self.prediction)
            line.addWidget(left, 1)
            line.addWidget(right)
            column.addLayout(line)
        self.show_state(VariantState())

    def set_colors(self, color: str, theme: Theme) -> None:
        """Draw in the color of the variant's curves."""
        self.bar.set_colors(color, theme.hairline)

    def show_state(self, state: VariantState) -> None:
        """Show the progress of the variant, and its accuracy on the test set."""
        test = state.test
        is_old = test is not None and test.is_old and state.diverged_at is None
        figure = "" if test is None else percent(test.accuracy)
        tip = state.remark or "Not run yet"
        if test is not None and not state.remark:
            tip = "Accuracy on the test set" + (f" at step {numeral(test.step)}" if is_old else "")
        if state.diverged_at is not None:
            figure = "diverged"
        self.bar.set_share(state.share)
        self.figure.setText(figure)
        self.figure.setEnabled(not is_old)  # gray
        self.figure.setToolTip(literal(tip))
        share = percent(state.share, 0)
        self.bar.setToolTip(literal(tip) if state.remark else f"{share} done")
        when = f" at step {numeral(test.step)}" if test is not None and is_old else ""
        self.setAccessibleName(f"{self._name}: {share} done, {figure or 'not run yet'}{when}")
