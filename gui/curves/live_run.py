"""The run that is being drawn, as of its newest snapshot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.history.history import History
from core.history.spread import Spread
from core.runs.run_curves import Axis, Course, course_of
from core.training.snapshot import Snapshot
from core.training.starting_state import Distance, begin_of
from core.wording import numeral
from gui.curves.marks import Mark, marks, step_text
from gui.curves.run_axis import is_known, places, steps_at

_Array = NDArray[np.float64]

_NOTHING = Course(np.zeros(1), np.zeros(1), np.zeros(1))


class LiveRun:
    """The history of a run, and where its steps lie on the x axis.

    Those of a branch lie behind its parent's: the axis is that of its first ancestor.

    Attributes
    ----------
    axis
        The x axis of the curves.
    history
        The metrics of the run so far.
    marks
        Where the network was resized or fine-tuned, or branched off.
    moments
        (n,): after which steps there are moments to go back to.
    """

    def __init__(self) -> None:
        self.axis: Axis = "step"
        self.clear()

    def clear(self) -> None:
        """Start with an empty run."""
        self.history = History.empty()
        self.marks: list[Mark] = []
        self.moments: _Array = np.zeros(0)
        self._snapshot: Snapshot | None = None
        self._begin = Distance()
        self._course: Course | None = _NOTHING

    def take(self, snapshot: Snapshot) -> None:
        """Advance to this snapshot."""
        self._begin = begin_of(snapshot.start)
        if self._snapshot is None or snapshot.changes != self._snapshot.changes:
            begin = None if snapshot.parent is None else self._begin.steps
            self.marks = marks(snapshot.changes, begin)
        if self._snapshot is None or snapshot.film is not self._snapshot.film:
            self.moments = np.unique([float(moment.step) for moment in snapshot.film])
        self._snapshot = snapshot
        self._course = None
        self.history = snapshot.history

    @property
    def has_validation(self) -> bool:
        """Whether the run measures itself on a validation split, from its start on."""
        now = self._snapshot
        return now is not None and (
            now.config.validation > 0 or len(self.history.validation_loss) > 0
        )

    @property
    def steps(self) -> int:
        """How many steps the run has made."""
        return self.history.steps.count

    @property
    def course(self) -> Course:
        """Of the run so far; computed on demand."""
        if self._course is None:
            now = self._snapshot
            assert now is not None
            epoch = now.epoch + now.epoch_progress
            course = course_of(now.history, now.step, epoch, now.seconds)
            self._course = course.after(*self._begin)
        return self._course

    @property
    def is_known(self) -> bool:
        """Whether the run has a place on the axis."""
        return self.axis == "step" or is_known(self.course, self.axis)

    @property
    def begin(self) -> float:
        """Where its first step begins: at 0 but for a branch; 0 if that is not known."""
        return float(self.at(np.zeros(1))[0]) if self.is_known else 0.0

    @property
    def end(self) -> float:
        """Where the newest step is; 0 if that is not known."""
        return float(self.at(np.array([float(self.steps)]))[0]) if self.is_known else 0.0

    @property
    def is_branch(self) -> bool:
        """Whether its steps lie behind those of another run."""
        return self._begin.steps > 0

    def at(self, steps: _Array) -> _Array:
        """Return where on the axis the run was after `steps` of its own, (n,)."""
        steps = steps + self._begin.steps
        return steps if self.axis == "step" else places(self.course, steps, self.axis)

    def steps_at(self, places: _Array) -> _Array:
        """Return how many steps of its own the run had made at these places, (n,).

        Those before its begin have numbers up to 0; so have all if that is not known.
        """
        steps = places if self.axis == "step" else steps_at(self.course, places, self.axis)
        return steps - self._begin.steps

    def trained(self, name: str) -> Spread:
        """Return a metric of each step so far, by its name in the history."""
        return self.history.steps.spread(name)

    def evaluated(self, name: str, most: int) -> tuple[_Array, Spread]:
        """Return the steps of about `most` evaluations, and a metric there.

        Metrics of the validation split are empty without one, those of the test set in a run that
        does not read it.
        """
        evaluations = self.history.evaluations
        drawn = evaluations.spread(name).thin(0, evaluations.count, most)
        if np.isnan(drawn.mean).all():
            drawn = drawn[:0]
        return evaluations.last_at("evaluation_step", drawn.count).astype(float), drawn

    def step_near(self, x: float) -> int:
        """Return the step nearest to x on the axis, at least 1."""
        return min(max(round(float(self.steps_at(np.array([x]))[0])), 1), self.steps)

    def place_text(self, x: float) -> str:
        """Return a place on the axis as text."""
        texts = {
            "step": f"step {numeral(x, ',.0f')}",
            "epoch": f"epoch {numeral(x, '.2f')}",
            "time": f"{numeral(x, ',.1f')} s",
        }
        return texts[self.axis]

    def step_text(self, *steps: int) -> str:
        """Return a step of the run, or the first and the last of several, as text."""
        return f"step{'s' if len(steps) > 1 else ''} {step_text(self._begin.steps, *steps)}"

    def moment(self, first: int, last: int) -> str:
        """Return steps, epoch and seconds as text, as far as they are known."""
        at = np.array([float(last + self._begin.steps)])
        text = self.step_text(*((last,) if first == last else (first, last)))
        text += f"   epoch {numeral(self.course.at(at, 'epoch')[0], '.2f')}"
        if is_known(self.course, "time"):
            text += f"   {numeral(places(self.course, at, 'time')[0], ',.1f')} s"
        return text
