"""A Dask cluster of two worker processes; prints its address, and ends with its stdin."""

from __future__ import annotations

import sys

from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, scheduler_port=0
    ) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
