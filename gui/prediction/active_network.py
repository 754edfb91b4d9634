"""The network that predicts for the drawing: ready-made, of the run, or imported."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QObject, Signal, Slot

from core.arrays import DIGITS
from core.network.network import Network
from core.saving.shipped import thresholds_in_force
from core.training.confidence import Thresholds
from core.training.saved_run import BestNetwork, SavedRun
from core.training.snapshot import Snapshot
from core.training.starting_state import StartingState
from gui.prediction.edited_network import EditedNetwork


class Source(Enum):
    """Where the active network comes from."""

    READY_MADE = auto()
    RUN = auto()
    IMPORTED = auto()


class ActiveNetwork(QObject):
    """Chooses between the ready-made network, the run's, and one that was imported from a file.

    Before any training the ready-made network predicts, because it is accurate. As soon as the run
    trains, the run's own does, so that one sees it learn; or that of an earlier moment, while the
    views show one.

    Parameters
    ----------
    shipped
        The ready-made network; None if there is none.
    edited
        The run's network with the user's edits.

    Attributes
    ----------
    source
        Where the active network comes from.
    imported
        The imported network; None before there is one.

    Signals
    -------
    changed
        Another network is active now, or the active one has learned or was edited.
    """

    changed = Signal()

    def __init__(
        self, shipped: SavedRun | None, edited: EditedNetwork, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.shipped = shipped
        self.imported: StartingState | None = None
        self.source = Source.RUN if shipped is None else Source.READY_MADE
        self._edited = edited
        edited.edits_changed.connect(self._on_edits)

    @property
    def follows_run(self) -> bool:
        """Whether the run's network is active."""
        return self.source is Source.RUN

    @property
    def past(self) -> Snapshot | None:
        """The earlier moment of the run whose network predicts; None if it is another's."""
        return self._edited.past if self.follows_run else None

    @property
    def is_of_run(self) -> bool:
        """Whether the network that the run trains is active: not its best, nor one of no run."""
        return self.follows_run and self._used_best is None

    @property
    def network(self) -> Network | None:
        """The network that predicts, with the user's edits; None before the run has one."""
        if self.past is not None:
            return self.past.network
        if self.is_of_run:
            return self._edited.edited
        return None if self.start is None else self.start.network

    @property
    def best(self) -> BestNetwork | None:
        """The run's best network if it predicts: patience ended the run, and nothing is edited."""
        return self._used_best if self.past is None else None

    @property
    def _used_best(self) -> BestNetwork | None:
        snapshot = self._edited.snapshot
        if not self.follows_run or snapshot is None or self._edited.edits:
            return None
        return snapshot.used_best

    @property
    def start(self) -> StartingState | None:
        """The active network, of now and without the user's edits: what training may begin with."""
        if self.source is Source.IMPORTED:
            return self.imported
        if self.source is Source.READY_MADE and self.shipped is not None:
            return StartingState(self.shipped.network, "the ready-made network")
        if self._used_best is not None:
            return StartingState(self._used_best.network, "the best network of a run")
        trained = self._edited.trained
        return None if trained is None else StartingState(trained, "the network of a run")

    @property
    def thresholds(self) -> Thresholds:
        """For each class the least probability of a prediction that counts as certain.

        An earlier moment's are those of now: none were measured then.
        """
        snapshot = self._edited.snapshot
        own = snapshot.thresholds if self.follows_run and snapshot else None
        if self.best is not None:
            own = self.best.thresholds
        classes = DIGITS if self.network is None else self.network.classes
        return thresholds_in_force(own, self.shipped, classes)

    @Slot(object)
    def use(self, source: Source) -> None:
        """Activate the network of this source; the run's if there is none."""
        available = {Source.READY_MADE: self.shipped, Source.IMPORTED: self.imported}
        source = Source.RUN if available.get(source) is None else source
        if source is not self.source:
            self.source = source
            self.changed.emit()

    def use_imported(self, imported: StartingState) -> None:
        """Activate a network that was imported, in place of one that was before."""
        self.imported, self.source = imported, Source.IMPORTED
        self.changed.emit()

    @Slot(object)
    def note_learning(self, _snapshot: object = None) -> None:
        """Announce that the run's network has learned."""
        if self.follows_run:
            self.changed.emit()

    @Slot(object)
    def _on_edits(self, edits: object) -> None:
        self.source = Source.RUN if edits else self.source
        self.changed.emit()
