import threading

import pytest

from core.threads.worker_threads import Task, WorkerThreads
from tests.conftest import threads_left


def test_a_task_runs_once_and_not_after_it_was_cancelled():
    done = []
    task = Task(lambda: done.append(1))
    task.run()
    task.run()
    assert task.end() is None
    assert done == [1]
    off = Task(lambda: done.append(2))
    assert off.end() is None
    off.run()
    assert done == [1]


def test_the_error_of_a_task_is_passed_on_and_its_thread_continues():
    threads = WorkerThreads(1)
    begun = [threading.Event(), threading.Event()]

    def fail():
        begun[0].set()
        raise ZeroDivisionError

    failing, fine = threads.submit(fail), threads.submit(begun[1].set)
    assert all(event.wait(20) for event in begun)
    assert isinstance(failing.end(), ZeroDivisionError)
    assert fine.end() is None
    threads.shutdown()


def test_shutdown_waits_for_submitted_jobs_and_accepts_no_more():
    threads = WorkerThreads(2)
    done = []
    for number in range(5):
        threads.submit(lambda number=number: done.append(number))
    threads.shutdown()
    assert sorted(done) == [0, 1, 2, 3, 4]
    with pytest.raises(RuntimeError, match="shutdown"):
        threads.submit(print)


def test_a_test_that_leaves_workers_running_is_detected():
    before = set(threading.enumerate())
    workers = WorkerThreads(2)
    assert len(threads_left(before)) == 2
    workers.shutdown()
    assert threads_left(before) == []
