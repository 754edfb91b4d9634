"""Where the network was resized while it learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.settings.config import NetworkConfig
from core.training.checkpoint import Change
from core.wording import numeral


@dataclass(frozen=True)
class Resize:
    """At `step`, the network `before` became the network `after`."""

    step: int
    before: NetworkConfig
    after: NetworkConfig

    def __str__(self) -> str:
        before, after = str(self.before), str(self.after)
        if before == after:
            before, after = (", ".join(net.layer_activations) for net in (self.before, self.after))
        return f"{before} became {after} at step {numeral(self.step)}"


def resizes(changes: Sequence[Change]) -> list[Resize]:
    """Return where the network changed, oldest first; changes at the same step are one."""
    found: dict[int, Resize] = {}
    for old, new in pairwise(changes):
        if new.network != old.network:
            before = found[new.step].before if new.step in found else old.network
            found[new.step] = Resize(new.step, before, new.network)
    return [resize for resize in found.values() if resize.before != resize.after]
