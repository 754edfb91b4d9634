"""``main.py lr-test``."""

from __future__ import annotations

import argparse

from tqdm import tqdm

from cli.configuration import check_resumed, run_config
from cli.output import say
from cli.progress_bar import progress_bar
from cli.targets import check_target, write_report
from core.datasets.loading import load_dataset
from core.saving.run_file import load_run
from core.threads.workers import Workers
from core.training.learning_rate_test import LearningRateResult, LearningRateTest
from core.training.trainer import Trainer
from core.wording import numeral


def lr_test(arguments: argparse.Namespace) -> int:
    """Run a learning-rate test, print what it found, and return the exit status."""
    saved = None
    if arguments.resume is None:
        config = run_config(arguments)
    else:
        check_resumed(arguments)
        saved = load_run(arguments.resume)
        config = saved.config
    check_target(arguments.report, (arguments.resume,))
    with progress_bar(f"Preparing {config.dataset}") as progress:
        dataset = load_dataset(config.dataset, arguments.data_dir, progress)
    with Workers(arguments.threads) as workers:
        if saved is None:
            trainer = Trainer(config, dataset, workers=workers)
        else:
            trainer = Trainer.resume(saved, dataset, workers=workers)
        images, _validation = dataset.hold_out(config.validation)
        test = LearningRateTest(config, images, trainer.checkpoint(), workers=workers)
        with tqdm(total=test.steps, unit=" steps") as bar:
            while not test.is_over:
                test.step()
                bar.update()
    result = test.result()
    if arguments.report is not None:
        write_report(
            arguments.report,
            rates=result.rates.tolist(),
            losses=result.losses.tolist(),
            smoothed=result.smoothed.tolist(),
            steepest=result.steepest,
            exploded=result.exploded,
            suggestion=result.suggestion,
            network=str(trainer.network_config),
            dataset=config.dataset,
            optimizer=test.hyperparameters.optimizer,
        )
    say(_words(result))
    return 0


def _words(result: LearningRateResult) -> str:
    """Return what the test found, in sentences."""
    sentences = []
    if result.steepest is None:
        sentences.append("The loss does not fall clearly at any rate.")
    else:
        sentences.append(f"The loss falls fastest at a learning rate of {_rate(result.steepest)}.")
    if result.exploded is None:
        sentences.append(f"It does not explode up to {_rate(float(result.rates[-1]))}.")
    else:
        sentences.append(f"It explodes from {_rate(result.exploded)} on.")
    if result.suggestion is not None:
        sentences.append(f"Try --lr {result.suggestion:g}.")
    return " ".join(sentences)


def _rate(rate: float) -> str:
    return numeral(rate, ".2g")
