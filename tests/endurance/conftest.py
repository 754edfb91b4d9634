"""Watches in which threads Qt objects are destroyed."""

from collections.abc import Iterator

import pytest

from tests.endurance.destructions import Destructions, watch_destructions


@pytest.fixture
def destructions() -> Iterator[Destructions]:
    """Count this test's QObjects that are destroyed outside the thread that created them."""
    with watch_destructions() as seen:
        yield seen
