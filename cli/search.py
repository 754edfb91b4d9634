"""``main.py search``: which search to begin or continue."""

from __future__ import annotations

import argparse
import json
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from cli.configuration import check_resumed, run_config
from cli.data_choice import chosen_source, prepare, settled
from cli.output import say
from cli.search_arguments import OF_A_PLAN
from cli.targets import check_target
from core.errors import ConfigError
from core.files.user_file import read_file
from core.program import as_typed
from core.runs.run_library import RunLibrary
from core.runs.search_record import SearchRecord
from core.search.plan import DEFAULT_VALIDATION, SearchPlan, default_validation
from core.search.search_files import check_extras, is_running
from core.search.varied import parse_varied
from core.wording import counted, numeral, percent

_MOST_BYTES = 1_000_000
"""Of the file of a plan."""


def search(arguments: argparse.Namespace) -> int:
    """Search, print and write the result, and return the exit status."""
    with closing(RunLibrary()) as library:
        if arguments.list:
            _list(library)
            return 0
        check_extras(on_cluster=arguments.cluster is not None)
        from cli.search_run import run_search

        held_out = arguments.validation
        record = _resumed(arguments, library) if arguments.resume else _new(arguments)
        plan = SearchPlan.from_values(record.plan)
        check_target(arguments.report, ())
        check_target(arguments.csv, (arguments.report,))
        source = chosen_source(arguments, plan.config.dataset, is_fixed=True)
        dataset = prepare(
            source or plan.config.dataset, arguments, is_quiet=arguments.progress_lines
        )
        config = settled(plan.config, dataset, held_out)
        if held_out is None and arguments.resume is None and arguments.plan is None:
            config = replace(config, validation=default_validation(len(dataset.train_labels)))
        plan = replace(plan, config=config)
        record = replace(record, plan=plan.as_values())
        return run_search(arguments, library, record, plan, dataset)


def _new(arguments: argparse.Namespace) -> SearchRecord:
    """Return a new search, from the options or a file."""
    plan = _plan(arguments) if arguments.plan is None else _read_plan(arguments.plan)
    return SearchRecord(
        id=uuid4().hex,
        name=arguments.name or ", ".join(varied.setting.title for varied in plan.varied),
        began=time.time(),
        plan=plan.as_values(),
        state="running",
        trials=plan.combinations,
    )


def _plan(arguments: argparse.Namespace) -> SearchPlan:
    if arguments.dataset is None:
        raise ConfigError("Name what to train on: --dataset mnist, or another data set.")
    epochs = arguments.epochs = arguments.epochs or 1
    arguments.validation = arguments.validation or DEFAULT_VALIDATION
    return SearchPlan(
        config=run_config(arguments),
        varied=tuple(parse_varied(text) for text in arguments.vary or ()),
        sampler=arguments.sampler or "random",
        trials=arguments.trials or 32,
        epochs=epochs,
        stops_early=bool(arguments.stop_early),
        runs_per_trial=arguments.runs_per_trial or 1,
        seed=arguments.search_seed or 0,
    )


def _read_plan(path: Path) -> SearchPlan:
    try:
        return SearchPlan.from_values(json.loads(read_file(path, _MOST_BYTES)))
    except OSError as error:
        raise ConfigError(
            f"'{path}' could not be read: {error.strerror or error}. Check the name."
        ) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"'{path}' is not the plan of a search: it is not JSON.") from error


def _resumed(arguments: argparse.Namespace, library: RunLibrary) -> SearchRecord:
    """Return the newest search with this name or start of its id; first of those not finished."""
    check_resumed(arguments, OF_A_PLAN, "search")
    wanted = str(arguments.resume)
    searches = library.searches()  # newest first
    named = [record for record in searches if record.name == wanted]
    found = named or [record for record in searches if record.id.startswith(wanted)]
    for record in sorted(found, key=lambda record: record.state == "finished"):
        return record
    raise ConfigError(f"There is no search '{wanted}'. '{as_typed('search --list')}' lists all.")


def _list(library: RunLibrary) -> None:
    """Print a line for each search, newest first."""
    searches = library.searches()
    for record in searches:
        state = record.state
        if state == "running" and not is_running(record.id):
            state = "stopped"  # it was killed
        began = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.began))
        done = f"{numeral(record.recorded)} of {counted(record.trials, 'trial')}"
        best = percent(record.best_accuracy)
        say(f"{record.id[:8]}  {began}  {state:8}  {done:>16}  {best:>8}  {record.name}")
    if not searches:
        say("There are no searches yet.")
