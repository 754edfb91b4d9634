"""Has training make no step while the user waits for something that needs all cores."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from gui.training.session import Session


class GivingWay(QObject):
    """Knows for how many things the user waits, and tells the present run."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._awaited = 0
        # Without an interval it fires once all that has changed is painted.
        self._painted = QTimer(self, interval=0, singleShot=True)
        self._painted.timeout.connect(lambda: self.note(False))

    @Slot(bool)
    def note(self, user_waits: bool) -> None:
        """Take note that the user waits for one thing more, or for one less."""
        self._awaited += 1 if user_waits else -1
        run = self._session.run
        if run is not None and (user_waits or not self._awaited):
            run.mailbox.give_way(user_waits)

    def until_painted(self) -> None:
        """Give way until everything that changes now is painted."""
        if not self._painted.isActive():
            self.note(True)
            self._painted.start()

    def stop(self) -> None:
        """Wait for no painting; the window is closing."""
        self._painted.stop()
