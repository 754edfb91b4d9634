"""Fine-tuning a trained network on more images, as the window's "Train on my digits" does."""

import numpy as np

from core.arrays import LabeledImages
from core.datasets.loading import with_more
from core.datasets.strokes import make_strokes
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.evaluation import evaluate
from core.training.fine_tuning import SHARE, fine_tuning
from core.training.trainer import Trainer


def trained(config, dataset, initial=None):
    trainer = Trainer(config, dataset, initial=initial)
    while trainer.stop_reason is None:
        trainer.step()
    return trainer


def test_new_images_are_learned_and_the_others_not_forgotten():
    """Upside-down fours should count as fours, as for somebody who writes them that way."""
    dataset = make_strokes(train=12_000, test=1_000)
    config = RunConfig(
        network=NetworkConfig(hidden=(64,)),
        hyperparameters=Hyperparameters(learning_rate=0.1, batch_size=50, epochs=2),
    )
    before = trained(config, dataset)
    parameters = before.network.parameters.copy()
    turned = make_strokes(train=200, test=500, seed=1)
    new = turned.train_images[turned.train_labels == 4][:12, ::-1]
    unseen = turned.test_images[turned.test_labels == 4][:, ::-1]
    right = np.full(len(unseen), 4, np.uint8)
    more = LabeledImages(new, np.full(len(new), 4, np.uint8))

    after = trained(fine_tuning(config), with_more(dataset, more, SHARE), before.network)
    np.testing.assert_array_equal(before.network.parameters, parameters)
    known, learned = (evaluate(t.network, unseen, right).accuracy for t in (before, after))
    assert known < 0.3
    assert learned > known + 0.4
    tests = after.history.test_accuracy
    assert tests[0] == before.history.test_accuracy[-1]  # it started from the trained network
    assert tests[-1] > tests[0] - 0.01
