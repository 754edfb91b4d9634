"""Runs that others have replaced, kept whole. They hold no trainer, thread or worker."""

from __future__ import annotations

import logging
import tempfile
import threading
import weakref
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO
from uuid import uuid4

from core.datasets.dataset import Dataset
from core.files.locations import cache_folder
from core.printable_text import printable
from core.saving.run_file import read_run, write_run
from core.settings.data_source import OwnData
from core.training.saved_run import SavedRun, check_images
from core.training.starting_state import StartingState

MOST_RUNS = 5
REPLACED_BYTES = 256 * 2**20
"""What replaced runs may take in memory, together."""

Moment = tuple[int, int]
"""Of a run: how many steps it made, and the length of its log of live changes."""


class KeptRun:
    """A run that can be resumed, in memory or on disk.

    Parameters
    ----------
    run
        What it was.
    file
        The user's file of this run; None if it has none.
    in_file
        What is in that file; None if nothing is.

    Attributes
    ----------
    id
        Of the run; a new one if it had none.
    config
        The settings that were in force.
    moment
        What would be resumed.
    nbytes
        What it takes in memory: 0 on disk.
    """

    def __init__(
        self, run: SavedRun, file: Path | None = None, in_file: Moment | None = None
    ) -> None:
        self.id = run.id or uuid4().hex
        self.config = run.present_config
        self.file = file
        self.in_file = in_file
        self.moment = moment_of(run)
        self.nbytes = run.nbytes
        self._checksum = None if run.training is None else run.training.dataset_checksum
        self._run: SavedRun | None = replace(run, id=self.id)
        self._stream: IO[bytes] | None = None
        self._reading = threading.Lock()

    @property
    def start(self) -> StartingState | None:
        """What it began with, while it is in memory."""
        return None if self._run is None else self._run.start

    @property
    def source(self) -> str:
        """Where its network comes from, in a few words."""
        return "a saved run" if self.file is None else printable(self.file.name)

    def load(self) -> SavedRun:
        """Return the run; from disk it takes as long as to open a file. Any thread may call it."""
        run, stream = self._run, self._stream
        if run is not None:
            return run
        assert stream is not None
        with self._reading:
            return read_run(stream)

    def learned_from(self, dataset: Dataset) -> bool:
        """Return whether it learned from these own data, which may have moved since."""
        is_own = isinstance(self.config.dataset, OwnData) and isinstance(dataset.name, OwnData)
        return is_own and self._checksum == dataset.checksum

    def check(self, dataset: Dataset) -> None:
        """Raise a RunFileError if it cannot be resumed with `dataset`."""
        if self._checksum is None:
            self.load().training_on(dataset)
        else:
            check_images(self._checksum, dataset)

    def move_to_disk(self, folder: Path) -> None:
        """Keep it in a file from now on; it has no name, and goes with this object or the process.

        Raises
        ------
        OSError
            If it cannot be written; it then stays in memory.
        """
        run = self._run
        if run is None:
            return
        folder.mkdir(parents=True, exist_ok=True)
        stream = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - it is read later
        try:
            write_run(stream, run)
            stream.flush()
        except BaseException:
            stream.close()
            raise
        weakref.finalize(self, stream.close)
        self._stream, self._run, self.nbytes = stream, None, 0


class ReplacedRuns:
    """Runs that others have replaced, newest first. Any thread may put or read them.

    Parameters
    ----------
    budget
        How many bytes they may take in memory together; the oldest go to disk.
    folder
        Where; None: this user's cache folder.
    """

    def __init__(self, budget: int = REPLACED_BYTES, folder: Path | None = None) -> None:
        self._budget = budget
        self._folder = folder
        self._lock = threading.Lock()
        self._moving = threading.Lock()
        self._runs: tuple[KeptRun, ...] = ()

    @property
    def runs(self) -> Sequence[KeptRun]:
        """Those that are kept, newest first."""
        return self._runs

    @property
    def nbytes(self) -> int:
        """What they take in memory."""
        return sum(run.nbytes for run in self._runs)

    def find(self, run: str) -> KeptRun | None:
        """Return what was kept last of the run with this id."""
        return next((kept for kept in self._runs if kept.id == run), None)

    def put(self, run: KeptRun) -> None:
        """Keep `run` as the newest, and let go of the oldest; may write to disk."""
        with self._lock:
            self._runs = (run, *self._runs)[:MOST_RUNS]
        with self._moving:
            for each in self._beyond_budget():
                try:
                    each.move_to_disk(self._folder or cache_folder())
                except OSError as error:
                    logging.getLogger(__name__).warning("A replaced run is not kept: %s", error)
                    self.take(each)

    def take(self, run: KeptRun) -> None:
        """Keep it no more, because it is resumed; does nothing if it was not kept."""
        with self._lock:
            self._runs = tuple(kept for kept in self._runs if kept is not run)

    def _beyond_budget(self) -> list[KeptRun]:
        """Return those in memory that there is no room for, the oldest first."""
        beyond, size = [], 0
        for run in self._runs:
            size += run.nbytes
            if size > self._budget:
                size -= run.nbytes
                beyond.append(run)
        return beyond[::-1]


def moment_of(run: SavedRun) -> Moment:
    """Return how far a saved run is."""
    if run.training is None:
        return 0, 0
    checkpoint = run.training.checkpoint
    return checkpoint.step, len(checkpoint.changes)
