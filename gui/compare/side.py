"""One side of the comparison: what the user has chosen, and which network that is now."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from core.network.network import Network
from core.saving.replaced_runs import moment_of
from core.training.film import FilmMoment, moments_before, with_moment
from core.training.saved_run import SavedRun
from core.training.snapshot import Snapshot
from core.wording import numeral
from gui.compare.sources import THIS_RUN, Kind, NetworkSources, Source
from gui.threads.latest_task import LatestTask

_OPENING = "Opening the run…"
NO_STEPS = "Press Space to start training. Two moments of the run are compared then."
_NO_BEST = "This run has no best network: it has no validation split, or no epoch is complete."
_GONE = "This run is kept no more. Choose another, or the file that it was saved to."


@dataclass(frozen=True, eq=False)
class ComparedNetwork:
    """A network, and what is said of it.

    Attributes
    ----------
    network
        Nobody writes to it.
    title
        Which run and step it is of.
    run, place
        The id of its run, and which moment of it (see :class:`core.training.film.FilmMoment`).
    reads_test_set
        Whether its run evaluates itself on the test set.
    is_live
        Whether it learns, so that another follows soon.
    """

    network: Network
    title: str
    run: str
    place: tuple[int, int]
    reads_test_set: bool = True
    is_live: bool = False

    def follows(self, before: ComparedNetwork | None) -> bool:
        """Return whether it is the same run as `before` that has learned, and nobody's choice."""
        if before is None or not (self.is_live and before.is_live):
            return False
        return self.run == before.run

    @property
    def classes(self) -> tuple[str, ...]:
        """What it tells apart."""
        return self.network.classes

    @property
    def key(self) -> tuple[str, tuple[int, int], bool]:
        """What tells it from another that is taken later from the same source."""
        return self.run, self.place, self.is_live

    def is_same(self, other: ComparedNetwork) -> bool:
        """Return whether both are of the same moment of one run."""
        return (self.run, self.place) == (other.run, other.place)


class Side(QObject):
    """Follows a moment of the run, or holds the network of another one.

    Parameters
    ----------
    sources
        What can be chosen.
    is_early
        Whether to show a moment in the middle of this run's film until the user chooses another;
        otherwise it is the newest.

    Attributes
    ----------
    source
        What was chosen.
    moment
        Which moment of it; None for its newest.
    network
        What that is now; None if there is none.
    problem
        Why there is no network; else empty.

    Signals
    -------
    changed
        There is another network, or none.
    """

    changed = Signal()

    def __init__(self, sources: NetworkSources, is_early: bool, parent: QObject) -> None:
        super().__init__(parent)
        self._sources = sources
        self._is_early = is_early
        self.source = THIS_RUN
        self.moment: FilmMoment | None = None
        self.network: ComparedNetwork | None = None
        self.problem = NO_STEPS
        self._is_untouched = True
        self._picks_moment = is_early
        self._saved: SavedRun | None = None
        self._task = LatestTask(self)
        self._task.done.connect(self._on_loaded)
        self._task.failed.connect(self._on_failed)

    @property
    def moments(self) -> tuple[FilmMoment, ...]:
        """The earlier moments that can be chosen of this source, in order."""
        if self.source == THIS_RUN:
            moments = self._sources.shown.moments
        elif self._saved is not None:
            moments = moments_before(moment_of(self._saved), self._saved.film, None)
        else:
            return ()
        return moments if self.moment is None else with_moment(moments, self.moment)

    @property
    def newest_step(self) -> int:
        """The step after the last of the moments."""
        if self._saved is not None:
            return moment_of(self._saved)[0]
        newest = self._sources.shown.newest
        return 0 if newest is None else newest.step

    # --- what is chosen ---------------------------------------------------------------------

    def choose(self, source: Source) -> None:
        """Show the newest network of this source, which may have to be read first."""
        self._is_untouched = False
        self._take(source)

    def choose_moment(self, moment: FilmMoment | None) -> None:
        """Show this moment of the source; None for its newest."""
        self._is_untouched = self._picks_moment = False
        self.moment = moment
        self.update()

    def suggest(self, source: Source) -> None:
        """Show this moment of the run while the user has chosen nothing."""
        if self._is_untouched and source != self.source:
            self._take(source)

    def note_run_started(self) -> None:
        """Forget the moment of the run before."""
        if self.source.is_this_run:
            self._take(self.source)

    def _take(self, source: Source) -> None:
        self.source, self.moment, self._saved = source, None, None
        self._picks_moment = self._is_early
        self.problem = ""
        self._task.forget()
        if source.kind in (Kind.KEPT, Kind.FILE):
            load = self._sources.loader(source)
            self.problem = _GONE if load is None else _OPENING
            if load is not None:
                self._task.ask(load, at_once=True)
        self.network = None
        self.update()
        self.changed.emit()

    @Slot(object)
    def _on_loaded(self, saved: SavedRun) -> None:
        self._saved, self.problem = saved, ""
        self.update()

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self.problem = problem
        self.changed.emit()

    # --- which network that is --------------------------------------------------------------

    @Slot()
    def update(self) -> None:
        """Find the network of what was chosen, as the run is now."""
        kind = self.source.kind
        if kind is Kind.READY_MADE:
            self._show_ready_made()
        elif kind in (Kind.KEPT, Kind.FILE):
            if self._saved is not None:
                self._show_saved(self._saved)
        elif (newest := self._sources.shown.newest) is None:
            self._show_none(NO_STEPS)
        else:
            self._follow(newest)

    def _follow(self, newest: Snapshot) -> None:
        shown = self._sources.shown
        moment = shown.chosen
        if self.source.kind is Kind.THIS_RUN:
            is_undone = self.moment is not None and self.moment.place >= newest.place
            if is_undone or self._picks_moment:
                early = self._is_early and bool(shown.moments)
                self.moment = shown.moments[len(shown.moments) // 2] if early else None
            moment = self.moment
        elif self.source.kind is Kind.BEST:
            moment = shown.best
            if moment is None:
                self._show_none(_NO_BEST)
                return
        run = self._sources.session.run
        run_id = "" if run is None else run.id
        place = newest.place if moment is None else moment.place
        if self._is_known(run_id, place, is_live=moment is None):
            return
        if moment is None or moment is not shown.chosen or shown.snapshot is None:
            network = newest.network if moment is None else moment.make_network()
        else:
            network = shown.snapshot.network  # which all views share
        step = numeral(place[0])
        title = f"Step {step} (now)" if moment is None else f"Step {step}"
        reads = newest.reads_test_set
        self._show(ComparedNetwork(network, title, run_id, place, reads, moment is None))

    def _is_known(self, run: str, place: tuple[int, int], is_live: bool = False) -> bool:
        """Return whether this moment is the one that is there already."""
        return self.network is not None and self.network.key == (run, place, is_live)

    def _show_ready_made(self) -> None:
        """Show the ready-made network."""
        shipped = self._sources.shipped
        if shipped is not None and self.network is None:
            title = self._sources.title(self.source)
            self._show(ComparedNetwork(shipped.network, title, "ready-made", (0, 0)))

    def _show_saved(self, saved: SavedRun) -> None:
        """Show the chosen moment of a run, or what it uses: its last network, or its best."""
        run, place = saved.id or self.source.key, moment_of(saved)
        if self.moment is not None:
            place = self.moment.place
        elif saved.uses_best and saved.best is not None:
            place = saved.best.step, place[1]
        if self._is_known(run, place):
            return
        network = saved.network
        if self.moment is not None:
            network = self.moment.make_network()
        elif saved.uses_best and saved.best is not None:
            network = saved.best.network
        title = self._sources.title(self.source)
        if saved.training is not None:
            title += f", step {numeral(place[0])}"
        reads = saved.training is None or saved.training.reads_test_set
        self._show(ComparedNetwork(network, title, run, place, reads))

    def _show(self, network: ComparedNetwork) -> None:
        self.network, self.problem = network, ""
        self.changed.emit()

    def _show_none(self, problem: str) -> None:
        if self.network is not None or problem != self.problem:
            self.network, self.problem = None, problem
            self.changed.emit()
