"""How fast the window goes back in time: a move of the time slider, until all views are drawn.

    python -m tests.bench.bench_scrub [--hidden 1024] [--moves 200] [--rounds 5] [--tabs weights,…]

Trains for some seconds in the real window, on the display or else offscreen, and then moves the
slider, in a pause and while training goes on; each move ends when everything that is seen was
painted. Mistakes also tests the network of the moment, and is timed until it shows that. Then it
measures what filming costs while nobody looks, by processor time on one thread. Run it with nothing
else running.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from core.datasets.dataset import Dataset
from core.datasets.loading import load_dataset
from core.datasets.published import find_published
from core.datasets.published_sets import MNIST
from core.my_digits.my_digits import MyDigits
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.moments import Moments
from core.training.trainer import Trainer
from core.training.training_loop import TrainingLoop
from gui.mistakes.mistakes_view import MistakesView
from gui.training.session import Session
from gui.training.state import State
from gui.widgets.theme_controller import ThemeController
from gui.window.main_window import MainWindow

TABS = "weights,flow,layers,mistakes,maths"
GOAL_MS = 33.0


def film_shares(
    config: RunConfig, dataset: Dataset, steps: Sequence[int], rounds: int
) -> list[list[float]]:
    """Return the share of processor time that filming took up to each step, for each round.

    The first round is slower: the system has to find memory for the film.
    """
    spent = 0.0
    film_if_due = Moments.film_if_due

    def timed(moments: Moments, loop: TrainingLoop) -> None:
        nonlocal spent
        if moments.film is not None and moments.film.is_due(loop.step_count):
            begun = time.thread_time()
            film_if_due(moments, loop)
            spent += time.thread_time() - begun

    Moments.film_if_due = timed
    shares = []
    for _ in range(rounds):
        trainer = Trainer(config, dataset, reads_test_set=False, is_filmed=True)
        spent, begun, of_round = 0.0, time.thread_time(), []
        for step in range(1, max(steps) + 1):
            trainer.step()
            if step in steps:
                of_round.append(spent / (time.thread_time() - begun))
        shares.append(of_round)
    Moments.film_if_due = film_if_due
    return shares


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hidden", default="1024")
    parser.add_argument("--moves", type=int, default=200, help="of the slider, for each tab")
    parser.add_argument("--rounds", type=int, default=3, help="of training with a film")
    parser.add_argument("--seconds", type=float, default=6, help="of training")
    parser.add_argument("--tabs", default=TABS)
    arguments = parser.parse_args()
    dataset = find_published(MNIST) or load_dataset("strokes")
    hidden = tuple(int(units) for units in arguments.hidden.split(","))
    network = NetworkConfig(hidden=hidden)
    print(f"784-{arguments.hidden.replace(',', '-')}-10")
    for what, gaps in scrub(dataset, network, arguments).items():
        p50, p95 = np.percentile(gaps, (50, 95))
        print(f"slider to all views drawn, {what:27s} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms")
    config = RunConfig(network=network, hyperparameters=Hyperparameters(batch_size=64))
    steps = (938, 3752)  # one epoch of 60,000 images, and four
    for round_, shares in enumerate(film_shares(config, dataset, steps, arguments.rounds), 1):
        for step, share in zip(steps, shares, strict=True):
            print(
                f"filming, of the time until step {step:5,}, round {round_}   {100 * share:.2f} %"
            )


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
        wait(round(1000 * arguments.seconds))
        found = {}
        for tab in arguments.tabs.split(","):
            window.tabs.open(tab)
            for what in (tab, f"{tab}, training"):
                session.pause()
                while session.state is not State.PAUSED:
                    wait(10)
                if what != tab:
                    session.play()
                wait(500)
                found[what] = [move(app, window) for _ in range(arguments.moves)]
                if tab == "mistakes":
                    most = window.time_bar.slider.maximum()
                    found[f"{what}, tested"] = [test(app, window, at) for at in range(most - 1)]
        window.close()
    session.close()
    return found


def wait(milliseconds: int) -> None:
    """Let window and training go on; QTest.qWait would keep the interpreter's lock."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def move(app: QApplication, window: MainWindow) -> float:
    """Move the slider by one moment, there and back again; return the milliseconds."""
    slider = window.time_bar.slider
    index = slider.value() - 1 if slider.value() else slider.maximum()
    wait(5)
    begun = time.perf_counter()
    slider.setValue(index)
    app.sendPostedEvents()
    app.processEvents()
    return 1000 * (time.perf_counter() - begun)


def test(app: QApplication, window: MainWindow, index: int) -> float:
    """Move the slider there; return the milliseconds until Mistakes shows that moment's."""
    (view,) = window.findChildren(MistakesView)
    begun = time.perf_counter()
    window.time_bar.slider.setValue(index)
    while view._moment is None or view._evaluated is not view._moment:
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
