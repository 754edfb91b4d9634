"""Training speed of Digitscope, PyTorch and scikit-learn, side by side on the same images.

    python -m tests.bench.bench_engine [--data-dir DIR] [--rounds 5] [--only NAME …] [--quick]

All three train each network with plain SGD in float32. They take turns, so a machine whose speed
varies is as fast for each. Each runs on one, two and all threads, and its best result counts. The
initial weights differ, which does not affect the speed. The same rounds measure the machine's rate
of matrix products. Then follow: the same while other programs keep all cores busy, two per core;
one thread against a plain NumPy loop; the cost of Adam, of data augmentation and of watching for
divergence; and the memory of a run.

Prints two Markdown tables: medians of the rounds, and the figures that have a target, each with the
lowest and highest of the rounds. PyTorch and scikit-learn are left out if they are not installed.
Run it with nothing else running.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

from core.datasets.dataset import Dataset
from core.datasets.loading import load_dataset
from core.errors import DataError
from core.settings.augmentation import DEFAULT_AUGMENTATION
from core.settings.data_source import READY_SETS
from core.threads.workers import usable_cores
from tests.bench.engine_loop import EngineLoop
from tests.bench.figures import Figure, Target, row
from tests.bench.matrix_rate import MatrixRate
from tests.bench.numpy_loop import NumpyLoop
from tests.bench.other_programs import BusyLoop, OtherPrograms
from tests.bench.turns import Bench, Loop, quotients

try:
    from tests.bench.torch_loop import TorchLoop
except ImportError:
    TorchLoop = None
try:
    from tests.bench.sklearn_loop import SklearnLoop
except ImportError:
    SklearnLoop = None

ROOT = Path(__file__).parents[2]
OURS, TORCH, SKLEARN, MATRIX = "Digitscope", "PyTorch", "scikit-learn", "matrix product"
ONE_THREAD = "Digitscope on one thread"
BUSY = "while other programs keep all cores busy"


@dataclass(frozen=True)
class Job:
    """A network and a batch size, with targets for the ratios to the others' speed and for the
    share of the machine's rate of matrix products."""

    name: str
    hidden: tuple[int, ...]
    batch: int
    against_torch: Target
    against_sklearn: Target | None = None
    of_matrix: Target | None = None

    @property
    def operations(self) -> float:
        """Floating-point operations for each image: the input needs no gradient."""
        sizes = (784, *self.hidden, 10)
        weights = sum(fan_in * fan_out for fan_in, fan_out in pairwise(sizes))
        return 6.0 * weights - 2.0 * sizes[0] * sizes[1]

    def __str__(self) -> str:
        return f"784-{'-'.join(map(str, self.hidden))}-10, batch {self.batch}"


AGAINST_SKLEARN = Target(1.6, 2.5)
AS_ONE = Target(0.9)
JOBS = (
    Job("batch-16", (128, 64), 16, Target(2.0, 3.0)),
    Job("batch-64", (128, 64), 64, Target(1.5, 2.0), AGAINST_SKLEARN),
    Job("batch-128", (128, 64), 128, Target(1.3, 1.7), AGAINST_SKLEARN),
    Job("batch-256", (128, 64), 256, Target(1.3, 1.7)),
    Job("wide", (1024,), 128, Target(1.1, 1.3), of_matrix=Target(0.6, 0.8)),
)


def compare(bench: Bench, job: Job) -> tuple[str, list[Figure]]:
    """Time a job in turns; return its row of the first table, and its figures."""
    data = bench.pixels, bench.dataset.train_labels
    loops: dict[tuple[str, int], Loop] = {}
    for threads in sorted({1, min(2, usable_cores()), usable_cores()}):
        loops[OURS, threads] = EngineLoop(bench.dataset, job.hidden, job.batch, threads)
        if TorchLoop is not None:
            loops[TORCH, threads] = TorchLoop(*data, job.hidden, job.batch, threads)
        if SklearnLoop is not None:
            loops[SKLEARN, threads] = SklearnLoop(*data, job.hidden, job.batch, threads)
        loops[MATRIX, threads] = MatrixRate(threads)
    rates = bench.take_turns(loops)

    cells, best = [str(job)], {}
    for name in (OURS, TORCH, SKLEARN, MATRIX):
        cell, best[name] = best_of(name, rates)
        cells.append(cell)

    figures = [
        Figure(f"{job}: ours ÷ {name}", quotients(best[OURS], best[name]), target)
        for name, target in ((TORCH, job.against_torch), (SKLEARN, job.against_sklearn))
        if best[name]
    ]
    share = [value * job.operations for value in quotients(best[OURS], best[MATRIX])]
    figures.append(Figure(f"{job}: share of the matrix product's rate", share, job.of_matrix))
    return row(cells), figures


def best_of(name: str, rates: dict[tuple[str, int], list[float]]) -> tuple[str, list[float]]:
    """Return the cell of the first table for the best number of threads, and its rates."""
    variants = {threads: values for (n, threads), values in rates.items() if n == name}
    if not variants:
        return "not installed", []
    threads = max(variants, key=lambda threads: statistics.median(variants[threads]))
    rate = statistics.median(variants[threads])
    text = f"{rate / 1e9:.0f} GFLOP/s" if name == MATRIX else f"{rate:,.0f}"
    return f"{text} ({threads or 'default'})", variants[threads]


def compare_busy(bench: Bench, job: Job) -> tuple[str, list[Figure]]:
    """Do what :func:`compare` does while other programs keep all cores busy.

    Digitscope chooses its threads, as the program does by default, next to one thread.
    """
    loops: dict[tuple[str, int], Loop] = {
        (OURS, 0): EngineLoop(bench.dataset, job.hidden, job.batch),
        (ONE_THREAD, 1): EngineLoop(bench.dataset, job.hidden, job.batch, 1),
    }
    if TorchLoop is not None:
        for threads in (1, usable_cores()):
            loops[TORCH, threads] = TorchLoop(
                bench.pixels, bench.dataset.train_labels, job.hidden, job.batch, threads
            )
    with OtherPrograms() as programs:
        rates = bench.take_turns({name: BusyLoop(loop, programs) for name, loop in loops.items()})
    (ours, default), (torch, best) = best_of(OURS, rates), best_of(TORCH, rates)
    figures = [
        Figure(
            f"{job}, {BUSY}: default ÷ one thread", quotients(default, rates[ONE_THREAD, 1]), AS_ONE
        )
    ]
    if best:
        ratios = quotients(default, best)
        figures.append(Figure(f"{job}, {BUSY}: ours ÷ {TORCH}", ratios, Target(1.0)))
    return row([f"{job}, {BUSY}", ours, torch, "", ""]), figures


def numpy_loop(bench: Bench) -> list[Figure]:
    """Compare one thread with a plain NumPy loop on one."""
    ours = EngineLoop(bench.dataset, (128, 64), 64, 1)
    plain = NumpyLoop(bench.pixels, bench.dataset.train_labels, (128, 64), 64)
    title = "784-128-64-10, batch 64: one thread ÷ plain NumPy loop"
    return [Figure(title, bench.ratio(ours, plain), Target(0.95))]


def adam(bench: Bench) -> list[Figure]:
    """Compare the time of a step."""
    sgd = EngineLoop(bench.dataset, (128, 64), 64)
    other = EngineLoop(bench.dataset, (128, 64), 64, optimizer="adam", learning_rate=0.001)
    times = bench.ratio(sgd, other)
    return [Figure("784-128-64-10, batch 64: step of Adam ÷ SGD", times, Target(1.5, at_most=True))]


def augmentation(bench: Bench) -> list[Figure]:
    """Compare the time of an epoch."""
    plain = EngineLoop(bench.dataset, (1024,), 128)
    augmented = EngineLoop(bench.dataset, (1024,), 128, augmentation=DEFAULT_AUGMENTATION)
    times = bench.ratio(plain, augmented)
    return [Figure("784-1024-10, batch 128: augmented ÷ plain", times, Target(2, at_most=True))]


def watch(bench: Bench) -> list[Figure]:
    """Compare the time of watching for divergence with that of a whole step."""
    loop = EngineLoop(bench.dataset, (128, 64), 64)
    loop.run(bench.seconds / 5)
    shares = [
        100 * loop.watching_seconds() * loop.run(bench.seconds) / 64 for _ in range(bench.rounds)
    ]
    return [Figure("784-128-64-10, batch 64: divergence check, % of a step", shares)]


def memory(data_dir: Path | None, dataset: str) -> list[Figure]:
    """Train without the window in a separate process."""
    where = [] if data_dir is None else ["--data-dir", str(data_dir.resolve())]
    command = [sys.executable, "-m", "tests.bench.peak_memory", "train", "--dataset", dataset]
    run = subprocess.run(
        [*command, "--epochs", "2", *where], cwd=ROOT, check=True, capture_output=True, text=True
    )
    title = f"peak memory of a run on {dataset}, MB"
    return [Figure(title, [float(run.stdout)], Target(350, at_most=True))]


BUSY_JOBS = {f"busy-{job.name}": job for job in JOBS[1:]}
EXTRAS: dict[str, Callable[[Bench], list[Figure]]] = {
    "numpy": numpy_loop,
    "adam": adam,
    "augmentation": augmentation,
    "watch": watch,
}
MEMORY = "memory"


def load(arguments: argparse.Namespace) -> Dataset:
    """Return MNIST's images, or those of strokes if MNIST is missing."""
    try:
        dataset = load_dataset(arguments.dataset, arguments.data_dir)
    except DataError as error:
        print(f"{error}\nThe images of strokes are used instead.", file=sys.stderr)
        dataset = load_dataset("strokes")
    if not arguments.quick:
        return dataset
    few = slice(0, 2_000)
    return replace(
        dataset,
        train_images=dataset.train_images[few],
        train_labels=dataset.train_labels[few],
    )


def main() -> None:
    """Measure and print the tables."""
    arguments = parse_arguments()
    dataset = load(arguments)
    bench = Bench(dataset, 1, 0.05) if arguments.quick else Bench(dataset, arguments.rounds, 0.8)
    rows, figures = [], []
    for jobs, measure_job in (
        ({job.name: job for job in JOBS}, compare),
        (BUSY_JOBS, compare_busy),
    ):
        for name, job in jobs.items():
            if name in arguments.only:
                print(name, file=sys.stderr)
                line, of_job = measure_job(bench, job)
                rows.append(line)
                figures += of_job
    for name, measure in EXTRAS.items():
        if name in arguments.only:
            print(name, file=sys.stderr)
            figures += measure(bench)
    if MEMORY in arguments.only:
        print(MEMORY, file=sys.stderr)
        figures += memory(arguments.data_dir, dataset.name)

    print_tables(dataset, bench, rows, figures)


def parse_arguments() -> argparse.Namespace:
    """Return the command line's arguments."""
    names = [*(job.name for job in JOBS), *BUSY_JOBS, *EXTRAS, MEMORY]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", choices=READY_SETS, default="mnist")
    parser.add_argument("--data-dir", type=Path, help="a folder that holds MNIST")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="does it run? figures mean nothing")
    return parser.parse_args()


def print_tables(dataset: Dataset, bench: Bench, rows: list[str], figures: list[Figure]) -> None:
    """Print both tables under a heading."""
    installed = ["numpy"] + ["torch"] * (TorchLoop is not None)
    installed += ["scikit-learn"] * (SklearnLoop is not None)
    print(
        f"{dataset.name}, {usable_cores()} cores, Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in installed)
        + f"; medians of {bench.rounds} rounds"
    )
    if rows:
        print("\nImages a second (threads)\n")
        print(row(["network", OURS, TORCH, SKLEARN, MATRIX]))
        print(row(["---"] * 5), *rows, sep="\n")
    if figures:
        print()
        print(row(["figure", "median", "range", "target", ""]))
        print(row(["---"] * 5), *(figure.row() for figure in figures), sep="\n")


if __name__ == "__main__":
    main()
