import json
import zipfile

import numpy as np
import pytest

from core.config import Hyperparameters, NetworkConfig, RunConfig
from core.errors import DigitscopeError, RunFileError
from core.network import Network
from core.run_file import load_run, save_run

CONFIG = RunConfig(
    dataset="mnist",
    network=NetworkConfig(hidden=(12, 7), initialization="constant", initial_scale=0.5),
    hyperparameters=Hyperparameters(learning_rate=0.25, batch_size=32, l2=0.001),
    seed=42,
)


@pytest.fixture
def saved(tmp_path):
    network = Network(CONFIG.network.sizes)
    network.parameters[:] = np.random.default_rng(0).standard_normal(len(network.parameters))
    path = tmp_path / "run.npz"
    save_run(path, CONFIG, network)
    return path, network


def test_a_run_comes_back_as_it_was(saved):
    path, network = saved
    config, loaded = load_run(path)
    assert config == CONFIG
    np.testing.assert_array_equal(loaded.parameters, network.parameters)


def test_plain_numpy_can_read_it(saved):
    path, network = saved
    with np.load(path, allow_pickle=False) as file:
        np.testing.assert_array_equal(file["W2"], network.layers[1].W)
        assert json.loads(str(file["config"]))["run"]["seed"] == 42


def test_nothing_else_is_left_in_the_folder(saved):
    path, _ = saved
    assert list(path.parent.iterdir()) == [path]


def test_saving_to_a_missing_folder_says_so(tmp_path):
    with pytest.raises(DigitscopeError, match="could not be written"):
        save_run(tmp_path / "missing" / "run.npz", CONFIG, Network(CONFIG.network.sizes))


def test_a_failed_save_leaves_the_old_file(saved, monkeypatch):
    path, network = saved
    before = path.read_bytes()

    def full_disk(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(DigitscopeError, match="No space left"):
        save_run(path, CONFIG, network)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RunFileError, match=r"nowhere\.npz"):
        load_run(tmp_path / "nowhere.npz")


@pytest.mark.parametrize("keep", [0, 1, 50, 1000, -1, -200])
def test_a_truncated_file_is_refused(saved, keep):
    path, _ = saved
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(RunFileError, match=r"run\.npz"):
        load_run(path)


def test_damage_anywhere_is_refused_or_harmless(saved):
    """Each byte of the file is covered by a checksum, a structure, or nothing that matters."""
    path, network = saved
    good = path.read_bytes()
    rng = np.random.default_rng(0)
    refused = 0
    for place in rng.integers(0, len(good), 300):
        damaged = bytearray(good)
        damaged[place] ^= 1 << int(rng.integers(0, 8))
        path.write_bytes(damaged)
        try:
            _, loaded = load_run(path)
        except RunFileError:
            refused += 1
        else:
            np.testing.assert_array_equal(loaded.parameters, network.parameters)
    assert refused > 250


def rewrite(path, **members):
    """Write the file's members again, with some replaced by other arrays."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files} | members
    np.savez(path, **arrays)


def test_a_newer_version_asks_for_an_update(saved):
    path, _ = saved
    rewrite(path, config=np.array(json.dumps({"version": 99, "run": {}})))
    with pytest.raises(RunFileError, match="Update the app"):
        load_run(path)


def test_weights_of_another_shape_or_type_are_refused(saved):
    path, _ = saved
    rewrite(path, W2=np.zeros((12, 8), np.float32))
    with pytest.raises(RunFileError, match="W2"):
        load_run(path)
    rewrite(path, W2=np.zeros((12, 7), np.float64))
    with pytest.raises(RunFileError, match="float64"):
        load_run(path)


def test_weights_that_are_not_numbers_are_refused(saved):
    path, _ = saved
    rewrite(path, b1=np.full(12, np.nan, np.float32))
    with pytest.raises(RunFileError, match="NaN"):
        load_run(path)


def test_a_huge_claim_in_a_small_file_is_refused_before_anything_is_allocated(saved):
    path, _ = saved
    with np.load(path, allow_pickle=False) as file:
        config = json.loads(str(file["config"]))
    config["run"]["network"]["hidden"] = [4096] * 8
    rewrite(path, config=np.array(json.dumps(config)))
    with pytest.raises(RunFileError, match="cut short"):
        load_run(path)


def test_pickled_content_is_never_loaded(saved):
    path, _ = saved
    np.savez(path, config=np.array([{"version": 1}], dtype=object))
    with pytest.raises(RunFileError):
        load_run(path)


def test_another_zip_is_refused(tmp_path):
    path = tmp_path / "other.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(RunFileError, match="damaged or not a run"):
        load_run(path)
