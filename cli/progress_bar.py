"""A progress bar on stderr."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from tqdm import tqdm

from core.printable_text import printable
from core.progress import Progress


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """Yield a callback that updates a bar, which appears with the first call."""
    bar: tqdm[NoReturn] | None = None

    def report(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            bar = tqdm(desc=printable(title), total=total, unit_scale=True, leave=False)
        bar.total = total
        bar.update(done - bar.n)

    try:
        yield report
    finally:
        if bar is not None:
            bar.close()
