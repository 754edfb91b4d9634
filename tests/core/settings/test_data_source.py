"""Where data come from, and that their classes become those of a run's network."""

import json

import numpy as np
import pytest

from core.arrays import DIGITS, PIXELS
from core.datasets.dataset import Dataset
from core.errors import ConfigError, DataError
from core.network.network import Network
from core.saving.run_file import load_run, save_run
from core.settings.config import NetworkConfig, RunConfig
from core.settings.data_source import READY_CLASSES, READY_SETS, OwnData, data_title
from core.settings.settings_text import config_from, read_settings, settings_of, settings_text
from core.training.trainer import Trainer

ANIMALS = OwnData("/data/animals", ("cat", "dog", "horse"), False, True, 3)


def dataset_of(source, classes):
    labels = (np.arange(30) % classes).astype(np.uint8)
    images = np.random.default_rng(0).integers(0, 255, (30, PIXELS), np.uint8)
    return Dataset(source, images, labels, images[:9].copy(), labels[:9].copy())


def test_every_ready_set_has_ten_classes_and_a_title():
    assert {len(set(READY_CLASSES[name])) for name in READY_SETS} == {10}
    assert len({data_title(name) for name in READY_SETS}) == len(READY_SETS)


def test_the_classes_of_the_data_are_those_of_the_network():
    assert RunConfig("fashion-mnist").network.classes[-1] == "Ankle boot"
    config = RunConfig(ANIMALS, NetworkConfig(hidden=(5,)))
    assert (config.network.classes, config.network.sizes) == (ANIMALS.classes, (PIXELS, 5, 3))
    assert str(config.network) == "784-5-3"
    assert RunConfig("mnist", config.network).network.classes == DIGITS


def test_own_data_that_was_not_read_leaves_the_classes_open():
    assert RunConfig(OwnData("/data/animals")).network.classes == DIGITS


@pytest.mark.parametrize(
    "classes",
    [("one",), tuple("abcdefghijk"), ("a", "a"), ("", "b"), ("a" * 41, "b"), ("a\n", "b")],
)
def test_classes_that_a_network_cannot_have(classes):
    with pytest.raises(ConfigError):
        OwnData("/data", classes)
    with pytest.raises(ConfigError):
        NetworkConfig(classes=classes)


@pytest.mark.parametrize("source", [*READY_SETS, ANIMALS, OwnData("/somewhere else/x.csv")])
def test_sources_survive_plain_values_and_text(source):
    config = RunConfig(source, NetworkConfig(hidden=(7,)))
    assert config_from(json.loads(json.dumps(settings_of(config)))) == config
    assert read_settings(settings_text(config)) == config


def test_labels_must_be_among_the_classes():
    with pytest.raises(DataError, match="0 to 2"):
        dataset_of(ANIMALS, 4)


def test_a_trainer_refuses_data_of_other_classes():
    with pytest.raises(ConfigError, match="cat, dog, horse"):
        Trainer(RunConfig("mnist"), dataset_of(ANIMALS, 3))


def test_a_run_of_three_classes_trains_grows_and_is_saved(tmp_path):
    dataset = dataset_of(ANIMALS, 3)
    trainer = Trainer(RunConfig(ANIMALS, NetworkConfig(hidden=(8,)), validation=6), dataset)
    for _ in range(3):
        trainer.step()
    before = trainer.network.predict(dataset.test_images)
    trainer.change(network=trainer.network_config.with_hidden((8, 6)))
    np.testing.assert_allclose(trainer.network.predict(dataset.test_images), before, atol=1e-5)
    assert trainer.read_test_set().confusion.shape == (3, 3)
    save_run(tmp_path / "run.npz", trainer.saved())
    again = load_run(tmp_path / "run.npz")
    assert again.config == trainer.config
    assert again.network.classes == ANIMALS.classes
    assert Trainer.resume(again, dataset).network.sizes == (PIXELS, 8, 6, 3)


def test_every_copy_of_a_network_keeps_its_classes():
    network = Network((PIXELS, 4, 3), classes=("a", "b", "c"))
    for copy in (network.frozen_copy(), network.empty_copy(), network.of_units(slice(0, 2))):
        assert copy.classes == ("a", "b", "c")
    assert network.shape_in(NetworkConfig()).sizes == (PIXELS, 4, 3)
    assert Network((PIXELS, 2)).classes == ("0", "1")
