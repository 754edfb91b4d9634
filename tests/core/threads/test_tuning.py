"""The choice of threads on simulated machines with manual clocks."""

import pytest

from core.threads.tuning import ThreadChoice
from core.threads.workers import Threads

ONE, PARTS, BLAS = Threads(1, 1), Threads(2, 1), Threads(1, 2)
ALL = (ONE, PARTS, BLAS)
QUIET = {ONE: 0.004, PARTS: 0.003, BLAS: 0.002}
DISTURBED = {ONE: 0.004, PARTS: 0.008, BLAS: 0.05}
"""Seconds of a piece of work. Another program has one of the cores, and this one the other."""


class Machine:
    """Does pieces of work that take the given seconds for the current setting.

    `share` is the share of a core that a thread gets, and `log` has a row for each piece: its end
    time, setting and duration.
    """

    def __init__(self, settings=ALL):
        self.now = self.cpu = 0.0
        self.share = 1.0
        self.log = []
        self.choice = ThreadChoice(settings, lambda: (self.now, self.cpu))

    def work(self, seconds, duration):
        """Work for this long; return the settings that were used."""
        end = self.now + duration
        begun = len(self.log)
        while self.now < end:
            self.do_piece(seconds[self.choice.setting])
        return {setting for _, setting, _ in self.log[begun:]}

    def do_piece(self, seconds):
        self.now += seconds
        self.cpu += seconds * self.share
        self.log.append((self.now, self.choice.setting, seconds))
        self.choice.note(seconds)

    def seconds_with(self, setting):
        return sum(seconds for _, used, seconds in self.log if used == setting)

    def uses_of(self, setting):
        """Return the seconds that passed between the uses of `setting`."""
        ends = [end for end, used, _ in self.log if used == setting]
        starts = [end - seconds for end, used, seconds in self.log if used == setting]
        gaps = (start - end for end, start in zip(ends[:-1], starts[1:], strict=True))
        return [gap for gap in gaps if gap > 1e-9]


@pytest.mark.parametrize("scale", [0.1, 1, 100])
@pytest.mark.parametrize(
    ("seconds", "fastest"),
    [
        ({ONE: 0.012, PARTS: 0.007, BLAS: 0.009}, PARTS),
        ({ONE: 0.012, PARTS: 0.009, BLAS: 0.007}, BLAS),
        ({ONE: 0.007, PARTS: 0.009, BLAS: 0.012}, ONE),
        # 3 % faster does not justify another thread.
        ({ONE: 0.0120, PARTS: 0.0117, BLAS: 0.0117}, ONE),
        ({ONE: 0.0120, PARTS: 0.0112, BLAS: 0.0117}, PARTS),
    ],
)
def test_the_fastest_is_chosen(seconds, fastest, scale):
    """Within a second, or after four pieces of work with each setting if pieces are long."""
    machine = Machine()
    seconds = {setting: scale * each for setting, each in seconds.items()}
    machine.work(seconds, max(0.9, 4.1 * sum(seconds.values())))
    assert machine.choice.setting == fastest


def test_all_are_tried_and_the_first_one_first():
    machine = Machine()
    assert machine.choice.setting == ONE
    assert machine.work(QUIET, 1) == {ONE, PARTS, BLAS}
    order = [setting for _, setting, _ in machine.log]
    assert order.index(ONE) < order.index(PARTS) < order.index(BLAS)


def test_the_first_piece_with_a_setting_does_not_count():
    """Its caches and threads are cold."""
    machine = Machine((ONE, BLAS))
    before = None
    for _ in range(200):
        is_cold, before = machine.choice.setting != before, machine.choice.setting
        machine.do_piece(0.02 if is_cold else QUIET[before])
    assert machine.choice.setting == BLAS
    # Nor does a slow first piece make one thread seem slower than it is.
    machine = Machine((ONE, PARTS))
    machine.do_piece(0.5)
    machine.work({ONE: 0.01, PARTS: 0.0105}, 1)
    assert machine.choice.setting == ONE


@pytest.mark.parametrize("piece", [0.0003, 0.004, 0.1, 2.0])
@pytest.mark.parametrize("times", [1.5, 3, 50])
def test_other_programs_are_noticed_within_a_second(piece, times):
    """Or with the first piece of work that takes longer. One thread is used immediately."""
    machine = Machine((ONE, BLAS))
    machine.work({ONE: piece, BLAS: piece / 2}, 10 + 20 * piece)
    assert machine.choice.setting == BLAS
    begun, pieces = machine.now, len(machine.log)
    while machine.choice.setting == BLAS:
        machine.do_piece(times * piece)
    assert machine.now - begun < 1 or len(machine.log) == pieces + 1
    assert machine.choice.setting == ONE


def test_a_long_advantage_does_not_hide_other_programs():
    machine = Machine()
    machine.work(QUIET, 100)
    begun = machine.now
    machine.work(DISTURBED, 0.2)
    assert machine.choice.setting == ONE
    assert all(setting == ONE for end, setting, _ in machine.log if end > begun + 0.1)


def test_a_brief_disturbance_changes_nothing():
    """Of 20 ms, twice a second."""
    machine = Machine()
    machine.work(QUIET, 9)
    for _ in range(10):
        machine.do_piece(0.02)
        assert machine.work(QUIET, 0.5) == {BLAS}


def test_a_long_piece_of_work_may_take_a_little_longer():
    machine = Machine((ONE, BLAS))
    machine.work({ONE: 1.0, BLAS: 0.5}, 9)
    machine.do_piece(1.2)
    assert machine.choice.setting == BLAS


def test_a_setting_that_is_slower_for_a_while_is_tried_again():
    """Although it was held up during its first trial."""
    machine = Machine()
    machine.work(DISTURBED, 0.5)
    machine.work(QUIET, 2)
    assert machine.choice.setting == BLAS


def test_while_other_programs_use_the_core_nothing_else_is_tried():
    """Two programs beside this one on each core: it gets a third of one."""
    machine = Machine()
    machine.share = 1 / 3
    assert machine.work(QUIET, 40) == {ONE}
    # In the middle of a run, too: the current setting becomes slow, and only one thread is left.
    machine = Machine()
    machine.work(QUIET, 20)
    assert machine.choice.setting == BLAS
    machine.share = 1 / 3
    machine.work(DISTURBED, 0.1)
    assert machine.work(DISTURBED, 40) == {ONE}


def test_a_core_that_is_nearly_always_free_does_not_count_as_busy():
    """Drawing the window takes some of it."""
    machine = Machine()
    machine.share = 0.75
    machine.work(QUIET, 1)
    assert machine.choice.setting == BLAS


def test_a_setting_that_other_programs_slow_down_is_tried_again_less_and_less_often():
    machine = Machine((ONE, BLAS))
    machine.work(DISTURBED, 100)
    # Between two trials there is a pause, and the trial of one thread.
    gaps = machine.uses_of(BLAS)
    assert gaps[:6] == [pytest.approx(pause + 0.1, abs=0.02) for pause in (1, 2, 4, 8, 16, 16)]
    # Each is stopped after one piece.
    assert machine.seconds_with(BLAS) == pytest.approx(0.05 * (len(gaps) + 1))


@pytest.mark.parametrize("busy_for", [3, 100])
def test_threads_are_used_again_when_the_other_programs_stop(busy_for):
    """After the duration of the disturbance, and at most 17 s."""
    machine = Machine()
    machine.work(QUIET, 20)
    for share, seconds in ((1 / 3, DISTURBED), (1, DISTURBED)):
        machine.share = share
        machine.work(seconds, busy_for)
        assert machine.choice.setting == ONE
        machine.share = 1
        begun = machine.now
        while machine.choice.setting == ONE or machine.now - begun < 0.5:
            machine.work(QUIET, 0.1)
        assert machine.now - begun < min(2 * busy_for, 17) + 0.5
        machine.work(QUIET, 0.5)
        assert machine.choice.setting == BLAS


def test_after_a_long_quiet_time_the_pauses_start_short_again():
    machine = Machine((ONE, BLAS))
    machine.work(DISTURBED, 100)
    machine.work(QUIET, 60)
    assert machine.choice.setting == BLAS
    begun = machine.now
    machine.work(DISTURBED, 4)
    uses = [end for end, setting, _ in machine.log if setting == BLAS and end > begun + 0.2]
    assert uses[0] - begun < 1.5


def test_recurring_disturbances_do_not_shorten_the_pauses():
    """Every two seconds, for two seconds; the setting must not be tried each time."""
    machine = Machine((ONE, BLAS))
    for _ in range(50):
        machine.work(DISTURBED, 2)
        machine.work(QUIET, 2)
    late = [end for end, setting, seconds in machine.log if seconds == DISTURBED[BLAS]]
    assert sum(end > 50 for end in late) <= 2 * 150 / 16


def test_an_excluded_setting_is_not_used_again():
    machine = Machine()
    while machine.choice.setting != BLAS:
        machine.do_piece(QUIET[machine.choice.setting])
    machine.choice.rule_out(BLAS)
    assert machine.choice.setting == PARTS  # the next best
    assert machine.work(QUIET, 20) == {ONE, PARTS}


def test_one_setting_alone_stays_in_use():
    machine = Machine((BLAS,))
    assert machine.work(DISTURBED, 10) == {BLAS}
