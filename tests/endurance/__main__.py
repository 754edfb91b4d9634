"""Runs the endurance programs, each in a process of its own.

    python -m tests.endurance [churn|kill|monkey|soak|replace] [arguments of that program]

Without a name all of them, one after the other, with the same arguments for each; so without
arguments, as often and as long as each says itself.
"""

import subprocess
import sys
from pathlib import Path

PROGRAMS = ("churn", "kill", "monkey", "replace", "soak")
ROOT = Path(__file__).parents[2]


def main() -> int:
    """Run what is asked for, whatever becomes of those before; return 0 if all have passed."""
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
