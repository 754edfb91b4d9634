"""A step works in arrays that exist already."""

import tracemalloc

import pytest

from core.settings.augmentation import DEFAULT_AUGMENTATION
from core.settings.config import NetworkConfig
from core.threads.workers import Workers
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer, run

UNITS, BATCH = 512, 256
SMALLEST = 4 * BATCH * UNITS
"""Bytes of layer 1's output. The batch's pixels take half as much again and the weights three times
as much; each of the batch's four shards takes a quarter."""


@pytest.mark.parametrize("threads", [None, 2])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"activation": "leaky-relu"},
        {"activation": "sigmoid"},
        {"activation": "tanh"},
        {"output": "sigmoid"},
        {"l2": 0.001},
        {"chunk": 100},
        {"dropout": 0.3},
        {"optimizer": "momentum"},
        {"optimizer": "nesterov"},
        {"optimizer": "adam"},
        {"augmentation": DEFAULT_AUGMENTATION},
        {"schedule": "cosine", "epochs": 2},
    ],
    ids=lambda settings: next(iter(settings), "plain"),
)
def test_a_step_makes_no_array_of_the_size_of_weights_or_batch(settings, threads, monkeypatch):
    """Steps 6 and 7 have no evaluation; NumPy reports all its arrays to tracemalloc.

    The rest are the buffers of 8,192 numbers in which NumPy converts between types, and arrays of a
    few numbers per image.
    """
    settings = dict(settings)
    monkeypatch.setattr("core.training.batch_gradient.CHUNK", settings.pop("chunk", BATCH))
    network = NetworkConfig(
        hidden=(UNITS,),
        activations=(settings.pop("activation", "relu"),),
        output=settings.pop("output", "softmax"),
    )
    dataset = tiny_dataset(train=9 * BATCH)
    with Workers(threads or 1) as workers:
        trainer = make_trainer(
            dataset,
            network,
            workers=workers if threads else None,
            batch_size=BATCH,
            **({"learning_rate": 0.001} | settings),
        )
        run(trainer, 5)
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            run(trainer, 2)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert len(trainer.history.evaluation_step) == 4  # the last one was after step 4
    assert peak - before < SMALLEST / 5
