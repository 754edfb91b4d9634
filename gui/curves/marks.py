"""Where the network was changed otherwise than by a step, or branched off another run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from core.settings.config import NetworkConfig
from core.training.checkpoint import Change
from core.wording import numeral


@dataclass(frozen=True)
class Resize:
    """At `step`, the network `before` became the network `after`; see :func:`step_text`."""

    label: ClassVar[str] = "resized"
    step: int
    before: NetworkConfig
    after: NetworkConfig
    begin: int = 0

    def __str__(self) -> str:
        before, after = str(self.before), str(self.after)
        if before == after:
            before, after = (", ".join(net.layer_activations) for net in (self.before, self.after))
        return f"{before} became {after} at step {step_text(self.begin, self.step)}"


@dataclass(frozen=True)
class FineTuning:
    """At `step`, the network was fine-tuned on the user's digits; see :func:`step_text`."""

    label: ClassVar[str] = "fine-tuned"
    step: int
    begin: int = 0

    def __str__(self) -> str:
        return f"fine-tuned on your digits at step {step_text(self.begin, self.step)}"


@dataclass(frozen=True)
class BranchPoint:
    """The run began with a network that another run had after `begin` steps."""

    label: ClassVar[str] = "branched"
    step: ClassVar[int] = 0
    begin: int

    def __str__(self) -> str:
        return f"branched off at step {numeral(self.begin)}"


Mark = Resize | FineTuning | BranchPoint


def step_text(begin: int, *steps: int) -> str:
    """Return a step, or the first and the last of several, as text.

    In a branch that begins `begin` steps after its first ancestor, it is a sum: "500 + 20".
    """
    text = "–".join(map(numeral, steps))
    return f"{numeral(begin)} + {text}" if begin else text


def marks(changes: Sequence[Change], begin: int | None = None) -> list[Mark]:
    """Return where the network changed, oldest first; resizes at the same step are one.

    `begin` says where a branch begins; None: the run is no branch.
    """
    resizes: dict[int, Resize] = {}
    for old, new in pairwise(changes):
        if new.network != old.network:
            before = resizes[new.step].before if new.step in resizes else old.network
            resizes[new.step] = Resize(new.step, before, new.network, begin or 0)
    fine_tunings = {change.step for change in changes if change.is_fine_tuning}
    return sorted(
        [
            *([] if begin is None else [BranchPoint(begin)]),
            *(resize for resize in resizes.values() if resize.before != resize.after),
            *(FineTuning(step, begin or 0) for step in fine_tunings),
        ],
        key=lambda mark: mark.step,
    )
