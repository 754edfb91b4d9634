"""The learning-rate test: at which rates a network learns, and at which its loss explodes.

A copy of the network trains while the rate rises exponentially from step to step. Where the loss
falls fastest, a rate is good; where it explodes, the rate is too high. Source: Smith, "Cyclical
Learning Rates for Training Neural Networks" (WACV 2017), section 3.3, where it is called the LR
range test; the logarithmic rise and the rate of the steepest fall are customary since.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.arrays import LabeledImages
from core.progress import Progress, no_progress
from core.settings.config import Hyperparameters, RunConfig
from core.threads.workers import Workers
from core.training.checkpoint import Checkpoint
from core.training.divergence import guessing_loss
from core.training.training_loop import TrainingLoop
from core.wording import numeral

LOWEST_RATE = 1e-5
HIGHEST_RATE = 10.0
"""The rates of the first and the last step."""

_STEPS = 300
_LEAST_STEPS = 60
_IMAGES = 600_000
"""A test takes at most about this many images: seconds."""

LARGEST_BATCH = _IMAGES // _LEAST_STEPS
"""Of a larger batch, this many images: their gradient is nearly the same."""

_REACH = 1 / 30
"""Losses are averaged with their neighbors: up to this share of all steps (0.2 decades) away."""

_LEAST_EXPLODED = 1 / 4
_LEAST_RISE = 1.5
"""The loss has exploded where half of what it fell is lost again; but not below the first share of
that of guessing, and not within the second multiple of its lowest, which in a network that has
learned already is noise."""

_LEARNED = 0.8
"""A network has learned if its loss is below this share of that of guessing."""

_MEDIAN_OF_NORMAL = 0.6745
"""The median distance of normally distributed values from their mean, in standard deviations."""

_NOISE = 6.0
"""A fall of the smoothed loss by less than this many standard deviations is no fall: of 300 noisy
values the highest and the lowest are so far apart."""


@dataclass(frozen=True, eq=False)
class LearningRateResult:
    """What a learning-rate test has found so far.

    Attributes
    ----------
    rates, losses
        Of each step, (n,): its learning rate, and the loss before it, L2 penalty included.
    smoothed
        (n,): the losses, averaged over neighboring steps.
    steepest
        The rate at which the smoothed loss falls fastest; None if it does not fall.
    exploded
        The rate from which on half of what the loss had fallen is lost again, or it is no longer a
        number; None if there is none.
    is_over
        Whether the test has ended.
    guessing
        The loss of a network that guesses.
    """

    rates: NDArray[np.float64]
    losses: NDArray[np.float64]
    smoothed: NDArray[np.float64]
    steepest: float | None
    exploded: float | None
    is_over: bool
    guessing: float

    @property
    def suggestion(self) -> float | None:
        """A good learning rate, with one significant digit; None if none was found.

        The rate of the steepest fall. For a network whose loss does not fall, because it has
        learned already, a tenth of the rate at which its loss explodes. None for one that guesses
        and learns at no rate, as where all units are dead.
        """
        rate = self.steepest
        if rate is None and self.exploded is not None and self._has_learned:
            rate = max(self.exploded / 10, LOWEST_RATE)
        return None if rate is None else float(f"{rate:.0e}")

    @property
    def _has_learned(self) -> bool:
        """Whether the loss was low before the test, and did not fall in it."""
        is_low = self.smoothed[0] < _LEARNED * self.guessing
        return bool(is_low and self.is_over and self.steepest is None)

    @property
    def findings(self) -> str:
        """What was found so far, in sentences; "" before anything is certain."""
        if not np.isfinite(self.losses[:1]).all():
            return "The loss of this network is no number already. No learning rate can help."
        sentences = []
        if self.steepest is not None:
            sentences.append(f"The loss falls fastest at a rate of {_text(self.steepest)}.")
        elif self.is_over:
            sentences.append("The loss does not fall clearly at any rate.")
        if self.exploded is not None:
            sentences.append(f"It explodes at {_text(self.exploded)}.")
            if self._has_learned:
                sentences.append("A tenth of that is usually safe.")
        elif self.is_over:
            sentences.append(f"It does not explode up to {_text(float(self.rates[-1]))}.")
        return " ".join(sentences)


class LearningRateTest(TrainingLoop):
    """Trains a copy of a run at a rate that rises; the run itself is not changed.

    Its images, their order and its random numbers are those that the run would use next. The
    schedule of the learning rate is ignored.

    Parameters
    ----------
    config
        How the run began.
    images
        Its training images.
    checkpoint
        Where the run is.
    hyperparameters
        To test with; None: those in force there. Another optimizer begins with a state of zero.
    workers, progress
        As :class:`core.training.trainer.Trainer` has them.

    Attributes
    ----------
    steps
        How many steps the test takes if the loss does not explode.
    hyperparameters
        In use: batches are no larger than there are images, and of at most 10,000.
    """

    def __init__(
        self,
        config: RunConfig,
        images: LabeledImages,
        checkpoint: Checkpoint,
        hyperparameters: Hyperparameters | None = None,
        workers: Workers | None = None,
        progress: Progress = no_progress,
    ) -> None:
        super().__init__(config, images, progress, workers, np.float32, None)
        self.restore(replace(checkpoint, history=None))
        settings = hyperparameters or checkpoint.hyperparameters
        batch_size = min(settings.batch_size, self.images_per_epoch, LARGEST_BATCH)
        self._set_hyperparameters(replace(settings, batch_size=batch_size))
        self.steps = min(max(_IMAGES // batch_size, _LEAST_STEPS), _STEPS)
        self._rates = np.geomspace(LOWEST_RATE, HIGHEST_RATE, self.steps)
        self._losses: list[float] = []
        self._has_exploded = False
        self._guessing = guessing_loss(len(self.network.classes))

    @property
    def is_over(self) -> bool:
        """Whether the last step was made, or the loss has exploded."""
        return self._has_exploded or len(self._losses) == self.steps

    @np.errstate(over="ignore", invalid="ignore")  # what overflows is seen in the loss
    def step(self) -> None:
        """Train on the next mini-batch, at the next rate."""
        batch = self._compute_gradient()
        loss = batch.loss + batch.penalty
        self._losses.append(loss)
        smoothed = self._smoothed()
        # Some steps beyond, so that the drawing shows how it explodes.
        self._has_exploded = not smoothed[-1] <= 2 * self._limit(smoothed)
        if not self.is_over:
            self._apply_gradient(batch)

    def result(self) -> LearningRateResult:
        """Return what the test has found so far."""
        losses, smoothed = np.array(self._losses), self._smoothed()
        rates = self._rates[: len(losses)]
        is_sound = np.flatnonzero(smoothed <= self._limit(smoothed))  # NaN is not
        end = int(is_sound[-1]) + 1 if len(is_sound) else 0
        return LearningRateResult(
            rates,
            losses,
            smoothed,
            self._steepest(rates[:end], losses[:end], smoothed[:end]),
            float(rates[end]) if end < len(losses) else None,
            self.is_over,
            self._guessing,
        )

    def _learning_rate(self, n: int, hyperparameters: Hyperparameters) -> float:
        """Return the rate of the present step: it rises by the same factor each time."""
        return float(self._rates[len(self._losses) - 1])

    @property
    def _weights(self) -> NDArray[np.float64]:
        """Of the neighbors in the smoothed loss: a triangle."""
        return np.bartlett(2 * max(round(self.steps * _REACH), 1) + 3)[1:-1]

    def _smoothed(self) -> NDArray[np.float64]:
        """Return the losses, each averaged with its neighbors, as far as there are any."""
        losses, weights = np.array(self._losses), self._weights
        inside = slice(len(weights) // 2, len(weights) // 2 + len(losses))
        sums = np.convolve(losses, weights)[inside]
        return np.asarray(sums / np.convolve(np.ones(len(losses)), weights)[inside])

    def _limit(self, smoothed: NDArray[np.float64]) -> float:
        """Return the loss above which it has exploded."""
        lowest = float(np.fmin.reduce(smoothed))  # ignores NaN
        halfway = (float(smoothed[0]) + lowest) / 2
        return max(halfway, _LEAST_RISE * lowest, _LEAST_EXPLODED * self._guessing)

    def _steepest(
        self,
        rates: NDArray[np.float64],
        losses: NDArray[np.float64],
        smoothed: NDArray[np.float64],
    ) -> float | None:
        """Return the rate at which the smoothed loss falls fastest, if it falls beyond noise."""
        lowest = int(np.argmin(smoothed)) + 1 if len(smoothed) else 0
        weights = self._weights / self._weights.sum()
        reach = len(weights) // 2
        if lowest <= 2 * reach:
            return None
        # Robust: the median does not see how wildly the loss changes just before it explodes.
        spread = float(np.median(np.abs(losses - smoothed)[:lowest])) / _MEDIAN_OF_NORMAL
        noise = spread * float(np.linalg.norm(weights))
        falls = smoothed[: lowest - 2 * reach] - smoothed[2 * reach : lowest]
        steepest = int(np.argmax(falls))
        return float(rates[steepest + reach]) if falls[steepest] > _NOISE * noise else None


def _text(rate: float) -> str:
    return numeral(rate, ".2g")
