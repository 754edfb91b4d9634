"""A lesson: a few runs to be compared, and a question that their curves answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.runs.run_curves import Axis
from core.settings.config import DatasetName, Hyperparameters, NetworkConfig, RunConfig

Tab = Literal["weights", "activations", "layers", "maths", "mistakes"]
"""The tabs of the window that a lesson may speak of."""

LessonDataset = DatasetName | Literal["any"]


@dataclass(frozen=True)
class Stop:
    """When a run of a lesson is over: after so many epochs or steps, one of which is None."""

    epochs: int | None = None
    steps: int | None = None

    def share(self, step: int, epochs: float) -> float:
        """Return how far, 0…1, a run is after so many steps and epochs."""
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

    def run_config(self, dataset: DatasetName) -> RunConfig:
        """Return the run of this variant on a data set."""
        return RunConfig(dataset, self.network, self.hyperparameters, self.seed, self.validation)


@dataclass(frozen=True)
class Lesson:
    """What is shown and run; texts are paragraphs, separated by an empty line.

    Attributes
    ----------
    dataset
        Which one it is about; ``"any"``: what is loaded.
    axis
        What its curves are best drawn over.
    tab
        What to look at in a run that is opened from it; None: no tab in particular.
    together
        Whether its runs advance side by side; else one after the other.
    """

    title: str
    text: str
    question: str
    answer: str
    variants: tuple[Variant, ...]
    dataset: LessonDataset = "any"
    axis: Axis = "epoch"
    tab: Tab | None = None
    together: bool = True

    def is_about(self, dataset: DatasetName) -> bool:
        """Say whether the lesson can be run on this data set."""
        return self.dataset in ("any", dataset)
