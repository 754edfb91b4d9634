import os
import time

import numpy as np
import pytest
from core.blas import choose_blas_threads
from threadpoolctl import threadpool_info, threadpool_limits


def threads_in_force():
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def obtainable_threads():
    """Return how many threads OpenBLAS grants: one, once other threads have set its number."""
    with threadpool_limits(len(os.sched_getaffinity(0)), user_api="blas"):
        return max(threads_in_force())


@pytest.fixture(autouse=True)
def _as_before():
    with threadpool_limits(user_api="blas"):
        yield


def test_a_large_product_may_use_all_cores_and_the_choice_is_in_force():
    W = np.ones((512, 512), np.float32)
    for _ in range(2):
        chosen = choose_blas_threads(lambda: W @ W, operations=1e9)
        assert chosen in {1, obtainable_threads()}
        assert threads_in_force() == {chosen}


def test_a_small_step_stays_on_one_thread_without_being_tried():
    calls = []
    assert choose_blas_threads(lambda: calls.append(1), operations=1e7) == 1
    assert threads_in_force() == {1}
    assert not calls


def test_a_spared_core_is_left_alone():
    cores = len(os.sched_getaffinity(0))
    W = np.ones((512, 512), np.float32)
    assert choose_blas_threads(lambda: W @ W, 1e9, spared_cores=cores - 1) == 1
    assert threads_in_force() == {1}


def test_the_faster_setting_wins():
    """Steps that take longer on one thread, and then on many."""
    most = obtainable_threads()
    if most == 1:
        pytest.skip("OpenBLAS grants a single thread here")
    for slow in (1, most):

        def step(slow=slow):
            end = time.perf_counter() + (0.03 if threads_in_force() == {slow} else 0.001)
            while time.perf_counter() < end:
                pass

        assert choose_blas_threads(step, operations=1e9) == (most if slow == 1 else 1)
