"""A copy of the unsaved run on disk, in case the app ends without being closed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QLockFile, QObject, QTimer, Slot

from core.datasets.locations import data_folder
from gui.run_files import SUFFIX, RunFiles
from gui.session import Session
from gui.widgets.banner import Banner

INTERVAL_MS = 30_000
"""At most a minute of training may be lost; a copy takes some 40 ms of it."""


class Autosave(QObject):
    """Writes a copy every half minute while there are steps in no file, and offers those left.

    A copy belongs to the app that holds the lock beside it. An app that was killed holds none, so
    its copy is offered at the next start; one that is closed removes its own.

    Parameters
    ----------
    folder
        Where the copies are; by default in this user's data folder.

    Attributes
    ----------
    is_kept
        Whether the copy outlives this app: where it has to end and nobody can be asked.
    """

    def __init__(
        self,
        session: Session,
        files: RunFiles,
        banner: Banner,
        folder: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._files = files
        self._banner = banner
        self._folder = folder or data_folder() / "autosave"
        self.path = self._folder / f"{uuid4().hex}{SUFFIX}"
        self.is_kept = False
        self._lock: QLockFile | None = None
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.save)
        self._has_complained = False
        session.save_failed.connect(self._complain)
        self._offered: Path | None = None
        files.opened.connect(self._take_over)
        self._timer.start()

    @Slot()
    def save(self) -> None:
        """Write a copy if there is something to lose, or remove that of what is saved by now."""
        if not self._files.is_modified:
            _remove(self.path)
        elif self._own():
            self._session.save(self.path)
        else:
            self._complain(
                self.path,
                f"No copies of unsaved runs can be kept in '{self._folder}': it cannot be written "
                "to, or its disk is full. Save the run yourself, with Ctrl+S.",
            )

    @Slot(object, str)
    def _complain(self, path: Path, message: str) -> None:
        """Say once that no copy can be written, and not every half minute."""
        if path == self.path and not self._has_complained:
            self._has_complained = True
            self._banner.show_message(message)

    def keep(self) -> None:
        """Write a copy of what is in no file by now, and have it outlive this app."""
        self.is_kept = True
        self.save()

    def close(self) -> None:
        """Remove the copy, unless it is to be kept, and give up the lock."""
        self._timer.stop()
        if self._lock is not None:
            if not self.is_kept:
                _remove(self.path)
            self._lock.unlock()

    def offer(self) -> None:
        """Offer the newest copy that a killed app left behind; older ones wait for their turn."""
        self._offered = offered = self._newest_left_behind()
        if offered is None:
            return
        self._banner.show_message(
            "Digitscope ended without being closed. Its run, which was in no file, is still here.",
            [
                ("Go on with it", lambda: self._files.open_copy(offered)),
                ("Delete it", lambda: _remove(offered)),
            ],
        )

    @Slot(object)
    def _take_over(self, opened: Path) -> None:
        """Make the copy this app's own once its run goes on; until then it may be called off."""
        if opened == self._offered and self._own():
            with suppress(OSError):
                opened.replace(self.path)

    def _newest_left_behind(self) -> Path | None:
        """Return the newest of the copies whose apps are no more."""
        found = []
        with suppress(OSError):
            for path in self._folder.glob(f"*{SUFFIX}"):
                lock = QLockFile(f"{path}.lock")
                if lock.tryLock(0):
                    lock.unlock()
                    found.append((path.stat().st_mtime, path))
        return max(found)[1] if found else None

    def _own(self) -> bool:
        """Say whether this app holds the lock of its copy; take it if need be."""
        if self._lock is None:
            with suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
            lock = QLockFile(f"{self.path}.lock")
            lock.setStaleLockTime(0)  # however long it is held
            if not lock.tryLock(0):
                return False
            self._lock = lock
        return True


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
