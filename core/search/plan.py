"""What a search does: which settings vary and how, how many trials, and how long each is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from core.errors import ConfigError
from core.search.varied import Varied, parse_varied
from core.search.varied_settings import SETTINGS, Value
from core.settings.config import MAX_EPOCHS, MAX_SEED, RunConfig
from core.settings.settings_text import config_from, settings_of

SamplerName = Literal["grid", "random", "guided"]
SAMPLER_NAMES: tuple[SamplerName, ...] = get_args(SamplerName)

MAX_TRIALS = 100_000
MAX_RUNS_PER_TRIAL = 100
DEFAULT_VALIDATION = 10_000
"""Images of the validation split if the run's settings have none: a search needs one."""
_LEFT_FOR_TRAINING = 6
"""Of a small data set, one image in this many is held out."""


@dataclass(frozen=True)
class SearchPlan:
    """All that decides what a search tries.

    Attributes
    ----------
    config
        The settings that do not vary. Its validation split, which must not be empty, is what trials
        are compared by; the test set chooses nothing.
    varied
        What varies.
    sampler
        ``"grid"``: every combination; ``"random"``: combinations drawn at random; ``"guided"``:
        each trial where earlier ones were good.
    trials
        How many combinations; a grid may have fewer.
    epochs
        Of each run.
    stops_early
        Whether poor trials end after a part of their epochs, by successive halving.
    runs_per_trial
        How often each combination is trained, each time with another seed, from that of `config`
        on. A trial's accuracy is the mean.
    seed
        For the choice of combinations.

    Raises
    ------
    ConfigError
        If nothing varies, something varies twice, or a number is out of range, or a value is not
        possible in these settings.
    """

    config: RunConfig
    varied: tuple[Varied, ...]
    sampler: SamplerName = "random"
    trials: int = 32
    epochs: int = 1
    stops_early: bool = False
    runs_per_trial: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        """Check every field."""
        self._check_varied()
        _check_name_of_sampler(self.sampler)
        _check_count("trials", self.trials, MAX_TRIALS)
        _check_count("epochs", self.epochs, MAX_EPOCHS)
        _check_count("runs per trial", self.runs_per_trial, MAX_RUNS_PER_TRIAL)
        if not 0 <= self.seed <= MAX_SEED:
            raise ConfigError(f"The seed {self.seed} is not in 0 to {MAX_SEED}.")
        if not self.config.validation:
            raise ConfigError(
                "A search compares runs by their validation split, but these settings have none; "
                f"set one, such as {DEFAULT_VALIDATION:,} images."
            )
        for varied in self.varied:
            for value in varied.extremes:
                self._check_value(varied.name, value)
        self.config_of({varied.name: varied.extremes[0] for varied in self.varied})

    def _check_varied(self) -> None:
        if not self.varied:
            raise ConfigError("Nothing varies in this search; choose at least one setting.")
        names = [varied.name for varied in self.varied]
        for name in names:
            if names.count(name) > 1:
                raise ConfigError(f"'{name}' varies twice; leave one of the two out.")

    def _check_value(self, name: str, value: Value) -> None:
        try:
            self.config_of({name: value})
        except ConfigError as error:
            raise ConfigError(f"The search cannot try {name} = {value}: {error}") from error

    @property
    def combinations(self) -> int:
        """How many trials there are: those asked for, or the whole of a smaller grid."""
        if self.sampler != "grid":
            return self.trials
        return min(self.trials, math.prod(len(varied.grid()) for varied in self.varied))

    def config_of(self, values: Mapping[str, Value], run: int = 0) -> RunConfig:
        """Return the settings of a run with these values of the varied settings.

        Parameters
        ----------
        run
            Which of the trial's runs, from 0 on.

        Raises
        ------
        ConfigError
            If the values are not possible together.
        """
        hyperparameters = replace(self.config.hyperparameters, epochs=self.epochs)
        seed = (self.config.seed + run) % (MAX_SEED + 1)
        config = replace(self.config, hyperparameters=hyperparameters, seed=seed)
        for setting in SETTINGS:
            if setting.name in values:
                config = setting.write(config, values[setting.name])
        return config

    def as_values(self) -> dict[str, Any]:
        """Return the plan as plain values, for a file; :meth:`from_values` is the inverse."""
        return {
            "config": settings_of(self.config),
            "vary": [str(varied) for varied in self.varied],
            "sampler": self.sampler,
            "trials": self.trials,
            "epochs": self.epochs,
            "stops_early": self.stops_early,
            "runs_per_trial": self.runs_per_trial,
            "seed": self.seed,
        }

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> SearchPlan:
        """Return the plan of :meth:`as_values`; raises ConfigError if it is not one."""
        try:
            rest = {name: values[name] for name in values if name not in ("config", "vary")}
            varied = tuple(parse_varied(str(text)) for text in values["vary"])
            return cls(config_from(values["config"]), varied, **rest)
        except (KeyError, TypeError, AttributeError) as error:
            raise ConfigError(
                "This is not the plan of a search; it may be damaged. Begin a new search."
            ) from error


def default_validation(images: int) -> int:
    """Return how many of the training images a search holds out if the settings do not say."""
    return min(DEFAULT_VALIDATION, max(images // _LEFT_FOR_TRAINING, 1))


def _check_name_of_sampler(name: str) -> None:
    if name not in SAMPLER_NAMES:
        raise ConfigError(f"Unknown sampler '{name}'; use one of {', '.join(SAMPLER_NAMES)}.")


def _check_count(what: str, count: int, most: int) -> None:
    if not isinstance(count, int) or not 1 <= count <= most:
        raise ConfigError(f"{count!r} {what} are not possible; use 1 to {most:,}.")
