import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.network.matmul import matmul

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("terms", [1, 10, 255, 256, 257, 288, 300, 784, 800])
@pytest.mark.parametrize("with_scratch", [True, False])
def test_a_product_equals_numpy_s(terms, with_scratch):
    """Of whole numbers, so no sum is rounded, whether or not it is split into two sums."""
    rng = np.random.default_rng(0)
    A = rng.integers(-9, 10, (5, terms)).astype(np.float32)
    B = rng.integers(-9, 10, (terms, 7)).astype(np.float32)
    out, scratch = np.full((2, 5, 7), np.nan, np.float32)
    assert matmul(A, B, out, scratch if with_scratch else None) is out
    np.testing.assert_array_equal(out, A.astype(int) @ B.astype(int))


COMPARE = """
import sys
import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits
from core.network.matmul import matmul

found = {pool.get("architecture") for pool in threadpool_info() if pool["user_api"] == "blas"}
if found != {sys.argv[1]}:
    print(f"BLAS has code for {found}")
    sys.exit()
rng = np.random.default_rng(0)
different = []
for n, terms, m in [
    (64, 784, 128), (64, 128, 64), (64, 64, 10), (784, 64, 128),
    (250, 784, 512), (512, 784, 30), (300, 300, 100),
]:
    A = rng.standard_normal((terms, n)).astype(np.float32).T
    B = rng.standard_normal((terms, m)).astype(np.float32)
    for left, right in ((A, B), (np.ascontiguousarray(A), B), (A, np.asfortranarray(B))):
        results = []
        for threads in (1, 2):
            with threadpool_limits(threads, user_api="blas"):
                results.append(matmul(left, right, np.empty((n, m), np.float32)))
        if any(not np.array_equal(results[0], result) for result in results):
            different.append((n, terms, m))
print(different or "the same")
"""


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="names x86 processors")
@pytest.mark.parametrize("processor", ["SkylakeX", "Sandybridge"])
def test_the_number_of_blas_threads_changes_no_bit(monkeypatch, processor):
    """With OpenBLAS's code for two generations of processors; Haswell's also rounds other sums."""
    monkeypatch.setenv("OPENBLAS_CORETYPE", processor)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    outcome = subprocess.run(
        [sys.executable, "-c", COMPARE, processor],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if outcome.returncode < 0 or "BLAS has code for" in outcome.stdout:
        pytest.skip(f"not for this processor: {outcome.stdout.strip() or outcome.returncode}")
    assert outcome.stdout.strip() == "the same"
