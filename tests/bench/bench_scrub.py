"""How fast the window goes back in time: a move of the time slider, until all views are drawn.

    python -m tests.bench.bench_scrub [--hidden 1024] [--moves 200] [--rounds 5] [--tabs weights,…]

Trains for some seconds in the real window, on the display or else offscreen, and then moves the
slider, in a pause and while training goes on; each move ends when everything that is seen was
painted. Then it measures what filming costs while nobody looks: the speed of training with a film
and without, in turns, by processor time. Run it with nothing else running.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.datasets.dataset import Dataset
from core.datasets.loading import load_dataset
from core.datasets.published import find_published
from core.datasets.published_sets import MNIST
from core.my_digits.my_digits import MyDigits
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.trainer import Trainer
from gui.training.session import Session
from gui.training.state import State
from gui.widgets.theme_controller import ThemeController
from gui.window.main_window import MainWindow
from tests.bench.turns import quotients, take_turns

TABS = "weights,flow,layers,mistakes,maths"
GOAL_MS = 33.0


class Training:
    """A run that is timed, with a film or without; begins anew at each turn, where films grow."""

    def __init__(self, config: RunConfig, dataset: Dataset, is_filmed: bool) -> None:
        self._config, self._dataset, self._is_filmed = config, dataset, is_filmed

    def run(self, seconds: float) -> float:
        """Train for at least this long; return the steps per second of processor time."""
        trainer = Trainer(self._config, self._dataset, is_filmed=self._is_filmed)
        trainer.step()
        begun = time.process_time()
        while (passed := time.process_time() - begun) < seconds:
            trainer.step()
        return (trainer.step_count - 1) / passed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hidden", default="1024")
    parser.add_argument("--moves", type=int, default=200, help="of the slider, for each tab")
    parser.add_argument("--rounds", type=int, default=5, help="of training with a film and without")
    parser.add_argument("--seconds", type=float, default=6, help="of training")
    parser.add_argument("--tabs", default=TABS)
    arguments = parser.parse_args()
    dataset = find_published(MNIST) or load_dataset("strokes")
    hidden = tuple(int(units) for units in arguments.hidden.split(","))
    network = NetworkConfig(hidden=hidden)
    print(f"784-{arguments.hidden.replace(',', '-')}-10")
    for what, gaps in scrub(dataset, network, arguments).items():
        p50, p95 = np.percentile(gaps, (50, 95))
        print(f"slider to all views drawn, {what:20s} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms")
    config = RunConfig(network=network)
    loops = {is_filmed: Training(config, dataset, is_filmed) for is_filmed in (True, False)}
    rates = take_turns(loops, arguments.rounds, arguments.seconds)
    ratio = statistics.median(quotients(rates[True], rates[False]))
    print(f"speed of training with a film ÷ without   {ratio:.3f}")


def scrub(
    dataset: Dataset, network: NetworkConfig, arguments: argparse.Namespace
) -> dict[str, list[float]]:
    """Return the milliseconds of each move, for each tab, in a pause and while training."""
    app = QApplication([])
    session = Session()
    with TemporaryDirectory() as folder:
        window = MainWindow(session, ThemeController(app), MyDigits(Path(folder)))
        gc.freeze()  # as the app does
        window.show()
        session.data.use(dataset)
        session.set_network(network)
        session.set_hyperparameters(Hyperparameters(batch_size=64))
        window.my_digits_controller.place_test_image(0)
        session.play()
        QTest.qWait(round(1000 * arguments.seconds))
        found = {}
        for tab in arguments.tabs.split(","):
            window.tabs.open(tab)
            for what in (tab, f"{tab}, training"):
                session.pause()
                while session.state is not State.PAUSED:
                    QTest.qWait(10)
                if what != tab:
                    session.play()
                QTest.qWait(500)
                found[what] = [move(app, window) for _ in range(arguments.moves)]
        window.close()
    session.close()
    return found


def move(app: QApplication, window: MainWindow) -> float:
    """Move the slider by one moment, there and back again; return the milliseconds."""
    slider = window.time_bar.slider
    index = slider.value() - 1 if slider.value() else slider.maximum()
    QTest.qWait(5)
    begun = time.perf_counter()
    slider.setValue(index)
    app.sendPostedEvents()
    app.processEvents()
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
