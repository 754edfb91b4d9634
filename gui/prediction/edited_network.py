"""The run's network with the user's edits, and their effect on the test accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QObject, Signal, Slot

from core.arrays import LabeledImages
from core.datasets.dataset import Dataset
from core.inspection.network_edits import Edit, NetworkEdits, Silence
from core.network.network import Network
from core.training.checkpoint import Change
from core.training.evaluation import evaluate
from core.training.snapshot import Snapshot
from gui.threads.latest_task import LatestTask


@dataclass(frozen=True)
class Accuracies:
    """Accuracy on the test set, 0…1, of the network without and with the edits.

    `step` and `changes` say when: the steps made and the live changes by then.
    """

    trained: float
    edited: float
    edits: NetworkEdits
    step: int
    changes: int


class EditedNetwork(QObject):
    """The one place that holds the run's newest state and applies the user's edits to it.

    Training knows nothing of the edits: they are applied to a copy of each state, once, when
    it is first needed. They can be undone one by one. An earlier moment of the run is shown as it
    was, without them; who edits meanwhile edits the newest state.

    Signals
    -------
    edits_changed(NetworkEdits)
        The edits are others.
    accuracy_changed()
        :attr:`accuracies` was measured again, or is out of date.

    Attributes
    ----------
    snapshot
        The run's newest state; None before the first.
    past
        The earlier moment that is shown instead; None while the newest state is.
    edits
        All edits, oldest first.
    accuracies
        The latest measurement; None without edits, or before the first measurement.
    is_older
        Whether the network has learned since the last edit.
    """

    edits_changed = Signal(object)
    accuracy_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.edits = NetworkEdits()
        self.accuracies: Accuracies | None = None
        self.is_older = False
        self.snapshot: Snapshot | None = None
        self.past: Snapshot | None = None
        self._edited: Network | None = None
        self._edited_at = 0
        self._before: list[NetworkEdits] = []
        self._test: LabeledImages | None = None
        self._measuring = LatestTask(self)
        self._measuring.done.connect(self._on_measured)

    @property
    def trained(self) -> Network | None:
        """The run's network without the edits; None before the first snapshot."""
        return None if self.snapshot is None else self.snapshot.network

    @property
    def network(self) -> Network | None:
        """The network to show: with the edits, or of the past; None before the first snapshot.

        Read-only.
        """
        return self.edited if self.past is None else self.past.network

    @property
    def edited(self) -> Network | None:
        """The run's newest network with the edits; None before the first snapshot."""
        if self._edited is None and self.trained is not None:
            self._edited = self.edits.apply(self.trained)
        return self._edited

    @property
    def _moment(self) -> tuple[int, int]:
        """Steps made and live changes so far."""
        return (0, 0) if self.snapshot is None else (self.snapshot.step, len(self.snapshot.changes))

    @property
    def accuracies_are_old(self) -> bool:
        """Whether the network has learned, or changed its layers, since they were measured."""
        measured = self.accuracies
        return measured is not None and (measured.step, measured.changes) != self._moment

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit, or an undoing of edits, to undo."""
        return bool(self._before)

    def show_dataset(self, dataset: Dataset | None) -> None:
        """Measure the accuracy on this data set's test set."""
        self._test = None if dataset is None else dataset.test
        self._forget_accuracies()

    def note_snapshot(self, snapshot: Snapshot) -> None:
        """Take note of the run's newest state.

        Where its layers have changed, the edits follow their units.
        """
        before = () if self.snapshot is None else self.snapshot.changes
        self.snapshot, self._edited = snapshot, None
        if self._before:
            self._follow(before, snapshot.changes)
        self.is_older = snapshot.step != self._edited_at

    def show_past(self, past: Snapshot | None) -> None:
        """Show this earlier moment from now on; None for the newest state."""
        self.past = past

    def clear(self) -> None:
        """Forget the run and its edits."""
        self.snapshot = self.past = self._edited = None
        self._before = []
        self._set_edits(NetworkEdits())

    # --- edits ----------------------------------------------------------------------------

    @Slot(object)
    def add(self, edit: Edit) -> None:
        """Add an edit."""
        self._replace(self.edits.with_edit(edit))

    def set_silent(self, layer: int, unit: int, is_silent: bool) -> None:
        """Switch off a unit, or switch it on again."""
        silence = Silence(layer, unit)
        change = self.edits.with_edit if is_silent else self.edits.without
        self._replace(change(silence))

    @Slot()
    def undo_all(self) -> None:
        """Remove all edits."""
        self._replace(NetworkEdits())

    @Slot()
    def undo(self) -> None:
        """Go back to the edits before the last change of them."""
        if self._before:
            self._set_edits(self._before.pop())

    def _replace(self, edits: NetworkEdits) -> None:
        if edits != self.edits:
            self._before.append(self.edits)
            self._set_edits(edits)

    def _set_edits(self, edits: NetworkEdits) -> None:
        is_new = edits != self.edits
        self.edits = edits
        self._edited_at, self.is_older = self._moment[0], False
        self._edited = None
        if not edits:
            self._forget_accuracies()
        if is_new:
            self.edits_changed.emit(edits)

    def _follow(self, before: tuple[Change, ...], changes: tuple[Change, ...]) -> None:
        """Follow the units through the changes since the last snapshot, and back where undone."""
        common = sum(old is new for old, new in zip(before, changes, strict=False))
        states = [*self._before, self.edits]
        for undone in reversed(before[common:]):
            if undone.kept_units is not None:
                states = [state.restored(undone.kept_units) for state in states]
        for made in changes[common:]:
            if made.kept_units is not None:
                states = [state.transferred(made.kept_units) for state in states]
        # Where all units that an edit was about are gone, there is nothing to undo.
        self._before = [state for state, later in pairwise(states) if state != later]
        if states[-1] != self.edits:
            self._set_edits(states[-1])

    # --- accuracy ---------------------------------------------------------------------------

    def measure(self, at_once: bool = False) -> None:
        """Measure the accuracy with and without the edits, in the background, if there are any."""
        trained, edited, test = self.trained, self.edited, self._test
        edits, (step, changes) = self.edits, self._moment
        if trained is None or edited is None or test is None or not edits:
            return

        def measure() -> Accuracies:
            shares = [
                evaluate(network, test.images, test.labels).accuracy
                for network in (trained, edited)
            ]
            return Accuracies(shares[0], shares[1], edits, step, changes)

        self._measuring.ask(measure, at_once)

    @Slot(object)
    def _on_measured(self, accuracies: Accuracies) -> None:
        self.accuracies = accuracies
        self.accuracy_changed.emit()

    def _forget_accuracies(self) -> None:
        self._measuring.forget()
        self.accuracies = None
        self.accuracy_changed.emit()
