"""A watch over the threads in which Qt's objects are destroyed."""

from collections.abc import Iterator

import pytest

from tests.endurance.destructions import Destructions, watch_destructions


@pytest.fixture
def destructions() -> Iterator[Destructions]:
    """Count the QObjects of this test that are destroyed outside the thread that made them."""
    with watch_destructions() as seen:
        yield seen
