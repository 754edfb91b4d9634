"""Metadata for files that hold only a network's weights."""

from __future__ import annotations

import json
from dataclasses import replace

from core.network.network import Network
from core.settings.config import RunConfig
from core.settings.settings_text import settings_text


def metadata_of(network: Network, config: RunConfig) -> dict[str, str]:
    """Return names and texts that describe `network`, and the run that led to it.

    The shape is that of `network`: it may have been resized since the run began with `config`.
    """
    shape = network.shape_in(config.network)
    return {
        "sizes": "-".join(map(str, network.sizes)),
        "activations": ", ".join(network.activations),
        "output": network.output,
        "classes": json.dumps(network.classes, ensure_ascii=False),
        "settings": settings_text(replace(config, network=shape)),
    }
