"""The values that the sliders step through."""

from core.config import MAX_BATCH_SIZE, MAX_UNITS


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
