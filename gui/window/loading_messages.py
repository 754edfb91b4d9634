"""Progress and problems of loading a data set, shown in the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings, Slot
from PySide6.QtGui import QAction

from core.datasets.dataset import Dataset
from core.settings.data_source import OwnData
from core.wording import numeral
from gui.training.session import Session
from gui.training.state import State
from gui.widgets.actions import Actions
from gui.widgets.floating import FloatingCards
from gui.widgets.loading_bar import LoadingBar
from gui.widgets.message_card import Choices
from gui.widgets.messages import Messages

_TOPIC = "loading"
_NO_DATA = "no data set"
_OFFER = "MNIST"
_REFUSED = "mnist_offer_refused"


class LoadingMessages(QObject):
    """Shows how loading proceeds, and offers a way out when it fails.

    Parameters
    ----------
    settings
        Where it is remembered that the user does not want MNIST; None to forget it.
    """

    def __init__(
        self,
        session: Session,
        cards: FloatingCards,
        messages: Messages,
        actions: Actions,
        settings: QSettings | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._cards = cards
        self._bar = bar = LoadingBar()
        self._messages = messages
        self._actions = actions
        self._settings = settings
        bar.cancelled.connect(session.data.cancel)
        session.state_changed.connect(self._on_state_changed)
        session.data.started.connect(self._begin)
        session.data.progressed.connect(bar.show_progress)
        session.data.changed.connect(self._on_changed)
        session.data.cancelled.connect(self._show_cancelled)
        session.data.failed.connect(self._show_failed)
        session.data.mnist_offered.connect(self._offer_mnist)

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        if state is State.LOADING:
            self._cards.show(self._bar)
        else:
            self._cards.hide(self._bar)

    @Slot(str)
    def _begin(self, title: str) -> None:
        self._bar.begin(title)

    @Slot(object)
    def _on_changed(self, dataset: Dataset) -> None:
        """Forget what was said of having none, or another one."""
        self._messages.dismiss(_NO_DATA)
        if dataset.name != "strokes":
            self._messages.dismiss(_OFFER)
            self._messages.dismiss(_TOPIC)

    @Slot()
    def _show_cancelled(self) -> None:
        if self._session.state is State.NO_DATA:
            self._messages.offer(
                "Loading cancelled. No data set is loaded.", self._ways_out(), _NO_DATA
            )
        else:
            self._messages.done("Loading cancelled. Nothing was changed.", topic=_TOPIC)

    def _ways_out(self) -> Choices:
        ways = self._actions.use_strokes, self._actions.use_mnist
        return _choices(*ways)

    @Slot(str)
    def _show_failed(self, message: str) -> None:
        actions, is_own = self._actions, isinstance(self._session.data.wanted_last, OwnData)
        own = actions.open_data_folder, actions.open_data_file
        ways = own if is_own else (actions.choose_folder,)
        self._messages.fault(message, _choices(*ways), _TOPIC)

    @Slot()
    def _offer_mnist(self) -> None:
        settings = self._settings
        if settings is not None and settings.value(_REFUSED, False, bool):
            return
        self._messages.offer(
            "These are generated digits, the built-in data set. MNIST has "
            f"{numeral(70_000)} digits written by people (12 MB to download).",
            [("Get MNIST", self._actions.use_mnist.trigger)],
            _OFFER,
            self._note_refusal,
        )

    def _note_refusal(self) -> None:
        if self._settings is not None:
            self._settings.setValue(_REFUSED, True)


def _choices(*actions: QAction) -> Choices:
    """Return buttons for those of the actions that a classroom has not taken away."""
    return [(action.text(), action.trigger) for action in actions if action.isVisible()]
