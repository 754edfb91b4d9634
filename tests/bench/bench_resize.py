"""The cost of resizing a layer while the network learns, in time and in accuracy.

    python -m tests.bench.bench_resize [--rounds 5]

784-128-64-10 learns MNIST, or strokes if MNIST is missing, with the window's number of threads. In
the third epoch its first layer becomes larger or smaller; each trial starts from the same
checkpoint. The pause is how much longer the step with the change takes than other steps, including
the choice of threads for the new size. Run it with nothing else running.
"""

from __future__ import annotations

import argparse
import statistics
import time

from core.datasets.dataset import Dataset
from core.datasets.loading import load_dataset
from core.datasets.published import find_published
from core.datasets.published_sets import MNIST
from core.progress import no_progress
from core.settings.config import Hyperparameters, RunConfig
from core.threads.workers import Workers
from core.training.evaluation import evaluate
from core.training.trainer import Trainer
from tests.bench.figures import Figure, Target, row

CHANGES = ((256, 64), (96, 64))
PAUSE = Target(50, at_most=True)
GROWTH = Target(0.1, at_most=True)
SHRINKAGE = Target(1.0, at_most=True)


def timed_step(trainer: Trainer) -> float:
    """Return the milliseconds of a step."""
    begun = time.perf_counter()
    trainer.step()
    return 1_000 * (time.perf_counter() - begun)


def accuracy(trainer: Trainer) -> float:
    """Return the test accuracy in percent."""
    test = trainer.dataset.test
    return 100 * evaluate(trainer.network, test.images, test.labels).accuracy


def figures(dataset: Dataset, workers: Workers, rounds: int) -> list[Figure]:
    """Measure all changes, over and over."""
    config = RunConfig(dataset.name, hyperparameters=Hyperparameters(learning_rate=0.1))
    trainer = Trainer(config, dataset, workers=workers)
    while trainer.epoch < 2:
        trainer.step()
    for _ in range(100):
        trainer.step()
    before, epoch = trainer.checkpoint(), trainer.epoch
    usual = accuracy(trainer)
    result = []
    for hidden in CHANGES:
        pauses = []
        for _ in range(rounds):
            trainer.restore(before)
            step = statistics.median(timed_step(trainer) for _ in range(50))
            trainer.change(network=config.network.with_hidden(hidden))
            pauses.append(timed_step(trainer) - step)
        trainer.restore(before)
        trainer.change(network=config.network.with_hidden(hidden))
        at_once = usual - accuracy(trainer)
        while trainer.epoch == epoch:
            trainer.step()
        for _ in range(before.position // config.hyperparameters.batch_size):
            trainer.step()
        an_epoch_later = usual - accuracy(trainer)
        grows = hidden[0] > config.network.hidden[0]
        what = f"128 → {hidden[0]}"
        result += [
            Figure(f"{what}: pause, ms", pauses, PAUSE),
            Figure(f"{what}: points lost at once", [abs(at_once)], GROWTH if grows else None),
            Figure(
                f"{what}: points lost an epoch later",
                [an_epoch_later],
                None if grows else SHRINKAGE,
            ),
        ]
    return result


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    dataset = find_published(MNIST) or load_dataset("strokes", None, no_progress)
    with Workers(is_alone=False) as workers:
        measured = figures(dataset, workers, rounds)
    print(f"784-128-64-10 on {dataset.name}, {rounds} rounds")
    print(row(("", "median", "rounds", "required", "")))
    print(row(["---"] * 5))
    for figure in measured:
        print(figure.row())


if __name__ == "__main__":
    main()
