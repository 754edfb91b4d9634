"""Which network reads the pad: the one that came with the app, or that of the present run."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from core.inspection.network_edits import NetworkEdits
from core.network.network import Network
from core.settings.config import RunConfig
from core.training.saved_run import BestNetwork, SavedRun
from core.training.snapshot import Snapshot


class ActiveNetwork(QObject):
    """Holds both networks, and knows which of them is asked.

    Before any training the one that came with the app is, because it reads well; as soon as the
    run trains, the run's own is, so that one sees it learn.

    Signals
    -------
    changed
        Another network is asked from now on, or the one that is asked has learned.
    """

    changed = Signal()

    def __init__(self, shipped: SavedRun | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shipped = shipped
        self._follows_run = shipped is None
        self._config: RunConfig | None = None
        self._snapshot: Snapshot | None = None
        self._edits = NetworkEdits()
        self._edited: Network | None = None

    @property
    def follows_run(self) -> bool:
        """Whether the run's network is asked."""
        return self._follows_run

    @property
    def network(self) -> Network | None:
        """The network that is asked; None before the first run has one."""
        trained = self.trained
        if trained is None or not self._follows_run:
            return trained
        if self._edited is None:
            self._edited = self._edits.apply(trained)
        return self._edited

    @property
    def best(self) -> BestNetwork | None:
        """The run's best network where it is asked in the place of the last.

        It is where patience ended the run, unless the user has edited the last one.
        """
        if not self._follows_run or self._snapshot is None or self._edits:
            return None
        return self._snapshot.used_best

    @property
    def trained(self) -> Network | None:
        """The same without the user's edits: what training may begin with."""
        if self.shipped is not None and not self._follows_run:
            return self.shipped.network
        if self.best is not None:
            return self.best.network
        return None if self._snapshot is None else self._snapshot.network

    @property
    def config(self) -> RunConfig | None:
        """How that network came about; None before the first run."""
        if self.shipped is not None and not self._follows_run:
            return self.shipped.config
        if self._config is None or self._snapshot is None:
            return self._config
        best = self.best
        shape = self._snapshot.network_config if best is None else best.config
        return replace(self._config, network=shape)

    @property
    def threshold(self) -> float:
        """From which probability on an answer is worth giving.

        A run without a validation split has none of its own and uses that of the app's network.
        """
        own = self._snapshot.threshold if self._follows_run and self._snapshot else None
        if self.best is not None:
            own = self.best.threshold
        shipped = self.shipped.threshold if self.shipped is not None else None
        return next((t for t in (own, shipped) if t is not None), 0.0)

    @Slot(bool)
    def follow_run(self, follows: bool = True) -> None:
        """Ask the run's network from now on, or, if False, the one that came with the app."""
        follows = follows or self.shipped is None
        if follows != self._follows_run:
            self._follows_run = follows
            self.changed.emit()

    def note_config(self, config: RunConfig) -> None:
        """Take note of what the present run is."""
        self._config = config

    def note_snapshot(self, snapshot: Snapshot) -> None:
        """Take note of the run's newest state."""
        self._snapshot = snapshot
        self._edited = None
        if self._follows_run:
            self.changed.emit()

    def forget_run(self) -> None:
        """A new run begins, which has no network yet."""
        self._snapshot = self._edited = None

    @Slot(object)
    def note_edits(self, edits: NetworkEdits) -> None:
        """Read with the run's network, edited like this, from now on."""
        self._edits, self._edited = edits, None
        self._follows_run = self._follows_run or bool(edits)
        self.changed.emit()
