"""Parses the values of command-line options; each raises ArgumentTypeError for a bad one."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from core.settings.augmentation import NO_AUGMENTATION, Augmentation
from core.settings.config import MAX_VALIDATION

STRENGTHS = tuple(field.name for field in fields(Augmentation))


def layer_sizes(text: str) -> tuple[int, ...]:
    """Parse the sizes of hidden layers, such as 128,64; an empty text means none."""
    try:
        return tuple(int(units) for units in text.split(",") if text.strip())
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not a list of layer sizes such as 128,64"
        ) from error


def names(text: str) -> tuple[str, ...]:
    """Parse names separated by commas."""
    return tuple(map(name, text.split(",")))


def name(text: str) -> str:
    """Normalize a name: ReLU is relu, and leaky_relu is leaky-relu."""
    return text.strip().lower().replace("_", "-")


def augmentation(text: str) -> Augmentation:
    """Parse strengths, such as shift=2,rotation=10; the others are zero."""
    if text == "none":
        return NO_AUGMENTATION
    strengths = {}
    for part in text.split(","):
        key, _, value = part.partition("=")
        try:
            strengths[key.strip()] = float(value)
        except ValueError as error:
            raise argparse.ArgumentTypeError(
                f"'{part}' is not a strength such as rotation=10"
            ) from error
        if key.strip() not in STRENGTHS:
            raise argparse.ArgumentTypeError(
                f"there is no augmentation '{key.strip()}'; use " + ", ".join(STRENGTHS)
            )
    return Augmentation(**strengths)


def branch_point(text: str) -> tuple[Path, int | None]:
    """Parse a file and a step of its run, such as run.npz@240; None stands for run.npz@best."""
    path, _, where = text.rpartition("@")
    if path and where == "best":
        return Path(path), None
    if path and re.fullmatch("[0-9]{1,15}", where, re.ASCII):
        return Path(path), int(where)
    raise argparse.ArgumentTypeError(
        f"'{text}' does not say where to branch off: write FILE.npz@STEP, or FILE.npz@best"
    )


def window_size(text: str) -> tuple[int, int]:
    """Parse a width and a height in pixels, such as 1280x800."""
    width, _, height = text.partition("x")
    if re.fullmatch(r"[0-9]{3,4}x[0-9]{3,4}", text) is None or min(int(width), int(height)) < 200:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not a size such as 1280x800, from 200 to 9999 each"
        )
    return int(width), int(height)


def validation_split(text: str) -> float:
    """Parse a number of images, or a fraction below 1; 1.0 is ambiguous and refused."""
    size = positive(float, MAX_VALIDATION)(text)
    if size >= 1:
        try:
            return int(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(
                f"'{text}' is neither a whole number of images nor a fraction below 1"
            ) from error
    return size


def positive(kind: Callable[[str], float], most: float) -> Callable[[str], float]:
    """Return a parser of numbers above 0 and at most `most`."""

    def parse(text: str) -> float:
        value = _number(kind, text)
        if not 0 < value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not above 0 and at most {most:,}")
        return value

    return parse


def within(kind: Callable[[str], float], least: float, most: float) -> Callable[[str], float]:
    """Return a parser of numbers from `least` to `most`."""

    def parse(text: str) -> float:
        value = _number(kind, text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not from {least:,} to {most:,}")
        return value

    return parse


def _number(kind: Callable[[str], float], text: str) -> float:
    try:
        return kind(text)
    except ValueError as error:
        what = "a whole number" if kind is int else "a number"
        raise argparse.ArgumentTypeError(f"'{text}' is not {what}") from error
