import pytest

from core.config import Hyperparameters, NetworkConfig, RunConfig
from core.errors import ConfigError
from core.network import parameter_count
from core.presets import PRESETS, preset_named


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: NetworkConfig(hidden=(0,)), "0 units"),
        (lambda: NetworkConfig(hidden=(4097,)), "4097 units"),
        (lambda: NetworkConfig(hidden=(8,) * 9), "9 hidden layers"),
        (lambda: NetworkConfig(initialization="magic"), "magic"),
        (lambda: NetworkConfig(initial_scale=-1.0), "-1.0"),
        (lambda: NetworkConfig(initial_scale=float("nan")), "nan"),
        (lambda: Hyperparameters(learning_rate=0), "learning rate"),
        (lambda: Hyperparameters(learning_rate=float("nan")), "learning rate"),
        (lambda: Hyperparameters(learning_rate=float("inf")), "learning rate"),
        (lambda: Hyperparameters(batch_size=0), "batch size"),
        (lambda: Hyperparameters(batch_size=60_001), "batch size"),
        (lambda: Hyperparameters(l2=-0.1), "L2"),
        (lambda: RunConfig(dataset="cats"), "cats"),
        (lambda: RunConfig(seed=-1), "seed"),
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


def test_presets_are_found_by_their_names():
    assert {preset.name for preset in PRESETS} >= {"first-steps", "my-neural-network"}
    for preset in PRESETS:
        assert preset_named(preset.name) is preset


def test_an_unknown_preset_is_answered_with_the_known_ones():
    with pytest.raises(ConfigError, match="first-steps"):
        preset_named("nonsense")
