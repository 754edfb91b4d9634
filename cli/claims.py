"""``main.py claims``: tests the claims of three documents, and prints a table."""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import accumulate

from tqdm import tqdm

from cli.claim import Claim, Outcome, Run
from cli.claim_list import CLAIMS
from cli.data_choice import prepare
from cli.output import say
from cli.targets import check_target, write_report
from core.datasets.dataset import Dataset
from core.errors import ConfigError
from core.settings.config import RunConfig
from core.threads.workers import Workers
from core.training.divergence import TrainingDivergedError
from core.training.trainer import Trainer
from core.wording import percent


def claims(arguments: argparse.Namespace) -> int:
    """Test the chosen claims, print the table, and return the exit status."""
    chosen = _chosen(arguments.only, arguments.quick)
    check_target(arguments.report, ())
    dataset = prepare(arguments.dataset, arguments)

    runs = list(dict.fromkeys(run for claim in chosen for run in claim.runs))
    minutes = sum(run.cost for run in runs) / 60
    say(f"claims: {len(chosen)}, networks: {len(runs)}, about {minutes:.1f} minutes on two cores")
    if arguments.quick:
        say("--quick: one epoch each, too short for a verdict")
    if arguments.dataset != "mnist":
        say(f"The documents use mnist: on {arguments.dataset}, only differences count")
    outcomes = _try_all(runs, dataset)

    verdicts = {
        claim.name: "not judged after one epoch"
        if arguments.quick
        else claim.verdict([outcomes[run] for run in claim.runs])
        for claim in chosen
    }
    for line in _table(chosen, outcomes, verdicts):
        say(line)
    if arguments.report is not None:
        figures = [_figures(claim, outcomes, verdicts[claim.name]) for claim in chosen]
        write_report(
            arguments.report, dataset=arguments.dataset, quick=arguments.quick, claims=figures
        )
    return 0


def _chosen(names: Sequence[str] | None, quick: bool) -> list[Claim]:
    """Return the claims of these names, or all; with runs of one epoch if `quick`."""
    known = {claim.name: claim for claim in CLAIMS}
    for name in names or ():
        if name not in known:
            raise ConfigError(f"There is no claim '{name}'; use some of {', '.join(known)}.")
    chosen = [claim for claim in CLAIMS if not names or claim.name in names]
    if not quick:
        return chosen
    return [replace(claim, runs=tuple(run.cut_short() for run in claim.runs)) for claim in chosen]


def _try_all(runs: Sequence[Run], dataset: Dataset) -> dict[Run, Outcome]:
    """Train each network once, with a progress bar in expected seconds."""
    outcomes = {}
    layout = "{desc} {percentage:3.0f}%|{bar}| {elapsed}<{remaining}"
    # Added one by one, as the bar does: sum() rounds less from Python 3.12 on, and a bar that is
    # past its total by a rounding error warns.
    ends = list(accumulate((run.cost for run in runs), initial=0.0))
    with tqdm(total=ends[-1], bar_format=layout) as bar:
        for number, run in enumerate(runs, start=1):
            bar.set_description_str(f"{number}/{len(runs)} {run.label}")

            def report(
                share: float, before: float = ends[number - 1], cost: float = run.cost
            ) -> None:
                bar.update(before + share * cost - bar.n)

            outcomes[run] = _try(run, dataset, report)
            bar.update(ends[number] - bar.n)
    return outcomes


def _try(run: Run, dataset: Dataset, report: Callable[[float], None]) -> Outcome:
    """Train a network; `report` is called with the share done, 0…1."""
    accuracies, test_losses, losses = [], [], []
    diverged = False
    begin = time.perf_counter()
    with Workers() as workers:
        config = RunConfig(dataset.name, run.network, run.hyperparameters)
        trainer = Trainer(config, dataset, workers=workers)
        while trainer.stop_reason is None and not diverged:
            try:
                trainer.step()
            except TrainingDivergedError:
                diverged = True
            report((trainer.epoch + trainer.position / trainer.images_per_epoch) / run.epochs)
            if diverged or not trainer.position:
                history = trainer.history
                accuracies.append(float(history.test_accuracy[-1]))
                test_losses.append(math.inf if diverged else float(history.test_loss[-1]))
                losses.append(math.inf if diverged else history.epoch_loss)
    seconds = time.perf_counter() - begin
    history = trainer.history
    batch_losses = history.batch_loss
    return Outcome(
        before=float(history.test_accuracy[0]),
        accuracies=tuple(accuracies),
        test_losses=tuple(test_losses),
        losses=tuple(losses),
        noise=float(batch_losses[-max(2, history.steps.count // 10) :].std()),
        seconds=seconds,
        diverged=diverged,
    )


def _table(
    chosen: Sequence[Claim], outcomes: Mapping[Run, Outcome], verdicts: Mapping[str, str]
) -> list[str]:
    """Return the lines of the table: for each claim its statement, its runs and the verdict."""
    lines = [f"{'claim':48}{'epochs':>6}{'test':>10}{'loss':>10}{'seconds':>9}"]
    for claim in chosen:
        lines += ["", f"{claim.name} ({claim.source})", f"  says: {claim.says}"]
        for run in claim.runs:
            outcome = outcomes[run]
            loss = "diverged" if outcome.diverged else f"{outcome.losses[-1]:.4f}"
            lines.append(
                f"    {run.label:44}{len(outcome.losses):6}{percent(outcome.accuracy):>10}"
                f"{loss:>10}{outcome.seconds:9.1f}"
            )
        lines.append(f"  {verdicts[claim.name]}")
    return lines


def _figures(claim: Claim, outcomes: Mapping[Run, Outcome], verdict: str) -> dict[str, object]:
    """Return a claim's entry in the report."""
    runs = []
    for run in claim.runs:
        outcome = outcomes[run]
        runs.append(
            {
                "run": run.label,
                "network": asdict(run.network),
                "hyperparameters": asdict(run.hyperparameters),
                "test_accuracy": outcome.accuracy,
                "train_loss": None if outcome.diverged else outcome.losses[-1],
                "test_loss": None if outcome.diverged else outcome.test_losses[-1],
                "diverged": outcome.diverged,
                "loss_noise": None if outcome.diverged else outcome.noise,
                "epochs": len(outcome.losses),
                "seconds": outcome.seconds,
            }
        )
    return {
        "name": claim.name,
        "source": claim.source,
        "says": claim.says,
        "verdict": verdict,
        "runs": runs,
    }
