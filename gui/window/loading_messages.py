"""Progress and problems of loading a data set, shown in the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from gui.training.session import Session
from gui.training.state import State
from gui.widgets.actions import Actions
from gui.widgets.banner import Banner
from gui.widgets.loading_bar import LoadingBar


class LoadingMessages(QObject):
    """Shows how loading proceeds, and offers a way out when it fails."""

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
        session.data.cancelled.connect(self._show_cancelled)
        session.data.failed.connect(self._show_failed)
        session.data.mnist_offered.connect(self._offer_mnist)

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        self._bar.setVisible(state is State.LOADING)

    @Slot()
    def _show_cancelled(self) -> None:
        self._banner.show_message("Loading cancelled. Nothing was changed.")

    @Slot(str)
    def _show_failed(self, message: str) -> None:
        choose = self._actions.choose_folder
        self._banner.show_message(message, [(choose.text(), choose.trigger)])

    @Slot()
    def _offer_mnist(self) -> None:
        self._banner.show_message(
            "These are generated digits, the built-in data set. MNIST has 70,000 digits written by "
            "people (12 MB to download).",
            [("Get MNIST", self._actions.use_mnist.trigger)],
        )
