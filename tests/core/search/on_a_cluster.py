"""Searches on a cluster, and loses it: ``python -m tests.core.search.on_a_cluster FOLDER``.

Prints what the searches of PLANS found, and how the loss was said, as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil

from core.search.cluster import Cluster
from core.search.executors import SearchError
from tests.core.digits import tiny_dataset
from tests.core.search.searching import LONG, PLANS, Searcher, outcome

CLUSTER = [sys.executable, "-m", "tests.small_cluster"]


def main(folder: Path) -> None:
    """Run the searches, the last one in `folder` itself."""
    found: dict[str, object] = {}
    pipe = subprocess.PIPE
    with subprocess.Popen(CLUSTER, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            with closing(Cluster(tiny_dataset(), address)) as cluster:
                found["width"] = cluster.width
                for name, plan in PLANS.items():
                    (folder / name).mkdir()
                    found[name] = outcome(Searcher(folder / name, plan).run(cluster))
                searcher = Searcher(folder, LONG)

                def kill() -> bool:
                    if searcher.shown[-1].done >= 2 and process.poll() is None:
                        end(process.pid)
                        process.wait()
                    return False

                try:
                    searcher.run(cluster, is_stopped=kill)
                except SearchError as error:
                    found["lost"] = str(error)
        finally:
            process.kill()
    print(json.dumps(found))


def end(pid: int) -> None:
    """Kill a process and its children."""
    process = psutil.Process(pid)
    for each in [*process.children(recursive=True), process]:
        each.kill()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
