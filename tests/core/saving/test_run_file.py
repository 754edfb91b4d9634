import json
import zipfile
from dataclasses import fields

import numpy as np
import pytest

from core.errors import DigitscopeError, RunFileError
from core.network.network import Network
from core.saving.run_file import load_run, save_run
from core.settings.augmentation import Augmentation
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.saved_run import BestNetwork, SavedRun
from core.training.starting_state import StartingState
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset
from tests.core.saving import damaged_runs
from tests.core.training.small_runs import run

CONFIG = RunConfig(
    dataset="mnist",
    network=NetworkConfig(
        hidden=(12, 7),
        activations=("tanh", "leaky-relu"),
        output="sigmoid",
        initialization="constant",
        initial_scale=0.5,
    ),
    hyperparameters=Hyperparameters(
        learning_rate=0.25,
        batch_size=32,
        l2=0.001,
        optimizer="nesterov",
        momentum=0.8,
        dropout=0.25,
        schedule="one-cycle",
        warm_up=1.5,
        epochs=12,
        target_accuracy=0.99,
        patience=3,
        augmentation=Augmentation(
            shift=2, rotation=5, scale=0.25, shear=0.125, elastic=1.5, smoothness=3
        ),
    ),
    seed=42,
    validation=5000,
)
"""Every setting differs from its default."""

THRESHOLDS = (0.625, 0.75, *[0.5] * 8)


@pytest.fixture
def saved(tmp_path):
    network = Network.from_config(CONFIG.network)
    network.parameters[:] = np.random.default_rng(0).standard_normal(len(network.parameters))
    path = tmp_path / "run.npz"
    save_run(path, SavedRun(CONFIG, network, THRESHOLDS))
    return path, network


def test_a_run_loads_as_it_was(saved):
    path, network = saved
    run = load_run(path)
    loaded = run.network
    assert vars(run) == vars(SavedRun(CONFIG, loaded, THRESHOLDS))
    np.testing.assert_array_equal(loaded.parameters, network.parameters)
    images = np.random.default_rng(0).integers(0, 256, (5, 784)).astype(np.uint8)
    np.testing.assert_array_equal(loaded.predict(images), network.predict(images))


@pytest.mark.parametrize("part", [CONFIG, CONFIG.network, CONFIG.hyperparameters])
def test_the_example_run_has_no_setting_at_its_default(part):
    """So that loaded values are not defaults; a new setting must be added here."""
    defaults = type(part)()
    for field in fields(part):
        if field.name == "classes":
            continue  # they are those of the data set
        assert getattr(part, field.name) != getattr(defaults, field.name), field.name


def test_a_run_of_defaults_loads(tmp_path):
    """With every optional setting absent, and no hidden layer."""
    config = RunConfig(network=NetworkConfig(hidden=()))
    save_run(tmp_path / "run.npz", SavedRun(config, Network.from_config(config.network)))
    assert load_run(tmp_path / "run.npz").config == config


def test_weights_stored_by_column_are_restored(tmp_path):
    config = RunConfig(network=NetworkConfig(hidden=(1_024,)))
    network = Network.from_config(config.network)
    assert network.layers[0].W.flags.f_contiguous
    network.parameters[:] = np.arange(len(network.parameters))
    save_run(tmp_path / "run.npz", SavedRun(config, network))
    np.testing.assert_array_equal(
        load_run(tmp_path / "run.npz").network.parameters, network.parameters
    )


def test_plain_numpy_can_read_it(saved):
    path, network = saved
    with np.load(path, allow_pickle=False) as file:
        np.testing.assert_array_equal(file["W2"], network.layers[1].W)
        assert json.loads(str(file["config"]))["run"]["seed"] == 42


def test_half_precision_rounds_the_weights_and_halves_the_file(saved):
    path, network = saved
    full = path.stat().st_size
    best = BestNetwork(network, CONFIG.network, 3, 1, 0.5, None)
    save_run(path, SavedRun(CONFIG, network, THRESHOLDS), half_precision=True)
    assert path.stat().st_size < full - 2 * len(network.parameters) + 100
    save_run(path, SavedRun(CONFIG, network, THRESHOLDS, best=best), half_precision=True)
    run = load_run(path)
    assert (run.config, run.thresholds) == (CONFIG, THRESHOLDS)
    for loaded in (run.network, run.best.network):
        assert loaded.parameters.dtype == np.float32
        # 11 bits of a number are kept; below 6e-5 they become fewer.
        np.testing.assert_allclose(loaded.parameters, network.parameters, rtol=2**-11, atol=2**-25)
    with np.load(path) as file:
        assert file["W1"].dtype == file["b3"].dtype == file["best_W2"].dtype == np.float16


def test_a_weight_beyond_half_precision_is_refused_and_the_old_file_stays(saved):
    path, network = saved
    before = path.read_bytes()
    network.layers[1].W[2, 3] = -65_504
    save_run(path.with_name("largest.npz"), SavedRun(CONFIG, network), half_precision=True)
    network.layers[1].W[2, 3] = -65_520  # rounds to the next
    with pytest.raises(RunFileError, match=r"weights above 65,504.*half precision"):
        save_run(path, SavedRun(CONFIG, network), half_precision=True)
    assert path.read_bytes() == before


def test_files_without_half_precision_open_in_earlier_versions(saved):
    with np.load(saved[0]) as file:
        assert json.loads(str(file["config"]))["version"] == 6


def test_only_files_with_starting_weights_need_the_newest_version(tmp_path):
    path, config = tmp_path / "run.npz", RunConfig("strokes", NetworkConfig(hidden=(3,)))
    start = StartingState(Network.from_config(config.network), "a\nname" + 300 * "e")
    trainer = Trainer(config, tiny_dataset(), start=start)
    save_run(path, trainer.saved())
    with np.load(path) as file:
        assert json.loads(str(file["config"]))["version"] == 8
        assert not file["start_W1"].any()
    shown = load_run(path).start.source
    assert shown.startswith("a\N{REPLACEMENT CHARACTER}name")
    assert len(shown) == 201
    alone = trainer.saved().weights_alone()
    assert alone.start is None
    save_run(path, alone)
    with np.load(path) as file:
        assert json.loads(str(file["config"]))["version"] == 6
        assert "start_W1" not in file


def test_starting_weights_are_of_the_shape_that_the_run_began_with(tmp_path):
    path = tmp_path / "run.npz"
    network = NetworkConfig(hidden=(3,))
    start = StartingState(Network.from_config(network), "other.onnx")
    trainer = Trainer(RunConfig("strokes", network), tiny_dataset(), start=start)
    trainer.change(network=network.with_hidden((5,)))
    save_run(path, trainer.saved())
    assert load_run(path).start.network.sizes == (784, 3, 10)
    for array in (np.zeros((784, 5), np.float32), np.full((784, 3), np.nan, np.float32)):
        rewrite(path, start_W1=array)
        with pytest.raises(RunFileError, match=r"start_W1|NaN"):
            load_run(path)

    def claim_much(content):
        content["run"]["network"] |= {"hidden": [4096] * 8}

    rewrite_config(path, claim_much)  # the network of now stays small
    with pytest.raises(RunFileError, match="cut short"):
        load_run(path)


def test_a_run_that_can_be_resumed_keeps_full_precision(tmp_path):
    trainer = run(Trainer(RunConfig("strokes", NetworkConfig(hidden=(3,))), tiny_dataset()), 1)
    with pytest.raises(ValueError, match="full precision"):
        save_run(tmp_path / "run.npz", trainer.saved(), half_precision=True)
    save_run(tmp_path / "run.npz", trainer.saved())
    content = (tmp_path / "run.npz").read_bytes()

    def claim_half(facts):
        facts["half_precision"] = True

    (tmp_path / "run.npz").write_bytes(damaged_runs.rewritten(content, claim_half))
    with pytest.raises(RunFileError, match="has no half precision"):
        load_run(tmp_path / "run.npz")


@pytest.mark.parametrize("is_half", [False, True])
def test_all_weights_have_the_precision_that_the_file_names(saved, is_half):
    path, network = saved
    save_run(path, SavedRun(CONFIG, network), half_precision=is_half)

    def deny(facts):
        facts["half_precision"] = not is_half

    path.write_bytes(damaged_runs.rewritten(path.read_bytes(), deny))
    with pytest.raises(RunFileError, match=r"should be float|cut short"):
        load_run(path)


def test_nothing_else_is_left_in_the_folder(saved):
    path, _ = saved
    assert list(path.parent.iterdir()) == [path]


def test_saving_to_a_missing_folder_says_so(tmp_path):
    with pytest.raises(DigitscopeError, match="could not be written"):
        save_run(tmp_path / "missing" / "run.npz", SavedRun(CONFIG, Network(CONFIG.network.sizes)))


def test_a_failed_save_leaves_the_old_file(saved, monkeypatch):
    path, network = saved
    before = path.read_bytes()

    def full_disk(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(DigitscopeError, match="No space left"):
        save_run(path, SavedRun(CONFIG, network))
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
            loaded = load_run(path).network
        except RunFileError:
            refused += 1
        else:
            np.testing.assert_array_equal(loaded.parameters, network.parameters)
    assert refused > 250


def rewrite(path, **members):
    """Rewrite the file with some arrays replaced."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files} | members
    np.savez(path, **arrays)


def rewrite_config(path, change):
    """Let `change` alter the content of the file's configuration."""
    with np.load(path, allow_pickle=False) as file:
        content = json.loads(str(file["config"]))
    change(content)
    rewrite(path, config=np.array(json.dumps(content)))


@pytest.mark.parametrize("version", [0, 9, 99, "1", None, [1]])
def test_an_unknown_version_suggests_an_update(saved, version):
    path, _ = saved
    rewrite_config(path, lambda content: content.update(version=version))
    with pytest.raises(RunFileError, match="Update the app"):
        load_run(path)


def test_a_file_of_version_1_opens_with_defaults_for_later_settings(tmp_path):
    """784-3-10, as the first version wrote it."""
    path = tmp_path / "old.npz"
    config = {
        "version": 1,
        "run": {
            "dataset": "mnist",
            "network": {"hidden": [3], "initialization": "constant", "initial_scale": 0.5},
            "hyperparameters": {"learning_rate": 0.25, "batch_size": 32, "l2": 0.001},
            "seed": 7,
        },
    }
    rng = np.random.default_rng(0)
    shapes = {"W1": (784, 3), "b1": (3,), "W2": (3, 10), "b2": (10,)}
    arrays = {name: rng.standard_normal(shape, np.float32) for name, shape in shapes.items()}
    np.savez(path, config=np.array(json.dumps(config)), **arrays)
    run = load_run(path)
    network = run.network
    assert run.config == RunConfig(
        "mnist",
        NetworkConfig(hidden=(3,), initialization="constant", initial_scale=0.5),
        Hyperparameters(learning_rate=0.25, batch_size=32, l2=0.001),
        seed=7,
    )
    np.testing.assert_array_equal(network.layers[0].W, arrays["W1"])
    np.testing.assert_array_equal(network.layers[1].b, arrays["b2"])
    assert run.thresholds is None
    assert run.training is None
    # Not in the file then: ReLU, and softmax.
    image = np.full((1, 784), 255, np.uint8)
    Z = np.maximum(0, arrays["W1"].sum(axis=0) + arrays["b1"]) @ arrays["W2"] + arrays["b2"]
    A = np.exp(Z - Z.max()) / np.exp(Z - Z.max()).sum()
    np.testing.assert_allclose(network.predict(image)[0], A, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("threshold", value) for value in (-0.1, 1.5, float("nan"), "0.5", [0.5])),
        *(("thresholds", value) for value in (0.5, [0.5], [0.5] * 9 + [1.5], [None] * 10, {})),
    ],
)
def test_thresholds_that_are_not_probabilities_are_refused(saved, name, value):
    """One for all classes, or one for each."""
    path, _ = saved
    rewrite_config(path, lambda content: content.update({name: value}))
    with pytest.raises(RunFileError, match="threshold"):
        load_run(path)


def test_earlier_versions_read_the_greatest_threshold_and_have_one_for_all_classes(saved):
    path, _ = saved
    rewrite_config(path, lambda content: content.pop("thresholds"))
    assert load_run(path).thresholds == (max(THRESHOLDS),) * 10


HOSTILE = [
    ("network", "activations", "relu"),
    ("network", "activations", ["relu"] * 3),
    ("network", "activations", [["relu"], ["relu"]]),
    ("network", "activations", None),
    ("network", "output", "linear"),
    ("network", "output", None),
    ("network", "initialization", 5),
    ("hyperparameters", "optimizer", "rmsprop"),
    ("hyperparameters", "optimizer", ["sgd"]),
    ("hyperparameters", "momentum", 1.0),
    ("hyperparameters", "momentum", "0.9"),
    ("hyperparameters", "momentum", None),
    ("hyperparameters", "dropout", 1.0),
    ("hyperparameters", "dropout", float("nan")),
    ("hyperparameters", "schedule", "zigzag"),
    ("hyperparameters", "warm_up", float("inf")),
    ("hyperparameters", "warm_up", "1"),
    ("hyperparameters", "epochs", 0),
    ("hyperparameters", "epochs", None),  # the schedule needs an end
    ("hyperparameters", "epochs", "12"),
    ("hyperparameters", "epochs", 2.5),
    ("hyperparameters", "epochs", 10**9),
    ("hyperparameters", "target_accuracy", 98),
    ("hyperparameters", "target_accuracy", float("nan")),
    ("hyperparameters", "patience", 0),
    ("hyperparameters", "patience", 1.5),
    ("hyperparameters", "batch_size", 64.5),
    ("hyperparameters", "augmentation", None),
    ("hyperparameters", "augmentation", [1, 2]),
    ("hyperparameters", "augmentation", {"rotation": 500}),
    ("hyperparameters", "augmentation", {"rotation": "5"}),
    ("hyperparameters", "augmentation", {"rotation": float("nan")}),
    ("hyperparameters", "augmentation", {"blur": 1}),
    ("hyperparameters", "unheard_of", 1),
    ("network", "unheard_of", 1),
    (None, "validation", -1),
    (None, "validation", 50_001),
    (None, "validation", "5000"),
    (None, "validation", 2.5),
    (None, "validation", None),
    (None, "seed", 0.5),
]


@pytest.mark.parametrize(("part", "name", "value"), HOSTILE)
def test_an_impossible_setting_is_refused(saved, part, name, value):
    path, _ = saved

    def change(content):
        settings = content["run"] if part is None else content["run"][part]
        settings[name] = value

    rewrite_config(path, change)
    with pytest.raises(RunFileError, match=r"run\.npz"):
        load_run(path)


def test_weights_of_another_shape_or_type_are_refused(saved):
    path, _ = saved
    rewrite(path, W2=np.zeros((12, 8), np.float32))
    with pytest.raises(RunFileError, match="W2"):
        load_run(path)
    rewrite(path, W2=np.zeros((12, 7), np.float64))
    with pytest.raises(RunFileError, match="float64"):
        load_run(path)


def test_nan_weights_are_refused(saved):
    path, _ = saved
    rewrite(path, b1=np.full(12, np.nan, np.float32))
    with pytest.raises(RunFileError, match="NaN"):
        load_run(path)


def test_a_huge_claim_in_a_small_file_is_refused_before_anything_is_allocated(saved):
    path, _ = saved

    def change(content):
        content["run"]["network"] |= {"hidden": [4096] * 8, "activations": ["relu"]}

    rewrite_config(path, change)
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
    with pytest.raises(RunFileError, match="damaged or not a saved run"):
        load_run(path)


# --- possible measurements ----------------------------------------------------------------------


@pytest.fixture
def trained(tmp_path):
    """Return a function that changes an array of a saved run of 8 steps, and returns its file."""
    dataset = tiny_dataset(train=40, test=10)
    config = RunConfig("strokes", NetworkConfig((3,)), Hyperparameters(batch_size=8), 0, 8)
    path = tmp_path / "trained.npz"
    save_run(path, run(Trainer(config, dataset), 8).saved())

    def change(name, value):
        with np.load(path) as arrays:
            changed = dict(arrays)
        changed[name] = changed[name].copy()
        changed[name][-1] = value
        np.savez(path, **changed)
        return path

    return change


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
@pytest.mark.parametrize("name", ["batch_loss", "regularization_loss"])
def test_a_step_that_no_run_makes_is_refused(trained, name, value):
    with pytest.raises(RunFileError, match=f"history_{name} contains impossible values"):
        load_run(trained(f"history_{name}", value))


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.5, 1.5])
@pytest.mark.parametrize("name", ["batch_accuracy", "test_accuracy", "validation_accuracy"])
def test_an_accuracy_outside_0_to_1_is_refused(trained, name, value):
    with pytest.raises(RunFileError, match=f"history_{name} contains impossible values"):
        load_run(trained(f"history_{name}", value))


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("name", ["test_loss", "validation_loss"])
def test_an_evaluation_just_before_divergence_may_be_infinite(trained, name, value):
    found = load_run(trained(f"history_{name}", value)).training.history[name]
    np.testing.assert_array_equal(found[-1], np.float32(value))
