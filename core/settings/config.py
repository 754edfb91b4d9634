"""The settings of a run: the network's shape, the hyperparameters, and the seed.

The classes follow what a user sees: a change of :class:`Hyperparameters` takes effect at the next
step, and a change of the data set, the seed or the split starts a new run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from core.arrays import DIGITS, PIXELS
from core.errors import ConfigError
from core.settings.augmentation import NO_AUGMENTATION, Augmentation
from core.settings.data_source import READY_SETS, DataSource, OwnData, check_classes, classes_of

MAX_HIDDEN_LAYERS = 8
MAX_UNITS = 4_096
MAX_BATCH_SIZE = 60_000
"""All training images of a data set: a full batch."""
MAX_VALIDATION = 50_000
_MAX_LEARNING_RATE = 1_000.0
MAX_EPOCHS = 1_000_000
MAX_SEED = 2**31 - 1
_MAX_INITIAL_SCALE = 1_000.0
MAX_THREADS = 256
"""More than any step can use. Not a setting of a run, whose bits do not depend on it."""

ActivationName = Literal["relu", "leaky-relu", "sigmoid", "tanh", "identity", "elu"]
OutputName = Literal["softmax", "sigmoid"]
InitializationName = Literal["he", "glorot", "constant", "zeros"]
OptimizerName = Literal["sgd", "momentum", "nesterov", "adam"]
ScheduleName = Literal["constant", "step", "cosine", "one-cycle"]

ACTIVATION_NAMES: list[ActivationName] = list(get_args(ActivationName))
"""To which :func:`core.network.activations.register_activation` adds."""
OUTPUT_NAMES: tuple[OutputName, ...] = get_args(OutputName)
INITIALIZATION_NAMES: tuple[InitializationName, ...] = get_args(InitializationName)
OPTIMIZER_NAMES: tuple[OptimizerName, ...] = get_args(OptimizerName)
SCHEDULE_NAMES: tuple[ScheduleName, ...] = get_args(ScheduleName)


@dataclass(frozen=True)
class NetworkConfig:
    """The shape of a fully connected network, and how its weights are initialized.

    Attributes
    ----------
    hidden
        Units of each hidden layer, from input to output; may be empty.
    activations
        The activation of each hidden layer; a single one applies to all. If all are the same, only
        one is kept, so that equal networks compare equal.
    output
        ``"softmax"`` with cross-entropy: one of the classes; ``"sigmoid"`` with binary
        cross-entropy: an independent yes-or-no question for each.
    initialization
        ``"he"``: N(0, 2/fan_in). ``"glorot"``: N(0, 2/(fan_in + fan_out)). ``"constant"``:
        N(0, 1) times `initial_scale` in every layer. ``"zeros"``: all zero.
    initial_scale
        Standard deviation for ``"constant"``; unused by the others.
    classes
        The names of the outputs.

    Raises
    ------
    ConfigError
        If a value is outside its range.
    """

    hidden: tuple[int, ...] = (128, 64)
    activations: tuple[ActivationName, ...] = ("relu",)
    output: OutputName = "softmax"
    initialization: InitializationName = "he"
    initial_scale: float = 0.01
    classes: tuple[str, ...] = DIGITS

    def __post_init__(self) -> None:
        """Check every field."""
        if len(self.hidden) > MAX_HIDDEN_LAYERS:
            raise ConfigError(
                f"{len(self.hidden)} hidden layers are too many; use up to {MAX_HIDDEN_LAYERS}."
            )
        for units in self.hidden:
            if not 1 <= units <= MAX_UNITS:
                raise ConfigError(
                    f"A hidden layer of {units} units is not possible; use 1 to {MAX_UNITS}."
                )
        for name in self.activations:
            _check_name("activation", name, ACTIVATION_NAMES)
        if len(self.activations) not in (1, len(self.hidden) or 1):
            raise ConfigError(
                f"{len(self.activations)} activations do not fit {len(self.hidden)} hidden "
                "layers; give one for all, or one for each."
            )
        if len(set(self.activations)) == 1:
            object.__setattr__(self, "activations", self.activations[:1])
        _check_name("output", self.output, OUTPUT_NAMES)
        _check_name("initialization", self.initialization, INITIALIZATION_NAMES)
        if not 0 <= self.initial_scale <= _MAX_INITIAL_SCALE:
            raise ConfigError(
                f"The initial scale {self.initial_scale} is not in 0 to {_MAX_INITIAL_SCALE:g}; "
                "0.01 is a good start."
            )
        check_classes(self.classes)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of all layers, including the 784 inputs and an output for each class."""
        return (PIXELS, *self.hidden, len(self.classes))

    @property
    def layer_activations(self) -> tuple[ActivationName, ...]:
        """The activation of each hidden layer, one for each."""
        return _one_for_each(self.activations, len(self.hidden))

    def with_hidden(self, hidden: tuple[int, ...]) -> NetworkConfig:
        """Return this network with other hidden layers; new ones have the last activation."""
        activations = _one_for_each(self.activations, len(hidden)) or self.activations[:1]
        return replace(self, hidden=hidden, activations=activations)

    def __str__(self) -> str:
        return "-".join(map(str, self.sizes))


@dataclass(frozen=True)
class Hyperparameters:
    """The settings that can change between two steps.

    Attributes
    ----------
    learning_rate
        α of the update W ← W − α·dW; with a schedule, its highest value.
    batch_size
        Images per step; the last batch of an epoch may be smaller.
    l2
        λ of the penalty 0.5·λ·ΣW², which spares the biases.
    optimizer
        How the gradient updates the weights; see core/training/optimizers.py. A change resets its
        state.
    momentum
        μ of ``"momentum"`` and ``"nesterov"``, and β₁ of ``"adam"``.
    dropout
        Share of the hidden units that are switched off at random in each step.
    schedule, warm_up, epochs
        How the learning rate changes during the run; see core/training/schedules.py. It rises over
        `warm_up` epochs, and training stops after `epochs`; None: no limit.
    target_accuracy, patience
        Training stops when this accuracy is reached, or when accuracy has not improved for
        `patience` epochs; None: never. See core/training/stopping.py for which accuracy.
    augmentation
        Data augmentation of the training images.

    Raises
    ------
    ConfigError
        If a value is outside its range.
    """

    learning_rate: float = 0.1
    batch_size: int = 64
    l2: float = 0.0
    optimizer: OptimizerName = "sgd"
    momentum: float = 0.9
    dropout: float = 0.0
    schedule: ScheduleName = "constant"
    warm_up: float = 0.0
    epochs: int | None = None
    target_accuracy: float | None = None
    patience: int | None = None
    augmentation: Augmentation = NO_AUGMENTATION

    def __post_init__(self) -> None:
        """Check every field."""
        _check_whole("batch size", self.batch_size)
        _check_whole("number of epochs", self.epochs)
        _check_whole("patience", self.patience)
        if not 0 < self.learning_rate <= _MAX_LEARNING_RATE:
            raise ConfigError(
                f"The learning rate {self.learning_rate} is not a number above 0 and at most "
                f"{_MAX_LEARNING_RATE:g}; 0.1 is a good start."
            )
        if not 1 <= self.batch_size <= MAX_BATCH_SIZE:
            raise ConfigError(
                f"The batch size {self.batch_size} is not in 1 to {MAX_BATCH_SIZE}; "
                "64 is a good start."
            )
        if not 0 <= self.l2 <= 1:
            raise ConfigError(f"The L2 strength {self.l2} is not in 0 to 1; try 0 or 0.0001.")
        _check_name("optimizer", self.optimizer, OPTIMIZER_NAMES)
        if not 0 <= self.momentum < 1:
            raise ConfigError(f"The momentum {self.momentum} is not in 0 to below 1; try 0.9.")
        if not 0 <= self.dropout < 1:
            raise ConfigError(f"The dropout {self.dropout} is not in 0 to below 1; try 0 or 0.2.")
        self._check_course()

    @property
    def is_noisy(self) -> bool:
        """Whether steps draw random numbers beside the order of the images."""
        return self.dropout > 0 or self.augmentation.is_on

    def _check_course(self) -> None:
        """Check the schedule of the learning rate and the stopping criteria."""
        _check_name("schedule", self.schedule, SCHEDULE_NAMES)
        if self.epochs is not None and not 1 <= self.epochs <= MAX_EPOCHS:
            raise ConfigError(f"{self.epochs} epochs are not in 1 to {MAX_EPOCHS:,}.")
        if self.schedule != "constant" and self.epochs is None:
            raise ConfigError(
                f"The schedule '{self.schedule}' needs to know when the run ends: set the epochs."
            )
        if not 0 <= self.warm_up <= (self.epochs or MAX_EPOCHS):
            raise ConfigError(
                f"A warm-up of {self.warm_up} epochs is too long; use 0 to the epochs of the run."
            )
        if self.target_accuracy is not None and not 0 < self.target_accuracy <= 1:
            raise ConfigError(
                f"The target accuracy {self.target_accuracy} is not above 0 and at most 1; "
                "0.98 means 98 %."
            )
        if self.patience is not None and not 1 <= self.patience <= MAX_EPOCHS:
            raise ConfigError(
                f"A patience of {self.patience} epochs is not in 1 to {MAX_EPOCHS:,}."
            )


@dataclass(frozen=True)
class RunConfig:
    """Everything that determines a run: equal settings give the same bits.

    Attributes
    ----------
    dataset
        What is learned. Its classes, once known, are those of `network`, too.
    validation
        How many training images, the last ones, are held out for choosing settings and for stopping
        early, so that the test set is used for neither.

    Raises
    ------
    ConfigError
        If the seed, the split or the name of the data set is not valid.
    """

    dataset: DataSource = "strokes"
    network: NetworkConfig = field(default_factory=NetworkConfig)
    hyperparameters: Hyperparameters = field(default_factory=Hyperparameters)
    seed: int = 0
    validation: int = 0

    def __post_init__(self) -> None:
        """Check every field."""
        if not isinstance(self.dataset, OwnData):
            _check_name("data set", self.dataset, READY_SETS)
        classes = classes_of(self.dataset)
        if classes and classes != self.network.classes:
            object.__setattr__(self, "network", replace(self.network, classes=classes))
        _check_whole("seed", self.seed)
        _check_whole("validation split", self.validation)
        if not 0 <= self.seed <= MAX_SEED:
            raise ConfigError(f"The seed {self.seed} is not in 0 to {MAX_SEED}.")
        if not 0 <= self.validation <= MAX_VALIDATION:
            raise ConfigError(
                f"A validation split of {self.validation} images is not in 0 to "
                f"{MAX_VALIDATION:,}; 10000 is customary."
            )


def _check_whole(what: str, value: float | None) -> None:
    if value is not None and not isinstance(value, int):
        raise ConfigError(f"The {what} {value!r} is not a whole number.")


def _check_name(what: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise ConfigError(f"Unknown {what} '{name}'; use one of {', '.join(known)}.")


def _one_for_each(
    activations: tuple[ActivationName, ...], layers: int
) -> tuple[ActivationName, ...]:
    """Return the activations of `layers` layers: the last one is repeated as needed."""
    return tuple(activations[min(l, len(activations) - 1)] for l in range(layers))  # noqa: E741
