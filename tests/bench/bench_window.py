"""How responsive the window is while a network learns: gaps between frames, delay from pen to bars.

    python -m tests.bench.bench_window [--seconds 15] [--rounds 3] [--hidden 128,64] [--batch 64]
                                       [--tab weights] [--film-cost]

Uses the real window, on the display or else offscreen; in the second half of each round a pen moves
on the pad 60 times a second. Prints medians of the rounds. With --film-cost, each round is followed
by one whose run keeps no film, and both are compared. To compare the training speed with a headless
run, see bench_share. Run it with nothing else running.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

ROWS = (
    ("live", "images/s"),
    ("film_ratio", "images/s with a film ÷ without"),
    ("pen_ratio", "with a pen drawing ÷ without"),
    ("frame_median", "gap between frames, median, ms"),
    ("frame_p99", "gap between frames, 99th percentile, ms"),
    ("film_gap", "gap between frames, mean, with a film ÷ without"),
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
    parser.add_argument("--film-cost", action="store_true", help="compare with no film, in turns")
    arguments = parser.parse_args()
    rounds = []
    for _ in range(arguments.rounds):
        figures = run_live(arguments)
        rounds.append(figures | {"pen_ratio": figures["live_with_pen"] / figures["live"]})
        if arguments.film_cost:
            bare = run_live(arguments, "--no-film")
            rounds[-1]["film_ratio"] = figures["live"] / bare["live"]
            rounds[-1]["film_gap"] = figures["frame_mean"] / bare["frame_mean"]
        print(json.dumps(rounds[-1]), file=sys.stderr)
    shape = arguments.hidden.replace(",", "-")
    print(f"784-{shape}-10, batch {arguments.batch}, {arguments.dataset}, tab {arguments.tab}")
    for name, title in ROWS:
        values = [figures[name] for figures in rounds if figures.get(name) is not None]
        if values:
            print(f"{title:52s}{statistics.median(values):12,.2f}")


def run_live(arguments: argparse.Namespace, *more: str) -> dict[str, float]:
    """Return the figures of a run in the window; `more` are options of live_window.py."""
    options = (
        *("--dataset", arguments.dataset, "--hidden", arguments.hidden),
        *("--batch", arguments.batch, "--seconds", arguments.seconds, "--tab", arguments.tab),
    )
    command = [sys.executable, "-m", "tests.bench.live_window", *map(str, options), *more]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return dict(json.loads(run.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
