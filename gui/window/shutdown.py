"""How the window closes: with a question about an unsaved run, and without a thread at work."""

from __future__ import annotations

from collections.abc import Callable

from gui.files.autosave import Autosave
from gui.files.run_files import RunFiles
from gui.lessons.lessons_panel import LessonsPanel
from gui.rate_test.rate_test import RateTest
from gui.runs.comparing import Comparing
from gui.threads.closing import close_parts
from gui.threads.pool import app_pool
from gui.training.session import TRAINING, Session
from gui.window.search_controller import SearchController


class Shutdown:
    """Closes the parts of the window in the order in which they need each other.

    Attributes
    ----------
    asks
        Whether to ask before steps are lost that are in no file.
    unfinished
        The parts that were still at work when the window closed.
    """

    def __init__(
        self,
        session: Session,
        lessons: LessonsPanel,
        rate_test: RateTest,
        search: SearchController,
        comparing: Comparing,
        files: RunFiles,
        autosave: Autosave,
    ) -> None:
        self.asks = False
        self.unfinished: list[str] = []
        self._session = session
        self._lessons = lessons
        self._rate_test = rate_test
        self._comparing = comparing
        self._files = files
        self._autosave = autosave
        self._search = search

    def may_begin(self, close: Callable[[], object]) -> bool:
        """Return whether the run may be lost now; call `close` later if it is saved first."""
        if not self.asks:
            return True
        may_close = self._search.may_close() and self._files.may_be_lost(close)
        # The end of the session may have closed the question: Qt ignores a second close meanwhile.
        return may_close or not self.asks

    def run(self) -> None:
        """End all threads, and write what is still to be written."""
        self._comparing.close()
        self.unfinished = close_parts(
            {
                "work in the background": app_pool().close,
                "the lesson": self._lessons.close_threads,
                "the learning-rate test": self._rate_test.close,
                "the search": self._search.close,
                **self._session.parts(),
            }
        )
        self._session.close()
        self._autosave.close()  # only now, because training may have been writing its copy

    def keep_copy(self) -> None:
        """Keep a copy of the unsaved run instead of asking: nobody is there to answer."""
        self.asks = False
        self._autosave.keep()

    @property
    def has_lost_work(self) -> bool:
        """Whether a file of the run was still to be written when the threads were given up."""
        return TRAINING in self.unfinished and (self._autosave.is_kept or self._files.is_saving)
