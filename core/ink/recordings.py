"""Digits that people wrote on a tablet, in UNIPEN's text format.

UNIPEN is the format in which recordings of handwriting are exchanged (Guyon et al., "UNIPEN project
of on-line data exchange and recognizer benchmarks", 1994). These keywords are understood:
``.SEGMENT DIGIT … "8"`` begins a digit and names it, ``.PEN_DOWN`` begins a stroke, and ``.PEN_UP``
ends it; the lines in between are x and y, with y growing upward. All others are ignored.
"""

from __future__ import annotations

import gzip
import io
import math
import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.arrays import PIXELS, LabeledImages
from core.errors import DataError
from core.files.user_file import open_file
from core.ink.drawing import BRUSH, FILLED, RASTER_SIDE, Drawing
from core.progress import Progress, no_progress

_GZIP = b"\x1f\x8b"
_LARGEST = 20_000_000
"""Most bytes of text: tens of thousands of digits. A compressed file could hold any amount, and the
points take up to fifty times the memory of the text."""

_FARTHEST = 1e9
"""A larger coordinate is not on a tablet, and would overflow when scaled."""

_SEGMENT = re.compile(r'\s*\.SEGMENT\s+DIGIT\b.*"([0-9])"\s*$')
_EXAMPLE = '.SEGMENT DIGIT 0 ? "8"'


@dataclass
class Recording:
    """One digit: its label, and the points of each stroke as x and y, with y growing upward."""

    digit: int
    strokes: list[list[tuple[float, float]]] = field(default_factory=list)


def read_recordings(path: Path) -> list[Recording]:
    """Read all digits of a UNIPEN file, which may be gzipped.

    Raises
    ------
    DataError
        If it cannot be read, is too large, or is not a UNIPEN file.
    """
    try:
        with open_file(path, 10 * _LARGEST) as raw:
            compressed = raw.peek(len(_GZIP)).startswith(_GZIP)
            with gzip.GzipFile(fileobj=raw) if compressed else raw as file:
                content = file.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(
            f"The recordings '{path}' cannot be read: {reason}. Check the name and the file."
        ) from error
    if len(content) > _LARGEST:
        raise DataError(
            f"The recordings '{path}' have more than {_LARGEST // 1_000_000} MB of text. "
            "Split them into several files."
        )
    recordings = _parse(content.decode("utf-8-sig", "replace"), path)
    if not recordings:
        raise DataError(f"'{path}' contains no digits: a UNIPEN file has lines such as {_EXAMPLE}.")
    return recordings


def _parse(text: str, path: Path) -> list[Recording]:
    recordings: list[Recording] = []
    begun_at: list[int] = []
    stroke: list[tuple[float, float]] | None = None
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        word = line.split(maxsplit=1)[0] if line.strip() else ""
        if word == ".SEGMENT":
            recordings.append(Recording(_digit(line, number, path)))
            begun_at.append(number)
            stroke = None
        elif word == ".PEN_DOWN" and recordings:
            stroke = []
            recordings[-1].strokes.append(stroke)
        elif word == ".PEN_UP":
            stroke = None
        elif word and not word.startswith(".") and stroke is not None:
            stroke.append(_point(line, number, path))
    for number, recording in zip(begun_at, recordings, strict=True):
        recording.strokes = [stroke for stroke in recording.strokes if stroke]
        if not recording.strokes:
            raise DataError(
                f"The digit that begins at line {number} of '{path}' has no points; "
                "the file may have been cut off."
            )
    return recordings


def _digit(line: str, number: int, path: Path) -> int:
    found = _SEGMENT.match(line)
    if found is None:
        raise DataError(
            f"Line {number} of '{path}' does not name a digit, as {_EXAMPLE} does: {_quote(line)}."
        )
    return int(found[1])


def _point(line: str, number: int, path: Path) -> tuple[float, float]:
    try:
        x, y = map(float, line.split()[:2])
    except ValueError:
        x = y = math.nan
    if not (abs(x) <= _FARTHEST and abs(y) <= _FARTHEST):
        raise DataError(f"Line {number} of '{path}' is not a point x y: {_quote(line)}.")
    return x, y


def _quote(line: str) -> str:
    """Return the start of a line, without control characters for the terminal."""
    return repr(line.strip()[:60])


def draw_recording(recording: Recording, brush: float = BRUSH) -> Drawing:
    """Draw a recording in the middle of a pad, stroke by stroke."""
    drawing = Drawing()
    for stroke in strokes_on_pad(recording):
        (x, y), *others = stroke
        drawing.begin(x, y, brush)
        for x, y in others:
            drawing.extend(x, y, brush)
        drawing.end()
    return drawing


def strokes_on_pad(recording: Recording) -> list[list[tuple[float, float]]]:
    """Return the strokes in the pad's units: y grows downward, the longer side is 200."""
    points = np.array([point for stroke in recording.strokes for point in stroke])
    low, high = points.min(axis=0), points.max(axis=0)
    # A dot has no size to scale.
    scale = FILLED / max(*(high - low), 1e-9)
    middle_x, middle_y = (low + high) / 2
    half = RASTER_SIDE / 2
    return [
        [(half + (x - middle_x) * scale, half - (y - middle_y) * scale) for x, y in stroke]
        for stroke in recording.strokes
    ]


def read_images(path: Path, progress: Progress = no_progress) -> LabeledImages:
    """Return the input image of the network for each recording of a file.

    `progress` is called with the number of recordings done, and may raise Cancelled.

    Raises
    ------
    DataError
        As :func:`read_recordings`.
    """
    recordings = read_recordings(path)
    images: NDArray[np.uint8] = np.empty((len(recordings), PIXELS), np.uint8)
    for i, recording in enumerate(recordings):
        images[i] = draw_recording(recording).image().reshape(-1)
        if i % 100 == 0:
            progress(i, len(recordings))
    progress(len(recordings), len(recordings))
    return LabeledImages(images, np.array([r.digit for r in recordings], np.uint8))
