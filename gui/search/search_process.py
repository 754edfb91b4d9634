"""The process of a search: ``main.py search``, started, listened to and stopped."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal, Slot

from core.datasets.published import DATA_VARIABLE
from core.printable_text import printable
from core.program import start_command
from core.search.plan import SearchPlan
from core.search.search_progress import SearchProgress

_COMMAND = (*start_command(), "search")
_FOLDER = Path(__file__).parents[2]
_NAME = re.compile(r"(?:main\.py|digitscope): ")
_KILL_AFTER_MS = 3_000
_MOST_LISTENED = 4_000
"""Characters of its messages that are kept, the newest."""

_STOPPED = 130


class SearchProcess(QObject):
    """At most one search at a time.

    Parameters
    ----------
    command
        The program, to which the options of a search are added.

    Attributes
    ----------
    search
        The id of the search that is running, or ran last; "" until it is known.

    Signals
    -------
    began()
        The process was started.
    progressed(SearchProgress)
        About every second, and when a trial has ended.
    ended(message)
        The search is finished, or was stopped, or ended with this error.
    """

    began = Signal()
    progressed = Signal(object)
    ended = Signal(str)

    def __init__(self, command: Sequence[str] = _COMMAND, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.search = ""
        self._command = tuple(command)
        self._plan: Path | None = None
        self._errors = ""
        self.data_folder: Path | None = None
        self._process: QProcess | None = None
        self._kill = QTimer(self, interval=_KILL_AFTER_MS, singleShot=True)
        self._kill.timeout.connect(self._on_deaf)

    @property
    def is_running(self) -> bool:
        """Whether a search is going on."""
        return self._process is not None

    # --- starting and stopping ----------------------------------------------------------------

    def start(self, plan: SearchPlan, options: Sequence[str] = ()) -> None:
        """Begin a search; does nothing while one is running.

        Parameters
        ----------
        options
            Of the command, such as ``--jobs``.
        """
        if self.is_running:
            return
        handle, name = tempfile.mkstemp(prefix="digitscope-search-", suffix=".json")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(plan.as_values(), file)
        self._plan = Path(name)
        self.search = ""
        self._run("--plan", name, *options)

    def resume(self, search: str, options: Sequence[str] = ()) -> None:
        """Continue the search with this id; does nothing while one is running."""
        if not self.is_running:
            self.search = search
            self._run("--resume", search, *options)

    def _run(self, *options: str) -> None:
        program, *first = self._command
        self._errors = ""
        self._process = process = QProcess(self)
        process.setWorkingDirectory(str(_FOLDER))
        if self.data_folder is not None:
            # Unlike --data-dir, it is passed over if it holds another data set.
            environment = QProcessEnvironment.systemEnvironment()
            environment.insert(DATA_VARIABLE, str(self.data_folder.absolute()))
            process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._on_lines)
        process.readyReadStandardError.connect(self._on_errors)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        process.start(program, [*first, *options, "--progress-lines"])
        process.closeWriteChannel()
        if self._process is process:
            self.began.emit()

    @Slot()
    def cancel(self) -> None:
        """Ask the search to stop; it is killed if it does not. It can be continued."""
        if self._process is not None and not self._kill.isActive():
            self._process.terminate()
            self._kill.start()

    @Slot()
    def _on_deaf(self) -> None:
        if self._process is not None:
            self._process.kill()

    def close(self, timeout_ms: int) -> bool:
        """Stop the search and wait; kill it at the end of that time. Return whether it ended."""
        self.cancel()
        process = self._process
        if process is None or not timeout_ms:
            return process is None
        if not process.waitForFinished(max(timeout_ms - 500, 0)):
            process.kill()
            process.waitForFinished(500)
        return self._process is None

    # --- listening ----------------------------------------------------------------------------

    @Slot()
    def _on_lines(self) -> None:
        process, newest = self._process, None
        while process is not None and process.canReadLine():
            line = bytes(process.readLine().data())
            with suppress(ValueError, TypeError, KeyError):  # something else that was printed
                values = json.loads(line)
                self.search = str(values.pop("search"))
                newest = SearchProgress(**values)
        if newest is not None:
            self.progressed.emit(newest)

    @Slot()
    def _on_errors(self) -> None:
        if self._process is not None:
            text = bytes(self._process.readAllStandardError().data()).decode(errors="replace")
            self._errors = (self._errors + text)[-_MOST_LISTENED:]

    @Slot(object)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            self._errors = f"The search could not be started: {self._process.errorString()}."
            self._end(self._errors)

    @Slot(int, object)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_lines()
        self._on_errors()
        is_wanted = self._kill.isActive() or code == _STOPPED
        if is_wanted or (code == 0 and status == QProcess.ExitStatus.NormalExit):
            self._end("")
        else:
            self._end(_last_message(self._errors))

    def _end(self, message: str) -> None:
        self._kill.stop()
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        if self._plan is not None:
            self._plan.unlink(missing_ok=True)
            self._plan = None
        self.ended.emit(message)


def _last_message(errors: str) -> str:
    """Return what the command said last, without its name."""
    found = _NAME.split(errors)[-1].strip()
    return printable(found) or "The search has ended unexpectedly. Continue it."
