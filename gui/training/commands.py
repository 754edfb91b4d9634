"""Commands for the training thread, and until when each has it train."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, auto

from core.training.trainer import Trainer


class Command(Enum):
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
        """Return whether there is nothing more to do."""
        return trainer.step_count >= self.step or trainer.epoch >= self.epoch


PAUSED = Goal(-1, -1)
FOREVER = Goal(math.inf, math.inf)


def new_goal(command: Command, trainer: Trainer, goal: Goal) -> Goal:
    """Return what to train for after `command`; going back is done at once."""
    if command is Command.PLAY:
        return FOREVER
    if command is Command.STEP:
        return Goal(_after(goal.step, trainer.step_count), math.inf)
    if command is Command.EPOCH:
        return Goal(math.inf, _after(goal.epoch, trainer.epoch))
    if command is Command.GO_BACK:
        trainer.restore_last_good()
    return PAUSED


def _after(target: float, done: int) -> float:
    """Return one more than what is done, or than a target that is still ahead."""
    return (target if math.isfinite(target) and target > done else done) + 1
