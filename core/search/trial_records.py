"""The runs of a search's trials in the library of all runs, and in files."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid5

from core.errors import DigitscopeError, RunLibraryError
from core.files.atomic_file import write_atomically
from core.runs.run_library import RunLibrary
from core.runs.run_record import RunRecord, thumbnail_between
from core.search.part import PartResult
from core.settings.config import RunConfig

_TRIES = 3
"""How often to wait for others that write to the library, a second each."""


def run_id(search: str, trial: int, run: int) -> str:
    """Return the id of a run of a search: the same whenever it is trained."""
    return uuid5(UUID(search), f"{trial}/{run}").hex


class TrialRecords:
    """Writes what is kept of a search's runs.

    Parameters
    ----------
    search
        Its id.
    folder
        For a file of each run; None: no files.

    Raises
    ------
    DigitscopeError
        If the folder cannot be made.
    """

    def __init__(self, library: RunLibrary, search: str, folder: Path | None) -> None:
        self._library = library
        self._search = search
        self._folder = folder
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise DigitscopeError(
                    f"The folder '{folder}' for the runs could not be made: "
                    f"{error.strerror or error}. Choose another one."
                ) from error

    @property
    def keeps_files(self) -> bool:
        """Whether each run is saved to a file, so that its state is needed."""
        return self._folder is not None

    def put(
        self, trial: int, run: int, config: RunConfig, began: float, result: PartResult
    ) -> None:
        """Write the record of a run, and its file; they replace earlier ones.

        Raises
        ------
        DigitscopeError
            If it cannot be written.
        """
        path = self._save(trial, run, result.state)
        curves = result.curves
        loss, accuracy = result.test or (None, None)
        record = RunRecord(
            id=run_id(self._search, trial, run),
            name=f"Trial {trial}, run {run}" if run else "",
            note=result.remark,
            began=began,
            config=config,
            steps=result.steps,
            epochs=result.epochs,
            seconds=result.seconds,
            test_loss=loss,
            test_accuracy=accuracy,
            live_changes=0,
            path=path,
            thumbnail=thumbnail_between(curves.test_step, curves.validation_accuracy),
            validation_accuracy=result.accuracy,
            search=self._search,
            trial=trial,
        )
        for left in reversed(range(_TRIES)):
            try:
                self._library.put(record, curves)
                return
            except RunLibraryError:
                if not left:
                    raise

    def _save(self, trial: int, run: int, state: bytes | None) -> Path | None:
        if self._folder is None or state is None:
            return None
        path = self._folder / f"{self._search[:8]}-trial-{trial:05d}-run-{run}.npz"
        write_atomically(path, lambda stream: stream.write(state))
        return path.absolute()
