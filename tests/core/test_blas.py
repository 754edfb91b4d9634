import os

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from core.blas import choose_blas_threads


# Nothing is a million times as fast, and nothing is slower than a millionth.
@pytest.mark.parametrize("advantage", [1e6, 1e-6, 1e6])
def test_the_choice_is_in_force_afterwards(advantage):
    W = np.ones((256, 256), np.float32)
    with threadpool_limits(user_api="blas"):
        chosen = choose_blas_threads(lambda: W @ W, advantage)
        pools = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    assert pools
    assert chosen == (1 if advantage > 1 else len(os.sched_getaffinity(0)))
    assert set(pools) == {chosen}
