"""Our learning rates and those of ``torch.optim.lr_scheduler``.

Where the definitions differ:

- PyTorch counts scheduler steps k and sets the rate for the start of a step; we use the middle of
  the batch. So a scheduler here makes two steps for each of ours, and the odd ones are in the
  middle.
- OneCycleLR with N steps has its peak at k = pct_start·N − 1 and its end at k = N − 1. Ours has
  them at 0.3 and 1 of the run. They coincide for pct_start = (0.3·(N − 1) + 1) / N.
- LinearLR cannot start at 0 as our warm-up does. It starts one step later, with our rate there.
"""

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

from core.settings.config import Hyperparameters, NetworkConfig
from core.training.schedules import learning_rate_at
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer
from tests.proof.pytorch import Twin, next_batch

RATE = 0.4
EPOCHS = 10


def one_cycle(optimizer, intervals):
    total = intervals + 1
    return lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=optimizer.param_groups[0]["lr"],
        total_steps=total,
        pct_start=(0.3 * intervals + 1) / total,
        anneal_strategy="cos",
        cycle_momentum=False,
        div_factor=25,
        final_div_factor=10_000,
    )


SCHEDULERS = {
    "constant": lambda optimizer, _: lr_scheduler.ConstantLR(optimizer, factor=1.0),
    "step": lambda optimizer, intervals: lr_scheduler.MultiStepLR(
        optimizer, milestones=[intervals // 2, 3 * intervals // 4], gamma=0.1
    ),
    "cosine": lambda optimizer, intervals: lr_scheduler.CosineAnnealingLR(
        optimizer, T_max=intervals, eta_min=0.0
    ),
    "one-cycle": one_cycle,
}
"""From an optimizer and the number of intervals in the run to a scheduler."""


def advance(optimizer, scheduler):
    """Make one step of the scheduler, without a gradient, and return the rate after it."""
    optimizer.step()
    scheduler.step()
    return scheduler.get_last_lr()[0]


@pytest.mark.parametrize("schedule", SCHEDULERS)
def test_the_rate_at_every_hundredth_of_a_run(schedule):
    intervals = 100
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
    scheduler = SCHEDULERS[schedule](optimizer, intervals)
    theirs = [scheduler.get_last_lr()[0]]
    theirs += [advance(optimizer, scheduler) for _ in range(intervals)]
    settings = Hyperparameters(learning_rate=RATE, schedule=schedule, epochs=EPOCHS)
    ours = [learning_rate_at(EPOCHS * k / intervals, settings) for k in range(intervals + 1)]
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_the_warm_up():
    intervals = 20
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
    scheduler = lr_scheduler.LinearLR(optimizer, 1 / intervals, total_iters=intervals - 1)
    theirs = [scheduler.get_last_lr()[0]]
    theirs += [advance(optimizer, scheduler) for _ in range(intervals + 5)]
    settings = Hyperparameters(learning_rate=RATE, warm_up=2.0)
    ours = [learning_rate_at(2.0 * (k + 1) / intervals, settings) for k in range(intervals + 6)]
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@pytest.mark.parametrize("schedule", SCHEDULERS)
def test_a_whole_run(schedule):
    """Ten epochs of four batches: 40 steps, and 80 of the scheduler."""
    trainer = make_trainer(
        tiny_dataset(train=80, test=10),
        NetworkConfig((14, 9), ("tanh",)),
        dtype=np.float64,
        batch_size=20,
        optimizer="momentum",
        learning_rate=0.005,
        schedule=schedule,
        epochs=EPOCHS,
    )
    twin = Twin(trainer)
    start = twin.parameters().copy()
    steps = EPOCHS * 4
    # It sets the rates of a separate optimizer, so half a step changes no parameter.
    clock = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.005)
    scheduler = SCHEDULERS[schedule](clock, 2 * steps)
    while trainer.stop_reason is None:
        rate = advance(clock, scheduler)
        for group in twin.optimizer.param_groups:
            group["lr"] = rate
        twin.step(next_batch(trainer))
        trainer.step()
        advance(clock, scheduler)
    assert trainer.step_count == steps
    moved = np.linalg.norm(twin.parameters() - start)
    assert moved > 0.1
    assert np.linalg.norm(trainer.network.parameters - twin.parameters()) < 1e-5 * moved
