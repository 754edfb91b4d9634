"""What all programs share: arguments, an isolated home, and a verdict."""

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
"""A proxy that does not exist, so that no program downloads anything."""


def parse(description: str, count: int, unit: str) -> argparse.Namespace:
    """Return ``count`` from the command line, by default `count` times `unit`, and ``seed``."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--count", type=int, default=count, help=unit)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


@contextmanager
def home(images: int | None = None) -> Iterator[Path]:
    """Make a folder the user's home, with all that belongs to it, and hide the app's window.

    Parameters
    ----------
    images
        Number of training images in the built-in data set if not 60,000; the test set has a quarter
        of that.

    Yields
    ------
    An empty folder inside it for files.
    """
    with TemporaryDirectory(prefix="digitscope-") as folder:
        live_in(Path(folder))
        if images is not None:
            draw_few(images)
        files = Path(folder) / "files"
        files.mkdir()
        yield files


def live_in(folder: Path) -> None:
    """Make the app store all user data in this folder."""
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
    """Draw the built-in data set with this many training images, and a quarter for tests."""
    strokes.make_strokes = partial(strokes.make_strokes, images, images // 4)


def verdict(
    result: str, faults: Sequence[str], complaints: Sequence[str] = (), status: int = 0
) -> int:
    """Print the result in a line, and its faults; return the exit status.

    `complaints` were collected while the app ran, and `status` is its exit status; either may be a
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
