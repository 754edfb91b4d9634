"""Which moment of the run the views show: that of now, or one of its film."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from core.training.film import FilmMoment, moments_before, with_moment
from core.training.snapshot import Snapshot


class ShownMoment(QObject):
    """Chooses between the newest snapshot and what was true at an earlier moment of the run.

    Signals
    -------
    changed
        The views should show another moment; not sent for a newer snapshot, which has its own way.
    moments_changed
        The run has other moments to choose from.

    Attributes
    ----------
    newest
        The newest snapshot; None before the run's first.
    moments
        The earlier ones that can be chosen, in order. The chosen one stays among them, even if the
        film has let go of it.
    best
        That of the best network; None where there is none.
    chosen
        One of the moments; None for now.
    """

    changed = Signal()
    moments_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.newest: Snapshot | None = None
        self.moments: tuple[FilmMoment, ...] = ()
        self.best: FilmMoment | None = None
        self.chosen: FilmMoment | None = None
        self._past: Snapshot | None = None

    @property
    def is_now(self) -> bool:
        """Whether the views follow the run."""
        return self.chosen is None

    @property
    def snapshot(self) -> Snapshot | None:
        """What all views show; None before the run's first snapshot."""
        return self.newest if self._past is None else self._past

    @property
    def next(self) -> FilmMoment | None:
        """The moment after the shown one; None where that is now."""
        chosen = self.chosen
        if chosen is None:
            return None
        return next((moment for moment in self.moments if moment.place > chosen.place), None)

    def note_snapshot(self, snapshot: Snapshot) -> None:
        """Take note of the run's newest state.

        Where the run went back before the chosen moment, there is no such moment any more.
        """
        before, self.newest = self.newest, snapshot
        if self.chosen is not None and self.chosen.place >= snapshot.place:
            self.show_now()
        is_known = (
            before is not None
            and before.film is snapshot.film
            and before.best is snapshot.best
            and before.place <= snapshot.place
            and not (snapshot.film and snapshot.film[-1].place == before.place)
        )
        if is_known:
            return
        if before is None or before.best is not snapshot.best:
            self.best = snapshot.best_moment
        self._set_moments(moments_before(snapshot.place, snapshot.film, self.best))

    @Slot(object)
    def choose(self, moment: FilmMoment | None) -> None:
        """Show this moment in all views; None for now.

        It may be one that the film has just let go of, as a slider offers it that is being dragged.
        """
        if self.newest is None or moment is self.chosen:
            return
        self.chosen = moment
        self._past = None if moment is None else self.newest.at(moment)
        self._set_moments(self.moments)
        self.changed.emit()

    @Slot()
    def show_now(self) -> None:
        """Follow the run again."""
        self.choose(None)

    def clear(self) -> None:
        """Forget the run."""
        self.newest = self.best = self.chosen = self._past = None
        self._set_moments(())

    def _set_moments(self, moments: tuple[FilmMoment, ...]) -> None:
        if self.chosen is not None:
            moments = with_moment(moments, self.chosen)
        if moments != self.moments:
            self.moments = moments
            self.moments_changed.emit()
