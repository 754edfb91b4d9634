import pytest

from core.errors import ConfigError
from core.network.layers import parameter_count
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.settings.presets import PRESETS, preset_named


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: NetworkConfig(hidden=(0,)), "0 units"),
        (lambda: NetworkConfig(hidden=(4097,)), "4097 units"),
        (lambda: NetworkConfig(hidden=(8,) * 9), "9 hidden layers"),
        (lambda: NetworkConfig(initialization="magic"), "magic"),
        (lambda: NetworkConfig(initial_scale=-1.0), "-1.0"),
        (lambda: NetworkConfig(initial_scale=float("nan")), "nan"),
        (lambda: NetworkConfig(initial_scale=1e30), r"1e\+30"),
        (lambda: Hyperparameters(learning_rate=0), "learning rate"),
        (lambda: Hyperparameters(learning_rate=float("nan")), "learning rate"),
        (lambda: Hyperparameters(learning_rate=float("inf")), "learning rate"),
        (lambda: Hyperparameters(batch_size=0), "batch size"),
        (lambda: Hyperparameters(batch_size=60_001), "batch size"),
        (lambda: Hyperparameters(l2=-0.1), "L2"),
        (lambda: NetworkConfig(activations=("relu", "swish")), "swish"),
        (lambda: NetworkConfig((8, 8, 8), ("relu", "tanh")), "2 activations do not fit 3 hidden"),
        (lambda: NetworkConfig((), ("relu", "tanh")), "2 activations do not fit 0 hidden"),
        (lambda: NetworkConfig((8, 8), ()), "0 activations do not fit 2 hidden"),
        (lambda: NetworkConfig((), ()), "0 activations do not fit 0 hidden"),
        (lambda: NetworkConfig(output="linear"), "linear"),
        (lambda: Hyperparameters(optimizer="magic"), "magic"),
        (lambda: Hyperparameters(momentum=1.0), "momentum"),
        (lambda: Hyperparameters(momentum=-0.1), "momentum"),
        (lambda: Hyperparameters(dropout=1.0), "dropout"),
        (lambda: Hyperparameters(dropout=-0.1), "dropout"),
        (lambda: Hyperparameters(dropout=float("nan")), "dropout"),
        (lambda: Hyperparameters(schedule="zigzag"), "zigzag"),
        (lambda: Hyperparameters(schedule="cosine"), "set the epochs"),
        (lambda: Hyperparameters(epochs=0), "0 epochs"),
        (lambda: Hyperparameters(warm_up=-1), "warm-up of -1"),
        (lambda: Hyperparameters(warm_up=3, epochs=2), "warm-up of 3"),
        (lambda: Hyperparameters(target_accuracy=0), "accuracy 0"),
        (lambda: Hyperparameters(target_accuracy=98), "accuracy 98"),
        (lambda: Hyperparameters(patience=0), "patience of 0"),
        (lambda: RunConfig(dataset="cats"), "cats"),
        (lambda: RunConfig(seed=-1), "seed"),
        (lambda: RunConfig(seed=2**31), "seed"),
        (lambda: RunConfig(validation=-1), "split of -1"),
        (lambda: RunConfig(validation=50_001), "split of 50001"),
    ],
)
def test_a_setting_out_of_range_is_named(make, says):
    with pytest.raises(ConfigError, match=says):
        make()


def test_sizes_and_parameters_of_the_default_network():
    config = NetworkConfig()
    assert config.sizes == (784, 128, 64, 10)
    assert str(config) == "784-128-64-10"
    # 784·128 + 128 + 128·64 + 64 + 64·10 + 10
    assert parameter_count(config.sizes) == 100_352 + 128 + 8_192 + 64 + 640 + 10


def test_one_activation_holds_for_all_hidden_layers():
    assert NetworkConfig((8, 8, 8)).layer_activations == ("relu",) * 3
    mixed = NetworkConfig((8, 8), ("tanh", "relu"))
    assert mixed.layer_activations == mixed.activations == ("tanh", "relu")


def test_equal_networks_compare_equal_however_they_were_configured():
    assert NetworkConfig((8, 8), ("tanh", "tanh")) == NetworkConfig((8, 8), ("tanh",))


@pytest.mark.parametrize(
    ("before", "hidden", "after"),
    [
        (("tanh",), (8,), ("tanh",)),
        (("tanh", "relu"), (8, 8, 8), ("tanh", "relu", "relu")),
        (("tanh", "relu"), (8,), ("tanh",)),
        (("tanh", "relu"), (), ()),
    ],
)
def test_added_layers_use_the_activation_of_the_last_one(before, hidden, after):
    network = NetworkConfig((16, 16), before, output="sigmoid").with_hidden(hidden)
    assert network.hidden == hidden
    assert network.layer_activations == after
    assert network.output == "sigmoid"


def test_restored_hidden_layers_have_the_activation_they_had():
    network = NetworkConfig((16,), ("tanh",)).with_hidden(()).with_hidden((8, 8))
    assert network.layer_activations == ("tanh", "tanh")


def test_presets_are_found_by_their_names():
    assert {preset.name for preset in PRESETS} >= {"first-steps", "my-neural-network"}
    for preset in PRESETS:
        assert preset_named(preset.name) is preset


def test_an_unknown_preset_lists_the_known_ones():
    with pytest.raises(ConfigError, match="first-steps"):
        preset_named("nonsense")
