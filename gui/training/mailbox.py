"""What the window asks of a training thread."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from core.arrays import LabeledImages
from core.saving.replaced_runs import ReplacedRuns
from core.settings.config import Hyperparameters, NetworkConfig
from gui.training.commands import Command
from gui.training.pace import Pace

_LONGEST_WAY = 0.3
"""Seconds for which a step gives way at most: what takes longer goes on beside it."""


@dataclass(frozen=True, eq=False)
class FineTuning:
    """What to fine-tune the network on, and where the run is kept as it was before."""

    own: LabeledImages
    replaced: ReplacedRuns


@dataclass
class PendingCommands:
    """What was asked since the thread looked last; `save_to` holds (path, is_copy)."""

    commands: list[Command] = field(default_factory=list)
    network: NetworkConfig | None = None
    save_to: list[tuple[Path, bool]] = field(default_factory=list)
    is_inspected: bool = False
    wants_checkpoint: bool = False
    fine_tuning: FineTuning | None = None

    def __bool__(self) -> bool:
        """Whether anything was asked."""
        return bool(
            self.commands
            or self.save_to
            or self.is_inspected
            or self.wants_checkpoint
            or self.network
            or self.fine_tuning
        )


class Mailbox:
    """Holds what the window asks until the training thread takes it, between two steps.

    Hyperparameters wait here until the next step: those of a slider that is dragged during a pause
    are one change of the run.

    Attributes
    ----------
    pace
        When the next step may begin.
    command_count
        How many commands were posted.
    is_stopping
        Whether the thread should end.
    hyperparameters
        Of the next step, where they have changed; else None.
    compares_steps
        Whether a single step should be compared with the network before it.
    """

    def __init__(self, steps_per_second: float) -> None:
        self._condition = threading.Condition()
        self._pending = PendingCommands()
        self.pace = Pace(steps_per_second)
        self.command_count = 0
        self.is_stopping = False
        self.hyperparameters: Hyperparameters | None = None
        self.compares_steps = False
        self._gives_way_until = 0.0
        self._ways = self._ways_given = 0  # ended so far: by the window; before the last step

    # --- called by the window -----------------------------------------------------------

    def post(self, command: Command | FineTuning) -> None:
        """Ask for something; it begins between two steps, and ends fine-tuning early."""
        with self._condition:
            if isinstance(command, FineTuning):
                self._pending.fine_tuning = command
            else:
                self._pending.commands.append(command)
                self.command_count += 1
            if command is Command.GO_BACK:
                self.hyperparameters = None  # it was for steps that are undone
            self._condition.notify()

    def set_hyperparameters(self, hyperparameters: Hyperparameters) -> None:
        """Train with these from the next step on; the newest of several counts."""
        with self._condition:
            self.hyperparameters = hyperparameters

    def set_network(self, network: NetworkConfig) -> None:
        """Resize the network to this one between two steps; the newest of several counts."""
        with self._condition:
            self._pending.network = network
            self._condition.notify()

    def set_speed(self, steps_per_second: float) -> None:
        """Limit the speed from the next step on."""
        with self._condition:
            self.pace = Pace(steps_per_second)
            self._condition.notify()

    def give_way(self, is_wanted: bool) -> None:
        """Make no step while the user waits for something that needs all cores, or no longer."""
        with self._condition:
            self._gives_way_until = time.perf_counter() + _LONGEST_WAY if is_wanted else 0.0
            self._ways += not is_wanted
            self._condition.notify()

    def save(self, path: Path, is_copy: bool = False) -> None:
        """Write the run to `path` between two steps; a copy is not a file that the user chose."""
        with self._condition:
            self._pending.save_to.append((path, is_copy))
            self._condition.notify()

    def inspect(self) -> None:
        """Ask for a copy of all that decides the next step."""
        with self._condition:
            self._pending.is_inspected = True
            self._condition.notify()

    def ask_for_checkpoint(self) -> None:
        """Ask for a copy of the run's state, from which a copy of it can continue."""
        with self._condition:
            self._pending.wants_checkpoint = True
            self._condition.notify()

    def stop(self) -> None:
        """Have the thread end at the next opportunity."""
        with self._condition:
            self.is_stopping = True
            self._condition.notify()

    # --- called by the thread -----------------------------------------------------------

    @property
    def is_waiting(self) -> bool:
        """Whether there is something to do before the next step."""
        return self.is_stopping or bool(self._pending)

    @property
    def has_command(self) -> bool:
        """Whether the user wants something else to be done."""
        return self.is_stopping or bool(self._pending.commands)

    @property
    def will_save(self) -> bool:
        """Whether the run should be written."""
        return bool(self._pending.save_to)

    def take(self) -> tuple[PendingCommands, int]:
        """Return what was asked, and how many commands were posted up to then."""
        with self._condition:
            pending, self._pending = self._pending, PendingCommands()
            return pending, self.command_count

    def take_hyperparameters(self) -> Hyperparameters | None:
        """Return those of the next step where they have changed; from now on they are in force."""
        with self._condition:
            hyperparameters, self.hyperparameters = self.hyperparameters, None
            return hyperparameters

    def wait(self) -> None:
        """Wait until something is asked."""
        with self._condition:
            self._condition.wait_for(lambda: self.is_waiting)

    def wait_for_way(self) -> bool:
        """Wait while the user waits for something else; return False if a command comes first.

        A step gives way once, so that training goes on under a slider that never rests.
        """
        seconds = self._gives_way_until - time.perf_counter()
        if seconds > 0:
            with self._condition:
                self._condition.wait_for(
                    lambda: self.is_waiting or self._ways != self._ways_given, seconds
                )
                if self.is_waiting:
                    return False
        self._ways_given = self._ways
        return True

    def wait_for_step(self, until: float) -> bool:
        """Wait until the next step may begin; return False if something else comes first.

        `until` is another moment to stop waiting at, in seconds of ``time.perf_counter``.
        """
        with self._condition:
            pace = self.pace
            seconds = min(pace.next_step, until) - time.perf_counter()
            if seconds > 0:
                self._condition.wait_for(lambda: self.is_waiting or self.pace is not pace, seconds)
            return self.pace.begin_step(time.perf_counter())
