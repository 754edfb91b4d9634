"""The card that shows a learning-rate test, beside the settings."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QWidget

from core.colors import Theme
from core.training.learning_rate_test import LearningRateResult
from core.wording import numeral
from gui.rate_test.rate_chart import RateChart
from gui.widgets.button import Button
from gui.widgets.labels import label
from gui.widgets.layouts import column, row
from gui.widgets.live_text import LiveText
from gui.widgets.theme import SPACE, TEXT_SIZE

_SIZE = QSize(480, 400)
_SECONDS_BEFORE_ESTIMATE = 3.0
_MARGIN, _GAP = 4 * SPACE, 2 * SPACE
_PLACING = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show)


class RateTestCard(QFrame):
    """Shows the chart of a test as it grows, in words what was found, and what to do with it.

    It floats beside a panel of the window, over what is there; it never moves a control.

    Parameters
    ----------
    beside
        The panel. If it is hidden, the card stays where it is.

    Signals
    -------
    rate_chosen(float)
        The user wants to use the suggested rate.
    again_wanted
        The user wants another test.
    closed
        The user wants the test to end, or to see no more of it.
    """

    rate_chosen = Signal(float)
    again_wanted = Signal()
    closed = Signal()

    def __init__(self, beside: QWidget, window: QWidget) -> None:
        super().__init__(window)
        self.hide()
        self.setObjectName("rate_test_card")
        self.setProperty("role", "card")
        self.setAccessibleName("Learning-rate test")
        self._beside, self._window = beside, window
        self._suggestion: float | None = None
        self._begun = 0.0
        self._focus_before: QWidget | None = None
        self.chart = RateChart()
        self.copy_picture = QAction("Copy picture", self.chart)
        self.chart.addAction(self.copy_picture)
        self.chart.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._progress = LiveText("step 300 of 300, 0,000 s left", TEXT_SIZE, quiet=True)
        self._progress.setAccessibleName("Progress")
        self._subject = _wrapped(label("", "hint"), 3)
        self._subject.setObjectName("rate_test_subject")
        self._findings = _wrapped(label(""), 2)
        self._make_buttons()
        head = row(label("Learning-rate test", "title"), self._progress)
        head.insertStretch(1, 1)
        buttons = row(self._use, self._again, self._close)
        buttons.insertStretch(2, 1)
        layout = column(
            head, self._subject, self.chart, self._findings, buttons, spacing=_GAP, high=self.chart
        )
        layout.setContentsMargins(*4 * (3 * SPACE,))
        self.setLayout(layout)
        for watched in (beside, window):
            watched.installEventFilter(self)

    def _make_buttons(self) -> None:
        self._use = Button(f"Use {numeral(0.00001, 'g')}")
        self._use.setObjectName("use_learning_rate_button")
        self._use.setToolTip("Set the run's learning rate to this one, from its next step on")
        self._use.clicked.connect(self._on_use)
        self._again = Button("Test again")
        self._again.setObjectName("test_again_button")
        self._again.setToolTip("Test a copy of the network as it is now")
        self._again.clicked.connect(self.again_wanted)
        self._close = Button("Cancel")
        self._close.setObjectName("close_rate_test_button")
        self._close.clicked.connect(self.closed)
        for button in (self._use, self._again, self._close):
            button.setMinimumWidth(button.sizeHint().width())  # nothing moves with the text

    # --- what it shows ----------------------------------------------------------------------

    def begin(self) -> None:
        """Show an empty chart; the focus comes here if it is on the button of the settings."""
        self._subject.setText("Waiting until the present step of the run ends…")
        self.show_result(None, 0)
        if not self.isVisible():
            self._place()
            self.show()
            self.raise_()
            self._take_focus()

    def _take_focus(self) -> None:
        focus = QApplication.focusWidget()
        self._focus_before = focus
        if focus is not None and self._beside.isAncestorOf(focus):
            for before, after in ((focus, self._close), (self._close, self._use)):
                QWidget.setTabOrder(before, after)
            QWidget.setTabOrder(self._use, self._again)
            self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        """Disappear; the focus goes back to where it was."""
        focus, before = QApplication.focusWidget(), self._focus_before
        if focus is not None and self.isAncestorOf(focus) and before is not None:
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus_before = None
        self.hide()

    def show_subject(self, text: str) -> None:
        """Say what is tested."""
        self._subject.setText(text)

    def show_result(self, result: LearningRateResult | None, steps: int) -> None:
        """Show what was found so far, of at most this many steps."""
        is_over = result is not None and result.is_over
        self.chart.show_result(result)
        self._findings.setText("" if result is None else result.findings)
        done = 0 if result is None else len(result.rates)
        self._progress.set_text("" if is_over else self._progress_text(done, steps))
        self._suggestion = result.suggestion if result is not None and is_over else None
        rate = self._suggestion
        self._use.setText("Use" if rate is None else f"Use {numeral(rate, 'g')}")
        self._use.setEnabled(rate is not None)
        self._again.setEnabled(is_over)
        self._close.setText("Close" if is_over else "Cancel")

    def _progress_text(self, done: int, steps: int) -> str:
        """Return how far the test is and, where it takes long, how much time is left."""
        if not done:
            self._begun = time.perf_counter()
            return ""
        seconds = time.perf_counter() - self._begun
        left = numeral(seconds * (steps - done) / done, ",.0f")
        is_long = seconds > _SECONDS_BEFORE_ESTIMATE
        return f"step {done} of {steps}" + f", {left} s left" * is_long

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.chart.apply_theme(theme)

    @Slot()
    def _on_use(self) -> None:
        if self._suggestion is not None:
            self.rate_chosen.emit(self._suggestion)

    # --- its place, and Escape --------------------------------------------------------------

    def _place(self) -> None:
        """Lie beside the panel, as large as there is room; over it only in a tiny window."""
        size = _SIZE.boundedTo(self._window.size() - QSize(2 * _MARGIN, 2 * _MARGIN))
        corner = self.pos()
        if self._beside.isVisible():
            right = self._beside.mapTo(self._window, QPoint(self._beside.width(), 0))
            corner = right + QPoint(_MARGIN, _MARGIN)
            room = self._window.width() - _MARGIN - corner.x()
            size.setWidth(max(min(size.width(), room), self.minimumSizeHint().width()))
        x = min(corner.x(), self._window.width() - _MARGIN - size.width())
        y = min(corner.y(), self._window.height() - _MARGIN - size.height())
        self.setGeometry(max(x, 0), max(y, 0), size.width(), size.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the panel and the window; go with Escape where nothing else has a use for it."""
        if self.isVisible():
            if event.type() in _PLACING:
                self._place()
            elif watched is self._window and event.type() == QEvent.Type.KeyPress:
                return self._go_with_escape(event)
        return False

    def _go_with_escape(self, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape:
            self.closed.emit()
        return is_escape


def _wrapped(text: QLabel, lines: int) -> QLabel:
    """Give a label the height of this many lines, so that nothing moves with its text."""
    text.setWordWrap(True)
    text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    text.ensurePolished()
    text.setFixedHeight(lines * text.fontMetrics().lineSpacing() + 2)
    return text
