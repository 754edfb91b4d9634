"""How strongly training images are augmented; core/training/warp.py does it."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import ConfigError

_RANGES = {
    "shift": (0, 10, "pixels"),
    "rotation": (0, 180, "degrees"),
    "scale": (0, 0.9, "of the size"),
    "shear": (0, 1, "pixels per pixel"),
    "elastic": (0, 10, "pixels"),
    "smoothness": (1, 14, "pixels"),
}


@dataclass(frozen=True)
class Augmentation:
    """Strengths of data augmentation; all zero: off.

    Attributes
    ----------
    shift
        Pixels, 0…10: each image moves along x and along y by a uniform amount in ± this.
    rotation
        Degrees, 0…180: the angle is uniform in ± this.
    scale
        0…0.9: the factors of x and y are independent and uniform in 1 ± this.
    shear
        0…1: the slant; x becomes x + s·y with s uniform in ± this.
    elastic
        Pixels, 0…10: root mean square of the displacements along each axis.
    smoothness
        Pixels, 1…14: standard deviation of the Gaussian that smooths the displacements.

    Raises
    ------
    ConfigError
        If a value is outside its range.
    """

    shift: float = 0.0
    rotation: float = 0.0
    scale: float = 0.0
    shear: float = 0.0
    elastic: float = 0.0
    smoothness: float = 4.0

    def __post_init__(self) -> None:
        """Check every field."""
        for name, (low, high, unit) in _RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ConfigError(
                    f"A {name} of {value} is not possible in data augmentation; "
                    f"use {low} to {high} {unit}."
                )

    @property
    def is_on(self) -> bool:
        """Whether any strength is above zero."""
        return any((self.shift, self.rotation, self.scale, self.shear, self.elastic))


NO_AUGMENTATION = Augmentation()

DEFAULT_AUGMENTATION = Augmentation(shift=1.0, rotation=10.0, scale=0.1, shear=0.15, elastic=1.0)
"""Tuned for MNIST: a 784-256-128-10 network trained on 50,000 of its training images for 15 epochs
makes 1.0 % errors on the other 10,000 with this, and 1.8 % without. With `elastic` at 0 or at 1.3
it makes 1.2 %; the standard error of each figure is 0.1 %."""
