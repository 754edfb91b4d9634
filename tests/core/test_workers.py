import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from core.workers import Threads, Workers, usable_cores


def blas_threads():
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def _as_before():
    with threadpool_limits(user_api="blas"):
        yield


@pytest.fixture
def clock(monkeypatch):
    """A machine of two cores whose clock stands still but for what a test adds to ``now``."""
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr("core.workers.usable_cores", lambda: 2)
    monkeypatch.setattr("core.workers.time", SimpleNamespace(perf_counter=lambda: clock.now))
    return clock


def spin(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("items", [0, 1, 2, 50])
def test_results_are_in_the_order_of_the_items(threads, items):
    """Early tasks take longer, so that they do not end in that order."""

    def task(i):
        spin(0.001 if i % 5 == 0 else 0)
        return i * i

    with Workers(threads) as workers:
        assert workers.threads == threads
        for _ in range(3):
            assert workers.run(task, range(items)) == [i * i for i in range(items)]


def test_all_threads_take_part_and_the_caller_is_one_of_them():
    """Three tasks that wait for each other end only if three threads run them at once."""
    together = threading.Barrier(3)

    def task(_):
        together.wait(timeout=20)
        return threading.current_thread()

    with Workers(3) as workers:
        at_work = workers.run(task, range(3))
    assert len(set(at_work)) == 3
    assert threading.current_thread() in at_work


@pytest.mark.parametrize("fails_on", ["caller", "helper"])
def test_an_error_is_raised_when_all_tasks_have_ended(fails_on):
    caller = threading.current_thread()
    together = threading.Barrier(2)
    begun, ended = [], []

    def task(i):
        begun.append(i)
        if i < 2:
            together.wait(timeout=20)  # so that each of the two threads is at one of these
            if (threading.current_thread() is caller) == (fails_on == "caller"):
                ended.append(i)
                raise ZeroDivisionError(f"task {i}")
        spin(0.01)
        ended.append(i)

    with Workers(2) as workers:
        with pytest.raises(ZeroDivisionError, match="task"):
            workers.run(task, range(6))
        assert sorted(begun) == sorted(ended)
        # The workers are as good as before.
        assert workers.run(abs, [-1, -2, -3]) == [1, 2, 3]


def test_an_error_on_one_thread_only():
    with Workers(1) as workers, pytest.raises(ZeroDivisionError):
        workers.run(lambda i: 1 // i, [1, 0])


def test_a_helper_that_has_not_begun_is_not_waited_for():
    """The one helper is busy with something else until the end of this test."""
    release = threading.Event()
    with Workers(2) as workers:
        ended = []
        workers._pool.submit(lambda: ended.append(release.wait(timeout=20)))
        assert workers.run(abs, range(-5, 0)) == [5, 4, 3, 2, 1]
        with pytest.raises(ZeroDivisionError):
            workers.run(lambda i: 1 // i, [1, 0, 1])
        assert not ended
        release.set()
    assert ended == [True]


def test_blas_is_left_with_one_thread():
    with threadpool_limits(2, user_api="blas"), Workers(1):
        assert blas_threads() == {1}


def test_overflow_in_a_task_gives_no_warning_on_any_thread():
    """The calling thread's settings are the caller's affair. A warning would fail this test."""
    together = threading.Barrier(2)

    def task(_):
        together.wait(timeout=20)
        large = np.full(3, 1e38, np.float32)
        return large * large - large * large

    with Workers(2) as workers, np.errstate(over="ignore", invalid="ignore"):
        assert np.isnan(workers.run(task, range(2))).all()


def test_the_threads_end_with_the_context():
    before = set(threading.enumerate())
    with Workers(3) as workers:
        together = threading.Barrier(3)
        workers.run(lambda _: together.wait(timeout=20), range(3))
        assert len(set(threading.enumerate()) - before) == 2
    assert set(threading.enumerate()) <= before


def test_the_threads_end_with_an_error_too():
    before = set(threading.enumerate())
    with pytest.raises(ZeroDivisionError), Workers(2) as workers:
        workers.run(lambda i: 1 // i, [0, 0, 0])
    assert set(threading.enumerate()) <= before


ONE, PARTS, BLAS = Threads(1, 1), Threads(2, 1), Threads(1, 2)


@pytest.mark.parametrize(
    ("seconds", "chosen"),
    [
        ({ONE: 0.012, PARTS: 0.007, BLAS: 0.009}, PARTS),
        ({ONE: 0.012, PARTS: 0.009, BLAS: 0.007}, BLAS),
        ({ONE: 0.007, PARTS: 0.009, BLAS: 0.012}, ONE),
        # 5 % faster: a thread more is not worth its while.
        ({ONE: 0.0120, PARTS: 0.0114, BLAS: 0.0114}, ONE),
        # Slower than the time that is given to measuring.
        ({ONE: 0.8, PARTS: 0.5, BLAS: 0.9}, PARTS),
    ],
)
def test_tuning_chooses_what_is_fastest(clock, seconds, chosen):
    def step():
        clock.now += seconds[workers.setting]

    with Workers() as workers:
        for _ in range(2):
            assert workers.tune(step, parts=2) == pytest.approx(seconds[chosen])
            assert workers.setting == chosen
            assert workers.threads == max(chosen.workers, chosen.blas)
            assert blas_threads() <= {chosen.blas, 1}


@pytest.mark.parametrize(
    ("threads", "is_alone", "parts", "tried"),
    [
        (None, True, 2, {ONE, PARTS, BLAS}),
        # Work in one part cannot be shared out.
        (None, True, 1, {ONE, BLAS}),
        # BLAS's threads would wait for the window.
        (None, False, 2, {ONE, PARTS}),
        (None, False, 1, {ONE}),
        # Two threads were asked for, in one way or the other.
        (2, True, 2, {PARTS, BLAS}),
        (2, True, 1, {BLAS}),
        (2, False, 2, {PARTS}),
        (1, True, 2, {ONE}),
    ],
)
@pytest.mark.parametrize("fastest", [ONE, PARTS, BLAS])
def test_tuning_tries_what_is_possible_and_nothing_else(
    clock, threads, is_alone, parts, tried, fastest
):
    seen = set()

    def step():
        seen.add(workers.setting)
        clock.now += 0.002 if workers.setting == fastest else 0.01

    with Workers(threads, is_alone) as workers:
        workers.tune(step, parts)
        assert seen <= tried
        assert workers.setting == fastest if fastest in tried else workers.setting in tried
        if len(tried) > 1:
            assert seen == tried


def test_blas_has_one_thread_where_its_result_depends_on_them(clock):
    def step():
        clock.now += 0.002 if workers.setting == BLAS else 0.01

    with Workers() as workers:
        workers.tune(step, parts=1, result=lambda: workers.setting.blas)
        assert workers.setting == ONE
        workers.tune(step, parts=1, result=lambda: "the same")
        assert workers.setting == BLAS


def test_a_passing_disturbance_does_not_decide(clock):
    """One step in parts is held up for as long as twenty, after those that are not timed."""
    in_parts = []

    def step():
        if workers.setting == PARTS:
            in_parts.append(0.06 if len(in_parts) == 4 else 0.003)
        clock.now += in_parts[-1] if workers.setting == PARTS else 0.006

    with Workers() as workers:
        workers.tune(step, parts=2)
        assert workers.setting == PARTS
    assert 0.06 in in_parts


def test_one_core_is_not_tuned(clock, monkeypatch):
    monkeypatch.setattr("core.workers.usable_cores", lambda: 1)
    calls = []
    with Workers() as workers:
        workers.tune(lambda: calls.append(1), parts=2)
        assert workers.threads == 1
    assert not calls


@pytest.mark.parametrize("blas", [1, 2])
def test_the_setting_in_use_is_that_of_blas(blas):
    with threadpool_limits(2, user_api="blas"):
        most = max(blas_threads())
        with Workers(1) as workers:
            workers.use(Threads(1, blas))
            assert blas_threads() == {min(blas, most)}
            assert workers.threads == blas


def test_as_many_threads_as_cores_unless_given():
    with Workers() as workers:
        assert workers.threads == usable_cores() >= 1
