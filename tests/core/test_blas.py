import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from core.blas import choose_blas_threads


def test_the_choice_is_in_force_afterwards():
    W = np.ones((256, 256), np.float32)
    with threadpool_limits(user_api="blas"):
        chosen = choose_blas_threads(lambda: W @ W)
        pools = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    assert pools
    assert set(pools) == {chosen}
