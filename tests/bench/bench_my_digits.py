"""Seconds of processor time to load a folder of 2,000 own digits.

python -m tests.bench.bench_my_digits
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from core.datasets.strokes import make_strokes
from core.my_digits.my_digits import MyDigits
from tests.bench.figures import Figure, Target

DIGITS, ROUNDS = 2000, 5


def main() -> None:
    """Measure and print."""
    digits = make_strokes(train=1, test=DIGITS, seed=1).test
    with TemporaryDirectory() as folder:
        mine = MyDigits(Path(folder))
        for image, label in zip(digits.images, digits.labels, strict=True):
            mine.add(np.kron(image.reshape(28, 28), np.ones((10, 10), np.uint8)), int(label))
        seconds = []
        for _ in range(ROUNDS):
            begun = time.process_time()
            assert len(MyDigits(Path(folder)).items) == DIGITS
            seconds.append(time.process_time() - begun)
    print(Figure(f"load {DIGITS:,} digits, s", seconds, Target(2, at_most=True)).row())


if __name__ == "__main__":
    main()
