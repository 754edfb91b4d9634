"""Where the network was changed otherwise than by a step: resized, or fine-tuned."""

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
    """At `step`, the network `before` became the network `after`."""

    label: ClassVar[str] = "resized"
    step: int
    before: NetworkConfig
    after: NetworkConfig

    def __str__(self) -> str:
        before, after = str(self.before), str(self.after)
        if before == after:
            before, after = (", ".join(net.layer_activations) for net in (self.before, self.after))
        return f"{before} became {after} at step {numeral(self.step)}"


@dataclass(frozen=True)
class FineTuning:
    """At `step`, the network was fine-tuned on the user's digits."""

    label: ClassVar[str] = "fine-tuned"
    step: int

    def __str__(self) -> str:
        return f"fine-tuned on your digits at step {numeral(self.step)}"


def marks(changes: Sequence[Change]) -> list[Resize | FineTuning]:
    """Return where the network changed, oldest first; resizes at the same step are one."""
    resizes: dict[int, Resize] = {}
    for old, new in pairwise(changes):
        if new.network != old.network:
            before = resizes[new.step].before if new.step in resizes else old.network
            resizes[new.step] = Resize(new.step, before, new.network)
    fine_tunings = {change.step for change in changes if change.is_fine_tuning}
    return sorted(
        [
            *(resize for resize in resizes.values() if resize.before != resize.after),
            *map(FineTuning, fine_tunings),
        ],
        key=lambda mark: mark.step,
    )
