"""Opens files that may be gzipped, whatever their names say."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from core.datasets.own.own_images import quoted
from core.errors import DataError
from core.files.user_file import open_file
from core.progress import Progress

_GZIP_MAGIC = b"\x1f\x8b"


@contextmanager
def opened(
    path: Path, most: int, progress: Progress
) -> Iterator[tuple[IO[bytes], Callable[[], None]]]:
    """Yield the content of a file of at most `most` bytes, and what reports how far it is read.

    Raises
    ------
    DataError
        If it cannot be opened, or reading it fails.
    """
    where = quoted(path)
    try:
        with open_file(path, most) as raw:
            size = raw.seek(0, io.SEEK_END)
            raw.seek(0)
            is_gzipped = raw.peek(2)[:2] == _GZIP_MAGIC
            stream: IO[bytes] = raw
            if is_gzipped:
                stream = cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
            yield stream, lambda: progress(min(raw.tell(), size), size)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(
            f"{where} cannot be decompressed: {error}. A download or copy probably broke off; get "
            "it again."
        ) from error
    except OSError as error:
        raise DataError(
            f"{where} cannot be read: {error.strerror or error}. Check the path, or get the file "
            "again."
        ) from error
