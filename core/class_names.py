"""How classes are called in sentences: digits as digits, others by their names."""

from __future__ import annotations

from core.arrays import DIGITS

Classes = tuple[str, ...]
"""The names of the classes, in the order of their labels."""


_MOST_LISTED = 6


def are_digits(classes: Classes) -> bool:
    """Return whether the classes are the ten digits."""
    return classes == DIGITS


def kind_of(classes: Classes) -> str:
    """Return what one of them is: "digit" or "class"."""
    return "digit" if are_digits(classes) else "class"


def kinds_of(classes: Classes) -> str:
    """Return what several of them are: "digits" or "classes"."""
    return "digits" if are_digits(classes) else "classes"


def class_name(classes: Classes, place: int) -> str:
    """Return a class as it is called where nothing says that it is one: "digit 3", "Sandal"."""
    return f"digit {classes[place]}" if are_digits(classes) else classes[place]


def images_of(classes: Classes) -> str:
    """Return what images of the classes are: "digits" or "images"."""
    return "digits" if are_digits(classes) else "images"


def listed(classes: Classes) -> str:
    """Return the names in a row, of many the first ones: "cat, dog, horse"."""
    names = classes if len(classes) <= _MOST_LISTED else (*classes[: _MOST_LISTED - 1], "…")
    return ", ".join(names)
