"""Turns pixel values of any numeric type into levels of 0 to 255."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.wording import numeral

_DIM = 64
"""If no pixel of a data set is brighter, its values are not levels of 0 to 255."""


class Levels:
    """Turns the pixels of a data set, one chunk after the other, into uint8.

    Floats of at most 1 become 0 to 255, as if 1 were white; so do booleans. All others are levels.

    Parameters
    ----------
    where
        The data at the start of messages.

    Attributes
    ----------
    brightest
        The largest level so far.
    """

    def __init__(self, where: str) -> None:
        self.brightest = 0
        self._where = where
        self._white: int | None = None

    def of(self, values: NDArray[Any], place: str) -> NDArray[np.uint8]:
        """Return levels of 0 to 255; `place` says in messages where these values are.

        Raises
        ------
        DataError
            If one is below 0, above 255, above 1 where others are fractions, or not a number.
        """
        if not values.size:
            return values.astype(np.uint8)
        low, high = values.min(), values.max()
        if self._white is None and high > 0:
            self._white = 1 if values.dtype.kind in "fb" and high <= 1 else 255
        white = self._white or 255
        if not (low >= 0 and high <= white):  # also if they are NaN
            raise DataError(
                f"{self._where} has pixel values of {numeral(low, 'g')} to {numeral(high, 'g')} "
                f"({place}). Save them as 0 to 255, or as fractions of 0 to 1."
            )
        if values.dtype != np.uint8:
            values = (
                values.astype(np.uint8)
                if white == 255 and values.dtype.kind in "iu"
                else (np.rint(values * np.float64(255 / white)).astype(np.uint8))
            )
        self.brightest = max(self.brightest, int(values.max()))
        return values

    def stretch(self, *parts: NDArray[np.uint8]) -> float | None:
        """Stretch the levels to 255, in place, if all of them are dim; return the largest then.

        Raises
        ------
        DataError
            If all pixels are 0.
        """
        if not self.brightest:
            raise DataError(
                f"All pixels of {self._where} are 0. It was probably written with an error; "
                "write it again."
            )
        if self.brightest >= _DIM:
            return None
        table = np.rint(np.arange(256) * (255 / self.brightest)).clip(0, 255).astype(np.uint8)
        for images in parts:
            np.take(table, images, out=images)
        return self.brightest
