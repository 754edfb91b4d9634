import math
from itertools import pairwise

import pytest

from core.settings.config import SCHEDULE_NAMES, Hyperparameters
from core.training.schedules import after_the_end, learning_rate_at

RATE = 0.4


def rate_at(epochs, schedule, of=10, warm_up=0.0):
    hyperparameters = Hyperparameters(
        learning_rate=RATE, schedule=schedule, epochs=of, warm_up=warm_up
    )
    return learning_rate_at(epochs, hyperparameters)


@pytest.mark.parametrize(
    ("schedule", "points"),
    [
        ("constant", {0: 1, 5: 1, 10: 1}),
        ("step", {0: 1, 4.99: 1, 5: 0.1, 7.49: 0.1, 7.5: 0.01, 10: 0.01}),
        # (1 + cos(π·t)) / 2, with cos(π/3) = 1/2 at t = 1/3 and cos(2π/3) = −1/2 at t = 2/3.
        ("cosine", {0: 1, 10 / 3: 3 / 4, 5: 1 / 2, 20 / 3: 1 / 4, 10: 0}),
        # Half-way up, at t = 0.15, and half-way down, at t = 0.65, the mean of the two ends.
        (
            "one-cycle",
            {
                0: 1 / 25,
                1.5: (1 / 25 + 1) / 2,
                3: 1,
                6.5: (1 + 1 / 250_000) / 2,
                10: 1 / 250_000,
            },
        ),
    ],
)
def test_values_from_the_beginning_to_the_end(schedule, points):
    for epochs, factor in points.items():
        assert rate_at(epochs, schedule) == pytest.approx(RATE * factor, rel=1e-12, abs=1e-16)


@pytest.mark.parametrize("schedule", SCHEDULE_NAMES)
def test_after_the_end_the_last_rate_stays(schedule):
    last = rate_at(10, schedule)
    for epochs in (10.001, 11, 1000):
        assert rate_at(epochs, schedule) == last


@pytest.mark.parametrize("schedule", SCHEDULE_NAMES)
def test_the_rate_only_falls_once_it_has_been_at_its_highest(schedule):
    rates = [rate_at(10 * i / 1000, schedule) for i in range(1001)]
    peak = 300 if schedule == "one-cycle" else 0
    assert rates[peak] == max(rates) == RATE
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert rates[:peak] == sorted(rates[:peak])
    assert min(rates) >= 0


@pytest.mark.parametrize("schedule", ["cosine", "one-cycle"])
def test_a_cosine_makes_no_jump(schedule):
    """The steepest half cosine falls from 1 to 0 in 0.3 of the run: slope π/2 / 0.3 < 5.3."""
    rates = [rate_at(10 * i / 1000, schedule) for i in range(1001)]
    assert max(abs(a - b) for a, b in pairwise(rates)) < RATE * 5.3 / 1000


@pytest.mark.parametrize("schedule", SCHEDULE_NAMES)
def test_the_warm_up_is_a_straight_line_and_the_schedule_follows_it(schedule):
    """Two of ten epochs: what the schedule has at t = 1/4 comes at epoch 2 + 8/4."""
    for epochs, factor in {0: 0, 0.5: 1 / 4, 1: 1 / 2, 1.5: 3 / 4}.items():
        assert rate_at(epochs, schedule, warm_up=2) == pytest.approx(RATE * factor)
    for quarters in range(5):
        warmed, plain = 2 + 2 * quarters, 2.5 * quarters
        assert rate_at(warmed, schedule, warm_up=2) == pytest.approx(rate_at(plain, schedule))


def test_a_warm_up_may_last_a_fraction_of_an_epoch():
    assert rate_at(0.25, "constant", warm_up=0.5) == pytest.approx(RATE / 2)
    assert rate_at(0.5, "constant", warm_up=0.5) == RATE


def test_a_warm_up_as_long_as_the_run_ends_at_the_full_rate():
    assert rate_at(9, "cosine", warm_up=10) == pytest.approx(0.9 * RATE)
    assert rate_at(10, "cosine", warm_up=10) == RATE


def test_a_run_without_an_end_warms_up_too_and_then_keeps_its_rate():
    endless = Hyperparameters(learning_rate=RATE, warm_up=4)
    assert learning_rate_at(1, endless) == pytest.approx(RATE / 4)
    assert learning_rate_at(4, endless) == learning_rate_at(1e6, endless) == RATE
    assert math.isfinite(learning_rate_at(0, endless))


@pytest.mark.parametrize(
    ("schedule", "said"),
    [("one-cycle", "almost nothing"), ("cosine", "nothing more"), ("step", "little more")],
)
def test_training_past_the_end_is_explained(schedule, said):
    hyperparameters = Hyperparameters(schedule=schedule, epochs=2, learning_rate=0.1)
    assert said in after_the_end(hyperparameters)


def test_a_schedule_that_ends_high_is_not_reported_as_ended():
    assert after_the_end(Hyperparameters(epochs=2)) is None
    assert after_the_end(Hyperparameters()) is None
    assert after_the_end(Hyperparameters(schedule="cosine", epochs=2, warm_up=2)) is None
