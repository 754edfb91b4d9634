"""What all programs have in common: arguments, a home of their own, and a verdict."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from core.datasets import strokes

_NOWHERE = "http://127.0.0.1:9"
"""A proxy that is not there: no program downloads anything."""


def parse(description: str, count: int, unit: str) -> argparse.Namespace:
    """Return the command line's ``count``, by default `count` times `unit`, and ``seed``."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--count", type=int, default=count, help=unit)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


@contextmanager
def home(images: int | None = None) -> Iterator[Path]:
    """Make a folder the user's home and all that belongs to it, and the app screenless.

    Parameters
    ----------
    images
        How many training images the built-in data set has, where all 60,000 are not needed; the
        test set has a fourth.

    Yields
    ------
    An empty folder in there for files.
    """
    with TemporaryDirectory(prefix="digitscope-") as folder:
        live_in(Path(folder))
        if images is not None:
            draw_few(images)
        files = Path(folder) / "files"
        files.mkdir()
        yield files


def live_in(folder: Path) -> None:
    """Have the app keep everything of its user in this folder."""
    places = {
        "HOME": folder,
        "XDG_CACHE_HOME": folder / "cache",
        "XDG_CONFIG_HOME": folder / "config",
        "XDG_DATA_HOME": folder / "data",
    }
    os.environ.update({name: str(place) for name, place in places.items()})
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.update({name: _NOWHERE for name in ("HTTP_PROXY", "HTTPS_PROXY", "https_proxy")})


def draw_few(images: int) -> None:
    """Have the built-in data set drawn with so many training images, and a fourth for tests."""
    strokes.make_strokes = partial(strokes.make_strokes, images, images // 4)


def verdict(
    result: str, faults: Sequence[str], complaints: Sequence[str] = (), status: int = 0
) -> int:
    """Print the result in a line, and what is wrong with it; return the exit status.

    `complaints` were collected while the app ran, and `status` is what it ended with; either is a
    fault.
    """
    wrong = [*faults]
    if status:
        wrong.append(f"the app ended with status {status}")
    if complaints:
        wrong.append(f"{len(complaints)} complaints, the first: {complaints[0].strip()}")
    print(f"{'FAILED' if wrong else 'passed'}: {result}")
    for fault in wrong:
        print(f"  {fault}")
    sys.stdout.flush()
    return 1 if wrong else 0
