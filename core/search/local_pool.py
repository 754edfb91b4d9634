"""Processes on this machine, one for each core: joblib's loky."""

from __future__ import annotations

import itertools
import os
import pickle
import signal
import tempfile
import threading
import time
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from typing import Any

import numpy as np
from joblib.externals.loky.backend import resource_tracker
from joblib.externals.loky.process_executor import ProcessPoolExecutor
from threadpoolctl import threadpool_limits

from core.datasets.dataset import Dataset
from core.search.executors import SearchError, WorkerLost
from core.search.part import Part, PartResult, train_part
from core.settings.data_source import DataSource

_ARRAYS = ("train_images", "train_labels", "test_images", "test_labels")


class LocalPool:
    """Trains parts in processes of their own, each with one BLAS thread.

    The images are written to files once, which all processes map into their memory, so that they
    share one copy. If a process is killed, loky gives up the whole pool: a new one is made.

    Parts and results are passed on in files, too. Only their names go through loky's pipes: a name
    is written at once, while of a long result, the process could be killed in the middle, and loky
    would wait for the rest forever.
    """

    def __init__(self, dataset: Dataset, processes: int) -> None:
        self.width = processes
        self._name = dataset.name
        self._numbers = itertools.count()
        self._folder = _write(dataset)
        self._pool = self._new_pool()
        self._pool.submit(int)  # starts the processes while the search gets ready

    def submit(self, part: Part) -> Future[Any]:
        """Begin to train a part; raises WorkerLost if a process was killed before."""
        path = Path(self._folder) / str(next(self._numbers))
        try:
            path.write_bytes(pickle.dumps(part))
            future: Future[Any] = self._pool.submit(_train, str(path))
        except BrokenExecutor as error:
            raise WorkerLost from error
        except OSError as error:
            raise _no_space(error) from error
        return future

    def outcome(self, future: Future[Any]) -> PartResult:
        """Return the result of a future that is done."""
        try:
            path = Path(future.result())
            result: PartResult = pickle.loads(path.read_bytes())
            path.unlink()
        except BrokenExecutor as error:
            raise WorkerLost from error
        except OSError as error:
            raise _no_space(error) from error
        return result

    def renew(self) -> bool:
        """Make a new pool; everything that the old one trained is lost."""
        self._pool.shutdown(wait=True, kill_workers=True)
        self._pool = self._new_pool()
        return True

    def close(self) -> None:
        """Kill the processes, and delete the files."""
        self._pool.shutdown(wait=True, kill_workers=True)
        resource_tracker.maybe_unlink(self._folder, "folder")

    def _new_pool(self) -> ProcessPoolExecutor:
        arguments = (self._folder, self._name, os.getpid())
        return ProcessPoolExecutor(self.width, initializer=_prepare, initargs=arguments)


def _write(dataset: Dataset) -> str:
    """Write the arrays into a new folder, which goes away even if this process is killed."""
    folder = None
    try:
        folder = tempfile.mkdtemp(prefix="digitscope-")
        resource_tracker.register(folder, "folder")
        for name in _ARRAYS:
            np.save(Path(folder) / f"{name}.npy", getattr(dataset, name))
    except OSError as error:
        if folder is not None:
            resource_tracker.maybe_unlink(folder, "folder")
        raise _no_space(error) from error
    return folder


def _no_space(error: OSError) -> SearchError:
    return SearchError(
        f"Images or results could not be passed on between processes: {error.strerror or error}. "
        f"Free some space in '{tempfile.gettempdir()}', or use --jobs 1."
    )


# --- in each process ----------------------------------------------------------------------------

_dataset: Dataset | None = None


def _prepare(folder: str, name: DataSource, parent: int) -> None:
    """Load the images; end with the search's process, which alone hears Ctrl-C."""
    global _dataset  # noqa: PLW0603 - loky passes nothing else on to the tasks
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    threadpool_limits(1, user_api="blas")
    arrays = (np.load(Path(folder) / f"{array}.npy", mmap_mode="r") for array in _ARRAYS)
    # Plain arrays, because slices of a memmap cost more.
    _dataset = Dataset(name, *map(np.asarray, arrays))


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _train(path: str) -> str:
    """Train the part in a file, which its result replaces; return the file."""
    assert _dataset is not None
    file = Path(path)
    file.write_bytes(pickle.dumps(train_part(_dataset, pickle.loads(file.read_bytes()))))
    return path
