"""Limits the memory that a piece of a test may take."""

import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "linux":
    import resource

    @contextmanager
    def at_most(size: int) -> Iterator[None]:
        """Raise a MemoryError inside where more than `size` bytes are allocated.

        Linux's own limit, because tracing each allocation makes reading a file three times as slow.
        """
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limits = resource.getrlimit(resource.RLIMIT_AS)
        limit = pages * resource.getpagesize() + size
        resource.setrlimit(resource.RLIMIT_AS, (limit, limits[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_AS, limits)

else:

    @contextmanager
    def at_most(size: int) -> Iterator[None]:
        """Raise a MemoryError at the end if more than `size` bytes were allocated inside."""
        tracemalloc.start()
        try:
            yield
            if tracemalloc.get_traced_memory()[1] > size:
                raise MemoryError
        finally:
            tracemalloc.stop()
