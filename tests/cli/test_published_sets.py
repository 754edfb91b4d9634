"""The commands train and test on Fashion-MNIST, found in a folder, and never on another set."""

import pytest

from core.datasets import loading, published
from core.saving.run_file import load_run
from tests.core.datasets.test_published_sets import SETS

FASHION = SETS["fashion-mnist"]


@pytest.fixture(autouse=True)
def _small_sets(monkeypatch):
    small = {name: made.published for name, made in SETS.items()}
    for module in (loading, published):
        monkeypatch.setattr(module, "PUBLISHED_SETS", small)


def train(run, name, folder, *options):
    return run("train", "--dataset", name, "--data-dir", folder, *options, "--epochs", "1")


@pytest.fixture
def file(run, tmp_path):
    """A network that was trained on Fashion-MNIST."""
    FASHION.write(tmp_path / "FashionMNIST" / "raw")
    path = tmp_path / "run.npz"
    status, _, err = train(run, "fashion-mnist", tmp_path, "--save", path)
    assert status == 0, err
    return path


def test_a_run_knows_its_data_set_and_the_names_of_its_classes(run, file, tmp_path):
    saved = load_run(file)
    assert saved.config.dataset == "fashion-mnist"
    assert saved.network.classes[0] == "T-shirt/top"
    status, out, _ = run("evaluate", file, "--dataset", "fashion-mnist", "--data-dir", tmp_path)
    assert status == 0
    assert out.startswith("784-128-64-10 on fashion-mnist: test accuracy")


def test_a_network_is_not_tested_on_other_classes(run, file, tmp_path):
    SETS["kuzushiji-mnist"].write(tmp_path / "KMNIST" / "raw")
    status, out, err = run("evaluate", file, "--dataset", "kuzushiji-mnist", "--data-dir", tmp_path)
    assert (status, out) == (2, "")
    assert "has the classes T-shirt/top, Trouser" in err
    assert "but the images are o, ki, su" in err


def test_the_folder_of_another_set_is_refused(run, tmp_path):
    SETS["mnist"].write(tmp_path)
    status, _, err = train(run, "fashion-mnist", tmp_path)
    assert status == 2
    assert "holds MNIST, not Fashion-MNIST" in err


def test_claims_are_about_digits(run):
    status, _, err = run("claims", "--dataset", "fashion-mnist")
    assert status == 2
    assert "invalid choice" in err
