"""Downloads data files from mirrors, and verifies their checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import requests

from core.datasets.idx import IdxFile
from core.datasets.published_sets import PublishedSet
from core.errors import DataError, DigitscopeError
from core.files.atomic_file import write_atomically
from core.files.user_file import check_place
from core.progress import Progress, no_progress

_CHUNK = 1 << 14
"""Bytes between two calls of `progress`: twice a second even at 32 kB/s, for a quick cancel."""

_TIMEOUT = (5.0, 10.0)
"""Timeouts in seconds for connecting, and between two packets."""

# The first match counts: some of these types derive from others below them.
_REASONS = (
    (requests.Timeout, "no answer in time"),
    (requests.exceptions.SSLError, "no secure connection"),
    (requests.exceptions.ChunkedEncodingError, "the transfer broke off"),
    (requests.ConnectionError, "no connection"),
    (requests.RequestException, "no valid answer"),
)


def download_set(published: PublishedSet, folder: Path, progress: Progress = no_progress) -> None:
    """Download the published ``.gz`` files of a data set that are missing in a folder.

    If a mirror fails or serves another file, the next one is tried. After an interruption, complete
    files stay and are not downloaded again.

    Parameters
    ----------
    published
        The data set; each file is named ``<name>.gz`` in the folder and on the mirrors.
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
    total = sum(file.published_size for file in published.files)
    done = 0
    for file in published.files:
        path = folder / f"{file.name}.gz"
        if not _is_downloaded(published, file, path):
            content = _download(published, file, partial(_report, progress, total, done))
            _save(published, path, content)
        done += file.published_size
        progress(done, total)


def _is_downloaded(published: PublishedSet, file: IdxFile, path: Path) -> bool:
    """Return whether the published file is at `path`, whose folder is created if need be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        check_place(path)
        has_its_size = path.exists() and path.stat().st_size == file.published_size
        return has_its_size and _is_published(file, path.read_bytes())
    except OSError as error:
        raise _unsaved(published, path.parent, error) from error


def _is_published(file: IdxFile, content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() == file.published_sha256


def _report(progress: Progress, total: int, before: int, received: int) -> None:
    """Turn the bytes of one file into those of all."""
    progress(before + received, total)


def _download(published: PublishedSet, file: IdxFile, report: Callable[[int], None]) -> bytes:
    """Return the content of a file from the first mirror that serves it intact."""
    reasons = []
    for mirror in published.mirrors:
        report(0)  # so that a cancel is noticed between two mirrors
        try:
            content = _fetch(f"{mirror}{file.name}.gz", file.published_size, report)
        except requests.RequestException as error:
            reason = _reason(error)
        else:
            if _is_published(file, content):
                return content
            reason = "sent another file than the one published"
        reasons.append(f"{urlsplit(mirror).netloc}: {reason}")
    raise DataError(
        f"{published.title} could not be downloaded: no mirror served {file.name}.gz "
        f"({'; '.join(reasons)}). There may be no network connection, or a firewall may "
        f"block it. Try again later, or put the four files of {published.title} in a folder and "
        "choose it with --data-dir or in the app, or use the built-in 'strokes' data."
    )


def _fetch(url: str, size: int, report: Callable[[int], None]) -> bytes:
    """Return what an address serves, cut off soon after `size` bytes."""
    content = bytearray()
    with requests.get(url, stream=True, timeout=_TIMEOUT) as response:
        response.raise_for_status()
        for chunk in response.iter_content(_CHUNK):
            content += chunk
            if len(content) > size:
                break
            report(len(content))
    return bytes(content)


def _reason(error: requests.RequestException) -> str:
    """Return in a few words why a mirror did not serve a file."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"HTTP status {error.response.status_code}"
    return next(reason for kind, reason in _REASONS if isinstance(error, kind))


def _save(published: PublishedSet, path: Path, content: bytes) -> None:
    try:
        write_atomically(path, lambda stream: stream.write(content))
    except DigitscopeError as error:
        raise _unsaved(published, path.parent, error.__cause__ or error) from error


def _unsaved(published: PublishedSet, folder: Path, error: BaseException) -> DataError:
    return DataError(
        f"{published.title} could not be saved in {folder}: "
        f"{getattr(error, 'strerror', None) or error}. Free some space or allow writing there, or "
        "put the files in another folder and choose it with --data-dir or in the app."
    )
