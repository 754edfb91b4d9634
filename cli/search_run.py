"""Runs a search for ``main.py search``."""

from __future__ import annotations

import argparse
from contextlib import closing, suppress
from dataclasses import replace

from cli.output import complain
from cli.search_progress import Bar, Display, Lines, StopSignals
from cli.search_report import say_result, write_search_report, write_table
from core.datasets.dataset import Dataset
from core.errors import Cancelled, DigitscopeError
from core.program import as_typed
from core.runs.run_library import RunLibrary
from core.runs.search_record import SearchRecord
from core.search.chooser import Chooser
from core.search.executors import Executor, OneByOne
from core.search.plan import SearchPlan
from core.search.search import Search, check_same_images
from core.search.search_files import storage_path
from core.search.trial_records import TrialRecords
from core.threads.workers import usable_cores

_INTERRUPTED = 130


def run_search(
    arguments: argparse.Namespace,
    library: RunLibrary,
    record: SearchRecord,
    plan: SearchPlan,
    dataset: Dataset,
) -> int:
    """Begin or continue a search, print and write the result, and return the exit status."""
    dataset.hold_out(plan.config.validation)
    signals = StopSignals()
    # First what may refuse to begin: then there is nothing to continue.
    with (
        closing(_executor(arguments, dataset, signals)) as executor,
        closing(Chooser(storage_path(record.id), plan)) as chooser,
        signals.listening(),
    ):
        check_same_images(chooser, dataset)
        record = _run(arguments, library, record, plan, chooser, executor, signals)
        if arguments.report is not None:
            write_search_report(arguments.report, record, plan, chooser)
        if arguments.csv is not None:
            write_table(arguments.csv, plan, chooser.trials())
        if not arguments.progress_lines:
            say_result(chooser)
    if record.state != "finished":
        how = _how_to_continue(record, arguments)
        complain(f"The search was stopped; its finished trials are kept. {how}")
        return _INTERRUPTED
    return 0


def _run(
    arguments: argparse.Namespace,
    library: RunLibrary,
    record: SearchRecord,
    plan: SearchPlan,
    chooser: Chooser,
    executor: Executor,
    signals: StopSignals,
) -> SearchRecord:
    """Run the search to its end, or until it is stopped; return its record as it is then."""
    library.put_search(replace(record, state="running", message=""))
    records = TrialRecords(library, record.id, arguments.save_runs)
    display: Display = Lines(record.id) if arguments.progress_lines else Bar()
    try:
        with closing(display):
            Search(
                record.id, plan, chooser, executor, records, display.show, lambda: signals.came
            ).run()
        return _put(library, record, chooser, "finished")
    except Cancelled:
        return _put(library, record, chooser, "stopped")
    except DigitscopeError as error:
        with suppress(DigitscopeError):  # a full disk, for example, is said already
            _put(library, record, chooser, "stopped", str(error))
        raise DigitscopeError(f"{error} {_how_to_continue(record, arguments)}") from error


def _executor(arguments: argparse.Namespace, dataset: Dataset, signals: StopSignals) -> Executor:
    """Return where to train: on a cluster, in processes here, or in this process."""
    if arguments.cluster is not None:
        from core.search.cluster import Cluster

        files = (arguments.tls_ca, arguments.tls_cert, arguments.tls_key)
        return Cluster(dataset, arguments.cluster, *files)
    jobs = arguments.jobs or usable_cores()
    if jobs > 1:
        from core.search.local_pool import LocalPool

        return LocalPool(dataset, jobs)

    def check() -> None:
        if signals.came:
            raise Cancelled

    return OneByOne(dataset, check)


def _put(
    library: RunLibrary, record: SearchRecord, chooser: Chooser, state: str, message: str = ""
) -> SearchRecord:
    importance = chooser.importance() or None
    record = replace(record, state=state, importance=importance, message=message)
    library.put_search(record)
    return record


def _how_to_continue(record: SearchRecord, arguments: argparse.Namespace) -> str:
    where = f" --cluster {arguments.cluster}" if arguments.cluster else ""
    return f"Continue it with: {as_typed(f'search --resume {record.id[:8]}{where}')}"
