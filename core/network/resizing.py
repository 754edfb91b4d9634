"""Change the hidden layers of a network while it learns, without forgetting.

More units. A pair of new units gets the same fresh weights before it and opposite ones, w and −w,
behind it, so that together they add nothing and the answers stay as they are (antisymmetric
initialization: Zhang et al. 2020, "A type of generalization error induced by initialization in deep
neural networks"). Opposite gradients tell the two apart at the next step. A new unit without a
partner has weights of zero behind it. Measured on 784-32-10, 500 steps of SGD on `strokes`, then 64
units; test accuracy, means of three seeds:

    more steps                                0       500      1,500    new units moved
    no new units                         80.77 %   84.68 %   87.85 %
    pairs                                80.77 %   85.09 %   88.52 %               94 %
    zero behind all new units            80.77 %   84.67 %   87.92 %                0 %
    old units shared out (Net2WiderNet)  80.77 %   84.34 %   87.44 %               95 %
    fresh weights on both sides          80.12 %   85.17 %   88.46 %               92 %

"Moved" are those whose weights changed in 100 steps by a quarter of what an old unit's did, at
least. Net2WiderNet is that of Chen, Goodfellow and Shlens 2016, "Net2Net". With Adam the pairs go
from 81.5 to 90.4 %, through a dip of 1.7 % in the first steps, because their moments begin at
zero; where they begin with the mean of the old units' v, there is no dip, but 89.3 %.

Fewer units. Those go whose weights are least, |before|·|behind|: a measure by size, as in Han et
al. 2015, "Learning both weights and connections for efficient neural networks", but one that stays
the same when a factor goes from one side of a ReLU to the other. What these units and removed
layers leave is made up for in the output layer, by least squares on some images, so that the scores
come close to the old ones (He, Zhang and Sun 2017, "Channel pruning for accelerating very deep
neural networks", do so in every layer). 784-128-64-10 after three epochs of MNIST, read on images
that were held out, means of three seeds:

    trained                     95.54 %
    128 → 96, made up for       95.25 %    not made up for    94.13 %
    128 → 32, made up for       89.31 %    not made up for    70.34 %
    without the 64 units        94.77 %    not made up for     9.91 %

More layers. A new layer before the output works out the old scores, z, and −z; its other units come
as pairs. The output layer takes one from the other: ReLU(z) − ReLU(−z) = z. That wants 20 units,
whatever the layer before; the identity of Net2DeeperNet wants a ReLU there, and equal widths, and
learns no better (96.0 % and 95.9 %, 1,500 steps after 64 became 64-64 on MNIST). Sigmoid and tanh
flatten large scores but keep their order, and so the answers, though not how sure they are. Of
10 to 19 units, ten have z alone, whose negative values ReLU loses; of fewer, some classes are lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats, Images
from core.network.activations import ACTIVATIONS
from core.network.initialization import standard_deviation
from core.network.layers import Parameters, layer_views, parameter_count
from core.network.network import Network
from core.settings.config import NetworkConfig

KeptUnits = tuple[NDArray[np.intp], ...]
"""For the inputs, each hidden layer that stays, and the outputs: the old units that are kept."""

_RIDGE = 0.03
"""Keeps changes of the output layer small where the images do not ask for them, as a share of what
they ask for in the mean. With 0.001 more stays (90.0 % instead of 89.3 % of 128 → 32 above), but
the large weights that this takes make the next steps of SGD at 0.1 leap: losses up to 4.2, not 0.6.
"""


def can_become(config: NetworkConfig, new: NetworkConfig) -> bool:
    """Return whether the two differ in their hidden layers alone, which is all that can change."""
    return replace(config, hidden=new.hidden, activations=new.activations) == new


def keeps_function(config: NetworkConfig, new: NetworkConfig) -> bool:
    """Return whether :func:`transfer_weights` leaves what the network answers as it was.

    True where no unit and no layer goes, no activation changes, and added layers have 20 units or
    more and no curved activation.
    """
    depth = len(config.hidden)
    functions = (ACTIVATIONS[name] for name in new.layer_activations[depth:])
    added = zip(new.hidden[depth:], functions, strict=True)
    return (
        new.layer_activations[:depth] == config.layer_activations  # nor is a layer missing
        and all(units <= more for units, more in zip(config.hidden, new.hidden, strict=False))
        and all(units >= 2 * len(new.classes) and f.is_piecewise_linear for units, f in added)
    )


def transfer_weights(
    parameters: Floats,
    optimizer_state: Mapping[str, Floats],
    config: NetworkConfig,
    new: NetworkConfig,
    images: Images,
    rng: np.random.Generator,
) -> tuple[Floats, dict[str, Floats]]:
    """Carry what a network has learned over to one with other hidden layers.

    Layers are counted from the input: those that both networks have are resized, and the rest is
    added or removed next to the output. Nothing that is passed in changes, but for `rng`.

    Parameters
    ----------
    parameters
        (P,), of the network that `config` describes.
    optimizer_state
        The optimizer's, (P,) each, by name.
    new
        The network to become; how it initializes decides how new weights are drawn.
    images
        uint8, (n, 784), from the training set. Where units or layers go, or an activation changes,
        the output layer is fitted to the old scores on these. 2,000 are plenty.

    Returns
    -------
    parameters, optimizer_state
        Of the new network, of the same dtype. The state of weights that were there before is kept,
        that of new ones is zero; so is the output layer's where layers come or go.
    """
    depth = min(len(config.hidden), len(new.hidden))
    stem = new.with_hidden(new.hidden[:depth])
    kept_units = find_kept_units(layer_views(parameters, config.sizes), stem.sizes)
    result = _resized(parameters, config, stem, kept_units, rng)
    if not keeps_function(config, stem):
        _, scores = _last_activations(parameters, config, images)
        _fit_output(result, stem, images, scores)
    if len(new.hidden) > depth:
        result = _with_layers_added(result, stem, new, rng)
    return result, {
        name: _carried_over(vector, config, new, kept_units)
        for name, vector in optimizer_state.items()
    }


def _resized(
    parameters: Floats,
    config: NetworkConfig,
    new: NetworkConfig,
    kept_units: KeptUnits,
    rng: np.random.Generator,
) -> Floats:
    """Return the parameters with the units of `new`, which has no more layers than `config`."""
    result = _carried_over(parameters, config, new, kept_units)
    layers = layer_views(result, new.sizes)
    for before, behind, old in zip(layers, layers[1:], kept_units[1:], strict=False):
        _draw_new_units(before, behind, len(old), new, rng)
    return result


def find_kept_units(layers: tuple[Parameters, ...], sizes: tuple[int, ...]) -> KeptUnits:
    """Return which units of `layers` are kept in a network of these `sizes`.

    Units keep their order. `sizes` begins with the inputs and ends with the outputs, all of which
    are kept; it may have fewer layers, or more units.
    """
    kept_units = [np.arange(sizes[0])]
    for (before, behind), units in zip(pairwise(layers), sizes[1:-1], strict=False):
        importance = np.linalg.norm(before.W, axis=0) * np.linalg.norm(behind.W, axis=1)
        kept_units.append(np.sort(np.argsort(-importance, kind="stable")[:units]))
    return (*kept_units, np.arange(sizes[-1]))


def _carried_over(
    vector: Floats, config: NetworkConfig, new: NetworkConfig, kept_units: KeptUnits
) -> Floats:
    """Return a vector for `new` with what belongs to the kept_units in front, and zero elsewhere.

    The output layer is kept only if its input is still the same layer.
    """
    result = np.zeros(parameter_count(new.sizes), vector.dtype)
    is_same_depth = len(config.hidden) == len(new.hidden)
    kept = list(pairwise(kept_units)) if is_same_depth else list(pairwise(kept_units[:-1]))
    layers = layer_views(vector, config.sizes), layer_views(result, new.sizes)
    for source, target, (rows, columns) in zip(*layers, kept, strict=False):
        W, b = source.W, source.b
        # To pick all would copy a large array for nothing.
        if len(columns) < len(b):
            W, b = W[:, columns], b[columns]
        if len(rows) < len(W):
            W = W[rows]
        target.W[: len(rows), : len(columns)] = W
        target.b[: len(columns)] = b
    return result


def _draw_new_units(
    before: Parameters,
    behind: Parameters,
    old: int,
    config: NetworkConfig,
    rng: np.random.Generator,
) -> None:
    """Draw the weights before and behind all units but the first `old`, in place."""
    units = len(behind.W)
    pairs = (units - old) // 2
    first, second = slice(old, old + pairs), slice(old + pairs, old + 2 * pairs)
    alone = slice(old + 2 * pairs, units)

    def draw(W: Floats, part: Floats) -> None:
        part[...] = rng.standard_normal(part.shape) * standard_deviation(config, *W.shape)

    draw(before.W, before.W[:, first])
    before.W[:, second] = before.W[:, first]
    draw(before.W, before.W[:, alone])
    draw(behind.W, behind.W[first])
    behind.W[second] = -behind.W[first]


def _with_layers_added(
    parameters: Floats, config: NetworkConfig, new: NetworkConfig, rng: np.random.Generator
) -> Floats:
    """Return the parameters of `new`, which is `config` with further layers before the output."""
    result = np.zeros(parameter_count(new.sizes), parameters.dtype)
    *stem, output = layer_views(parameters, config.sizes)
    layers, classes = layer_views(result, new.sizes), len(new.classes)
    for source, target in zip(stem, layers, strict=False):
        target.W[...], target.b[...] = source.W, source.b
    for index in range(len(stem), len(new.hidden)):
        scores, units = output, new.hidden[index]
        used = min(units, classes if units < 2 * classes else 2 * classes)
        layers[index].W[:, :used] = np.hstack([scores.W, -scores.W])[:, :used]
        layers[index].b[:used] = np.hstack([scores.b, -scores.b])[:used]
        output = Parameters(
            np.zeros((units, classes), result.dtype), np.zeros(classes, result.dtype)
        )
        output.W[:used] = np.vstack([np.eye(classes), -np.eye(classes)])[:used]
        output.W[:used] *= ACTIVATIONS[new.layer_activations[index]].gain
        _draw_new_units(layers[index], output, used, new, rng)
    layers[-1].W[...], layers[-1].b[...] = output.W, output.b
    return result


def _last_activations(
    parameters: Floats, config: NetworkConfig, images: Images
) -> tuple[Floats, Floats]:
    """Return what the output layer reads, (n, units), and the scores, (n, 10)."""
    network = Network.from_config(config, parameters.dtype)
    network.parameters[:] = parameters
    work = network.run(images)
    return work.A[-2], work.A[-1]


def _fit_output(parameters: Floats, config: NetworkConfig, images: Images, wanted: Floats) -> None:
    """Change the output layer, in place, so that the scores of `images` are near those wanted.

    Ridge regression (Hoerl and Kennard 1970) for the change D, which least squares ask to be
    X D = R: D = (XᵀX + λI)⁻¹ Xᵀ R = Xᵀ (X Xᵀ + λI)⁻¹ R, of which the smaller inverse is taken.
    """
    A, scores = _last_activations(parameters, config, images)
    X = np.column_stack([A, np.ones(len(A))]).astype(np.float64)
    R = wanted - scores
    n, terms = X.shape
    smaller = min(n, terms)
    penalty = np.eye(smaller) * (_RIDGE * float(np.vdot(X, X)) / smaller)
    if terms <= n:
        D = np.linalg.solve(X.T @ X + penalty, X.T @ R)
    else:
        D = X.T @ np.linalg.solve(X @ X.T + penalty, R)
    output = layer_views(parameters, config.sizes)[-1]
    output.W[...] += D[:-1]
    output.b[...] += D[-1]
