"""The moments of a run that a film shows, with their captions."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import RunFileError
from core.network.network import Network
from core.training.film import FilmMoment
from core.training.saved_run import SavedRun
from core.training.snapshot import Snapshot
from core.wording import numeral


@dataclass(frozen=True, eq=False)
class Scene:
    """A moment of a run.

    Attributes
    ----------
    network
        Read-only; that of an earlier moment may be rounded (see core/training/film.py).
    step, epochs
        How far the run was, the share of an epoch included.
    """

    network: Network
    step: int
    epochs: float

    @property
    def when(self) -> str:
        """The moment in words."""
        return f"Step {numeral(self.step)} · epoch {numeral(self.epochs, '.2f')}"

    @property
    def shape(self) -> str:
        """The sizes of the layers in words."""
        return "-".join(map(str, self.network.sizes))


def scenes_of_film(film: tuple[FilmMoment, ...]) -> list[Scene]:
    """Return a scene for each moment."""
    return [Scene(moment.make_network(), moment.step, moment.epochs) for moment in film]


def scenes_of_snapshot(snapshot: Snapshot) -> list[Scene]:
    """Return a scene for each moment of a run so far, and one for its newest network."""
    earlier = tuple(moment for moment in snapshot.film if moment.step < snapshot.step)
    now = Scene(snapshot.network, snapshot.step, snapshot.epoch + snapshot.epoch_progress)
    return [*scenes_of_film(earlier), now]


def scenes_of_run(run: SavedRun) -> list[Scene]:
    """Return a scene for each moment of a run's film, and one for its newest network.

    Raises
    ------
    RunFileError
        If it holds no film.
    """
    training = run.training
    if training is None or not run.film:
        raise RunFileError(
            "This run holds no film: it was saved for its weights alone, by an earlier version, or "
            "by 'train' without --film. Open it in the window, train on and save it, or train "
            "again with --film."
        )
    now = training.checkpoint
    epochs = now.epoch + now.position / len(now.order)
    earlier = [moment for moment in run.film if moment.step < now.step]
    return [*scenes_of_film(tuple(earlier)), Scene(run.network, now.step, epochs)]
