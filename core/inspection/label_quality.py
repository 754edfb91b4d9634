"""Which labels are likely wrong, by what a network makes of the images.

The rule is that of confident learning (Northcutt, Jiang, Chuang, "Confident Learning: Estimating
Uncertainty in Dataset Labels", Journal of Artificial Intelligence Research 70, 2021): with p_k(x)
the probability of class k for image x, the threshold of a class is the network's mean confidence in
it where it is the label,

    t_k = mean of p_k(x) over the images labeled k,

and an image labeled i is likely a k if p_k(x) ≥ t_k for a k ≠ i, and no class above its threshold
has a larger probability. Of these, the most suspicious has the lowest p_i(x) − p_k(x).

It asks for probabilities of images that the network has not been trained on. A network that has
memorized an image with its wrong label hides it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats, Labels


def likely_wrong(labels: Labels, probabilities: Floats) -> NDArray[np.intp]:
    """Return the indices of the images whose labels are likely wrong, the most suspicious first.

    Parameters
    ----------
    labels
        uint8, (n,).
    probabilities
        (n, classes), by a network; where they are not finite, nothing is suspicious.
    """
    n, classes = probabilities.shape
    own = probabilities[np.arange(n), labels]
    sums = np.bincount(labels, own, classes)
    counts = np.bincount(labels, minlength=classes)
    thresholds = np.full(classes, np.inf)
    np.divide(sums, counts, out=thresholds, where=counts > 0)
    above = np.where(probabilities >= thresholds, probabilities, -np.inf)
    best = above.argmax(axis=1)
    # No class may be above its threshold; then `best` is 0, and means nothing.
    chosen = np.flatnonzero((best != labels) & np.isfinite(above.max(axis=1)))
    margin = own[chosen] - probabilities[chosen, best[chosen]]
    return chosen[np.argsort(margin, kind="stable")]
