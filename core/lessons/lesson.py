"""A lesson: a few runs to compare, or a search, and a question that these answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.runs.run_curves import Axis
from core.search.plan import SamplerName, SearchPlan, default_validation
from core.search.varied import Varied
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.settings.data_source import DataSource

Tab = Literal["weights", "activations", "layers", "maths", "mistakes", "data", "augmentation"]
"""The tabs of the window that a lesson can point to, or parts of one."""

_LessonDataset = DataSource | Literal["any"]


@dataclass(frozen=True)
class Stop:
    """When a run of a lesson is done: after these epochs or steps, one of which is None."""

    epochs: int | None = None
    steps: int | None = None

    def share(self, step: int, epochs: float) -> float:
        """Return the progress, 0…1, of a run after `step` steps and `epochs` epochs."""
        if self.steps is not None:
            return min(1.0, step / self.steps)
        assert self.epochs is not None
        return min(1.0, epochs / self.epochs)


@dataclass(frozen=True)
class Variant:
    """One of the runs that a lesson compares; `validation` is as in RunConfig."""

    name: str
    network: NetworkConfig
    hyperparameters: Hyperparameters
    stop: Stop
    seed: int = 0
    validation: int = 0

    def run_config(self, dataset: DataSource) -> RunConfig:
        """Return the run of this variant on a data set."""
        return RunConfig(dataset, self.network, self.hyperparameters, self.seed, self.validation)


@dataclass(frozen=True)
class LessonSearch:
    """A search for good settings; all but `choices` is as in :class:`SearchPlan`.

    Attributes
    ----------
    choices
        What can be predicted of it; empty if nothing is to be predicted.
    """

    network: NetworkConfig
    hyperparameters: Hyperparameters
    varied: tuple[Varied, ...]
    choices: tuple[str, ...] = ()
    sampler: SamplerName = SearchPlan.sampler
    trials: int = SearchPlan.trials
    epochs: int = SearchPlan.epochs
    runs_per_trial: int = SearchPlan.runs_per_trial

    def plan(self, dataset: DataSource, images: int) -> SearchPlan:
        """Return the plan of this search on a data set of this many training images."""
        validation = default_validation(images)
        config = RunConfig(dataset, self.network, self.hyperparameters, validation=validation)
        return SearchPlan(
            config,
            self.varied,
            sampler=self.sampler,
            trials=self.trials,
            epochs=self.epochs,
            runs_per_trial=self.runs_per_trial,
        )


@dataclass(frozen=True)
class Lesson:
    """The texts and runs of a lesson; paragraphs are separated by an empty line.

    Attributes
    ----------
    variants, search
        The runs that it compares; empty if it has a search instead, which else is None.
    dataset
        The data set that it needs; ``"any"``: the one that is loaded.
    axis
        The x axis that suits its curves.
    tab
        The tab to open with the settings of a variant; None: no particular one.
    together
        Whether its runs advance side by side; otherwise one after the other.
    promise, minutes
        What one knows afterwards, in a line, and about how long reading and running it take on two
        cores; "" and None if the file does not say.
    predict, correct
        What to predict before the run, by choosing one of `choices`, and which of them it turns
        out to be; "" if nothing is to be predicted, or if none is the correct one.
    log_scale
        Whether to draw the loss on a logarithmic scale; None: as the user has chosen.
    loss_range, accuracy_range
        The ranges of the y axes, accuracies in percent; None: chosen from the curves.
    """

    title: str
    text: str
    question: str
    answer: str
    variants: tuple[Variant, ...]
    dataset: _LessonDataset = "any"
    axis: Axis = "epoch"
    tab: Tab | None = None
    together: bool = True
    promise: str = ""
    minutes: int | None = None
    predict: str = ""
    correct: str = ""
    log_scale: bool | None = None
    loss_range: tuple[float, float] | None = None
    accuracy_range: tuple[float, float] | None = None
    search: LessonSearch | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be predicted: a variant, or what the search will find."""
        if self.search is not None:
            return self.search.choices
        return tuple(variant.name for variant in self.variants)

    def is_about(self, dataset: DataSource) -> bool:
        """Return whether the lesson can be run on this data set."""
        return self.dataset in ("any", dataset)
