"""Scores of images, likely wrong labels, and the orders made of them."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.arrays import PIXELS, LabeledImages
from core.inspection.duplicates import Duplicates
from core.inspection.image_order import ORDERS, order_images
from core.inspection.label_quality import likely_wrong
from core.inspection.training_scores import TrainingScores, score_images
from core.network.network import Network
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.settings.data_source import OwnData
from core.training.evaluation import evaluate
from core.training.trainer import Trainer
from tests.core.inspection.patterns import noisy_patterns

CLASSES = ("a", "b", "c")


def scores_of(*probabilities, labels):
    table = np.array(probabilities, np.float32)
    return TrainingScores(table, -np.log(table[np.arange(len(labels)), labels]))


def test_scores_are_those_of_an_evaluation():
    rng = np.random.default_rng(0)
    network = Network((PIXELS, 7, 10))
    network.parameters[:] = rng.normal(0, 0.1, network.parameters.shape)
    images = LabeledImages(
        rng.integers(0, 256, (2_300, PIXELS), np.uint8), rng.integers(0, 10, 2_300, np.uint8)
    )
    scores = score_images(network, images)
    found = evaluate(network, images.images, images.labels)
    assert_array_equal(scores.guesses, found.guesses)
    assert_allclose(scores.confidence, found.confidence)
    assert scores.losses.mean() == pytest.approx(found.loss, rel=1e-5)
    assert_allclose(scores.probabilities.sum(axis=1), 1, rtol=1e-5)


def test_planted_wrong_labels_are_found_by_a_network_that_has_not_memorized_them():
    dataset = noisy_patterns(OwnData("/x", CLASSES, False, False), 600)
    planted = np.arange(0, 600, 20)
    labels = dataset.train_labels.copy()
    labels[planted] = (labels[planted] + 1) % 3
    trainer = Trainer(
        RunConfig(dataset.name, NetworkConfig(hidden=(16,)), Hyperparameters(batch_size=50)),
        type(dataset)(
            dataset.name, dataset.train_images, labels, dataset.test_images, dataset.test_labels
        ),
    )
    while trainer.epoch < 2:
        trainer.step()
    scores = score_images(trainer.network, LabeledImages(dataset.train_images, labels))
    found = likely_wrong(labels, scores.probabilities)
    hits = np.isin(found, planted)
    assert hits.mean() > 0.9
    assert np.isin(planted, found).mean() > 0.5


def test_the_rule_of_confident_learning_by_hand():
    labels = np.array([0, 0, 0, 1, 1], np.uint8)
    probabilities = np.array(
        [[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.3, 0.7], [0.4, 0.6]], np.float32
    )
    # t_0 = 0.6, t_1 = 0.65: only image 2 is above the threshold of another class.
    assert likely_wrong(labels, probabilities).tolist() == [2]
    probabilities[3] = 0.7, 0.3  # t_1 = 0.45: now image 3, too, but image 2 is more suspicious
    assert likely_wrong(labels, probabilities).tolist() == [2, 3]
    assert not len(likely_wrong(labels, np.full((5, 2), np.nan, np.float32)))


def test_each_order_and_what_it_says():
    labels = np.array([1, 0, 1, 0], np.uint8)
    scores = scores_of([0.4, 0.6], [0.9, 0.1], [0.8, 0.2], [0.45, 0.55], labels=labels)
    twice = Duplicates((np.array([1, 3]),), np.array([0]))
    indices = {n: order_images(n, labels, scores, twice).indices.tolist() for n in ORDERS}
    assert indices["file"] == [0, 1, 2, 3]
    assert indices["class"] == [1, 3, 0, 2]
    assert indices["hardest"] == [2, 3, 0, 1]
    assert indices["mistakes"] == [2, 3]
    assert indices["wrong-labels"] == [2, 3]  # t_0 = 0.675, t_1 = 0.4
    assert indices["duplicates"] == [1, 3, 0]
    assert order_images("mistakes", labels, scores, None).finding.startswith("2 of 4")
    assert "1 image also in the test set" in order_images("duplicates", labels, None, twice).finding


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_of_one_class_shows_that_class_alone(name):
    labels = np.array([1, 0, 1, 0], np.uint8)
    scores = scores_of([0.4, 0.6], [0.9, 0.1], [0.8, 0.2], [0.45, 0.55], labels=labels)
    none = Duplicates((), np.array([], np.intp))
    order = order_images(name, labels, scores, none, of_class=1)
    assert set(order.indices.tolist()) <= {0, 2}


def test_a_network_that_diverged_is_said_to_have():
    labels = np.zeros(3, np.uint8)
    scores = TrainingScores(np.full((3, 2), np.nan, np.float32), np.full(3, np.nan, np.float32))
    order = order_images("hardest", labels, scores, None)
    assert order.indices.tolist() == [0, 1, 2]
    assert "diverged" in order.finding
