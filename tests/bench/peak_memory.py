"""Peak memory of a command of ``main.py``, in MB.

    python -m tests.bench.peak_memory train --dataset mnist --epochs 1

Runs it as a child of this process, which must itself be small: a child's peak starts at its
parent's memory. So the benchmarks start this module instead of ``main.py``.
"""

import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Run the command line's arguments and print the figure."""
    command = [sys.executable, "main.py", *sys.argv[1:]]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(peak * (1 if sys.platform == "darwin" else 1024) / 1e6)


if __name__ == "__main__":
    main()
