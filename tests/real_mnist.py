"""Where real MNIST is, for the tests that need it."""

import os
from pathlib import Path

import pytest

FOLDER = Path(
    os.environ.get("DIGITSCOPE_DATA") or Path(__file__).parents[2] / "shared" / "mnist"
).resolve()

needs_mnist = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="MNIST is neither in DIGITSCOPE_DATA nor in ../shared/mnist"
)
