"""What a claim is: the runs that test it, their outcomes, and its verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.network.layers import parameter_count
from core.settings.config import MAX_BATCH_SIZE, Hyperparameters, NetworkConfig


@dataclass(frozen=True)
class Run:
    """One training, as long as ``hyperparameters.epochs`` says."""

    label: str
    network: NetworkConfig
    hyperparameters: Hyperparameters

    @property
    def epochs(self) -> int:
        """How long it is."""
        return self.hyperparameters.epochs or 1

    @property
    def cost(self) -> float:
        """About how many seconds it takes with 60,000 images on two cores."""
        sizes = self.network.sizes
        operations = MAX_BATCH_SIZE * (6 * parameter_count(sizes) - 2 * sizes[0] * sizes[1])
        steps = MAX_BATCH_SIZE / self.hyperparameters.batch_size
        return self.epochs * (operations / 1.5e11 + steps * 1.2e-4 + 0.05)

    def cut_short(self) -> Run:
        """Return the same with one epoch."""
        return replace(self, hyperparameters=replace(self.hyperparameters, epochs=1))


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    Attributes
    ----------
    before
        Test accuracy, 0…1, before the first step.
    accuracies, test_losses, losses
        One value an epoch: on the test set, on the test set, and the mean of the epoch's batches.
    noise
        Standard deviation of the batches' losses over the last tenth of the steps.
    seconds
        For the run, with the test after each epoch.
    diverged
        Whether the loss exploded, which ended training: the last accuracy is what the test before
        that gave, and the last losses are infinite.
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
        """Test accuracy in the end."""
        return self.accuracies[-1]

    @property
    def best_epoch(self) -> int:
        """After which epoch, from 0 on, the test loss was lowest."""
        return self.test_losses.index(min(self.test_losses))

    @property
    def seconds_per_epoch(self) -> float:
        """Seconds for an epoch, with the test after it."""
        return self.seconds / len(self.losses)

    def epochs_to(self, accuracy: float) -> str:
        """Say after how many epochs the test accuracy was reached."""
        reached = [epoch for epoch, a in enumerate(self.accuracies, start=1) if a >= accuracy]
        return str(reached[0]) if reached else f"more than {len(self.accuracies)}"


@dataclass(frozen=True)
class Claim:
    """What a document says, and how it is tried.

    Attributes
    ----------
    source, says
        The document, and the claim or question in other words.
    runs
        What is trained.
    finding
        Says in a few words what the outcomes, in the order of the runs, show.
    holds
        Whether they bear the claim out; None for a question, which has only an answer.
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
