import math

import numpy as np
import pytest

from core.errors import RunFileError
from core.saving.layer_record_array import array_of, records_of
from core.settings.config import ACTIVATION_NAMES
from core.training.layer_statistics import LAYER_METRICS, LayerRecord

STEPS = 9
COLUMN_NAMES = [
    name for name in LAYER_METRICS.names for _ in range(math.prod(LAYER_METRICS[name].shape))
]


def record(step, activations):
    rng = np.random.default_rng(step)
    metrics = np.zeros(len(activations) + 1, LAYER_METRICS)
    for name in LAYER_METRICS.names:
        metrics[name] = rng.random(metrics[name].shape)
    metrics["fan_in"], metrics["units"] = 784, rng.integers(1, 99, len(metrics))
    return LayerRecord(step, activations, metrics)


@pytest.fixture
def records():
    """A run without hidden layers; two are added, then one is removed."""
    return (
        record(1, ()),
        record(2, ("relu", "tanh")),
        record(4, ("relu", "tanh")),
        record(STEPS, ("identity",)),
    )


def test_records_load_as_they_were(records):
    for before, after in zip(records, records_of(array_of(records), STEPS), strict=True):
        assert (after.step, after.activations) == (before.step, before.activations)
        np.testing.assert_array_equal(after.metrics, before.metrics)
        assert not after.metrics.flags.writeable


def test_a_run_may_have_no_records():
    assert records_of(array_of(()), 0) == ()


def test_a_layer_of_zeros_that_has_moved_is_restored(records):
    records[0].metrics["update_ratio"] = np.inf
    back = records_of(array_of(records), STEPS)
    assert back[0].metrics["update_ratio"] == np.inf


@pytest.mark.parametrize(
    ("field", "row", "value"),
    [
        ("step", 0, 0),  # before the first
        ("step", -1, STEPS + 1),  # after the last
        ("step", 1, 5),  # out of order
        ("step", 1, np.nan),
        ("activation", 0, 0),  # no output
        ("activation", 1, -1),  # two outputs
        ("activation", 1, len(ACTIVATION_NAMES)),
        ("activation", 1, -2),
        ("fan_in", 2, 0),
        ("units", 2, np.inf),
        ("units", 2, 4097),
        ("dead", 2, 1.5),
        ("saturated", 2, np.nan),
        ("symmetric", 2, 2),
    ],
)
def test_impossible_values_are_refused(records, field, row, value):
    array = array_of(records)
    array[row, ("step", "activation", *COLUMN_NAMES).index(field)] = value
    with pytest.raises(RunFileError, match="layers"):
        records_of(array, STEPS)


def test_values_that_are_too_large_become_infinite(records):
    array = array_of(records)
    array[0, 4] = 1e300
    assert records_of(array, STEPS)[0].metrics["weights"][0, 0] == np.inf
