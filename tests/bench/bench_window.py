"""What the open window costs: throughput against headless, gaps between frames, pen to bars.

    python -m tests.bench.bench_window [--seconds 15] [--rounds 3] [--hidden 128,64] [--batch 64]
                                       [--tab weights]

Headless (`main.py train`) and live (the real window, on the display or else offscreen) take turns;
medians of the rounds are printed. In the second half of each live run a pen moves on the pad 60
times a second. Run it with nothing else running.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]

ROWS = (
    ("headless", "headless, images/s"),
    ("live", "with the window, images/s"),
    ("ratio", "with the window ÷ headless"),
    ("live_with_pen", "with the window and a pen drawing, images/s"),
    ("frame_median", "gap between frames, median, ms"),
    ("frame_p99", "gap between frames, 99th percentile, ms"),
    ("pen_median", "pen movement to updated bars, median, ms"),
    ("pen_p95", "pen movement to updated bars, 95th percentile, ms"),
    ("seconds_to_goal", "play to 97 % on the test set, s"),
)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15, help="of each run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--hidden", default="128,64")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--dataset", default="mnist")
    parser.add_argument("--tab", default="weights", help="which is seen under the curves")
    arguments = parser.parse_args()
    rounds = []
    for _ in range(arguments.rounds):
        headless = run_headless(arguments)
        figures = run_live(arguments)
        rounds.append(figures | {"headless": headless, "ratio": figures["live"] / headless})
        print(json.dumps(rounds[-1]), file=sys.stderr)
    shape = arguments.hidden.replace(",", "-")
    print(f"784-{shape}-10, batch {arguments.batch}, {arguments.dataset}, tab {arguments.tab}")
    for name, title in ROWS:
        values = [figures[name] for figures in rounds if figures[name] is not None]
        if values:
            print(f"{title:52s}{statistics.median(values):12,.2f}")


def run_headless(arguments: argparse.Namespace) -> float:
    """Return images per second of the command line's training, over about as long a run."""
    epochs = 4
    while True:
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            call(
                *("main.py", "train", "--dataset", arguments.dataset),
                *("--hidden", arguments.hidden, "--batch", arguments.batch),
                *("--epochs", epochs, "--report", report),
            )
            figures = json.loads(report.read_text())
        if figures["seconds"] > arguments.seconds / 2:
            return float(figures["samples_per_second"])
        epochs = int(epochs * arguments.seconds / figures["seconds"]) + 1


def run_live(arguments: argparse.Namespace) -> dict[str, float]:
    """Return the figures of a run in the window."""
    output = call(
        *("-m", "tests.bench.live_window", "--dataset", arguments.dataset),
        *("--hidden", arguments.hidden, "--batch", arguments.batch),
        *("--seconds", arguments.seconds, "--tab", arguments.tab),
    )
    return dict(json.loads(output.splitlines()[-1]))


def call(*arguments: object) -> str:
    """Run this Python and return what it printed."""
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
