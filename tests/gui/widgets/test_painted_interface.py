"""What a screen reader says of views that paint themselves, asked through Qt."""

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from gui.curves.chart_canvas import ChartCanvas
from gui.curves.legend import Legend
from gui.maths.formula import FormulaLabel
from gui.pad.draw_pad import DrawPad
from gui.pad.prediction_bars import PredictionBars
from gui.training.state import State
from gui.widgets.live_text import LiveText
from gui.widgets.painted_widget import PaintedWidget
from gui.window.tab_table import TABS
from tests.gui.driving import child, click, draw_stroke

ROLE = QAccessible.Role
PAINTED = (ChartCanvas, DrawPad, FormulaLabel, Legend, LiveText, PaintedWidget, PredictionBars)


def told(widget):
    """Return role, name and description."""
    interface = QAccessible.queryAccessibleInterface(widget)
    texts = (interface.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Description))
    return interface.role(), *texts


@pytest.fixture
def trained(window, session, qtbot):
    """The window with a drawing, after a step of its own network, which predicts."""
    for tab in ("weights", "flow", "layers", "mistakes"):
        window.tabs.open(tab)
    click(window, "step_button")
    qtbot.waitUntil(lambda: session.state is State.PAUSED)
    draw_stroke(window.pad_panel.pad, [(0.5, 0.1), (0.5, 0.9)])
    qtbot.waitUntil(lambda: window.pad_panel.answer.digit.text() != "")
    window.tabs.open("flow")
    qtbot.waitUntil(lambda: window.tabs.view("flow").view.flow is not None)
    return window


def test_a_painted_view_says_what_it_is_and_what_it_shows(trained, subtests):
    for name, role, words in [
        ("draw_pad", ROLE.Canvas, "network predicts: "),
        ("loss_plot", ROLE.Chart, "batch "),
        ("accuracy_plot", ROLE.Chart, "test "),
        ("prediction_bars", ROLE.Chart, "9: "),
        ("flow_view", ROLE.Chart, "layer 1 · "),
        ("confusion_matrix", ROLE.Chart, "Most often: "),
        ("weights_view", ROLE.Chart, " units"),
        ("network_input_view", ROLE.Graphic, "28×28"),
        ("prediction_status", ROLE.StaticText, ""),
    ]:
        with subtests.test(name=name):
            said = told(child(trained, name, QWidget))
            assert said[0] == role
            assert said[1] != ""
            assert words in said[2]


def test_a_blank_pad_says_what_to_do(window):
    assert told(window.pad_panel.pad)[2] == "Blank. Draw a digit: the prediction appears here"


def test_no_view_in_the_window_is_a_filler_that_paints(trained):
    for tab in TABS:
        trained.tabs.open(tab.name)
    painted = [w for w in trained.findChildren(QWidget) if isinstance(w, PAINTED)]
    assert len(painted) > 20
    fillers = [w.objectName() for w in painted if told(w)[0] == ROLE.Client]
    assert fillers == []
