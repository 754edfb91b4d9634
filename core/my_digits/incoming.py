"""Digits on their way into a folder of digits, and the report on those that came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ink.ink_file import fingerprint
from core.my_digits.my_digits import MyDigit, MyDigits
from core.progress import Progress


@dataclass(frozen=True)
class ExchangeReport:
    """The result of an export or import.

    Attributes
    ----------
    added
        How many digits were added.
    already_there
        How many were there before, with the same ink and label.
    refused
        Files that could not be read as digits, each as "name: reason".
    left_out
        The same for files that are not pictures.
    """

    added: int
    already_there: int = 0
    refused: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Incoming:
    """A digit to add.

    `source` names it in messages, `ink` is None if it has a `fault`, and `name` is the name it
    should get if that is free. `is_left_out` marks files that are not pictures.
    """

    digit: int
    source: str
    ink: NDArray[np.uint8] | None = None
    fault: str = "it is blank"
    name: str | None = None
    is_left_out: bool = False


def add_new(
    target: MyDigits,
    incoming: Iterator[Incoming],
    total: int,
    progress: Progress,
    finish: Callable[[], object] | None = None,
) -> ExchangeReport:
    """Add new digits to `target`: all of them, or none if that fails or is cancelled.

    `finish`, called at the end, may fail, too.
    """
    known = {(item.digit, item.fingerprint) for item in target.items}
    added: list[MyDigit] = []
    already_there = 0
    refused: list[str] = []
    left_out: list[str] = []
    try:
        for done, digit_to_add in enumerate(incoming):
            progress(done, total)
            if digit_to_add.ink is None or not digit_to_add.ink.any():
                faults = left_out if digit_to_add.is_left_out else refused
                faults.append(f"{digit_to_add.source}: {digit_to_add.fault}")
            elif (digit_to_add.digit, fingerprint(digit_to_add.ink)) in known:
                already_there += 1
            else:
                added.append(target.add(digit_to_add.ink, digit_to_add.digit, digit_to_add.name))
                known.add((digit_to_add.digit, added[-1].fingerprint))
        progress(total, total)
        if finish is not None:
            finish()
    except BaseException:
        for item in added:
            target.remove(item)
        raise
    return ExchangeReport(len(added), already_there, tuple(refused), tuple(left_out))
