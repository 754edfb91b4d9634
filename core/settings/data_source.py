"""Where a run's data come from, and which classes they have."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal, get_args

from core.arrays import DIGITS, MAX_CLASSES, MIN_CLASSES
from core.errors import ConfigError
from core.wording import counted

ReadySet = Literal["mnist", "strokes", "mnist+strokes", "fashion-mnist", "kuzushiji-mnist"]

READY_SETS: tuple[ReadySet, ...] = get_args(ReadySet)
READY_CLASSES: dict[ReadySet, tuple[str, ...]] = {
    "mnist": DIGITS,
    "strokes": DIGITS,
    "mnist+strokes": DIGITS,
    "fashion-mnist": (
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    "kuzushiji-mnist": ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
}
"""Of each ready set, in the order of its labels."""

DIGIT_SETS: tuple[ReadySet, ...] = tuple(n for n in READY_SETS if READY_CLASSES[n] == DIGITS)

_TITLES: dict[ReadySet, str] = {
    "mnist": "MNIST",
    "strokes": "Strokes",
    "mnist+strokes": "MNIST and strokes",
    "fashion-mnist": "Fashion-MNIST",
    "kuzushiji-mnist": "Kuzushiji-MNIST",
}

_BY_DEFAULT: tuple[ReadySet, ...] = ("strokes", "fashion-mnist", "kuzushiji-mnist")
"""Of the sets with the same classes, the one that needs no download."""

MAX_CLASS_NAME = 40
"""Characters of a class's name."""

_MAX_PATH = 4_096


@dataclass(frozen=True)
class OwnData:
    """A data set of the user's own, and how it is read.

    Attributes
    ----------
    path
        Of its file or folder, absolute.
    classes
        The names of its classes in the order of the labels; () until it has been read.
    is_transposed
        Whether rows and columns of its images are to be swapped; None: decided by reading it.
    is_inverted
        Whether its images are dark on light and are to be inverted; None likewise.
    split_seed
        Which images become the test set if it has none.

    Raises
    ------
    ConfigError
        If a value is not valid.
    """

    path: str
    classes: tuple[str, ...] = ()
    is_transposed: bool | None = None
    is_inverted: bool | None = None
    split_seed: int = 0

    def __post_init__(self) -> None:
        """Check every field."""
        if not 0 < len(self.path) <= _MAX_PATH or "\0" in self.path:
            raise ConfigError(f"The path of a data set has 1 to {_MAX_PATH:,} characters.")
        if self.classes:
            check_classes(self.classes)
        if self.split_seed < 0:
            raise ConfigError(f"The seed of the split, {self.split_seed}, is negative; use 0.")

    def __str__(self) -> str:
        return self.path


DataSource = ReadySet | OwnData


def classes_of(source: DataSource) -> tuple[str, ...]:
    """Return the names of the classes; () for own data that has not been read."""
    return source.classes if isinstance(source, OwnData) else READY_CLASSES[source]


def source_with(classes: tuple[str, ...], path: PurePath) -> DataSource:
    """Return a ready set with these classes, or else own data, which may be at `path`."""
    ready = next((name for name in _BY_DEFAULT if READY_CLASSES[name] == classes), None)
    return OwnData(str(path), classes) if ready is None else ready


def data_title(source: DataSource) -> str:
    """Return what a data set is called in the window."""
    if isinstance(source, OwnData):
        return PurePath(source.path).name or source.path
    return _TITLES[source]


def check_classes(classes: tuple[str, ...]) -> None:
    """Raise a ConfigError unless these can be the names of a network's outputs."""
    if not MIN_CLASSES <= len(classes) <= MAX_CLASSES:
        raise ConfigError(
            f"{counted(len(classes), 'class', 'classes')} cannot be learned; use {MIN_CLASSES} to "
            f"{MAX_CLASSES}."
        )
    for name in classes:
        if not name.strip() or len(name) > MAX_CLASS_NAME or not name.isprintable():
            raise ConfigError(
                f"{name[:MAX_CLASS_NAME]!r} cannot be the name of a class; use 1 to "
                f"{MAX_CLASS_NAME} printable characters."
            )
    if len(set(classes)) < len(classes):
        raise ConfigError(f"Two classes have the same name: {', '.join(classes)}.")
