"""The claims of three documents about such networks, and the runs that test them.

To add a claim, append to ``CLAIMS``. Claims about steps that the trainer cannot make, such as A
without − Y, are not tested.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cli.claim import Claim, Outcome, Run
from core.settings.presets import preset_named
from core.wording import percent

_SAME = 0.003
"""Accuracies closer than this count as equal: at 97.5 %, the standard error of the difference of
two accuracies on 10,000 images is 0.0022 if the two networks err independently."""

_CLEAR = 0.01
"""Accuracies further apart than this differ with any seed."""


def _run(label: str, preset: str, epochs: int, *, network: Any = None, **changes: Any) -> Run:
    """Return a preset's run with changed hyperparameters, and changes of its network if given."""
    begin = preset_named(preset)
    return Run(
        label,
        replace(begin.network, **(network or {})),
        replace(begin.hyperparameters, epochs=epochs, **changes),
    )


def _points(difference: float) -> str:
    return f"{100 * difference:+.2f} points"


def _accuracies(outcomes: Sequence[Outcome]) -> list[float]:
    return [outcome.accuracy for outcome in outcomes]


_FIRST_STEPS, _MY_NETWORK, _CHAPTER_3 = "First Steps", "My Neural Network", "Chapter 3"
_HE = {"initialization": "he"}
_GLOROT = {"initialization": "glorot"}
_IDENTITY = {"activations": ("identity",)}
_AS_PRINTED = _run("128-64, full batch, rate 0.01", "chapter-3-as-printed", 50)
_AS_PRINTED_64 = _run("128-64, batch 64, rate 0.01", "chapter-3-as-printed", 50, batch_size=64)
_RATE_01 = _run("128-64, batch 64, rate 0.1", "chapter-3-mini-batch", 50)
_RELU = _run("128-64, ReLU, N(0, 1)·0.01", "chapter-3-mini-batch", 10)
_RELU_HE = _run("128-64, ReLU, He", "my-neural-network", 10)

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "first-steps",
        _FIRST_STEPS,
        "784-1024-10 with ReLU and L2 reaches 97.87 % on the test set",
        (_run("784-1024-10, L2 0.0001", "first-steps", 20),),
        lambda o: _points(o[0].accuracy - 0.9787),
        lambda o: o[0].accuracy > 0.9787 - _SAME,
    ),
    Claim(
        "untrained",
        _FIRST_STEPS,
        "before training, almost all predictions are wrong",
        (_run("784-1024-10, L2 0.0001", "first-steps", 1),),
        lambda o: f"{percent(o[0].before)} before the first step",
        lambda o: o[0].before < 0.2,
    ),
    Claim(
        "division",
        _FIRST_STEPS,
        "without dividing A - Y by the number of images, results are bad",
        (
            _run("divided by 128", "first-steps", 2),
            # The data's gradient grows by 128, and L2's stays what it was.
            _run("not divided", "first-steps", 2, learning_rate=12.8, l2=0.0001 / 128),
        ),
        lambda o: "it turns a learning rate of 0.1 into one of 12.8",
        lambda o: o[1].accuracy < o[0].accuracy - _CLEAR,
    ),
    Claim(
        "smaller-rates-slower",
        _FIRST_STEPS,
        "smaller learning rates need more iterations",
        tuple(
            _run(f"rate {rate:g}", "first-steps", 5, learning_rate=rate)
            for rate in (1.0, 0.1, 0.01, 0.001)
        ),
        lambda o: f"epochs to 95 %: {', '.join(x.epochs_to(0.95) for x in o)}",
        lambda o: o[1].accuracy > o[2].accuracy > o[3].accuracy,
    ),
    Claim(
        "smaller-rates-better",
        _FIRST_STEPS,
        "smaller learning rates usually give better results in the end",
        (_RATE_01, _AS_PRINTED_64),
        lambda o: f"{_points(o[1].accuracy - o[0].accuracy)} for a tenth of the rate",
        lambda o: o[1].accuracy > o[0].accuracy,
    ),
    Claim(
        "overfitting",
        _FIRST_STEPS,
        "a lower loss need not be a better network, as it may overfit",
        (_RATE_01,),
        lambda o: (
            f"training loss {o[0].losses[o[0].best_epoch]:.4f} to {o[0].losses[-1]:.4f}, test "
            f"loss {min(o[0].test_losses):.4f} to {o[0].test_losses[-1]:.4f} "
            f"from epoch {o[0].best_epoch + 1} on"
        ),
        lambda o: (
            o[0].losses[-1] < o[0].losses[o[0].best_epoch]
            and o[0].test_losses[-1] > 1.05 * min(o[0].test_losses)
        ),
    ),
    Claim(
        "linear",
        _MY_NETWORK,
        "without a nonlinearity, all layers together are one linear map",
        (
            _run("no hidden layer", "my-neural-network", 10, network={"hidden": ()}),
            _run("128-64, identity", "my-neural-network", 10, network=_IDENTITY),
            _RELU_HE,
        ),
        lambda o: (
            f"{_points(o[1].accuracy - o[0].accuracy)} for two layers without, "
            f"{_points(o[2].accuracy - o[0].accuracy)} with ReLU"
        ),
        lambda o: abs(o[1].accuracy - o[0].accuracy) < _CLEAR < o[2].accuracy - o[0].accuracy,
    ),
    Claim(
        "output-gradient",
        _MY_NETWORK,
        "softmax + CE and sigmoid + BCE both have the output gradient A - Y, so both learn",
        (
            _RELU_HE,
            _run("128-64, sigmoid + BCE", "my-neural-network", 10, network={"output": "sigmoid"}),
        ),
        lambda o: f"{_points(o[1].accuracy - o[0].accuracy)} for sigmoid + BCE",
        lambda o: abs(o[1].accuracy - o[0].accuracy) < _CLEAR,
    ),
    Claim(
        "as-printed",
        _CHAPTER_3,
        "the loop as printed, 50 steps on all images, reaches about 97 %",
        (_AS_PRINTED,),
        lambda o: _points(o[0].accuracy - 0.97),
        lambda o: o[0].accuracy > 0.97 - _SAME,
    ),
    Claim(
        "loss-drops",
        _CHAPTER_3,
        "the loss drops during that loop",
        (_AS_PRINTED,),
        lambda o: f"from {o[0].losses[0]:.4f} to {o[0].losses[-1]:.4f}",
        lambda o: o[0].losses[-1] < 0.9 * o[0].losses[0],
    ),
    Claim(
        "mini-batches",
        _CHAPTER_3,
        "about 97 %, if the same network learns from 64 images at a time",
        (_AS_PRINTED_64, _RATE_01),
        lambda o: " and ".join(_points(x.accuracy - 0.97) for x in o),
        lambda o: min(_accuracies(o)) > 0.97 - _SAME,
    ),
    Claim(
        "initial-weights",
        _CHAPTER_3,
        "the 0.01 is not arbitrary: larger weights explode, smaller ones vanish",
        (
            _run("all zero", "chapter-3-mini-batch", 5, network={"initialization": "zeros"}),
            *(
                _run(f"N(0, 1)·{s:g}", "chapter-3-mini-batch", 5, network={"initial_scale": s})
                for s in (0.0001, 0.001, 0.01, 0.1, 1.0, 3.0)
            ),
            _run("He", "my-neural-network", 5),
        ),
        lambda o: f"0.01 is {100 * (max(_accuracies(o)) - o[3].accuracy):.2f} points from the best",
        lambda o: o[3].accuracy > max(o[0].accuracy, o[1].accuracy, o[6].accuracy) + _CLEAR,
    ),
    Claim(
        "batch-size",
        _CHAPTER_3,
        "batch size trades noise for speed: one image at a time against all at once",
        (
            _run("128-64, single images, rate 0.01", "chapter-3-as-printed", 1, batch_size=1),
            _AS_PRINTED_64,
            _AS_PRINTED,
        ),
        lambda o: (
            f"single images: epochs {o[0].seconds_per_epoch / o[2].seconds_per_epoch:.0f} "
            f"times as long, loss ±{o[0].noise:.2g} instead of ±{o[2].noise:.1g}, "
            f"accuracy {_points(o[0].accuracy - o[2].accuracy)}"
        ),
        lambda o: o[0].noise > o[2].noise and o[0].seconds_per_epoch > o[2].seconds_per_epoch,
    ),
    Claim(
        "sigmoid",
        _CHAPTER_3,
        "exercise: what does sigmoid instead of ReLU do to the speed of training?",
        (
            _RELU,
            _run("128-64, sigmoid, N(0, 1)·0.01", "chapter-3-sigmoid", 10),
            _run("128-64, sigmoid, Glorot", "chapter-3-sigmoid", 10, network=_GLOROT),
        ),
        lambda o: f"epochs to 95 %: {', '.join(x.epochs_to(0.95) for x in o)}",
    ),
    Claim(
        "third-layer",
        _CHAPTER_3,
        "exercise: does a third hidden layer improve the accuracy?",
        (
            _RELU,
            _run("128-64-32, N(0, 1)·0.01", "chapter-3-third-layer", 10),
            _RELU_HE,
            _run("128-64-32, He", "chapter-3-third-layer", 10, network=_HE),
        ),
        lambda o: (
            f"{_points(o[1].accuracy - o[0].accuracy)}; "
            f"with He initialization {_points(o[3].accuracy - o[2].accuracy)}"
        ),
    ),
    Claim(
        "small-layers",
        _CHAPTER_3,
        "exercise: how low can the layers of 32 and 16 units go before accuracy drops?",
        (
            _RELU_HE,
            *(
                _run(f"{a}-{b}, He", "my-neural-network", 10, network={"hidden": (a, b)})
                for a, b in ((32, 16), (16, 8), (8, 4), (4, 2), (2, 1))
            ),
        ),
        lambda o: ", ".join(_points(x.accuracy - o[0].accuracy) for x in o[1:]),
    ),
)
