"""A copy of the unsaved run on disk, in case the app ends without being closed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QLockFile, QObject, QTimer, Slot

from core.files.locations import data_folder
from core.files.user_file import check_place
from gui.files.run_files import SUFFIX, RunFiles
from gui.training.session import Session
from gui.training.training_run import TrainingRun
from gui.widgets.banner import Banner

INTERVAL_MS = 30_000
"""At most a minute of training may be lost; a copy takes some 40 ms of it."""


def autosave_folder() -> Path:
    """Return where the copies are kept by default, in this user's data folder."""
    return data_folder() / "autosave"


def copies_left_behind(folder: Path) -> list[Path]:
    """Return the copies in `folder` whose apps are no more, the newest first."""
    found = []
    with suppress(OSError):
        for path in folder.glob(f"*{SUFFIX}"):
            with suppress(OSError):
                check_place(path)
                if _is_free(_lock_of(path)):
                    found.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(found, reverse=True)]


def sweep_locks(folder: Path) -> None:
    """Delete the locks that killed apps have left in `folder`."""
    with suppress(OSError):
        for path in folder.glob("*.lock"):
            with suppress(OSError):
                _is_free(path)


class Autosave(QObject):
    """Writes a copy every half minute while there are steps in no file.

    A copy belongs to the app that holds the lock beside it. An app that was killed holds none, so
    its copy is one of those left behind; one that is closed removes its own.

    Parameters
    ----------
    folder
        Where the copies are; by default in this user's data folder.

    Attributes
    ----------
    folder
        Where the copies are.
    path
        This app's own copy.
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
        self.folder = folder or autosave_folder()
        self.path = self._new_path()
        self.is_kept = False
        self._lock: QLockFile | None = None
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.save)
        self._has_complained = False
        self._is_recovered = False
        session.run_started.connect(self._on_run_started)
        files.opened.connect(self._take_over)
        files.file_known.connect(self._note_file)
        self._timer.start()

    @Slot()
    def save(self) -> None:
        """Write a copy if there is something to lose, or remove that of what is saved by now."""
        if not self._files.is_modified:
            _remove(self.path)
        elif self._own():
            run = self._session.run
            if run is not None and not run.has_failed:
                run.mailbox.save(self.path, is_copy=True)
        else:
            self._complain(
                self.path,
                f"No copies of unsaved runs can be kept in '{self.folder}': it cannot be written "
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
        if self._lock is not None and not self.is_kept:
            _remove(self.path)
        self._let_go()

    def _let_go(self) -> None:
        """Give up the lock, so that the copy is one of those left behind."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.unlock()

    @Slot(object)
    def _take_over(self, opened: Path) -> None:
        """Make a copy this app's own once its run goes on; until then that may be called off."""
        if self.folder in opened.parents and self._own():
            with suppress(OSError):
                opened.replace(self.path)
                self._is_recovered = True

    @Slot()
    def _note_file(self) -> None:
        """The run is in a file of the user's, so that a copy can be had again."""
        self._is_recovered = False

    @Slot(object)
    def _on_run_started(self, run: TrainingRun) -> None:
        """Leave the copy of a recovered run, which another run replaces, to be recovered again."""
        run.save_failed.connect(self._complain)
        if self._is_recovered:
            self._is_recovered = False
            self._let_go()
            self.path = self._new_path()

    def _new_path(self) -> Path:
        return self.folder / f"{uuid4().hex}{SUFFIX}"

    def _own(self) -> bool:
        """Say whether this app holds the lock of its copy; take it if need be."""
        if self._lock is None:
            with suppress(OSError):
                self.folder.mkdir(parents=True, exist_ok=True)
            lock = QLockFile(str(_lock_of(self.path)))
            lock.setStaleLockTime(0)  # however long it is held
            if not lock.tryLock(0):
                return False
            self._lock = lock
        return True


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _lock_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _is_free(lock_file: Path) -> bool:
    """Say whether nobody holds this lock; if so, it is gone afterwards.

    Raises an OSError if it is no file: Qt would wait for a pipe.
    """
    check_place(lock_file)
    lock = QLockFile(str(lock_file))
    lock.setStaleLockTime(0)  # however long ago it was taken: its process may be alive
    if not lock.tryLock(0):
        return False
    lock.unlock()
    return True
