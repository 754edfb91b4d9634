import os

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from core.blas import choose_blas_threads


def threads_in_force():
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_the_choice_is_in_force_afterwards_and_can_be_made_again():
    W = np.ones((256, 256), np.float32)
    most = len(os.sched_getaffinity(0))
    with threadpool_limits(user_api="blas"):
        # Nothing is a million times as fast, and nothing is slower than a millionth.
        for advantage, expected in ((1e6, 1), (1e-6, most), (1e6, 1)):
            assert choose_blas_threads(lambda: W @ W, advantage) == expected
            assert threads_in_force() == {expected}
