"""Runs the endurance programs, each in a separate process.

    python -m tests.endurance [churn|kill|monkey|soak|replace|search] [arguments of that program]

Without a name, runs all of them in sequence with the same arguments; without arguments, each runs
as often and as long as its own default.
"""

import subprocess
import sys
from pathlib import Path

PROGRAMS = ("churn", "kill", "monkey", "replace", "search", "soak")
ROOT = Path(__file__).parents[2]


def main() -> int:
    """Run the chosen programs, even if earlier ones fail; return 0 if all passed."""
    first, *arguments = sys.argv[1:] or [""]
    named = first in PROGRAMS
    chosen = (first,) if named else PROGRAMS
    failed = []
    for program in chosen:
        print(f"tests.endurance.{program}", flush=True)
        command = [sys.executable, "-m", f"tests.endurance.{program}"]
        command += arguments if named else sys.argv[1:]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(program)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
