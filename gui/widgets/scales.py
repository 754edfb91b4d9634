"""The values that the sliders step through."""

import math

from core.settings.config import MAX_BATCH_SIZE, MAX_UNITS, MAX_VALIDATION


def _steps(*spans: tuple[int, int, int]) -> list[int]:
    return [value for start, stop, step in spans for value in range(start, stop, step)]


LEARNING_RATES = [float(f"{10 ** (exponent / 20):.2g}") for exponent in range(-5 * 20, 20 + 1)]
"""0.00001 to 10, twenty steps a decade."""

BATCH_SIZES = [*(2**k for k in range(16)), MAX_BATCH_SIZE]
"""Powers of two, and the full training set."""

L2_STRENGTHS = [0.0, *(float(f"{10 ** (e / 4):.2g}") for e in range(-6 * 4, -1 * 4 + 1))]
"""None, then 0.000001 to 0.1, four steps a decade."""

LAYER_SIZES = [
    *_steps((1, 32, 1), (32, 128, 4), (128, 256, 8), (256, 512, 16), (512, 1024, 64)),
    *_steps((1024, MAX_UNITS, 256)),
    MAX_UNITS,
]
"""1 to 4,096 units, in steps that grow with the size."""

MOMENTA = [*(step / 10 for step in range(9)), 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.999]

DROPOUTS = [step / 20 for step in range(20)]
"""0 to 0.95."""

WARM_UPS = [0.0, 0.1, 0.2, 0.5, 1.0, 1.5, *(float(n) for n in (2, 3, 4, 5, 7, 10, 15, 20, 50, 100))]
"""Epochs."""

VALIDATION_SIZES = [
    *_steps((0, 1_000, 500), (1_000, 10_000, 1_000), (10_000, MAX_VALIDATION, 5_000)),
    MAX_VALIDATION,
]
"""Images that are held out."""

SHIFTS = [step / 2 for step in range(21)]
"""0 to 10 pixels."""

ROTATIONS = _steps((0, 30, 1), (30, 181, 5))
"""0 to 180 degrees."""

SCALES = [step / 50 for step in range(46)]
"""0 to 0.9 of the size."""

SHEARS = [step / 20 for step in range(21)]
"""0 to 1 pixel per pixel."""

ELASTICITIES = [step / 4 for step in range(41)]
"""0 to 10 pixels."""

SMOOTHNESSES = [1 + step / 2 for step in range(27)]
"""1 to 14 pixels."""

SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, math.inf]
"""Steps a second at most."""
