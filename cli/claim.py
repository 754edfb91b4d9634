"""A claim: the runs that test it, their outcomes, and the verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.network.layers import parameter_count
from core.settings.config import MAX_BATCH_SIZE, Hyperparameters, NetworkConfig


@dataclass(frozen=True)
class Run:
    """A training run of ``hyperparameters.epochs`` epochs."""

    label: str
    network: NetworkConfig
    hyperparameters: Hyperparameters

    @property
    def epochs(self) -> int:
        """Length of the run."""
        return self.hyperparameters.epochs or 1

    @property
    def cost(self) -> float:
        """Estimated seconds with 60,000 images on two cores."""
        sizes = self.network.sizes
        operations = MAX_BATCH_SIZE * (6 * parameter_count(sizes) - 2 * sizes[0] * sizes[1])
        steps = MAX_BATCH_SIZE / self.hyperparameters.batch_size
        return self.epochs * (operations / 1.5e11 + steps * 1.2e-4 + 0.05)

    def cut_short(self) -> Run:
        """Return the same run with one epoch."""
        return replace(self, hyperparameters=replace(self.hyperparameters, epochs=1))


@dataclass(frozen=True)
class Outcome:
    """The results of a run.

    Attributes
    ----------
    before
        Test accuracy, 0…1, before the first step.
    accuracies, test_losses, losses
        One value per epoch: accuracy and loss on the test set, and mean loss of the batches.
    noise
        Standard deviation of the batches' losses over the last tenth of the steps.
    seconds
        Duration, with the evaluation after each epoch.
    diverged
        Whether the loss exploded, which ended training: the last accuracy is then that of the
        evaluation before, and the last losses are infinite.
    """

    before: float
    accuracies: tuple[float, ...]
    test_losses: tuple[float, ...]
    losses: tuple[float, ...]
    noise: float
    seconds: float
    diverged: bool

    @property
    def accuracy(self) -> float:
        """Final test accuracy."""
        return self.accuracies[-1]

    @property
    def best_epoch(self) -> int:
        """Index of the epoch with the lowest test loss."""
        return self.test_losses.index(min(self.test_losses))

    @property
    def seconds_per_epoch(self) -> float:
        """Seconds for an epoch and its evaluation."""
        return self.seconds / len(self.losses)

    def epochs_to(self, accuracy: float) -> str:
        """Return in words how many epochs it took to reach a test accuracy."""
        reached = [epoch for epoch, a in enumerate(self.accuracies, start=1) if a >= accuracy]
        return str(reached[0]) if reached else f"more than {len(self.accuracies)}"


@dataclass(frozen=True)
class Claim:
    """A statement in a document, and how it is tested.

    Attributes
    ----------
    source, says
        The document, and the claim or question in other words.
    runs
        The runs that test it.
    finding
        Describes the outcomes, in the order of the runs, in a few words.
    holds
        Whether they confirm the claim; None for a question, which has only an answer.
    """

    name: str
    source: str
    says: str
    runs: tuple[Run, ...]
    finding: Callable[[Sequence[Outcome]], str]
    holds: Callable[[Sequence[Outcome]], bool] | None = None

    def verdict(self, outcomes: Sequence[Outcome]) -> str:
        """Return the verdict on the outcomes of the runs."""
        if self.holds is None:
            return self.finding(outcomes)
        return f"{'holds' if self.holds(outcomes) else 'does not hold'}: {self.finding(outcomes)}"
