"""Kills the app at random instants, and looks at what it leaves on disk.

    python -m tests.endurance.kill [--count 100] [--seed 1] [--signal KILL]

The app trains, saves, autosaves, records its runs, draws, and keeps, relabels and removes digits as
fast as it can, in a home of its own, until the signal comes. Then it is started again: every file
must open, all that was told to be on disk must be there, and nothing may be left that belongs to no
living process. With ``--signal TERM`` it must also end by itself, within 5 s, with status 0.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import IO

from core.datasets.locations import cache_folder, data_folder
from core.errors import DigitscopeError
from core.ink_file import read_ink
from core.my_digits_exchange import export_folder, import_folder
from core.run_file import load_run
from core.runs.run_library import RunLibrary
from gui.session import State
from tests.endurance.complaints import Complaints
from tests.endurance.driver import HANG_SECONDS, Driver
from tests.endurance.program import draw_few, home, live_in, verdict
from tests.gui.driving import draw_stroke

ROOT = Path(__file__).parents[2]
_IMAGES = 2_000
_LATEST_SECONDS = 1.5
"""A signal comes at most so long after the app has begun to work, or to start."""
_TERM_SECONDS = 5.0
_SWEEPING_SECONDS = 2.0
"""Seconds after a start within which the app has swept up."""
_EARLY = 0.2
"""The share of signals that come while the app is starting."""
_CURVES = 20
"""Of so many records the curves are read, too."""
_FOREVER = 1_000_000_000


# --- the app that is killed -----------------------------------------------------------------


class Victim(Driver):
    """Writes files without end; says on stdout what is on disk."""

    def __init__(self, seed: int, folder: Path) -> None:
        super().__init__(_FOREVER, seed, folder)
        # Both names are those of the run and of the process, so that no other one is said to be
        # there because of an earlier process.
        self._prefix = f"run-{os.getpid()}"

    def begin(self) -> None:
        """Wait until the files of the one before have been looked at."""
        print("started", flush=True)
        sys.stdin.readline()
        self.session.saved.connect(self._say_saved)
        self.session.play()

    def act(self) -> None:
        """Do one of the things that write."""
        what = (self._save, self._autosave, self._autosave, self._record, self._draw)
        more = (self._keep, self._keep, self._relabel, self._remove, self._exchange)
        self.rng.choice((*what, *more))()
        if self.session.state is State.PAUSED:
            self.session.play()

    def _say_saved(self, path: Path, _step: int) -> None:
        if path.parent == self.folder:
            print(f"saved {path.name}", flush=True)

    def _save(self) -> None:
        files = self.window.files
        files.path = self.folder / f"{self._prefix}-{self.rng.randrange(3)}.npz"
        files.save()

    def _autosave(self) -> None:
        self.window.autosave.save()

    def _record(self) -> None:
        """A run's record is written when another one takes its place."""
        self.window.actions_.reset.trigger()

    def _draw(self) -> None:
        points = [(self.rng.random(), self.rng.random()) for _ in range(4)]
        draw_stroke(self.window.pad_panel.pad, points)

    def _keep(self) -> None:
        digits = self.window.tabs.my_digits.list.model()
        before = digits.rowCount()
        self.window.actions_.example.trigger()
        self.window.actions_.correct[self.rng.randrange(10)].trigger()
        if digits.rowCount() > before:
            print("kept", flush=True)

    def _relabel(self) -> None:
        panel = self.window.tabs.my_digits
        digits = panel.list.model()
        if digits.rowCount():
            item = digits.item(digits.index(self.rng.randrange(digits.rowCount()), 0))
            panel.relabel([item], self.rng.randrange(10))

    def _remove(self) -> None:
        """Remove a digit and bring it back, if there are many."""
        panel = self.window.tabs.my_digits
        digits = panel.list.model()
        if digits.rowCount() > 30:
            print("removing", flush=True)
            panel.remove([digits.item(digits.index(0, 0))])

    def _exchange(self) -> None:
        """Export all digits and import them: those that are there already come in only once."""
        panel = self.window.tabs.my_digits
        exported = self.folder / "exported"
        exported.mkdir(exist_ok=True)
        panel.exchange(export_folder, exported, "Export")
        panel.exchange(import_folder, exported, "Import")


def be_killed(folder: Path, seed: int) -> int:
    """Start the app in this home, and work until the signal comes."""
    live_in(folder)
    draw_few(_IMAGES)
    Complaints()
    files = folder / "files"
    files.mkdir(exist_ok=True)
    return Victim(seed, files).drive()


# --- who kills it, and looks at what is left ------------------------------------------------


class Remains:
    """What is on disk while an app that has just started waits."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.damaged: list[str] = []
        self.leftovers: set[Path] = set()
        self.digits = self.saved = self.autosaved = self.records = 0
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not self._is_known(path) and not _is_held(path):
                self.leftovers.add(path)
        self._read_records()

    def __str__(self) -> str:
        return (
            f"{self.saved} saved runs, {self.autosaved} autosaved, {self.digits} digits and "
            f"{self.records} records"
        )

    def _is_known(self, path: Path) -> bool:
        """Open a file by what it is; return whether it is one that the app keeps."""
        parts = path.relative_to(self._folder).parts
        hidden = path.name.startswith(".")
        if hidden or path.suffix in (".lock", ".partial"):
            return False
        if path.suffix == ".npz" and path.parent in (self._folder / "files", _autosave_folder()):
            self._try(path, load_run)
            self.saved += parts[0] == "files"
            self.autosaved += parts[0] != "files"
            return True
        if path.suffix == ".png" and path.parent.parent in (
            data_folder() / "my-digits",
            self._folder / "files" / "exported",
        ):
            if not path.stat().st_size:
                return False  # an empty claim
            self._try(path, read_ink)
            self.digits += parts[0] != "files"
            return True
        return (
            path.name.startswith("runs.sqlite")
            or (parts[0] == "config" and path.name == "Digitscope.conf")
            or path.is_relative_to(cache_folder())
        )

    def _try(self, path: Path, read: Callable[[Path], object]) -> None:
        try:
            read(path)
        except DigitscopeError as error:
            self.damaged.append(str(error))

    def _read_records(self) -> None:
        path = data_folder() / "runs.sqlite"
        if not path.exists():
            return
        try:
            with closing(sqlite3.connect(path)) as database:
                (answer,) = database.execute("PRAGMA integrity_check").fetchone()
            if answer != "ok":
                self.damaged.append(f"{path.name}: {answer}")
            with closing(RunLibrary(path)) as library:
                records = library.records()
                self.records = len(records)
                for record in records[:_CURVES]:
                    library.curves(record.id)
        except (DigitscopeError, sqlite3.Error) as error:
            self.damaged.append(f"{path.name}: {error}")


def _autosave_folder() -> Path:
    return data_folder() / "autosave"


def kind_of(leftover: Path) -> str:
    """Name a leftover and its folder, without what is different in each."""
    folder = leftover.parent
    place = folder.parent.name if folder.name.isdigit() else folder.name
    if leftover.name.startswith("."):
        return f"{place}: partial"
    if leftover.suffix == ".png":
        return f"{place}: empty claim"
    return f"{place}: {'lock' if leftover.suffix == '.lock' else leftover.name}"


def _is_held(path: Path) -> bool:
    """Say whether this is the lock of a living process."""
    if path.suffix != ".lock":
        return False
    try:
        os.kill(int(path.read_text().splitlines()[0]), 0)  # QLockFile writes the process first
    except (OSError, ValueError, IndexError):
        return False
    return True


class Killer:
    """Starts the app, looks at what the one before has left, and ends it with a signal."""

    def __init__(self, folder: Path, seed: int, number: signal.Signals) -> None:
        self._folder = folder
        self._rng = random.Random(seed)
        self._signal = number
        self._digits = 0
        self._saved: set[str] = set()
        self.damaged: list[str] = []
        self.lost: list[str] = []
        self.leftovers: set[Path] = set()
        self.unwilling: list[str] = []
        self.remains: Remains | None = None

    def round(self) -> None:
        """Start the app, and kill it while it starts or works."""
        with self._start() as app:
            assert app.stdout is not None
            if self._rng.random() < _EARLY:
                self._end(app, self._rng.uniform(0, _LATEST_SECONDS))
                _read(app.stdout)
                return
            self.look(app)
            self._end(app, self._rng.uniform(0, _LATEST_SECONDS))
            for line in _read(app.stdout):
                self._digits += line == "kept"
                self._digits -= line == "removing"
                if line.startswith("saved "):
                    self._saved.add(line.removeprefix("saved "))

    def last_look(self) -> None:
        """Start the app once more."""
        with self._start() as app:
            self.look(app)
            app.kill()

    def _start(self) -> subprocess.Popen[str]:
        seed = str(self._rng.randrange(1_000_000))
        return subprocess.Popen(
            [sys.executable, "-m", "tests.endurance.kill", "--home", self._folder, "--seed", seed],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def look(self, app: subprocess.Popen[str]) -> None:
        """Wait until the app has started, see what there is, and let it work."""
        assert app.stdin is not None
        assert app.stdout is not None
        line = app.stdout.readline()
        if line.strip() != "started":
            self.damaged.append("the app did not start")
            return
        deadline = time.monotonic() + _SWEEPING_SECONDS
        remains = Remains(self._folder)
        while remains.leftovers and time.monotonic() < deadline:
            time.sleep(0.2)
            remains = Remains(self._folder)
        self.remains = remains
        self.damaged += remains.damaged
        self.leftovers |= remains.leftovers
        if remains.digits < self._digits:
            self.lost.append(f"{self._digits - remains.digits} digits that were kept")
        self._digits = remains.digits
        gone = [name for name in self._saved if not (self._folder / "files" / name).exists()]
        self.lost += gone
        app.stdin.write("go\n")
        app.stdin.flush()

    def _end(self, app: subprocess.Popen[str], seconds: float) -> None:
        time.sleep(seconds)
        app.send_signal(self._signal)
        if self._signal is signal.SIGTERM:
            try:
                status = app.wait(_TERM_SECONDS)
            except subprocess.TimeoutExpired:
                self.unwilling.append(f"it did not end within {_TERM_SECONDS:g} s")
                app.kill()
            else:
                # Before the app has got ready to be asked, the signal itself ends it.
                if status not in (0, -self._signal):
                    self.unwilling.append(f"it ended with status {status}")
        app.wait(HANG_SECONDS)


def _read(stream: IO[str]) -> list[str]:
    return stream.read().splitlines()


def main() -> int:
    """Kill, and print the verdict."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=100, help="kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--signal", choices=("KILL", "TERM"), default="KILL")
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.home is not None:
        return be_killed(arguments.home, arguments.seed)
    number = signal.Signals[f"SIG{arguments.signal}"]
    with home() as files:
        killer = Killer(files.parent, arguments.seed, number)
        for done in range(arguments.count):
            killer.round()
            if sys.stderr.isatty():
                print(f"\r{done + 1} of {arguments.count}", end="", file=sys.stderr)
        killer.last_look()
    faults = [*killer.damaged[:5], *(f"lost: {what}" for what in killer.lost[:5])]
    if killer.leftovers:
        kinds = Counter(map(kind_of, killer.leftovers))
        faults.append(f"left over after the next start: {dict(kinds)}")
    faults += [f"{count} × {how}" for how, count in Counter(killer.unwilling).items()]
    return verdict(
        f"kill, seed {arguments.seed}: {arguments.count} × {number.name}, "
        f"{len(killer.damaged)} damaged, {len(killer.lost)} lost, "
        f"{len(killer.leftovers)} left over; in the end there are {killer.remains}",
        faults,
    )


if __name__ == "__main__":
    sys.exit(main())
