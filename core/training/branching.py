"""Where a new run can branch off a saved one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.errors import RunFileError
from core.history.history import History
from core.settings.config import RunConfig
from core.training.film import FilmMoment, rounded
from core.training.saved_run import BestNetwork, SavedRun, TrainingState
from core.training.starting_state import (
    Parent,
    StartingState,
    begin_of,
    start_at_checkpoint,
    start_at_moment,
)
from core.wording import numeral


def branch_at(run: SavedRun, step: int | None, name: str) -> tuple[StartingState, RunConfig]:
    """Return what a branch of `run` begins with, and the settings that were in force there.

    At the newest step that is the exact network, with what its optimizer remembers, also if it is
    the best; at an earlier one, the network of the film, which is rounded; and at the best, the
    exact network. Of two networks of one step, before and after a change of the layers, it is the
    later.

    Parameters
    ----------
    step
        How many steps the run had made; None for the best network.
    name
        Of the run, for messages.

    Raises
    ------
    RunFileError
        If the file has no network of that step, or was saved for its weights alone.
    """
    training = run.training
    if training is None:
        raise RunFileError(
            f"'{name}' was saved without the state of its training, so it has no steps to branch "
            "from. Begin with its network instead: --from takes it."
        )
    start = _best(run, training, name) if step is None else _start_at(run, training, step, name)
    assert start.parent is not None
    changes = [each for each in training.checkpoint.changes if each.step <= start.parent.step]
    network = start.network.shape_in(run.config.network)
    return start, replace(run.config, network=network, hyperparameters=changes[-1].hyperparameters)


def _start_at(run: SavedRun, training: TrainingState, step: int, name: str) -> StartingState:
    newest, best = training.checkpoint, run.best
    if step == newest.step:
        images, before = len(newest.order), begin_of(run.start)
        return start_at_checkpoint(newest, images, run.id, _source(name, step), before)
    moment = next((each for each in reversed(run.film) if each.step == step), None)
    if best is not None and best.step == step and (moment is None or _is_of(moment, best)):
        return _best(run, training, name)
    if moment is not None:
        return start_at_moment(moment, run.id, _source(name, step), begin_of(run.start))
    kept = {newest.step, *(each.step for each in run.film)} | ({best.step} if best else set())
    raise RunFileError(_what_there_is(sorted(kept), step, name))


def _is_of(moment: FilmMoment, best: BestNetwork) -> bool:
    """Return whether this is the network of the best, rounded or not."""
    return np.array_equal(rounded(moment.parameters), rounded(best.network.parameters))


def _best(run: SavedRun, training: TrainingState, name: str) -> StartingState:
    best = run.best
    if best is None:
        raise RunFileError(
            f"'{name}' holds no best network: it has no validation split, or no epoch was "
            "complete. Name a step."
        )
    newest, parameters = training.checkpoint, best.network.parameters
    if best.step == newest.step and np.array_equal(parameters, newest.parameters):
        return _start_at(run, training, newest.step, name)
    evaluations = History.of(training.history, training.evaluation_seconds).evaluations
    steps, seconds = (evaluations.last(f"evaluation_{each}") for each in ("step", "seconds"))
    parent = Parent(
        run.id,
        best.step,
        best.epoch,
        float(np.interp(best.step, steps, seconds)),
        before=begin_of(run.start),
    )
    return StartingState(best.network, _source(name, best.step), parent=parent)


def _source(name: str, step: int) -> str:
    return f"{name}, step {numeral(step)}"


def _what_there_is(kept: Sequence[int], step: int, name: str) -> str:
    """Return the message that there is no such step; `kept` are those that there are."""
    nearest = sorted(sorted(kept, key=lambda each: abs(each - step))[:2])
    if len(nearest) > 1:
        there_is = f"The nearest are at steps {nearest[0]} and {nearest[1]}."
    else:
        there_is = f"It has only that at step {nearest[0]}; a run of train --film has more."
    return f"'{name}' has no network at step {step}. {there_is}"
