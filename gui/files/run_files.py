"""The run as a document: saved, opened, and not lost without a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from core.errors import DigitscopeError
from core.printable_text import printable
from core.saving.replaced_runs import KeptRun, moment_of
from core.saving.run_file import load_run
from core.training.snapshot import Snapshot
from gui.training.session import Session
from gui.training.training_run import TrainingRun
from gui.widgets.actions import Actions
from gui.widgets.literal_text import literal

SUFFIX = ".npz"
_FILTER = f"Runs (*{SUFFIX})"
_MOST_RECENT = 10
_RECENT = "recent_runs"


class RunFiles(QObject):
    """Saves and opens runs, and knows whether the present run's file is up to date.

    Parameters
    ----------
    session
        Whose run is saved, or replaced by an opened one.
    actions
        To save, and the menu of recent files.
    window
        Over which dialogs open, and whose title names the file.
    settings
        Where recent files are remembered; None to forget them.
    identify
        Returns the id of the recorded run that is in a file after this many steps; None if there is
        none. Files of earlier versions and of the command line do not say it.

    Signals
    -------
    problem(message)
        A file could not be read or written.
    opened(Path)
        The run in this file, or copy, was opened and can be trained further.
    file_known(Path)
        The present run was saved to this file, or opened from it.
    """

    problem = Signal(str)
    opened = Signal(object)
    file_known = Signal(object)

    def __init__(
        self,
        session: Session,
        actions: Actions,
        window: QWidget,
        settings: QSettings | None,
        identify: Callable[[Path, int], str | None],
    ) -> None:
        super().__init__(window)
        self.path: Path | None = None
        self._session = session
        self._window = window
        self._recent_menu = actions.recent
        self._settings = settings
        self._identify = identify
        self._recent: list[str] = []
        if settings is not None:
            names = str(settings.value(_RECENT, "")).split("\n")
            self._recent = [name for name in names if name]
        self._then: Callable[[], object] | None = None
        self._saving: Path | None = None
        self._opening: tuple[str, Path] | None = None
        self._was_modified = False
        actions.save.triggered.connect(self.save)
        actions.save_as.triggered.connect(self.save_as)
        session.run_started.connect(self._on_run_started)
        session.run_opened.connect(self._on_run_opened)
        self._fill_menu()
        self._show_title()

    @property
    def folders(self) -> set[Path]:
        """Folders of the recent files."""
        return {Path(name).parent for name in self._recent}

    @property
    def is_modified(self) -> bool:
        """Whether the run has unsaved steps."""
        run = self._session.run
        return run is not None and run.is_modified

    @property
    def is_saving(self) -> bool:
        """Whether the run is being written to its file."""
        return self._saving is not None

    def _show_title(self) -> None:
        # Qt replaces [*] by an asterisk while the window is modified.
        stem = printable(self.path.stem).replace("[*]", "[*][*]") if self.path else ""
        name = f"{stem}[*] – " if self.path else ""
        self._window.setWindowTitle(f"{name}Digitscope" if name else "Digitscope[*]")
        self._was_modified = self.is_modified
        self._window.setWindowModified(self._was_modified)

    # --- saving ---------------------------------------------------------------------------

    @Slot()
    def save(self) -> None:
        """Save to the run's file; ask for a file if it has none."""
        if self.path is None:
            self.save_as()
        else:
            self._save_to(self.path)

    @Slot()
    def save_as(self) -> None:
        """Ask for a file, and save there."""
        begin = str(self.path or Path.home() / f"run{SUFFIX}")
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save run", begin, _FILTER)
        if chosen:
            path = Path(chosen)
            if path.suffix != SUFFIX:
                path = path.with_name(path.name + SUFFIX)
            self._save_to(path)
        else:
            self._then = None

    def _save_to(self, path: Path) -> None:
        self._saving = path
        run = self._session.run
        if run is not None and not run.has_failed:
            run.mailbox.save(path)
        else:
            self._on_save_failed(
                path,
                f"'{path}' was not written: this run ended with an error, and nothing of it is "
                "left to save. Press Restart to train again.",
            )

    def may_be_lost(self, then: Callable[[], object]) -> bool:
        """Return whether the run may be lost now; if it is saved first, call `then`."""
        if not self.is_modified:
            return True
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window,
            "Digitscope",
            "This run has unsaved training steps. Save it?",
            buttons.Save | buttons.Discard | buttons.Cancel,
            buttons.Save,
        )
        if answer == buttons.Save:
            self._then = then
            self.save()
        return answer == buttons.Discard

    @Slot(object, int)
    def _on_saved(self, path: Path, _step: int) -> None:
        if path != self._saving:
            return  # an autosaved copy
        self._saving = None
        self._use(path)
        then, self._then = self._then, None
        if then is not None:
            then()

    @Slot(object, str)
    def _on_save_failed(self, path: Path, message: str) -> None:
        if path == self._saving:
            self._saving = self._then = None
            self.problem.emit(message)

    # --- opening --------------------------------------------------------------------------

    def open_file(self, path: Path, is_copy: bool = False) -> None:
        """Open the run in a file, or in a copy that is no file of the user's."""
        try:
            run = load_run(path)
        except DigitscopeError as error:
            self.problem.emit(str(error))
            return
        moment = moment_of(run)
        if run.id is None:
            run = replace(run, id=self._identify(path, moment[0]))
        kept = KeptRun(run) if is_copy else KeptRun(run, path, moment)
        self._opening = kept.id, path
        self._session.open_run(kept)  # later, if its data set must be loaded

    # --- the present run --------------------------------------------------------------------

    @Slot(object)
    def _on_run_started(self, run: TrainingRun) -> None:
        run.snapshot_taken.connect(self._note)
        run.saved.connect(self._on_saved)
        run.save_failed.connect(self._on_save_failed)
        self.path = self._saving = self._then = None
        if run.file is not None:
            self._use(run.file)
        self._show_title()

    @Slot(str)
    def _on_run_opened(self, message: str) -> None:
        opening, self._opening = self._opening, None
        run = self._session.run
        if message:  # a new run, which must not overwrite the file
            self.problem.emit(message)
        elif opening is not None and run is not None and run.id == opening[0]:
            self.opened.emit(opening[1])

    @Slot(object)
    def _note(self, _snapshot: Snapshot) -> None:
        if self.is_modified != self._was_modified:
            self._show_title()

    def _use(self, path: Path) -> None:
        self.path = path
        self.file_known.emit(path)
        name = str(path.absolute())
        self._recent = [name, *(other for other in self._recent if other != name)][:_MOST_RECENT]
        if self._settings is not None:
            # One per line, hence without the names that have two.
            names = [name for name in self._recent if "\n" not in name]
            self._settings.setValue(_RECENT, "\n".join(names))
        self._fill_menu()
        self._show_title()

    def _fill_menu(self) -> None:
        self._recent_menu.clear()
        self._recent_menu.setEnabled(bool(self._recent))
        for name in self._recent:
            # A single & would underline the next letter.
            title = printable(Path(name).name).replace("&", "&&")
            action = QAction(title, self._recent_menu)
            action.setToolTip(literal(name))
            action.triggered.connect(lambda _=False, name=name: self.open_file(Path(name)))
            self._recent_menu.addAction(action)
