"""Reads many damaged and hostile files, and checks what becomes of each."""

import os
import time
import warnings

from tests.core.saving.memory_limit import at_most

TIMES = int(os.environ.get("DIGITSCOPE_FUZZ", "1"))

MOST_MEMORY = 48 * 2**20
LONGEST = 5.0
"""CPU seconds for one file, however busy the machine is."""


class DamagedFileReader:
    """Reads files, checks each outcome, and counts.

    `load(path)` returns something, which `check(found, path)` looks at, or raises `refusal` with a
    reason in one clear line. The path is None for most, as there is no time to save it again.
    """

    def __init__(self, path, load, refusal, check):
        self.path = path
        self._load, self._refusal, self._check = load, refusal, check
        self.tried = self.refused = 0
        self.slowest = (0, "")

    def read(self, content, label):
        """Read a file of these bytes; return whether it was accepted."""
        # A new file, because some file systems write one that is overwritten to the disk at once.
        self.path.unlink(missing_ok=True)
        self.path.write_bytes(content)
        self.tried += 1
        found = None
        with warnings.catch_warnings(record=True) as warned, at_most(MOST_MEMORY):
            warnings.simplefilter("always")
            begun = time.thread_time()
            try:
                found = self._load(self.path)
            except self._refusal as error:
                message, cause = str(error), error.__cause__
            seconds = time.thread_time() - begun
        self.slowest = max(self.slowest, (seconds, label))
        assert seconds < LONGEST, label
        assert not warned, (label, warned[0].message)
        if found is None:
            self.refused += 1
            assert not isinstance(cause, MemoryError), label
            assert_clear(message, self.path)
        else:
            self._check(found, self.path if self.tried % 50 == 0 else None)
        return found is not None

    def report(self):
        """Print how it went."""
        seconds, label = self.slowest
        print(f"{self.tried:,} files, {self.refused:,} refused; longest {seconds:.3f} s ({label})")


def assert_clear(message, path):
    assert str(path) in message
    assert len(message) < 1_000 + len(str(path))
    assert message.isprintable(), message
    message.encode()
