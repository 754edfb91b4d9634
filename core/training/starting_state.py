"""Given weights with which a run begins, instead of random ones."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import NamedTuple

from core.arrays import Floats
from core.errors import ConfigError
from core.network.network import Network
from core.settings.config import NetworkConfig, OptimizerName
from core.training.checkpoint import Checkpoint
from core.training.film import FilmMoment


class Distance(NamedTuple):
    """How far one moment is from an earlier one: in steps, epochs, and seconds of training."""

    steps: int = 0
    epochs: float = 0.0
    seconds: float = 0.0


NO_DISTANCE = Distance()


@dataclass(frozen=True)
class Parent:
    """The moment of another run at which a run branched off.

    Attributes
    ----------
    id
        Of that run; None if it had none.
    step, epochs, seconds
        As :class:`core.training.film.FilmMoment` has them.
    is_rounded
        Whether the weights are rounded, as a film keeps them.
    before
        How far that run's own start is from that of the first of its ancestors, if it is a branch.
    """

    id: str | None
    step: int
    epochs: float
    seconds: float
    is_rounded: bool = False
    before: Distance = NO_DISTANCE

    @property
    def total(self) -> Distance:
        """How far the moment is from the start of the first ancestor: where curves begin."""
        steps, epochs, seconds = self.before
        return Distance(steps + self.step, epochs + self.epochs, seconds + self.seconds)


@dataclass(frozen=True, eq=False)
class OptimizerMemory:
    """What an optimizer remembers. Nobody writes to its arrays.

    Attributes
    ----------
    optimizer
        Which one: no other can continue with it.
    state
        (P,) each, by name (see :class:`core.training.optimizers.Optimizer`).
    steps
        Steps that it has made.
    """

    optimizer: OptimizerName
    state: Mapping[str, Floats]
    steps: int


@dataclass(frozen=True, eq=False)
class StartingState:
    """The network that a run begins with. The run's seed then decides everything but the weights.

    Attributes
    ----------
    network
        Nobody writes to it.
    source
        Where it comes from, in a few words: the name of a file, as a rule.
    memory
        What the optimizer begins with; None for nothing.
    parent
        Where the run branched off; None if it is not a branch.
    """

    network: Network
    source: str
    memory: OptimizerMemory | None = None
    parent: Parent | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        vectors = () if self.memory is None else self.memory.state.values()
        return self.network.parameters.nbytes + sum(vector.nbytes for vector in vectors)

    def __str__(self) -> str:
        if self.parent is None:
            return self.source
        how = "rounded to 16 bits" if self.parent.is_rounded else "in full precision"
        optimizer = "a new optimizer" if self.memory is None else "the state of its optimizer"
        return f"{self.source}, {how}, and with {optimizer}"

    def fits(self, config: NetworkConfig) -> bool:
        """Return whether a run of `config` can begin with it."""
        return self.network.shape_in(config) == config

    def for_classes(self, classes: tuple[str, ...]) -> StartingState:
        """Return it for a run that tells these classes apart, however its outputs were called.

        Raises
        ------
        ConfigError
            If it has more or fewer outputs.
        """
        outputs = self.network.sizes[-1]
        if len(classes) != outputs:
            raise ConfigError(
                f"The network of {self.source} has {outputs} outputs, but the data set has "
                f"{len(classes)} classes: {', '.join(classes)}. Begin with random weights, or with "
                "a network that has as many outputs."
            )
        network = copy(self.network)
        network.classes = classes
        return replace(self, network=network)

    def with_optimizer(self, name: OptimizerName) -> StartingState:
        """Return it for a run that begins with this optimizer, which may be another."""
        if self.memory is None or self.memory.optimizer == name:
            return self
        return replace(self, memory=None)


def start_at_moment(
    moment: FilmMoment, run: str | None, source: str, before: Distance
) -> StartingState:
    """Return the start of a branch of the run with the id `run`: with a new optimizer.

    `before` is as :class:`Parent` has it.
    """
    parent = Parent(run, moment.step, moment.epochs, moment.seconds, moment.is_rounded, before)
    return StartingState(moment.make_network(), source, parent=parent)


def start_at_checkpoint(
    checkpoint: Checkpoint,
    images_per_epoch: int,
    run: str | None,
    source: str,
    before: Distance,
) -> StartingState:
    """Return the start of a branch of the run with the id `run`, with what its optimizer knows.

    The arrays of the checkpoint are not copied. `before` is as :class:`Parent` has it.
    """
    network = Network.from_config(checkpoint.network)
    network.parameters[:] = checkpoint.parameters
    name, state = checkpoint.hyperparameters.optimizer, checkpoint.optimizer_state
    memory = OptimizerMemory(name, state, checkpoint.optimizer_steps) if state else None
    epochs = checkpoint.epoch + checkpoint.position / images_per_epoch
    step, seconds = checkpoint.step, checkpoint.seconds
    parent = Parent(run, step, epochs, seconds, before=before)
    return StartingState(network.frozen_copy(), source, memory, parent)


def begin_of(start: StartingState | None) -> Distance:
    """Return how far a run with this start begins from the start of the first of its ancestors."""
    return NO_DISTANCE if start is None or start.parent is None else start.parent.total
