"""Known problems of a network's layers, and what to try.

The bounds were chosen by training 30 networks that learn and 19 with a known problem on MNIST, most
for 1,500 steps or more. Each of the newest three records must show a problem, so that a single
batch cannot cause a diagnosis. What was measured:

=====================================  ====================  =================================
metric, bound                          networks that learn   with a problem
=====================================  ====================  =================================
gradient of a weight, first layer's    0.016 … 0.3           5 sigmoid layers of N(0, 1)·0.01:
part of the output's, below 0.001                            1e-9; 8 with Glorot: 3e-6; 5 of
                                                             ReLU with N(0, 1)·0.01: 1e-4
norm of the gradient, above 100        5; batches of 1: 19   5 ReLU layers of N(0, 1)·0.5: 620;
                                                             2 of N(0, 1): 380
update ratio of a hidden layer, above  0.04; at once 0.06    learning rate 1.5: 0.15, at once
0.1, or 0.3 at once                                          1.5; 3: at once 1.9; Adam 0.1: 0.24
update ratio of all layers, below      2e-5                  learning rate 1e-5: 9e-7
1e-5, though the output's gradient is
above 0.1
dead units of a layer, above half      0.34                  ReLU with Adam at 0.1: 0.93, at
                                                             0.03: 0.69; N(0, 1): 0.94
saturated units, above half            0                     tanh with N(0, 1)·5: 1; sigmoid with
                                                             learning rate 10: 1
=====================================  ====================  =================================

All presets are among the networks that learn, and none gets a diagnosis but one: "Chapter 3,
sigmoid" has vanishing gradients, down to 0.0001, in its first 1,500 steps, while it learns nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.history.history import History
from core.settings.config import Hyperparameters
from core.training.divergence import WINDOW, guessing_loss
from core.training.layer_statistics import LayerRecord
from core.wording import numeral, percent

DiagnosisKind = Literal[
    "symmetric", "exploding", "too-large", "vanishing", "dead", "saturated", "slow", "not-learning"
]

_RECORDS = 3
"""How many of the newest records must show a problem."""

_VANISHED = 1e-3
_EXPLODED = 100.0
_TOO_LARGE, _TOO_LARGE_AT_ONCE = 0.1, 0.3
_TOO_SMALL, _STILL_STEEP = 1e-5, 0.1
_STUCK = 0.5

_STEPS_TO_LEARN, _IMAGES_TO_LEARN = 200, 20_000
"""By then, every network that learns at all is better than guessing."""

_IMAGES_TO_JUDGE = 2_000
_LEARNED = 1 / 9
"""Of the way from the accuracy of guessing to 1: 0.2 with ten classes."""
_GUESSING_OR_LESS = 1.5

_FEW_IMAGES = 16
"""In a batch smaller than this, many healthy units happen to be zero for every image."""


@dataclass(frozen=True)
class Diagnosis:
    """A known problem.

    Attributes
    ----------
    layers
        The layers it is about, from 0 for the first hidden one; empty for the whole network.
    title, text, advice
        A few words; a sentence on what happens; a sentence or two of advice.
    """

    kind: DiagnosisKind
    layers: tuple[int, ...]
    title: str
    text: str
    advice: str

    def __str__(self) -> str:
        return f"{self.title}: {self.text} {self.advice}"


def diagnose(
    records: Sequence[LayerRecord],
    hyperparameters: Hyperparameters,
    history: History | None = None,
) -> tuple[Diagnosis, ...]:
    """Return the problems that the newest records show, the most basic first.

    Parameters
    ----------
    records
        Of one run, oldest first; see :class:`core.training.layer_statistics.LayerStatistics`.
    hyperparameters
        In force now.
    history
        Of the run; None to use the layers alone.
    """
    if not records:
        return ()
    newest = records[-1]
    symmetric = _symmetric(newest)
    if symmetric is not None:
        return (symmetric,)  # everything else follows from it
    rate = hyperparameters.learning_rate
    diagnoses = [
        _exploding(newest, rate) or _too_large(_last(records, 1), _TOO_LARGE_AT_ONCE, rate)
    ]
    metrics = _last(records, _RECORDS)
    if metrics is not None:
        diagnoses[0] = diagnoses[0] or _too_large(metrics, _TOO_LARGE, rate)
        diagnoses.append(_vanishing(metrics, newest))
        if hyperparameters.batch_size >= _FEW_IMAGES:
            diagnoses += [_dead(metrics, newest, rate), _saturated(metrics, newest, rate)]
        # A schedule ends with steps that are meant to be small, and a warm-up begins with them.
        if hyperparameters.schedule == "constant" and not hyperparameters.warm_up:
            diagnoses.append(_slow(metrics, rate))
    if history is not None:
        classes = newest.metrics["units"][-1]
        diagnoses.append(_not_learning(history, hyperparameters, int(classes)))
    return tuple(diagnosis for diagnosis in diagnoses if diagnosis is not None)


def _last(records: Sequence[LayerRecord], count: int) -> NDArray[np.void] | None:
    """Return the metrics of the newest records, (count, L), if they are of one network."""
    newest = [record.metrics for record in records[-count:]]
    shapes = {(*metrics["fan_in"].tolist(), *metrics["units"].tolist()) for metrics in newest}
    return np.stack(newest) if len(newest) == count and len(shapes) == 1 else None


def _symmetric(record: LayerRecord) -> Diagnosis | None:
    layers = _where(record.metrics["symmetric"])
    if not layers:
        return None
    return Diagnosis(
        "symmetric",
        layers,
        "All units the same",
        f"those of {_names(layers, record)} began with equal weights and get equal gradients, so "
        "they stay copies of one another.",
        "Restart with He or Glorot initialization, which draws random weights.",
    )


def _exploding(record: LayerRecord, rate: float) -> Diagnosis | None:
    norms = record.metrics["gradient_norm"]
    layers = _where(norms > _EXPLODED)
    if not layers:
        return None
    return Diagnosis(
        "exploding",
        layers,
        "Exploding gradients",
        f"their norm is up to {numeral(norms.max(), ',.0f')} in {_names(layers, record)}; "
        f"{numeral(0.1, 'g')} to 10 is usual.",
        "Try smaller initial weights (He or Glorot), or a tenth of the learning rate "
        f"{numeral(rate, 'g')}.",
    )


def _too_large(metrics: NDArray[np.void] | None, bound: float, rate: float) -> Diagnosis | None:
    if metrics is None:
        return None
    # The output's weights may begin so small that a usual step looks large.
    ratio = metrics["update_ratio"].min(axis=0)[:-1]
    layers = _where(ratio > bound)
    if not layers:
        return None
    return Diagnosis(
        "too-large",
        layers,
        "Steps too large",
        f"a single step changes weights by {percent(float(ratio.max()), 0)} of their size; about "
        f"{percent(0.001, 1)} is usual.",
        f"Try a tenth of the learning rate {numeral(rate, 'g')}; units that have already died need "
        "a restart.",
    )


def _vanishing(metrics: NDArray[np.void], newest: LayerRecord) -> Diagnosis | None:
    size = metrics["fan_in"].astype(np.float64) * metrics["units"]
    of_a_weight = metrics["gradient_norm"] / np.sqrt(size)
    of_output = of_a_weight[:, -1:]
    is_small = (of_a_weight < _VANISHED * of_output).all(axis=0)
    layers = _where(is_small)
    if not layers:
        return None
    flat = {newest.activations[layer] for layer in layers} & {"sigmoid", "tanh"}
    instead = f"ReLU instead of {' and '.join(sorted(flat))}, " if flat else ""
    return Diagnosis(
        "vanishing",
        layers,
        "Vanishing gradients",
        f"in {_names(layers, newest)} they are below a thousandth of the output's, so these layers "
        "hardly learn.",
        f"Try {instead}He or Glorot initialization, or fewer layers.",
    )


def _dead(metrics: NDArray[np.void], newest: LayerRecord, rate: float) -> Diagnosis | None:
    share = metrics["dead"].min(axis=0)
    layers = _where(share > _STUCK)
    if not layers:
        return None
    return Diagnosis(
        "dead",
        layers,
        "Dead units",
        f"{_up_to(share, layers)} of the units of {_names(layers, newest)} output zero for every "
        "image of the batch, so their weights get no gradient.",
        f"Restart with He initialization and a learning rate below {numeral(rate, 'g')}, or with "
        "leaky "
        "ReLU, whose units cannot die.",
    )


def _saturated(metrics: NDArray[np.void], newest: LayerRecord, rate: float) -> Diagnosis | None:
    share = metrics["saturated"].min(axis=0)
    layers = _where(share > _STUCK)
    if not layers:
        return None
    return Diagnosis(
        "saturated",
        layers,
        "Saturated units",
        f"{_up_to(share, layers)} of the units of {_names(layers, newest)} are where "
        f"{newest.activations[layers[0]]} is flat, so almost no gradient passes through them.",
        "Restart with smaller initial weights (Glorot), or with a learning rate below "
        f"{numeral(rate, 'g')}.",
    )


def _slow(metrics: NDArray[np.void], rate: float) -> Diagnosis | None:
    ratio = float(metrics["update_ratio"].max())
    if ratio >= _TOO_SMALL or not metrics["gradient_norm"][:, -1].min() > _STILL_STEEP:
        return None
    return Diagnosis(
        "slow",
        tuple(range(metrics.shape[1])),
        "Steps too small",
        f"each step changes the weights by at most {numeral(ratio, '.0e')} of their size "
        f"({numeral(0.001, 'g')} is usual), although the loss is still steep.",
        f"Try ten times the learning rate {numeral(rate, 'g')}.",
    )


def _not_learning(history: History, settings: Hyperparameters, classes: int) -> Diagnosis | None:
    items, batch_size = history.steps, settings.batch_size
    steps = items.count
    if steps < _STEPS_TO_LEARN or steps * batch_size < _IMAGES_TO_LEARN:
        return None
    newest = slice(-max(WINDOW, -(-_IMAGES_TO_JUDGE // batch_size)), None)
    accuracies, images = (items.newest(name)[newest] for name in ("batch_accuracy", "batch_images"))
    accuracy = float(np.average(accuracies, weights=images))
    if accuracy >= 1 / classes + _LEARNED * (1 - 1 / classes):
        return None
    loss = float(np.median(items.newest("batch_loss")[newest]))
    rate, guessing = settings.learning_rate, guessing_loss(classes)
    if loss < _GUESSING_OR_LESS * guessing:
        where, change = f"stays at {numeral(loss, '.3f')}", "ten times"
    else:
        where = f"is {numeral(loss, '.3f')}, where guessing gives {numeral(guessing, '.3f')}"
        change = "a tenth of"
    return Diagnosis(
        "not-learning",
        (),
        "The network does not learn",
        f"after {numeral(steps)} steps its training accuracy is {percent(accuracy)}, no better "
        f"than guessing, and its loss {where}.",
        f"Try {change} the learning rate {numeral(rate, 'g')}, or restart with He or Glorot "
        "initialization.",
    )


def _where(is_so: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(np.flatnonzero(is_so).tolist())


def _up_to(share: NDArray[np.floating], layers: Sequence[int]) -> str:
    return ("up to " if len(layers) > 1 else "") + percent(float(share.max()), 0)


def _names(layers: Sequence[int], record: LayerRecord) -> str:
    """Return the layers in words: "layer 1 and the output", or "layers 1 to 4"."""
    hidden = len(record.activations)
    names = [f"layer {layer + 1}" if layer < hidden else "the output" for layer in layers]
    first, last = layers[0], layers[-1]
    if len(layers) > 2 and last - first == len(layers) - 1 and last < hidden:
        return f"layers {first + 1} to {last + 1}"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
