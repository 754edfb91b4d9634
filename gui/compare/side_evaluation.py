"""How the network of one side reads the test set: evaluated when needed, and then known."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from core.arrays import LabeledImages
from core.training.evaluation import Evaluation
from gui.compare.side import ComparedNetwork
from gui.mistakes.moment_evaluation import MomentEvaluation


class SideEvaluation(QObject):
    """Evaluates what is asked for; of a run that trains, the last result stays until the next.

    Attributes
    ----------
    network, evaluation
        What is known, and of which network; None while that is another than was asked for.

    Signals
    -------
    changed
        There is a result.
    user_waits(bool)
        An evaluation that the user waits for begins, or has ended or is no longer wanted.
    """

    changed = Signal()
    user_waits = Signal(bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.network: ComparedNetwork | None = None
        self.evaluation: Evaluation | None = None
        self._test: LabeledImages | None = None
        self._evaluation = MomentEvaluation(self)
        self._evaluation.done.connect(self._on_evaluated)
        self._evaluation.user_waits.connect(self.user_waits)

    @property
    def has_diverged(self) -> bool:
        """Whether the network answers nothing."""
        return self.evaluation is not None and not np.isfinite(self.evaluation.confidence).any()

    def ask(self, network: ComparedNetwork, test: LabeledImages) -> None:
        """Evaluate `network` on the test set, unless that is done."""
        known = self.network
        if self._test is not test or not (known is network or network.follows(known)):
            self.network = self.evaluation = None
        self._test = test
        if self.network is network:
            self._evaluation.forget()
        else:
            self._evaluation.ask(network, test, network.is_live)

    def forget(self) -> None:
        """Evaluate nothing, and know nothing."""
        self._evaluation.forget()
        self.network = self.evaluation = None

    @Slot(object, object)
    def _on_evaluated(self, network: ComparedNetwork, evaluation: Evaluation) -> None:
        self.network, self.evaluation = network, evaluation
        self.changed.emit()
