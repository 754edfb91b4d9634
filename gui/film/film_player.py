"""Plays the film of a run: shows one moment after the other."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from gui.film.shown_moment import ShownMoment

MOMENTS_PER_SECOND = 10
"""At a speed of 1."""


class FilmPlayer(QObject):
    """Goes from moment to moment until it arrives at now.

    Signals
    -------
    playing_changed(bool)
        Whether it plays.
    """

    playing_changed = Signal(bool)

    def __init__(self, shown: ShownMoment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._ticks = QTimer(self)
        self._ticks.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticks.timeout.connect(self._go_on)
        self.set_speed(1.0)

    @property
    def is_playing(self) -> bool:
        """Whether it plays."""
        return self._ticks.isActive()

    @Slot(object)
    def set_speed(self, speed: float) -> None:
        """Show ten times as many moments a second."""
        self._ticks.setInterval(round(1000 / (MOMENTS_PER_SECOND * speed)))

    @Slot()
    def toggle(self) -> None:
        """Play on from the shown moment, from the first one where that is now; or stop."""
        if self.is_playing:
            self.stop()
        elif self._shown.moments:
            if self._shown.is_now:
                self._shown.choose(self._shown.moments[0])
            self._ticks.start()
            self.playing_changed.emit(True)

    @Slot()
    def stop(self) -> None:
        """Stay at the shown moment."""
        if self.is_playing:
            self._ticks.stop()
            self.playing_changed.emit(False)

    @Slot()
    def _go_on(self) -> None:
        self._shown.choose(self._shown.next)
        if self._shown.is_now:
            self.stop()
