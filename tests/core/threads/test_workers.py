import threading
import time

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from core.threads.workers import Threads, Workers, usable_cores


def blas_threads():
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def _as_before():
    with threadpool_limits(user_api="blas"):
        yield


def spin(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("items", [0, 1, 2, 50])
def test_results_are_in_the_order_of_the_items(threads, items):
    """Early tasks take longer, so they do not end in order."""

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
            together.wait(timeout=20)  # so each of the two threads runs one of these
            if (threading.current_thread() is caller) == (fails_on == "caller"):
                ended.append(i)
                raise ZeroDivisionError(f"task {i}")
        spin(0.01)
        ended.append(i)

    with Workers(2) as workers:
        with pytest.raises(ZeroDivisionError, match="task"):
            workers.run(task, range(6))
        assert sorted(begun) == sorted(ended)
        # The workers still work.
        assert workers.run(abs, [-1, -2, -3]) == [1, 2, 3]


def test_an_error_on_one_thread_only():
    with Workers(1) as workers, pytest.raises(ZeroDivisionError):
        workers.run(lambda i: 1 // i, [1, 0])


def test_a_helper_that_has_not_started_is_not_waited_for():
    """The only helper is busy until the end of this test."""
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


def test_blas_is_set_back_to_one_thread():
    with threadpool_limits(2, user_api="blas"), Workers(1):
        assert blas_threads() == {1}


def test_overflow_in_a_task_gives_no_warning_on_any_thread():
    """The calling thread's settings are up to the caller. A warning would fail this test."""
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
    ("threads", "is_alone", "shards", "settings"),
    [
        (None, True, 2, [ONE, PARTS, BLAS]),
        # A single shard cannot be split.
        (None, True, 1, [ONE, BLAS]),
        # BLAS's threads would wait for the window.
        (None, False, 2, [ONE, PARTS]),
        (None, False, 1, [ONE]),
        # Two threads were requested, in either way; BLAS's may turn out to change bits.
        (2, True, 2, [PARTS, BLAS]),
        (2, True, 1, [PARTS, BLAS]),
        (2, False, 2, [PARTS]),
        (2, False, 1, [PARTS]),
        (1, True, 2, [ONE]),
    ],
)
def test_the_first_setting_suits_a_busy_machine(monkeypatch, threads, is_alone, shards, settings):
    monkeypatch.setattr("core.threads.workers.usable_cores", lambda: 2)
    with Workers(threads, is_alone) as workers:
        assert workers.settings(shards) == settings


def test_one_core_has_one_setting(monkeypatch):
    monkeypatch.setattr("core.threads.workers.usable_cores", lambda: 1)
    with Workers() as workers:
        assert workers.settings(shards=2) == [ONE]
        assert workers.threads == 1


def test_results_are_compared_with_those_of_one_thread():
    with Workers(2) as workers:
        workers.use(PARTS)
        assert workers.has_same_result(BLAS, lambda: "the same")
        assert not workers.has_same_result(BLAS, lambda: workers.setting.blas)
        assert not workers.has_same_result(BLAS, lambda: blas_threads() == {1})
        assert workers.setting == PARTS
        assert blas_threads() == {1}


@pytest.mark.parametrize("blas", [1, 2])
def test_workers_set_the_threads_of_blas(blas):
    with threadpool_limits(2, user_api="blas"):
        most = max(blas_threads())
        with Workers(1) as workers:
            workers.use(Threads(1, blas))
            assert blas_threads() == {min(blas, most)}
            assert workers.threads == blas


def test_as_many_threads_as_cores_by_default():
    with Workers() as workers:
        assert workers.threads == usable_cores() >= 1
