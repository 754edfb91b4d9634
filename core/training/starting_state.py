"""Given weights with which a run begins, instead of random ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

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

    def shape_in(self, config: NetworkConfig) -> NetworkConfig:
        """Return `config` with the layers and the output of this network."""
        network = self.network
        activations = network.activations or config.activations[:1]
        return replace(
            config, hidden=network.sizes[1:-1], activations=activations, output=network.output
        )

    def fits(self, config: NetworkConfig) -> bool:
        """Return whether a run of `config` can begin with it."""
        return self.shape_in(config) == config
