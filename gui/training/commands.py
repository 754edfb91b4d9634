"""What the window asks of the training thread, and until when it is to train."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from core.settings.config import Hyperparameters, NetworkConfig
from core.training.trainer import Trainer


class Request(Enum):
    """What the window may ask for."""

    PLAY = auto()
    PAUSE = auto()
    STEP = auto()
    EPOCH = auto()
    GO_BACK = auto()


@dataclass(frozen=True)
class Goal:
    """Train until either is reached."""

    step: float
    epoch: float

    def is_reached(self, trainer: Trainer) -> bool:
        """Say whether there is nothing more to do."""
        return trainer.step_count >= self.step or trainer.epoch >= self.epoch


@dataclass
class Orders:
    """What the window has asked for since the last step."""

    requests: list[Request] = field(default_factory=list)
    hyperparameters: Hyperparameters | None = None
    network: NetworkConfig | None = None
    save_to: list[tuple[Path, bool]] = field(default_factory=list)
    is_inspected: bool = False

    @property
    def cannot_wait(self) -> bool:
        """Whether there is something to do before the next step; settings take effect with it."""
        return bool(self.requests or self.save_to or self.is_inspected) or self.network is not None


PAUSED = Goal(-1, -1)
FOREVER = Goal(math.inf, math.inf)


def new_goal(request: Request, trainer: Trainer, goal: Goal) -> Goal:
    """Return what to train for after `request`; going back is done at once."""
    if request is Request.PLAY:
        return FOREVER
    if request is Request.STEP:
        return Goal(_after(goal.step, trainer.step_count), math.inf)
    if request is Request.EPOCH:
        return Goal(math.inf, _after(goal.epoch, trainer.epoch))
    if request is Request.GO_BACK:
        trainer.restore_last_good()
    return PAUSED


def _after(target: float, done: int) -> float:
    """Return one more than what is done, or than a target that is still ahead."""
    return (target if math.isfinite(target) and target > done else done) + 1
