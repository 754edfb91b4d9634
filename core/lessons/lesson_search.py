"""The optional table ``[search]`` of a lesson file: the lesson runs a search, not its variant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.errors import ConfigError
from core.lessons.lesson_story import StoryError
from core.search.plan import DEFAULT_VALIDATION, SearchPlan
from core.search.varied import Varied, parse_varied
from core.settings.config import RunConfig

_KEYS = ("vary", "sampler", "trials", "epochs", "runs_per_trial")


@dataclass(frozen=True)
class LessonSearch:
    """What varies in the settings of the lesson's variant, and how; see SearchPlan."""

    varied: tuple[Varied, ...]
    sampler: Any = "grid"
    trials: int = 32
    epochs: int = 1
    runs_per_trial: int = 1

    def plan(self, config: RunConfig) -> SearchPlan:
        """Return the search around these settings; raises ConfigError if it is not possible."""
        if not config.validation:
            config = replace(config, validation=DEFAULT_VALIDATION)
        return SearchPlan(
            config,
            self.varied,
            sampler=self.sampler,
            trials=self.trials,
            epochs=self.epochs,
            runs_per_trial=self.runs_per_trial,
        )


def search_of(values: Mapping[str, Any], configs: list[RunConfig]) -> LessonSearch | None:
    """Return the search of a lesson that sets `values`; None if it has none.

    Parameters
    ----------
    configs
        The settings of its variants, of which a search has one.

    Raises
    ------
    StoryError
        If something is wrong.
    """
    table = values.get("search")
    if table is None:
        return None
    if not isinstance(table, dict) or not set(table) <= set(_KEYS) or not table.get("vary"):
        raise StoryError("search", f"'search' should be a group of {', '.join(_KEYS)}.")
    if len(configs) != 1:
        raise StoryError(
            "search", "A lesson with a search has one variant: the settings that do not vary."
        )
    try:
        varied = tuple(parse_varied(str(text)) for text in table["vary"])
        rest = {key: value for key, value in table.items() if key != "vary"}
        search = LessonSearch(varied, **rest)
        search.plan(configs[0])
    except (ConfigError, TypeError) as error:
        raise StoryError("search", str(error)) from error
    return search
