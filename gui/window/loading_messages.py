"""What the window says while a data set is loaded, and of what may go wrong with that."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from gui.training.session import Session
from gui.training.state import State
from gui.widgets.actions import Actions
from gui.widgets.banner import Banner
from gui.widgets.loading_bar import LoadingBar


class LoadingMessages(QObject):
    """Listens to the session, and offers what can be done."""

    def __init__(
        self,
        session: Session,
        bar: LoadingBar,
        banner: Banner,
        actions: Actions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bar = bar
        self._banner = banner
        self._actions = actions
        bar.cancelled.connect(session.data.cancel)
        session.state_changed.connect(self._on_state_changed)
        session.data.started.connect(bar.begin)
        session.data.progressed.connect(bar.show_progress)
        session.data.cancelled.connect(self._say_cancelled)
        session.data.failed.connect(self._say_failed)
        session.data.mnist_offered.connect(self._offer_mnist)

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        self._bar.setVisible(state is State.LOADING)

    @Slot()
    def _say_cancelled(self) -> None:
        self._banner.show_message("Loading was cancelled; what was there before is as it was.")

    @Slot(str)
    def _say_failed(self, message: str) -> None:
        choose = self._actions.choose_folder
        self._banner.show_message(message, [(choose.text(), choose.trigger)])

    @Slot()
    def _offer_mnist(self) -> None:
        self._banner.show_message(
            "This is the built-in data set: digits drawn by a generator. MNIST, 70,000 digits "
            "written by people, is a download of 12 MB.",
            [("Get MNIST", self._actions.use_mnist.trigger)],
        )
