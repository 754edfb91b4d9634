"""A classroom: what a teacher hands out, so that all students begin alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.lessons.lesson import Lesson
from core.settings.config import RunConfig

VIEWS = {
    "curves": "loss and accuracy",
    "pad": "draw a digit and have it read",
    "lessons": "the list of all lessons",
    "search": "the panel in which searches are started",
}
TRAINING = {
    "play": "Play and Pause",
    "step": "One batch",
    "epoch": "One epoch",
    "restart": "Restart",
    "speed": "from one step a second to full speed",
}
SETTINGS = {
    "learning_rate": "",
    "rate_test": "the learning-rate test, beside the learning rate",
    "batch_size": "",
    "hidden": "the hidden layers: size and activation of each",
    "dataset": "",
    "optimizer": "",
    "momentum": "",
    "l2": "",
    "dropout": "",
    "augmentation": "",
    "schedule": "",
    "warm_up": "",
    "epochs": "after how many epochs training stops",
    "target_accuracy": "at which accuracy it stops",
    "patience": "after how many epochs without gain it stops",
    "on_change": "whether the network keeps what it learned when layers change",
    "preset": "",
    "output": "",
    "initialization": "",
    "validation": "",
    "seed": "",
}
CONTROLS = {**VIEWS, **TRAINING, **SETTINGS}
"""What can be shown beside the tabs, by name, and what it is where the name does not say it.

Those of the settings have the names of the settings in other files."""

TABS = (
    "weights",
    "flow",
    "layers",
    "maths",
    "mistakes",
    "compare",
    "runs",
    "search",
    "data",
    "my_digits",
    "sheet",
)
"""The tabs under the curves."""


@dataclass(frozen=True)
class Classroom:
    """What the window shows and begins with.

    Attributes
    ----------
    title, text
        How it greets; the text may be "".
    controls, tabs
        Names of :data:`CONTROLS` and :data:`TABS` that are shown; all others are not.
    config
        The settings of the first run.
    data_dir
        A folder that holds the data set; None: it is looked for as ever.
    lesson
        The lesson that is open; None if there is none.
    """

    title: str
    text: str
    controls: frozenset[str]
    tabs: frozenset[str]
    config: RunConfig
    data_dir: Path | None = None
    lesson: Lesson | None = None

    @property
    def settings(self) -> frozenset[str]:
        """The settings that are shown."""
        return self.controls.intersection(SETTINGS)
