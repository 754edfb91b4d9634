"""``--dataset``: a ready set or the user's own data, and how these are read."""

from __future__ import annotations

import argparse
import os
from contextlib import suppress
from dataclasses import replace
from typing import Any

from cli.output import say
from cli.progress_bar import progress_bar
from core.arrays import DIGITS
from core.datasets.dataset import Dataset
from core.datasets.loading import load_dataset
from core.errors import ConfigError, DigitscopeError
from core.inspection.orientation import orientation_of
from core.saving.shipped import load_shipped_network
from core.settings.config import RunConfig
from core.settings.data_source import READY_SETS, DataSource, OwnData
from core.settings.settings_text import suggestion

_OPTIONS = ("transpose", "invert", "split_seed")
_KEYS = ("is_transposed", "is_inverted", "split_seed")


def add_dataset(parser: argparse._ActionsContainer, what: str) -> None:
    """Add ``--dataset``; `what` is the help on what it is for."""
    parser.add_argument(
        "--dataset",
        type=data_source,
        metavar="DATA",
        help=f"{what}: {', '.join(READY_SETS)}, or the path of data of your own (a folder with a "
        "subfolder of pictures for each class, .npz, .csv, or IDX files)",
    )


def add_own_data_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how own data are read."""
    group = parser.add_argument_group("data of your own")
    for name, help_ in (
        ("transpose", "swap rows and columns of the images"),
        ("invert", "swap light and dark, so that ink is light (guessed from the borders)"),
    ):
        group.add_argument(f"--{name}", action=argparse.BooleanOptionalAction, help=help_)
    group.add_argument(
        "--split-seed",
        type=int,
        metavar="S",
        help="seed of the choice of test images, where the data have none (0)",
    )


def data_source(text: str) -> DataSource:
    """Parse the name of a ready set, or a path."""
    for name in READY_SETS:
        if text == name:
            return name
    path = os.path.abspath(os.path.expanduser(text)) if text and "\0" not in text else ""
    if not os.path.lexists(path):
        raise argparse.ArgumentTypeError(
            f"'{text}' is neither a data set nor the path of a file or folder. "
            f"{suggestion(text, READY_SETS)}"
        )
    try:
        return OwnData(path)
    except ConfigError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def chosen_source(
    arguments: argparse.Namespace, saved: DataSource | None = None, *, is_fixed: bool = False
) -> DataSource | None:
    """Return the data set that the options name, or that of a saved run.

    Parameters
    ----------
    saved
        The data set of a saved run or search. If these are own data, they are read as they were
        then, and ``--dataset PATH`` says where they are now.
    is_fixed
        Whether only that can be said, because it is to be the same data set.

    Raises
    ------
    ConfigError
        If an option contradicts that, or is only for own data.
    """
    named: DataSource | None = arguments.dataset
    source = saved if named is None else named
    if isinstance(named, OwnData) and isinstance(saved, OwnData):
        source = replace(saved, path=named.path)
    elif is_fixed and named is not None and named != saved:
        raise ConfigError(
            f"--dataset cannot be used here: it is '{saved}' that was trained on. Only where own "
            "data are now can be said, if they have moved. Leave it out."
        )
    given: dict[str, Any] = {
        key: value
        for key, option in zip(_KEYS, _OPTIONS, strict=True)
        if (value := getattr(arguments, option)) is not None
    }
    if not given:
        return source
    if not isinstance(source, OwnData):
        options = ", ".join(f"--{option.replace('_', '-')}" for option in _OPTIONS)
        raise ConfigError(
            f"{options} are for data of your own: name them with --dataset PATH, or leave these "
            "options out."
        )
    return replace(source, **given)


def prepare(
    source: DataSource, arguments: argparse.Namespace, *, is_quiet: bool = False
) -> Dataset:
    """Return a data set, with a progress bar; of own data say what was found and guessed.

    Raises
    ------
    DigitscopeError
        If it cannot be had.
    """
    with progress_bar(f"Preparing {source}") as progress:
        if not isinstance(source, OwnData):
            return load_dataset(source, arguments.data_dir, progress)
        # Imported on demand: it needs Pillow, and most runs do not.
        from core.datasets.own.own_data import own_dataset  # noqa: PLC0415
        from core.datasets.own.reading import read_own_images  # noqa: PLC0415

        dataset, report = own_dataset(read_own_images(source.path, progress), source)
    if not is_quiet:
        say(" ".join(report.lines))
        if source.is_transposed is None and dataset.classes == DIGITS:
            _say_how_digits_lie(dataset)
    return dataset


def settled(config: RunConfig, dataset: Dataset, validation: float | None) -> RunConfig:
    """Return settings in which all about own data is decided, as reading them has.

    `validation` is what ``--validation`` says; only now is it known what a fraction of them is.
    """
    if not isinstance(dataset.name, OwnData):
        return config
    config = replace(config, dataset=dataset.name)
    if validation is None or validation >= 1:
        return config
    return replace(config, validation=max(1, round(validation * len(dataset.train_labels))))


def _say_how_digits_lie(dataset: Dataset) -> None:
    """Say if digits seem to be transposed or turned; the ready-made network decides."""
    with suppress(DigitscopeError):  # without it, nobody knows
        orientation = orientation_of(dataset.test, load_shipped_network().network)
        if orientation.is_transposed:
            say(
                f"{orientation.finding} Add --transpose to undo it, or --no-transpose to say that "
                "they are right."
            )
        elif orientation.finding:
            say(f"{orientation.finding} Turn them with the program that wrote them.")
