"""A copy of the unsaved run on disk, in case the app closes unexpectedly."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QLockFile, QObject, QTimer, Slot

from core.files.locations import data_folder
from core.files.user_file import check_place
from gui.files.run_files import SUFFIX, RunFiles
from gui.training.session import Session
from gui.training.training_run import TrainingRun
from gui.widgets.messages import Messages

_TOPIC = "autosave"
_DELETED = ".deleted"
_UNDO_SECONDS = 3600
"""For which a deleted copy can be brought back by the app that deleted it."""

INTERVAL_MS = 30_000
"""A crash loses at most a minute of training; writing a copy pauses it for about 40 ms."""


def autosave_folder() -> Path:
    """Return the default folder of the copies, in this user's data folder."""
    return data_folder() / "autosave"


def copies_left_behind(folder: Path) -> list[Path]:
    """Return the copies in `folder` that no running app owns, the newest first."""
    found = []
    with suppress(OSError):
        for path in folder.glob(f"*{SUFFIX}"):
            with suppress(OSError):
                check_place(path)
                if _is_free(_lock_of(path)):
                    found.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(found, reverse=True)]


def set_aside(copy: Path) -> None:
    """Delete a copy, such that :func:`bring_back` can undo this for an hour at least."""
    with suppress(OSError):
        copy.rename(_aside(copy))


def bring_back(copy: Path) -> None:
    """Bring back a copy that was set aside."""
    with suppress(OSError):
        _aside(copy).rename(copy)


def _aside(copy: Path) -> Path:
    return copy.with_name(copy.name + _DELETED)


def sweep_deleted(folder: Path) -> None:
    """Delete for good what was set aside in `folder` a while ago."""
    with suppress(OSError):
        for path in folder.glob(f"*{SUFFIX}{_DELETED}"):
            with suppress(OSError):
                if time.time() - path.stat().st_ctime > _UNDO_SECONDS:
                    path.unlink()


def sweep_locks(folder: Path) -> None:
    """Delete the locks that killed apps left in `folder`."""
    with suppress(OSError):
        for path in folder.glob("*.lock"):
            with suppress(OSError):
                _is_free(path)


class Autosave(QObject):
    """Writes a copy every half minute while the run has unsaved steps.

    A copy belongs to the app that holds the lock beside it. A killed app holds no lock, so its copy
    is left behind to be recovered; an app that closes removes its own copy.

    Attributes
    ----------
    path
        This app's own copy.
    is_kept
        Whether the copy outlives this app, because it must quit and nobody can be asked.
    """

    def __init__(
        self,
        session: Session,
        files: RunFiles,
        messages: Messages,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._files = files
        self._messages = messages
        self.folder = autosave_folder()
        self.path = self._new_path()
        self.is_kept = False
        self._lock: QLockFile | None = None
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.save)
        self._has_reported = False
        self._is_recovered = False
        session.run_started.connect(self._on_run_started)
        files.opened.connect(self._take_over)
        files.file_known.connect(self._note_file)
        self._timer.start()

    @Slot()
    def save(self) -> None:
        """Write a copy if the run has unsaved steps; else remove the copy."""
        if not self._files.is_modified:
            remove_copy(self.path)
        elif self._own():
            run = self._session.run
            if run is not None and not run.has_failed:
                run.mailbox.save(self.path, is_copy=True)
        else:
            self._report(
                self.path,
                f"Autosave cannot write to '{self.folder}': the folder is read-only, or its disk "
                "is full. Save the run yourself with Ctrl+S.",
            )

    @Slot(object, str)
    def _report(self, path: Path, message: str) -> None:
        """Report only the first copy that cannot be written, not one every half minute."""
        if path == self.path and not self._has_reported:
            self._has_reported = True
            self._messages.fault(message, topic=_TOPIC)

    @Slot(object, int)
    def _note_saved(self, _path: Path, _step: int) -> None:
        """Take the complaint back: the run is on disk again, as a copy or in the user's file."""
        self._messages.dismiss(_TOPIC)

    def keep(self) -> None:
        """Write a copy of the unsaved steps, and keep it after this app."""
        self.is_kept = True
        self.save()

    def close(self) -> None:
        """Remove the copy, unless it is kept, and release the lock."""
        self._timer.stop()
        if self._lock is not None and not self.is_kept:
            remove_copy(self.path)
        self._release()

    def _release(self) -> None:
        """Release the lock, so that the copy can be recovered."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.unlock()

    @Slot(object)
    def _take_over(self, opened: Path) -> None:
        """Take over a copy once its run is open; until then, opening may be cancelled."""
        if self.folder in opened.parents and self._own():
            with suppress(OSError):
                opened.replace(self.path)
                self._is_recovered = True

    @Slot()
    def _note_file(self) -> None:
        """Note that the user saved the run, so that its copy is needed no more."""
        self._is_recovered = False

    @Slot(object)
    def _on_run_started(self, run: TrainingRun) -> None:
        """Leave a recovered run's copy to be recovered again, because another run replaces it."""
        run.save_failed.connect(self._report)
        run.saved.connect(self._note_saved)
        if self._is_recovered:
            self._is_recovered = False
            self._release()
            self.path = self._new_path()

    def _new_path(self) -> Path:
        return self.folder / f"{uuid4().hex}{SUFFIX}"

    def _own(self) -> bool:
        """Return whether this app holds the lock of its copy; try to take it if it does not."""
        if self._lock is None:
            with suppress(OSError):
                self.folder.mkdir(parents=True, exist_ok=True)
            lock = QLockFile(str(_lock_of(self.path)))
            lock.setStaleLockTime(0)  # however long it is held
            if not lock.tryLock(0):
                return False
            self._lock = lock
        return True


def remove_copy(path: Path) -> None:
    """Delete a copy, if it is still there."""
    with suppress(OSError):
        path.unlink()


def _lock_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _is_free(lock_file: Path) -> bool:
    """Return whether nobody holds this lock; if so, delete it.

    Raises an OSError if it is not a regular file: Qt would block on a pipe.
    """
    check_place(lock_file)
    lock = QLockFile(str(lock_file))
    lock.setStaleLockTime(0)  # however long ago it was taken: its process may be alive
    if not lock.tryLock(0):
        return False
    lock.unlock()
    return True
