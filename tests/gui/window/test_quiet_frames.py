"""While a network trains, controls that show nothing new cost nothing."""

from collections import Counter

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from gui.prediction.active_network import Source

COSTLY = {QEvent.Type.Paint, QEvent.Type.ToolTipChange, QEvent.Type.LayoutRequest}


class Counted(QObject):
    """Counts the costly events of widgets."""

    def __init__(self, *widgets):
        super().__init__()
        self.events = Counter()
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() in COSTLY:
            self.events[watched.objectName(), event.type().name] += 1
        return False


def counted(action, *widgets):
    QApplication.processEvents()
    counts = Counted(*widgets)
    for _ in range(5):
        action()
        QApplication.processEvents()
    return counts.events


def test_a_network_that_has_learned_has_the_same_name(window):
    panel = window.pad_panel
    panel.network_choice.chosen.emit(Source.RUN)
    learned = window.active_network.changed.emit
    assert not counted(learned, panel.network_choice, panel.pad.caption)


def test_a_legend_keeps_its_tool_tip(window):
    plot = window.curves.loss
    kinds = {kind for _, kind in counted(lambda: plot.show_chart(plot.chart, True), plot.legend)}
    assert kinds <= {"Paint"}
