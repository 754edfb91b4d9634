"""A Dask cluster: processes on any number of machines, reached through a scheduler."""

from __future__ import annotations

import logging
import socket
import time
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from distributed import Client, KilledWorker, Security, get_worker
from threadpoolctl import threadpool_limits

from core.datasets.dataset import Dataset
from core.errors import Cancelled
from core.search.executors import SearchError, WorkerLost
from core.search.part import Part, PartResult, train_part

_CONNECTING = 10.0
_WAITING = 30.0
"""Seconds to wait for the scheduler, and for its first worker."""

_COUNTED_EVERY = 2.0
_CHECKED_EVERY = 0.5
"""Seconds between two counts of the workers, and between two looks whether a part is wanted."""


class Cluster:
    """Trains parts on the workers of a Dask cluster.

    The images are sent to each worker once, and stay in its memory.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.1:8786``, or ``tls://…`` with certificates.
    ca, cert, key
        Files of certificates for TLS.

    Raises
    ------
    SearchError
        If there is no scheduler, or it has no workers.
    """

    def __init__(
        self,
        dataset: Dataset,
        address: str,
        ca: Path | None = None,
        cert: Path | None = None,
        key: Path | None = None,
    ) -> None:
        self._address = address
        self._dataset = dataset
        security = _security(address, ca, cert, key)
        logging.disable()  # what Dask logs, with tracebacks, is said here in a sentence
        try:
            _check_reachable(address)
            self._client = Client(
                address, timeout=_CONNECTING, security=security, set_as_default=False
            )
        except (OSError, ValueError) as error:
            logging.disable(logging.NOTSET)
            raise SearchError(
                f"No scheduler of a cluster answers at '{address}' ({error}). Start one with "
                "'python -m dask scheduler' in Digitscope's folder, or correct the address."
            ) from error
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self) -> None:
        self._executor = self._client.get_executor(pure=False)
        self._width, self._counted = 1, 0.0
        self._data = self._scattered()

    def _scattered(self) -> Any:
        """Send the images to all workers; return what stands for them in a task."""
        deadline = time.monotonic() + _WAITING
        while True:
            try:
                self._client.wait_for_workers(1, timeout=_WAITING)
                return self._client.scatter(self._dataset, broadcast=True, hash=False)
            except OSError as error:  # a TimeoutError, or a worker that has just been killed
                if time.monotonic() > deadline or not self._is_connected:
                    raise SearchError(
                        f"The cluster at '{self._address}' has no workers. Start some in "
                        f"Digitscope's folder: python -m dask worker {self._address} --nthreads 1"
                    ) from error
            except Exception as error:  # Dask passes the workers' errors on as such
                raise _lacks_something(error) from error

    @property
    def width(self) -> int:
        """How many threads the workers have; more may join while the search runs."""
        if time.monotonic() - self._counted > _COUNTED_EVERY and self._is_connected:
            try:
                self._width = max(1, sum(self._client.nthreads().values()))
            except OSError as error:
                raise self._lost() from error
            self._counted = time.monotonic()
        return self._width

    def submit(self, part: Part) -> Future[PartResult]:
        """Send a part to the scheduler."""
        if not self._is_connected:
            raise self._lost()
        future: Future[PartResult] = self._executor.submit(_train, self._data, part)
        return future

    def outcome(self, future: Future[PartResult]) -> PartResult:
        """Return the result of a future that is done."""
        try:
            return future.result()
        except KilledWorker as error:  # several times: Dask repeats a part itself
            raise WorkerLost from error
        except (CancelledError, OSError) as error:
            if not self._is_connected:
                raise self._lost() from error
            raise WorkerLost from error  # all workers that held the images are gone
        except (ImportError, RuntimeError) as error:
            raise _lacks_something(error) from error

    def renew(self) -> bool:
        """Send the images again if no worker has them any more."""
        if not self._is_connected:
            raise self._lost()
        if self._data.status != "finished":
            self._data = self._scattered()
        return False

    def close(self) -> None:
        """Forget the parts, which the workers notice, and disconnect."""
        if hasattr(self, "_executor"):
            self._executor.shutdown(wait=False)
        self._client.close(timeout=2)
        logging.disable(logging.NOTSET)

    @property
    def _is_connected(self) -> bool:
        return bool(self._client.status == "running")

    def _lost(self) -> SearchError:
        return SearchError(
            f"The connection to the cluster's scheduler at '{self._address}' was lost. Finished "
            "trials are kept."
        )


def _check_reachable(address: str) -> None:
    """Raise an OSError or ValueError at once where Dask would try again for long."""
    place = urlsplit(address)
    if place.port is None:
        raise ValueError("it has no port")
    socket.create_connection((place.hostname, place.port), _CONNECTING).close()


def _lacks_something(error: Exception) -> SearchError:
    reason = str(error.__cause__ or error).strip().splitlines()[-1]
    return SearchError(
        f"The scheduler or the workers of the cluster lack something ({reason}). Start both by "
        "'python -m dask', in Digitscope's folder or with the Python that it is installed in, with "
        "the same versions of all packages as here."
    )


def _security(address: str, ca: Path | None, cert: Path | None, key: Path | None) -> Security:
    """Return the certificates for TLS: these, and those of Dask's own configuration."""
    files = {"tls_ca_file": ca, "tls_client_cert": cert, "tls_client_key": key}
    security = Security(**{name: str(path) for name, path in files.items() if path is not None})
    try:
        has_tls = security.get_connection_args("client").get("ssl_context") is not None
    except OSError as error:
        raise SearchError(
            f"The certificates for TLS cannot be used: {error.strerror or error}. Check --tls-ca, "
            "--tls-cert and --tls-key."
        ) from error
    if has_tls != address.startswith("tls://"):
        raise SearchError(
            f"'{address}' is an address {'without' if has_tls else 'with'} encryption. Either use "
            "one that begins with tls:// and name --tls-ca, --tls-cert and --tls-key, or one that "
            "begins with tcp:// and name none."
        )
    return security


# --- on a worker --------------------------------------------------------------------------------


def _train(dataset: Dataset, part: Part) -> PartResult:
    """Train a part until it is done, or nobody wants it any more."""
    threadpool_limits(1, user_api="blas")
    worker = get_worker()
    key = worker.get_current_task()
    looked = time.monotonic()

    def check() -> None:
        nonlocal looked
        if time.monotonic() - looked > _CHECKED_EVERY:
            looked = time.monotonic()
            task = worker.state.tasks.get(key)
            if task is None or task.state == "cancelled":
                raise Cancelled

    return train_part(dataset, part, check)
