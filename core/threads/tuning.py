"""Finds out which number of threads is fastest, while the work is done.

The result is the same bits with any number (see core/threads/workers.py), so the steps of training
themselves are timed, and a trial costs no more than the difference in speed.

Other programs that need the cores are noticed in two ways. If one thread is kept from its core much
of the time, nothing else is tried. With several threads, the time they lose against one thread is
added up, and what they gain can cancel no more than that (a CUSUM chart). Once the sum is more than
a trifle, one thread is used from the next piece of work on. BLAS's threads then take ten to fifty
times as long, so that usually happens after one or two pieces.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

from core.threads.workers import Threads

_ADVANTAGE = 1.05
"""A setting other than the first must be this many times as fast to be chosen."""

_TRIAL_SECONDS, _TRIAL_PIECES = 0.1, 3
"""How long a setting is tried, and for how many pieces of work at least. A first piece does not
count: caches and threads warm up."""

_BUSY = 1.4
"""If this many times the CPU time passes on one thread, other programs use its core. (Checked twice
a trial and not at each piece, because reading the CPU time makes Linux look for other programs to
run.)"""

_LOSS_SECONDS, _LOSS_PIECES = 0.03, 0.25
"""How much several threads may lose against one before one is used: in seconds, or in pieces of
work if that is more. A passing disturbance costs less."""

_PAUSE_SECONDS, _PAUSE_PIECES, _LONGEST = 1.0, 10, 16
"""The settings are tried again after this many seconds, or pieces of work if those take longer.
Each pause is twice the last, up to this many times the first."""


def read_clocks() -> tuple[float, float]:
    """Return the time, and the CPU time of the calling thread, in seconds."""
    return time.perf_counter(), time.thread_time()


class ThreadChoice:
    """Chooses among several settings for one kind of work, repeatedly.

    All are tried at first, and again after 1, 2, 4, 8 and then every 16 s of work. The pauses are
    short again when a setting that lasted longer than the current pause has become slow.

    Parameters
    ----------
    settings
        To choose from. The first is the fallback: the best on a busy machine.
    clocks
        Read as :func:`read_clocks` does.

    Attributes
    ----------
    setting
        For the next piece of work.
    """

    def __init__(
        self,
        settings: Sequence[Threads],
        clocks: Callable[[], tuple[float, float]] = read_clocks,
    ) -> None:
        self._settings = list(settings)
        self._clocks = clocks
        self._fallback = self._chosen = settings[0]
        self._fallback_mean = 0.0
        self._pause = 0
        self._lasted = 0.0
        self._pieces, self._seconds, self._loss = 0, 0.0, 0.0
        self._begin_trials()

    def note(self, seconds: float) -> None:
        """Note how long a piece of work took with :attr:`setting`."""
        self._lasted += seconds
        self._pieces += 1
        self._seconds += seconds
        if self.setting is not self._fallback:
            self._loss = max(0.0, self._loss + seconds - self._fallback_mean)
        is_slow = self._loss > max(_LOSS_SECONDS, _LOSS_PIECES * self._fallback_mean)
        if self._is_trying:
            self._continue_trial(is_slow)
        elif is_slow:
            self._choose(self._fallback)
        elif self._seconds > self._pause_seconds:
            self._begin_trials()

    def rule_out(self, setting: Threads) -> None:
        """Never use `setting` again, which is not the first."""
        self._settings.remove(setting)
        self._try_next()

    @property
    def _pause_seconds(self) -> float:
        return self._pause * max(_PAUSE_SECONDS, _PAUSE_PIECES * self._fallback_mean)

    def _begin_trials(self) -> None:
        self._is_trying = True
        self._means: dict[Threads, float] = {}
        self._use(self._fallback)

    def _continue_trial(self, is_slow: bool) -> None:
        """Try the next setting once this one has been tried; choose after the last."""
        timed = self._pieces - 1
        if timed == 0:
            self._seconds = 0.0
            if self.setting is self._fallback:
                self._begun = self._clocks()
        if not is_slow and (timed < _TRIAL_PIECES or self._seconds < _TRIAL_SECONDS):
            return
        mean = math.inf if is_slow else self._seconds / timed
        self._means[self.setting] = mean
        if self.setting is self._fallback:
            self._fallback_mean = mean
            if self._is_busy():
                self._choose(self._fallback)
                return
        self._try_next()

    def _is_busy(self) -> bool:
        """Return whether other programs have used the core since the fallback's trial began."""
        passed, running = (
            now - then for now, then in zip(self._clocks(), self._begun, strict=True)
        )
        return passed > _BUSY * running

    def _try_next(self) -> None:
        if len(self._means) < len(self._settings):
            self._use(self._settings[len(self._means)])
            return
        best = min(self._means, key=self._means.__getitem__)
        is_better = self._means[best] * _ADVANTAGE < self._fallback_mean
        self._choose(best if is_better else self._fallback)

    def _choose(self, setting: Threads) -> None:
        """Use `setting` until it becomes slow, or until the next trials."""
        self._is_trying = False
        is_slow = self._chosen is not self._fallback and setting is not self._chosen
        begins_anew = is_slow and self._lasted > self._pause_seconds
        self._pause = 1 if begins_anew or not self._pause else min(2 * self._pause, _LONGEST)
        if setting is not self._chosen:
            self._chosen, self._lasted = setting, 0.0
        self._use(setting)

    def _use(self, setting: Threads) -> None:
        self.setting = setting
        self._pieces, self._seconds, self._loss = 0, 0.0, 0.0
