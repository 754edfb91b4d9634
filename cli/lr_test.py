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
from core.training.learning_rate_test import LearningRateTest
from core.training.trainer import Trainer


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
    say(result.findings)
    if result.suggestion is not None:
        say(f"Try --lr {result.suggestion:g}.")
    return 0
