"""The network that predicts for the drawing: the app's ready-made one, or that of the run."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from core.network.network import Network
from core.saving.shipped import threshold_in_force
from core.settings.config import RunConfig
from core.training.saved_run import BestNetwork, SavedRun
from gui.prediction.edited_network import EditedNetwork


class ActiveNetwork(QObject):
    """Chooses between the ready-made network and the run's.

    Before any training the ready-made network predicts, because it is accurate. As soon as the run
    trains, the run's own does, so that one sees it learn.

    Parameters
    ----------
    shipped
        The ready-made network; None if there is none.
    edited
        The run's network with the user's edits.

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
        self._edited = edited
        self._follows_run = shipped is None
        self._config: RunConfig | None = None
        edited.edits_changed.connect(self._on_edits)

    @property
    def follows_run(self) -> bool:
        """Whether the run's network is active."""
        return self._follows_run

    @property
    def is_of_run(self) -> bool:
        """Whether the network that the run trains is active: not its best or the ready-made one."""
        return self._follows_run and self.best is None

    @property
    def network(self) -> Network | None:
        """The active network, with the user's edits; None before the run has one."""
        if self.shipped is not None and not self._follows_run:
            return self.shipped.network
        return self._edited.network if self.best is None else self.best.network

    @property
    def best(self) -> BestNetwork | None:
        """The run's best network if it is active: patience ended the run, and nothing is edited."""
        snapshot = self._edited.snapshot
        if not self._follows_run or snapshot is None or self._edited.edits:
            return None
        return snapshot.used_best

    @property
    def trained(self) -> Network | None:
        """The active network without the user's edits: what training may begin with."""
        if self.is_of_run:
            return self._edited.trained
        return self.network

    @property
    def config(self) -> RunConfig | None:
        """The settings that describe the active network; None before the first run."""
        if self.shipped is not None and not self._follows_run:
            return self.shipped.config
        snapshot = self._edited.snapshot
        if self._config is None or snapshot is None:
            return self._config
        shape = snapshot.config.network if self.best is None else self.best.config
        return replace(self._config, network=shape)

    @property
    def threshold(self) -> float:
        """The least probability of a prediction that counts as certain."""
        snapshot = self._edited.snapshot
        own = snapshot.threshold if self._follows_run and snapshot else None
        if self.best is not None:
            own = self.best.threshold
        return threshold_in_force(own, self.shipped)

    @Slot(bool)
    def follow_run(self, follows: bool = True) -> None:
        """Activate the run's network, or, if False, the ready-made one."""
        follows = follows or self.shipped is None
        if follows != self._follows_run:
            self._follows_run = follows
            self.changed.emit()

    def note_config(self, config: RunConfig) -> None:
        """Take note of the present run's settings."""
        self._config = config

    @Slot(object)
    def note_learning(self, _snapshot: object = None) -> None:
        """Announce that the run's network has learned."""
        if self._follows_run:
            self.changed.emit()

    @Slot(object)
    def _on_edits(self, edits: object) -> None:
        self._follows_run = self._follows_run or bool(edits)
        self.changed.emit()
