"""Text about a network small enough to compute by hand."""

import numpy as np
import pytest

from core.inspection.flow import trace, trace_unit
from core.network.network import Network
from gui.flow.flow_box import _fitting
from gui.flow.flow_layout import NARROW
from gui.flow.flow_words import captions, in_lines, unit_words, widest_captions


@pytest.fixture
def flow():
    """Pixel 2 of row 1 has ink 1; unit 0 outputs 2 · 1 + 0.5, and unit 1 nothing, from -1 · 1."""
    network = Network((784, 2, 10))
    first, last = network.layers
    first.W[30] = 2, -1
    first.b[0] = 0.5
    last.W[0, :3] = 0.4, -2, 1
    last.b[4] = 0.25
    image = np.zeros((28, 28), np.uint8)
    image[1, 2] = 255
    return trace(network, image)


def words(flow, layer, unit):
    return unit_words(flow, layer, unit, trace_unit(flow, layer, unit))


def test_a_hidden_unit(flow):
    assert words(flow, 1, 0) == [
        "layer 1, unit 0",
        "z = 2.5 · a = 2.5 · bias +0.5",
        "strongest inputs: pixel (1, 2) +2",
        "strongest outputs: 1 by −5, 2 by +2.5, 0 by +1",
    ]


def test_an_inactive_unit(flow):
    assert words(flow, 1, 1) == [
        "layer 1, unit 1",
        "z = −1 · a = 0 · bias 0",
        "strongest inputs: pixel (1, 2) −1",
        "strongest outputs: nothing",
    ]


def test_a_pixel(flow):
    assert words(flow, 0, 30) == [
        "pixel (1, 2)",
        "ink 1.00",
        "strongest outputs: unit 0 by +2, unit 1 by −1",
    ]
    assert words(flow, 0, 0) == [
        "pixel (0, 0)",
        "ink 0.00",
        "strongest outputs: nothing",
    ]


def test_an_output(flow):
    # exp(2.5) / (exp(2.5) + exp(1) + exp(0.25) + exp(-5) + 6) = 0.5490
    assert words(flow, 2, 2) == [
        "output, digit 2",
        "score z = 2.5 · probability 54.9 % · bias 0",
        "strongest inputs: unit 0 +2.5",
    ]


def test_the_captions(flow):
    assert captions(flow) == (
        ("input", "784", "pixels", "1 inked"),
        ("layer 1", "2", "ReLU", "1 active"),
        ("output", "10", "softmax", "predicts 2"),
    )
    pixels, layer, output = widest_captions(flow.network)
    assert pixels == (("input", "784", "pixels", "784 inked"),)
    assert layer[0] == ("layer 1", "2", "ReLU", "2 active")
    assert layer[1] == ("layer 1", "max", "0.0012", "2↑ 2↓")
    assert output == (("output", "10", "softmax", "predicts 0"),)


def test_a_caption_in_one_to_four_lines(flow):
    caption = captions(flow)[1]
    assert in_lines(caption, 1) == ["layer 1 · 2 ReLU · 1 active"]
    assert in_lines(caption, 2) == ["layer 1", "2 ReLU · 1 active"]
    assert in_lines(caption, 3) == ["layer 1", "2 ReLU", "1 active"]
    assert in_lines(caption, 4) == ["layer 1", "2", "ReLU", "1 active"]


def test_the_narrow_caption_has_numbers_alone(flow):
    pixels, layer, output = captions(flow)
    assert in_lines(layer, NARROW) == ["layer 1", "1", "/ 2"]
    assert in_lines(("layer 3", "max", "0.12", "5↑ 1,024↓"), NARROW) == ["layer 3", "5↑", "1,024↓"]
    for caption in (pixels, output):
        assert in_lines(caption, NARROW) == in_lines(caption, 3)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("relu", ("3", "ReLU", "1 active")),
        ("leaky-relu", ("3", "leaky ReLU", "1 active")),
        ("sigmoid", ("3", "sigmoid", "1 above ½")),
        ("tanh", ("3", "tanh", "1 positive")),
        ("identity", ("3", "identity", "1 positive")),
        ("elu", ("3", "ELU", "1 active")),
    ],
)
def test_a_caption_counts_the_active_units(name, expected):
    network = Network((784, 3, 10), (name,))
    network.layers[0].b[:] = 1, -1, 0
    assert captions(trace(network, np.zeros((28, 28), np.uint8)))[1][1:] == expected


def test_another_layer_s_units_are_called_units():
    network = Network((784, 1, 1, 10))
    for layer in network.layers:
        layer.b[:] = 1
    network.layers[1].W[0, 0] = 3
    flow = trace(network, np.zeros((28, 28), np.uint8))
    assert words(flow, 1, 0)[3] == "strongest outputs: unit 0 by +3"
    assert words(flow, 2, 0)[2] == "strongest inputs: unit 0 +3"


def test_a_list_without_room_loses_whole_parts():
    assert (
        _fitting("inputs: unit 1 +3, unit 2 +2, unit 3 +1", len, 30)
        == "inputs: unit 1 +3, unit 2 +2"
    )
    assert _fitting("inputs: unit 1 +3", len, 30) == "inputs: unit 1 +3"
