"""``main.py lr-test``."""

from __future__ import annotations

import argparse

from tqdm import tqdm

from cli.configuration import run_to_train, trainer_of
from cli.data_choice import prepare, settled
from cli.output import say
from cli.targets import check_target, write_report
from core.threads.workers import Workers
from core.training.learning_rate_test import LearningRateTest


def lr_test(arguments: argparse.Namespace) -> int:
    """Run a learning-rate test, print what it found, and return the exit status."""
    config, saved = run_to_train(arguments)
    check_target(arguments.report, (arguments.resume,))
    dataset = prepare(config.dataset, arguments)
    config = settled(config, dataset, arguments.validation)
    with Workers(arguments.threads) as workers:
        trainer = trainer_of(config, saved, dataset, workers)
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
            dataset=str(config.dataset),
            optimizer=test.hyperparameters.optimizer,
        )
    say(result.findings)
    if result.suggestion is not None:
        say(f"Try --lr {result.suggestion:g}.")
    return 0
