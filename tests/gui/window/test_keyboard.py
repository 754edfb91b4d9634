"""Which key does what, depending on what has the focus."""

from itertools import product

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAction, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QWidget,
)

from core.colors import DARK, LIGHT
from gui.training.state import State
from tests.gui.driving import child
from tests.gui.widgets.test_theme import contrast

TABS = (
    "weights",
    "flow",
    "layers",
    "mistakes",
    "compare",
    "maths",
    "activations",
    "runs",
    "my_digits",
)


@pytest.fixture
def active(qtbot, window):
    """The window with the keyboard's focus, as large as a usual screen."""
    window.resize(1440, 900)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def focus(control):
    control.setFocus(Qt.FocusReason.TabFocusReason)
    assert QApplication.focusWidget() is control
    return control


def press(control, key, modifier=Qt.KeyboardModifier.NoModifier):
    focus(control)
    QTest.keyClick(control, key, modifier)


def counting(action: QAction):
    """Count how often an action is triggered, without what it does."""
    action.disconnect(action)
    calls = []
    action.triggered.connect(lambda: calls.append(1))
    return calls


# --- Space, Return, letters -------------------------------------------------------------------


def test_space_plays_where_nothing_else_has_a_use_for_it(active, session, qtbot, subtests):
    for name in ["learning_rate_slider", "brush_slider", "draw_pad", "loss_plot", "weights_view"]:
        with subtests.test(name=name):
            press(child(active, name), Qt.Key.Key_Space)
            qtbot.waitUntil(lambda: session.state is State.RUNNING)
            session.pause()
            assert session.state is State.PAUSED


def test_a_drawer_that_closes_gives_the_focus_back(active):
    pad = focus(child(active, "draw_pad"))
    active.resize(1100, 700)
    active.actions_.settings_shown.trigger()
    assert QApplication.focusWidget() is not pad
    active.actions_.settings_shown.trigger()
    assert QApplication.focusWidget() is pad


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_focused_button_is_pressed_and_nothing_plays(active, session, key):
    press(child(active, "add_layer_button"), key)
    assert session.state is State.PAUSED
    assert len(session.config.network.hidden) == 3


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_check_box_is_ticked(active, session, key):
    QTest.mouseClick(child(active, "weights_view"), Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    box = child(active, "silence_box", QAbstractButton)
    assert box.isVisible()
    press(box, key)
    assert box.isChecked()
    assert session.state is State.PAUSED


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_combo_box_opens(active, session, key):
    combo = child(active, "optimizer_combo", QComboBox)
    press(combo, key)
    assert combo.view().isVisible()
    combo.hidePopup()
    assert session.state is State.PAUSED


def test_letters_look_for_an_entry_of_a_combo_box(active, qtbot):
    restarts = counting(active.actions_.reset)
    clears = counting(active.actions_.clear)
    for name in ("optimizer_combo", "axis_combo"):
        for key in (Qt.Key.Key_R, Qt.Key.Key_C, Qt.Key.Key_5):
            press(child(active, name, QComboBox), key)
    active.tabs.open("runs")
    table = child(active, "runs_table", QAbstractItemView)
    press(table, Qt.Key.Key_R)
    assert restarts == clears == []
    press(child(active, "draw_pad"), Qt.Key.Key_R)
    assert restarts == [1]


def test_a_click_on_a_button_leaves_space_to_play(active, session, qtbot):
    before = QApplication.focusWidget()
    for button in visible(active, QPushButton):
        if button.isEnabled() and button.objectName() in ("clear_button", "add_layer_button"):
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            assert QApplication.focusWidget() is before
    QTest.keyClick(before, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: session.state is State.RUNNING)
    session.pause()


# --- fields -----------------------------------------------------------------------------------


def test_return_gives_the_focus_back(active, session, qtbot):
    pad = focus(child(active, "draw_pad"))
    field = child(active, "learning_rate_slider_field", QLineEdit)
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    field.selectAll()
    QTest.keyClicks(field, "0.25")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert session.config.hyperparameters.learning_rate == 0.25
    assert QApplication.focusWidget() is pad
    QTest.keyClick(pad, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: session.state is State.RUNNING)
    session.pause()


def test_a_refused_text_keeps_the_focus(active):
    focus(child(active, "draw_pad"))
    field = focus(child(active, "learning_rate_slider_field", QLineEdit))
    field.selectAll()
    QTest.keyClicks(field, "many")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is field
    assert field.text() == "many"


def test_escape_reverts_and_leaves(active, session):
    pad = focus(child(active, "draw_pad"))
    field = focus(child(active, "learning_rate_slider_field", QLineEdit))
    rate, shown = session.config.hyperparameters.learning_rate, field.text()
    QTest.keyClicks(field, "77")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is pad
    assert field.text() == shown
    assert session.config.hyperparameters.learning_rate == rate


def test_space_and_letters_are_typed_in_a_field(active, session):
    restarts = counting(active.actions_.reset)
    field = focus(child(active, "learning_rate_slider_field", QLineEdit))
    field.selectAll()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_R):
        QTest.keyClick(field, key)
    assert session.state is State.PAUSED
    assert restarts == []


# --- digits -----------------------------------------------------------------------------------

AZERTY = "&é\"'(-è_çà"
"""What the keys 1 to 0 type without Shift."""


def send(control, key, text, scan_code, modifiers=Qt.KeyboardModifier.NoModifier):
    """Send a key as the window system does: whether it is a shortcut, and if not, the key."""
    override, pressed = (
        QKeyEvent(kind, key, modifiers, scan_code, 0, 0, text)
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
    )
    QApplication.sendEvent(control, override)
    # Not by sendEvent(), which looks for a shortcut once more.
    control.window().keyPressEvent(pressed)
    return override.isAccepted()


def test_digits_work_where_they_need_shift(active, monkeypatch, subtests):
    monkeypatch.setattr("gui.window.keyboard.sys.platform", "linux")
    slower = counting(active.actions_.slower)
    pad = focus(child(active, "draw_pad"))
    for digit in range(10):
        with subtests.test(digit=digit):
            calls = counting(active.actions_.correct[digit])
            row = (digit - 1) % 10
            assert send(pad, ord(AZERTY[row].upper()), AZERTY[row], 10 + row)
            assert calls == [1]
            send(pad, Qt.Key.Key_0 + digit, str(digit), 10 + row, Qt.KeyboardModifier.ShiftModifier)
            send(pad, Qt.Key.Key_0 + digit, str(digit), 0, Qt.KeyboardModifier.KeypadModifier)
            assert calls == [1, 1, 1]
            assert slower == []


def test_other_keys_are_no_digits(active, monkeypatch):
    monkeypatch.setattr("gui.window.keyboard.sys.platform", "linux")
    calls = [counting(action) for action in active.actions_.correct]
    pad = focus(child(active, "draw_pad"))
    send(pad, Qt.Key.Key_Minus, "-", 20)
    send(pad, Qt.Key.Key_1, "1", 10, Qt.KeyboardModifier.ControlModifier)
    send(pad, Qt.Key.Key_Exclam, "!", 10, Qt.KeyboardModifier.ShiftModifier)
    assert not any(calls)


# --- where the focus can be -------------------------------------------------------------------


def visible(window, kind=QWidget):
    return [w for w in window.findChildren(kind) if w.isVisible() and w.window() is window]


def focusable(parent):
    """All controls in `parent` that the Tab key comes to."""
    return [
        w
        for w in parent.findChildren(QWidget)
        if w.isVisible()
        and w.isEnabled()
        and w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and w.focusProxy() is None
        and not isinstance(w, QScrollBar)
    ]


def name_of(widget):
    return f"{type(widget).__name__} {widget.objectName()}"


def test_focus_can_be_seen_wherever_it_is(active, subtests):
    for tab in TABS:
        with subtests.test(tab=tab):
            active.tabs.open(tab)
            QApplication.processEvents()
            unseen = []
            stops = focusable(active)
            for control, other in zip(stops, [*stops[1:], stops[0]], strict=True):
                focus(other)
                before = control.grab().toImage()
                focus(control)
                if control.grab().toImage() == before:
                    unseen.append(name_of(control))
            assert unseen == []


def test_the_ring_of_a_painted_view_is_two_pixels_wide(active, themes, subtests):
    """And has a contrast of at least 3:1 to what is there without the focus."""
    for theme in [LIGHT, DARK]:
        themes.choose(getattr(Qt.ColorScheme, theme.name.capitalize()))
        active.tabs.open("flow")
        QApplication.processEvents()
        for name in ["draw_pad", "flow_view", "prediction_bars", "loss_plot"]:
            with subtests.test(theme=theme.name, name=name):
                view = child(active, name)
                focus(child(active, "play_button"))
                edge = QRect(view.width() // 4, 0, view.width() // 2, 2)
                before = view.grab(edge).toImage()
                focus(view)
                after = view.grab(edge).toImage()
                for x, y in product(range(after.width()), range(after.height())):
                    ring, ground = (image.pixelColor(x, y).name() for image in (after, before))
                    assert contrast(ring, theme.surface) >= 3
                    assert y == 0 or contrast(ring, ground) >= 3  # the pad has a frame there


def test_all_that_can_have_the_focus_has_a_name(active, subtests):
    for tab in TABS:
        with subtests.test(tab=tab):
            active.tabs.open(tab)
            QApplication.processEvents()
            nameless = []
            for control in focusable(active):
                interface = QAccessible.queryAccessibleInterface(control)
                if not interface.text(QAccessible.Text.Name):
                    nameless.append(name_of(control))
                if isinstance(control, QAbstractSlider) and not interface.text(
                    QAccessible.Text.Value
                ):
                    nameless.append(f"value of {name_of(control)}")
            assert nameless == []


def chain(window):
    """The controls in the order in which the Tab key comes to them."""
    result, control = [], window.nextInFocusChain()
    while control is not window:
        result.append(control)
        control = control.nextInFocusChain()
    stops = set(focusable(window))
    return [control for control in result if control in stops]


def test_the_tab_key_comes_to_every_control(active, subtests):
    """Pressed, not followed in Qt's chain: Qt skips, and a proxy leads elsewhere."""
    for tab in TABS:
        with subtests.test(tab=tab):
            active.tabs.open(tab)
            QApplication.processEvents()
            stops = {control for control in focusable(active) if control.isEnabled()}
            start = focus(child(active, "draw_pad"))
            order = [start]
            while len(order) <= len(stops):
                QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
                if QApplication.focusWidget() is start:
                    break
                order.append(QApplication.focusWidget())
            assert {name_of(control) for control in stops - set(order)} == set()
            in_chain = [control for control in chain(active) if control.isEnabled()]
            turn = in_chain.index(start)
            assert order == in_chain[turn:] + in_chain[:turn]


def test_the_tab_key_follows_the_eye(active, subtests):
    """From the bar over the columns, and in each from top to bottom and from left to right."""
    for tab in TABS:
        with subtests.test(tab=tab):
            active.tabs.open(tab)
            QApplication.processEvents()
            parts = active.layout_.parts
            order = chain(active)
            positions = [
                [i for i, control in enumerate(order) if part.isAncestorOf(control)]
                for part in parts
            ]
            flat = [i for part in positions for i in part]
            assert flat == sorted(flat), [[name_of(order[i]) for i in part] for part in positions]
            for part, indices in zip(parts, positions, strict=True):
                places = [order[i].mapTo(part, order[i].rect().center()) for i in indices]
                for a, b, i in zip(places, places[1:], indices, strict=False):
                    same_row = abs(a.y() - b.y()) < 14
                    assert (a.x() < b.x()) if same_row else True, (name_of(order[i]), part)


def test_a_combo_box_is_labeled_by_its_caption(active, subtests):
    """On Linux, screen readers take its value for its name, and its label for what it is."""
    for name in ["weights_layer", "weights_order", "dataset_combo"]:
        with subtests.test(name=name):
            interface = QAccessible.queryAccessibleInterface(child(active, name))
            labels = [other.text(QAccessible.Text.Name) for other, _ in interface.relations()]
            assert child(active, name).accessibleName() in labels


def test_charts_that_the_first_steps_cover_take_no_focus(active):
    plot = child(active, "loss_plot")
    assert not plot.focusPolicy() & Qt.FocusPolicy.TabFocus
    active.curves.first_steps.hide()
    assert plot.focusPolicy() & Qt.FocusPolicy.TabFocus
