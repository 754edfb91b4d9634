"""Fetching data files from mirrors, each verified by its checksum before it gets its name."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import pooch
import requests

from core.datasets.idx import IdxFile
from core.errors import DataError
from core.files.atomic_file import lock, sweep_partials
from core.files.user_file import check_place
from core.progress import Progress, no_progress

_CHUNK = 1 << 14
"""Bytes between two reports: a cancel is noticed twice a second even at 32 kB/s."""

_TIMEOUT = (5.0, 10.0)
"""Seconds that a mirror may take to accept the connection, and between two packets."""

_TEMPORARY = re.compile(r"tmp[a-z0-9_]{8}")
"""What Python, and so pooch, calls the file that a download goes into."""

# The first that fits is told: some of these types derive from others below them.
_REASONS = (
    (requests.Timeout, "no answer in time"),
    (requests.exceptions.SSLError, "no secure connection"),
    (requests.exceptions.ChunkedEncodingError, "the transfer broke off"),
    (requests.ConnectionError, "no connection"),
    (requests.RequestException, "no valid answer"),
)


def download_files(
    files: Sequence[IdxFile],
    mirrors: Sequence[str],
    folder: Path,
    progress: Progress = no_progress,
) -> None:
    """Fetch the published ``.gz`` files that a folder does not hold yet.

    A mirror that fails, or serves something else, gives way to the next. When the work stops early,
    the files already complete stay and are not fetched again the next time.

    Parameters
    ----------
    files
        What to fetch; each is named ``<name>.gz`` in the folder and on the mirrors.
    mirrors
        Addresses that end in a slash, the first choice first.
    folder
        Made if it does not exist. A file in it with a wrong checksum is replaced.
    progress
        Told the bytes done and those in all files together. The bytes done fall back when a mirror
        breaks off within a file. May raise :class:`core.errors.Cancelled`.

    Raises
    ------
    DataError
        If no mirror served a file, or the folder cannot be written.
    """
    total = sum(file.published_size for file in files)
    done = 0
    with _quiet_pooch():
        for file in files:
            _download(file, mirrors, folder, partial(_report, progress, total, done))
            done += file.published_size
            progress(done, total)


def _report(progress: Progress, total: int, before: int, received: int) -> None:
    """Turn the bytes received of one file into those of all."""
    progress(before + received, total)


class _TooLong(Exception):
    """A mirror sends more than the file it was asked for."""


class _CountedFile:
    """An open file as far as pooch needs one, which reports each write.

    It takes the place of a progress bar, which pooch tells the size of a whole chunk even where
    less arrived.

    Parameters
    ----------
    file
        Where the bytes go.
    size
        How many bytes there may be; the write that goes beyond raises _TooLong.
    report
        Called with the number of bytes written so far.
    """

    def __init__(self, file: BinaryIO, size: int, report: Callable[[int], None]) -> None:
        self._file = file
        self._size = size
        self._report = report
        self._written = 0

    def write(self, chunk: bytes) -> None:
        """Write and report."""
        self._written += len(chunk)
        if self._written > self._size:
            raise _TooLong
        self._file.write(chunk)
        self._report(self._written)

    def flush(self) -> None:
        """Do nothing: closing the file is early enough."""


def _download(
    file: IdxFile, mirrors: Sequence[str], folder: Path, report: Callable[[int], None]
) -> None:
    """Fetch one file from the first mirror that serves it intact."""
    reasons = []
    for mirror in mirrors:
        report(0)  # lets a cancel through between two mirrors
        try:
            check_place(folder / f"{file.name}.gz")  # of which pooch makes a checksum
            pooch.retrieve(
                f"{mirror}{file.name}.gz",
                known_hash=f"sha256:{file.published_sha256}",
                fname=f"{file.name}.gz",
                path=folder,
                downloader=partial(_fetch, file.published_size, report),
            )
            return
        except (requests.RequestException, ValueError, _TooLong) as error:
            reasons.append(f"{urlsplit(mirror).netloc}: {_reason(error)}")
        except OSError as error:
            raise DataError(
                f"MNIST could not be saved in {folder}: {error.strerror or error}. Make room or "
                "allow writing there, or put the files in another folder and choose it with "
                "--data-dir or in the app."
            ) from error
    raise DataError(
        f"MNIST could not be downloaded: no mirror served {file.name}.gz "
        f"({'; '.join(reasons)}). Most likely there is no network connection, or a firewall is in "
        "the way. Try again later, or put the four MNIST files in a folder and choose it with "
        "--data-dir or in the app, or go on with the built-in 'strokes' data."
    )


def sweep_downloads(folder: Path) -> None:
    """Delete what killed processes have downloaded of a file into `folder`."""
    sweep_partials(folder, _TEMPORARY)


def _fetch(size: int, report: Callable[[int], None], url: str, path: str, _: object) -> None:
    """Write what an address serves to a file, as pooch calls a downloader."""
    with open(path, "wb") as file:
        lock(file.fileno())  # until then it is no leftover
        download = pooch.HTTPDownloader(chunk_size=_CHUNK, timeout=_TIMEOUT)
        download(url, _CountedFile(file, size, report), None)


def _reason(error: Exception) -> str:
    """Say in a few words why a mirror did not serve a file."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"HTTP status {error.response.status_code}"
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return "sent another file than the one published"


@contextmanager
def _quiet_pooch() -> Iterator[None]:
    """Keep pooch from writing each download's address to the terminal."""
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)
