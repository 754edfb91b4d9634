"""What the orders of the wall need: a network's scores, and duplicates, found in other threads."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from core.arrays import LabeledImages
from core.datasets.dataset import Dataset
from core.inspection.duplicates import Duplicates, find_duplicates
from core.inspection.training_scores import TrainingScores, score_images
from core.progress import Progress
from core.training.snapshot import Snapshot
from gui.threads.latest_task import LatestTask

_LEAST_REST = 5.0
"""Seconds between two scorings while a run trains; a tenth of a core at most goes to them."""


class WallScores(QObject):
    """Scores the training images by the newest network, and looks for duplicates once.

    Signals
    -------
    scored
        There are newer scores; see :attr:`scores`.
    duplicates_found
        See :attr:`duplicates`.
    failed(message)
        One of the two is not to be had; the message is for the user.

    Attributes
    ----------
    scores, step
        The newest scores, and the step of the network that they are of; None before the first.
    duplicates
        Of the present data set; None until they were looked for.
    """

    scored = Signal()
    duplicates_found = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scores: TrainingScores | None = None
        self.step: int | None = None
        self.duplicates: Duplicates | None = None
        self._dataset: Dataset | None = None
        self._snapshot: Snapshot | None = None
        self._scored: Snapshot | None = None
        self._compares: Dataset | None = None
        self._scoring = LatestTask(self, _LEAST_REST)
        self._scoring.done.connect(self._on_scored)
        self._scoring.failed.connect(self.failed)
        self._comparing = LatestTask(self)
        self._comparing.done.connect(self._on_compared)
        self._comparing.failed.connect(self._on_not_compared)

    @property
    def is_current(self) -> bool:
        """Whether the scores are those of the newest network."""
        return self.scores is not None and self._scored is self._snapshot

    def show_dataset(self, dataset: Dataset) -> None:
        """Work on the training images of this data set."""
        self.clear()
        self._dataset, self.duplicates, self._compares = dataset, None, None
        self._comparing.forget()

    def clear(self) -> None:
        """Forget the network."""
        self.scores = self.step = self._snapshot = self._scored = None
        self._scoring.forget()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take the network of this moment for the next scores."""
        self._snapshot = snapshot

    def score(self, at_once: bool = False) -> None:
        """Have the newest network score the images; at once if the user waits for it."""
        dataset, snapshot = self._dataset, self._snapshot
        if dataset is None or snapshot is None or self.is_current:
            return

        def work(progress: Progress) -> tuple[Snapshot, TrainingScores]:
            images = LabeledImages(dataset.train_images, dataset.train_labels)
            return snapshot, score_images(snapshot.network, images, progress)

        self._scoring.ask_long(work, at_once)

    def compare(self) -> None:
        """Look for duplicates, once in a data set; whatever becomes of the run meanwhile."""
        dataset = self._dataset
        if dataset is None or dataset is self._compares:
            return
        self._compares = dataset

        def work(progress: Progress) -> Duplicates:
            return find_duplicates(dataset.train_images, dataset.test_images, progress)

        self._comparing.ask_long(work, at_once=True)

    @Slot(object)
    def _on_scored(self, result: tuple[Snapshot, TrainingScores]) -> None:
        self._scored, self.scores = result
        self.step = self._scored.step
        self.scored.emit()

    @Slot(object)
    def _on_compared(self, duplicates: Duplicates) -> None:
        self.duplicates = duplicates
        self.duplicates_found.emit()

    @Slot(str)
    def _on_not_compared(self, problem: str) -> None:
        self._compares = None  # so that one can try again
        self.failed.emit(problem)
