"""Which number of threads is fastest, found out while the work is done.

The result is the same bits with any number (see core/threads/workers.py), so it is the steps of
training themselves that are timed, and a trial costs no more than the difference in speed.

A machine whose cores are wanted by other programs is noticed in two ways. One thread is
kept from its core much of the time: then nothing else is tried. On several threads, what they
take longer than one thread is added up, and what they gain makes up for no more than that (a CUSUM
chart): once the sum is more than a trifle, one thread is used from the next piece of work on. As
BLAS's threads then take ten to fifty times as long, that is mostly after the first one or two.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

from core.threads.workers import Threads

_ADVANTAGE = 1.05
"""Another setting than the first is chosen only if it is this many times as fast."""

_TRIAL_SECONDS, _TRIAL_PIECES = 0.1, 3
"""How long a setting is tried, and at least for how many pieces of work, after a first piece that
does not count: caches and threads warm up."""

_BUSY = 1.4
"""Where this many times the CPU time passes on one thread, others use its core. (That is looked at
twice a trial and not at each piece: to ask Linux for the CPU time makes it look for other programs
that are to have their turn.)"""

_LOSS_SECONDS, _LOSS_PIECES = 0.03, 0.25
"""What several threads may lose against one before they are given up: so many seconds, or so much
of a piece of work if that is more. A passing disturbance costs less."""

_PAUSE_SECONDS, _PAUSE_PIECES, _LONGEST = 1.0, 10, 16
"""The settings are tried again after so many seconds, or pieces of work if those take longer, and
then more and more seldom, until the pauses are so many times as long."""


def read_clocks() -> tuple[float, float]:
    """Return the time, and the CPU time of the calling thread, in seconds."""
    return time.perf_counter(), time.thread_time()


class ThreadChoice:
    """Chooses among several settings for one kind of work, again and again.

    All are tried at first and then again after 1, 2, 4, 8 and each 16 s of work. The pauses begin
    anew when a setting that lasted longer than the present pause has become slow.

    Parameters
    ----------
    settings
        To choose from. The first is the fallback: what suits a busy machine best.
    clocks
        Read as :func:`read_clocks` does.

    Attributes
    ----------
    setting
        What the next piece of work is to be done with.
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
        """Take note of a piece of work that took so long with :attr:`setting`."""
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
        """Never use `setting`, which is not the first, again."""
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
        """Go on to the next setting once the present one has been tried; choose after the last."""
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
        """Say whether other programs have used the core since the fallback's trial began."""
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
