"""Downloads data files from mirrors, and verifies their checksums."""

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
"""Bytes between two calls of `progress`: twice a second even at 32 kB/s, for a quick cancel."""

_TIMEOUT = (5.0, 10.0)
"""Timeouts in seconds for connecting, and between two packets."""

_TEMPORARY = re.compile(r"tmp[a-z0-9_]{8}")
"""Names that Python, and thus pooch, gives to temporary files of downloads."""

# The first match counts: some of these types derive from others below them.
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
    """Download the published ``.gz`` files that are missing in a folder.

    If a mirror fails or serves another file, the next one is tried. After an interruption, complete
    files stay and are not downloaded again.

    Parameters
    ----------
    files
        The files; each is named ``<name>.gz`` in the folder and on the mirrors.
    mirrors
        Addresses ending in a slash, in order of preference.
    folder
        Created if it does not exist. A file in it with a wrong checksum is replaced.
    progress
        Called with the bytes done and those of all files. The bytes done go back if a mirror breaks
        off within a file. May raise :class:`core.errors.Cancelled`.

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
    """Turn the bytes of one file into those of all."""
    progress(before + received, total)


class _TooLong(Exception):
    """A mirror sends more than the file has."""


class _CountedFile:
    """An open file, as far as pooch needs one, that reports each write.

    Used instead of pooch's progress bar, which counts whole chunks even if less arrived.

    Parameters
    ----------
    file
        Where the bytes go.
    size
        Most bytes; a write beyond raises _TooLong.
    report
        Called with the number of bytes written so far.
    """

    def __init__(self, file: BinaryIO, size: int, report: Callable[[int], None]) -> None:
        self._file = file
        self._size = size
        self._report = report
        self._written = 0

    def write(self, chunk: bytes) -> None:
        """Write, and report the bytes so far."""
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
    """Download one file from the first mirror that serves it intact."""
    reasons = []
    for mirror in mirrors:
        report(0)  # so that a cancel is noticed between two mirrors
        try:
            check_place(folder / f"{file.name}.gz")  # pooch reads it for its checksum
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
                f"MNIST could not be saved in {folder}: {error.strerror or error}. Free "
                "some space or allow writing there, or put the files in another folder and choose "
                "it with --data-dir or in the app."
            ) from error
    raise DataError(
        f"MNIST could not be downloaded: no mirror served {file.name}.gz "
        f"({'; '.join(reasons)}). There may be no network connection, or a firewall may "
        "block it. Try again later, or put the four MNIST files in a folder and choose it with "
        "--data-dir or in the app, or use the built-in 'strokes' data."
    )


def sweep_downloads(folder: Path) -> None:
    """Delete partial downloads of killed processes in `folder`."""
    sweep_partials(folder, _TEMPORARY)


def _fetch(size: int, report: Callable[[int], None], url: str, path: str, _: object) -> None:
    """Download an address to a file; called by pooch."""
    with open(path, "wb") as file:
        lock(file.fileno())  # until it is unlocked, it is not a leftover
        download = pooch.HTTPDownloader(chunk_size=_CHUNK, timeout=_TIMEOUT)
        download(url, _CountedFile(file, size, report), None)


def _reason(error: Exception) -> str:
    """Return in a few words why a mirror did not serve a file."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"HTTP status {error.response.status_code}"
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return "sent another file than the one published"


@contextmanager
def _quiet_pooch() -> Iterator[None]:
    """Keep pooch from printing the address of each download."""
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)
