"""Messages float: nothing moves when one comes or goes, and each stays as long as it is needed."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QEnterEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QPushButton, QWidget

from core.saving.run_file import save_run
from core.settings.settings_text import settings_text
from gui.widgets import message_card
from gui.widgets.floating import FloatingCards
from gui.widgets.messages import Messages
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer, run
from tests.gui.driving import child

LONG = (
    "The loss rose to 1,234.56 at step 12,345, from 2.3 at the start: training has diverged. "
    "Usually the learning rate (0.9) is too high for this network, this optimizer and this batch "
    "size, so that each step goes too far and the next one further back. Go back to a good state "
    "and lower it, or choose another optimizer. " * 2
)
FADED_MS = 30


@pytest.fixture
def small(qtbot):
    """A window of the smallest size, with one button."""
    window = QMainWindow()
    window.setCentralWidget(QPushButton("focus"))
    qtbot.addWidget(window)
    window.resize(960, 530)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def messages(small):
    return Messages(small, FloatingCards(small, small.centralWidget()))


@pytest.fixture
def fading(monkeypatch):
    monkeypatch.setattr(message_card, "SHOWN_MS", FADED_MS)


def places(window):
    """Return where every part of the window is, but for messages."""
    return {
        part: part.geometry()
        for part in window.centralWidget().findChildren(QWidget)
        if part.isVisible()
    }


def test_nothing_moves_when_a_message_comes_or_goes(qtbot, window):
    before = places(window)
    window.messages.fault(LONG, [("Go back", window.update)])
    window.messages.done("Done.")
    window.messages.offer("An offer.", [("Take it", window.update)])
    QApplication.processEvents()
    assert places(window) == before
    window.messages.clear()
    QApplication.processEvents()
    assert places(window) == before


def test_loading_moves_nothing(qtbot, window, session):
    before = places(window)
    session.data.started.emit("Getting MNIST…")
    assert child(window, "loading_bar").isVisible()
    assert places(window) == before
    session.data.ended.emit()
    assert not child(window, "loading_bar").isVisible()


@pytest.mark.parametrize("view", [960, 330])
def test_a_long_message_is_shown_in_full_in_the_smallest_window(small, view):
    side = QWidget(small)
    side.setGeometry(100, 0, view, 530)
    side.show()
    messages = Messages(small, FloatingCards(small, side))
    messages.fault(LONG, [("Go back to step 1,200 (loss 0.0312), rate 0.09", small.update)])
    (card,) = messages.shown
    assert small.rect().contains(card.geometry())
    text = card.findChild(QLabel)
    assert text.height() >= text.heightForWidth(text.width())
    assert text.visibleRegion().boundingRect() == text.rect()
    for button in card.buttons:
        assert card.rect().contains(button.geometry())
        assert button.width() >= button.sizeHint().width()
        assert button.y() > text.mapTo(card, text.rect().bottomLeft()).y()


def test_what_is_higher_than_the_window_is_scrolled_and_keeps_its_buttons(small, messages):
    messages.fault(LONG * 8)
    (card,) = messages.shown
    assert small.rect().contains(card.geometry())
    assert card.rect().contains(card.buttons[0].geometry())


def test_messages_keep_their_places_while_others_go(small, messages):
    for name in ("one", "two", "three"):
        messages.offer(name, topic=name)
    third, _second, first = messages.shown
    place = third.geometry()
    assert place.bottom() < first.y()
    messages.dismiss("one")
    assert third.geometry() == place
    messages.offer("four")
    assert messages.shown[0].geometry() == first.geometry()
    assert third.geometry() == place


def test_where_there_is_no_room_the_least_important_goes(small, messages):
    messages.fault(LONG, topic="fault")
    messages.done("done", topic="done")
    messages.offer(LONG, topic="offer")
    messages.offer(LONG, topic="another")
    ranks = [card.rank.value for card in messages.shown]
    assert ranks[0] == "offer"
    assert "done" not in ranks
    for card in messages.shown:
        assert small.rect().contains(card.geometry())


def test_the_next_message_on_a_topic_replaces_the_one_before(messages):
    messages.fault("one", topic="file")
    messages.fault("two", topic="file")
    messages.fault("same")
    messages.fault("same")
    assert [card.text for card in messages.shown] == ["same", "two"]


def test_they_follow_the_window(small, messages):
    messages.offer("An offer.")
    small.resize(1200, 700)
    QApplication.processEvents()
    (card,) = messages.shown
    assert 0 < 1200 - card.geometry().right() < 30
    assert 0 < 700 - card.geometry().bottom() < 30


# --- how long they stay -------------------------------------------------------------------------


def test_what_was_done_fades_and_the_rest_stays(qtbot, messages, fading):
    messages.fault("fault")
    messages.offer("offer")
    messages.done("done")
    qtbot.waitUntil(lambda: [card.text for card in messages.shown] == ["offer", "fault"])
    assert not any(card._timer.isActive() for card in messages.shown)


def let_its_time_pass(qtbot, card):
    """Wait until its time is over; it does not begin to fade."""
    with qtbot.waitSignal(card._timer.timeout):
        pass
    assert card.graphicsEffect() is None


def test_it_stays_while_the_mouse_is_on_it(qtbot, messages, fading):
    messages.done("done")
    (card,) = messages.shown
    place = QPointF(5, 5)
    card.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)  # as Qt does when the mouse enters
    let_its_time_pass(qtbot, card)
    card.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    qtbot.waitUntil(lambda: card.graphicsEffect() is not None)
    card.enterEvent(QEnterEvent(place, place, QPointF(card.mapToGlobal(QPoint(5, 5)))))
    assert card.graphicsEffect() is None  # it was about to go
    qtbot.waitUntil(lambda: not messages.shown)


def test_it_stays_while_the_focus_is_on_it(qtbot, small, messages, fading):
    small.activateWindow()
    messages.done("done", [("Undo", small.update)])
    (card,) = messages.shown
    card.buttons[0].setFocus()
    qtbot.waitUntil(card.has_focus_inside)
    let_its_time_pass(qtbot, card)
    small.centralWidget().setFocus()
    qtbot.waitUntil(lambda: not messages.shown)


# --- the keyboard and screen readers ------------------------------------------------------------


def test_escape_dismisses_the_newest_and_the_focus_goes_back(qtbot, small, messages):
    small.activateWindow()
    small.centralWidget().setFocus()
    refusals = []
    messages.offer("one", refused=lambda: refusals.append(1))
    messages.fault("two", [("Act", small.update)])
    messages.shown[0].buttons[0].setFocus()
    qtbot.waitUntil(messages.shown[0].has_focus_inside)
    QTest.keyClick(messages.shown[0].buttons[0], Qt.Key.Key_Escape)
    assert [card.text for card in messages.shown] == ["one"]
    assert small.centralWidget().hasFocus()
    assert not refusals
    QTest.keyClick(small.centralWidget(), Qt.Key.Key_Escape)
    assert not messages.shown
    assert refusals


def test_return_presses_a_button(qtbot, small, messages):
    done = []
    messages.offer("one", [("Take it", lambda: done.append(1))])
    QTest.keyClick(messages.shown[0].buttons[0], Qt.Key.Key_Return)
    assert done
    assert not messages.shown


def test_messages_are_announced(small, messages, monkeypatch):
    said = []
    monkeypatch.setattr(
        QAccessible,
        "updateAccessibility",
        lambda event: said.append((event.message(), event.politeness())),
    )
    messages.done("It is saved.")
    messages.fault("It is not saved.")
    politeness = QAccessible.AnnouncementPoliteness
    assert said == [
        ("It is saved.", politeness.Polite),
        ("It is not saved.", politeness.Assertive),
    ]
    card = QAccessible.queryAccessibleInterface(messages.shown[0])
    assert card.text(QAccessible.Text.Name) == "It is not saved."


# --- the window ---------------------------------------------------------------------------------


def test_a_refused_offer_of_mnist_is_not_made_again(window, session):
    session.data.mnist_offered.emit()
    (card,) = window.messages.shown
    card.buttons[-1].click()
    session.data.mnist_offered.emit()
    assert not window.messages.shown


def test_the_tab_key_leads_from_the_focus_to_a_message(qtbot, small, messages):
    small.activateWindow()
    small.centralWidget().setFocus()
    messages.offer("one", [("Take it", small.update)])
    (card,) = messages.shown
    for button in card.buttons:
        QTest.keyClick(small.focusWidget(), Qt.Key.Key_Tab)
        assert small.focusWidget() is button


# --- what is no longer true ---------------------------------------------------------------------


def test_a_complaint_about_a_file_goes_when_another_opens(window, session, tmp_path):
    window.files.open_file(tmp_path / "gone.npz")
    assert "gone.npz" in window.messages.shown[0].text
    save_run(tmp_path / "run.npz", run(make_trainer(), 2).saved())
    window.files.open_file(tmp_path / "run.npz")
    assert not window.messages.shown


def test_a_complaint_about_pasted_settings_goes_when_others_are_pasted(window, session):
    QGuiApplication.clipboard().setText("no settings")
    window.actions_.paste_settings.trigger()
    assert "contains no settings" in window.messages.shown[0].text
    QGuiApplication.clipboard().setText(settings_text(session.config))
    window.actions_.paste_settings.trigger()
    assert not window.messages.shown


def test_the_offer_of_mnist_goes_when_it_is_there(window, session):
    session.data.mnist_offered.emit()
    assert window.messages.shown
    session.data.use(replace(tiny_dataset(), name="mnist"))
    assert not window.messages.shown


def test_all_cards_have_one_width(window):
    window.resize(1280, 720)
    for show, text in ((window.messages.done, "Saved"), (window.messages.fault, LONG)):
        show(text)
    window.messages.offer("A line of some length, which is no longer than it must be", [])
    cards = window.messages.shown
    assert len({card.width() for card in cards}) == 1
    for card in cards:
        assert card.rect().contains(card.childrenRect().adjusted(-6, -6, 6, 6))
