"""Given weights with which a run begins, instead of random ones."""

from __future__ import annotations

from dataclasses import dataclass

from core.network.network import Network
from core.settings.config import NetworkConfig


@dataclass(frozen=True, eq=False)
class StartingState:
    """The network that a run begins with. The run's seed then decides everything but the weights.

    Attributes
    ----------
    network
        Nobody writes to it.
    source
        Where it comes from, in a few words: the name of a file, as a rule.
    """

    network: Network
    source: str

    def fits(self, config: NetworkConfig) -> bool:
        """Return whether a run of `config` can begin with it."""
        return self.network.shape_in(config) == config
