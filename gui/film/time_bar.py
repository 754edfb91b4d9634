"""The bar under the curves: back to an earlier moment of the run, its film, and now again."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from core.colors import Theme
from core.training.film import FilmMoment
from core.wording import numeral
from gui.film.film_player import MOMENTS_PER_SECOND, FilmPlayer
from gui.film.moment_slider import MomentSlider
from gui.film.shown_moment import ShownMoment
from gui.widgets.choice import Choice
from gui.widgets.layouts import row
from gui.widgets.live_text import LiveText
from gui.widgets.named import named
from gui.widgets.symbols import SIZE, symbol_icon
from gui.widgets.theme import HINT_SIZE

HEIGHT = 24
_WORDS_FROM, _EPOCH_FROM = 720, 840
"""From these widths on there is room for words beside the symbols, and for the epoch."""
_SPEEDS = (0.5, 1.0, 3.0)
_NAME = "Moment of the run"
_TIP = (
    "Go back to any moment of this run: all views show the network as it was then, and training "
    "continues. Dot: the best on the validation split. Long ticks: live changes"
)
_PLAY_TIP = "Play the film of this run: one moment after another, in all views"
_NOW_TIP = "Show the newest network again, and follow the run (Esc)"


class TimeBar(QWidget):
    """A line with the film's button, the slider, the moment as text, the speed, and two buttons.

    They are "Go on from here" and "Now".

    It always has its place, and waits until the run has a moment to go back to.

    Parameters
    ----------
    shown
        What the bar chooses from, and shows.

    Signals
    -------
    branch_wanted(FilmMoment | None)
        A new run should begin at the shown moment; None: now.
    """

    branch_wanted = Signal(object)

    def __init__(self, shown: ShownMoment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "time_bar", "Time")
        self._shown = shown
        self._places: tuple[FilmMoment, ...] = ()
        self._newest_place = (0, 0)
        self._symbol = ""
        self.player = FilmPlayer(shown, self)
        self.play = named(QToolButton(), "film_play_button", "Play the film", _PLAY_TIP)
        self.play.setText("Film")
        self.play.setIconSize(SIZE)
        self.slider = named(MomentSlider("moment_slider"), "moment_slider", _NAME, _TIP)
        self.slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        left = Qt.AlignmentFlag.AlignLeft
        text = LiveText("Step 00,000,000 of 00,000,000", HINT_SIZE, left, quiet=True)
        self.step = named(text, "moment_step", "Shown moment")
        self.epoch = named(LiveText("epoch 0,000.00", HINT_SIZE, left), "moment_epoch", "Its epoch")
        options = [
            (speed, f"{numeral(speed, 'g')}×", f"{numeral(MOMENTS_PER_SECOND * speed)} a second")
            for speed in _SPEEDS
        ]
        self.speed = named(Choice("film_speed_combo", options), "film_speed_combo", "Film speed")
        self.speed.setToolTip("How fast the film plays")
        self.speed.setFixedWidth(60)
        self.speed.set_value(1.0)
        self.branch = named(QToolButton(), "branch_button", "Go on from here")
        self.branch.setText("Go on from here")
        self.branch.setIconSize(SIZE)
        self.now = named(QToolButton(), "film_now_button", "Now", _NOW_TIP)
        self.now.setText("Now")
        for button in (self.play, self.branch, self.now):
            font = button.font()
            font.setPixelSize(HINT_SIZE)
            button.setFont(font)
        parts = (self.play, self.slider, self.step, self.epoch, self.speed, self.branch, self.now)
        self.setLayout(row(*parts, wide=self.slider))
        self.setFixedHeight(HEIGHT)
        self._connect()
        self._show_moments()

    def _connect(self) -> None:
        self.play.clicked.connect(self.player.toggle)
        self.player.playing_changed.connect(self._show_playing)
        self.speed.chosen.connect(self.player.set_speed)
        self.branch.clicked.connect(lambda: self.branch_wanted.emit(self._shown.chosen))
        self.now.clicked.connect(self._shown.show_now)
        self.slider.valueChanged.connect(self._on_slid)
        self.slider.sliderPressed.connect(self.player.stop)
        self.slider.sliderReleased.connect(self._show_moments)
        self._shown.changed.connect(self._show_moment)
        self._shown.moments_changed.connect(self._show_moments)
        self._show_playing(False)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.slider.apply_theme(theme)

    def minimumSizeHint(self) -> QSize:
        """Leave the width to the window."""
        return QSize(0, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what there is no room for."""
        super().resizeEvent(event)
        is_wide = self.width() >= _WORDS_FROM
        self.epoch.setVisible(self.width() >= _EPOCH_FROM)
        styles = Qt.ToolButtonStyle
        style = styles.ToolButtonTextBesideIcon if is_wide else styles.ToolButtonIconOnly
        self.play.setToolButtonStyle(style)
        self.branch.setToolButtonStyle(style)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the symbol again where the theme has changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._symbol:
            self._draw_symbol()

    # --- what is shown ----------------------------------------------------------------------

    def show_newest(self) -> None:
        """Say how far the run is, while an earlier moment is shown."""
        if not self._shown.is_now:
            self._show_text()

    @Slot()
    def _show_moments(self) -> None:
        """Have places for all moments, but not while the hand is on the slider.

        Where the run has gone back, or is another, the slider is taken out of the hand: some of
        its places are no moments of this run.
        """
        shown, newest = self._shown, self._shown.newest
        if self.slider.isSliderDown():
            if newest is None or newest.place < self._newest_place:
                self.slider.setSliderDown(False)  # which comes back here
            return
        self._newest_place = (0, 0) if newest is None else newest.place
        self._places = shown.moments
        self.slider.set_moments(
            self._places, shown.best, 0 if newest is None else newest.step, self._index
        )
        for part in (self.play, self.slider, self.speed, self.branch):
            part.setEnabled(bool(self._places))
        self._show_text()

    @property
    def _index(self) -> int:
        chosen = self._shown.chosen
        return len(self._places) if chosen is None else self._places.index(chosen)

    @Slot()
    def _show_moment(self) -> None:
        if self._shown.chosen is not None and self._shown.chosen not in self._places:
            self._show_moments()
            return
        self.slider.blockSignals(True)
        self.slider.setValue(self._index)
        self.slider.blockSignals(False)
        self._show_text()

    def _show_text(self) -> None:
        chosen, newest = self._shown.chosen, self._shown.newest
        self.now.setEnabled(chosen is not None)
        self.branch.setToolTip(_branch_tip(chosen))
        words, epoch = "Now", ""
        if chosen is not None and newest is not None:
            words = f"Step {numeral(chosen.step)} of {numeral(newest.step)}"
            epoch = f"epoch {numeral(chosen.epochs, ',.2f')}"
        self.step.set_text(words)
        self.step.set_color(QPalette.ColorRole.Highlight if chosen else None)
        self.epoch.set_text(epoch)
        self.slider.number = self.slider.numbers[self._index]
        self.slider.words = words

    @Slot(bool)
    def _show_playing(self, is_playing: bool) -> None:
        self._symbol = "pause" if is_playing else "play"
        self.play.setAccessibleName("Pause the film" if is_playing else "Play the film")
        self._draw_symbol()

    def _draw_symbol(self) -> None:
        role, group = QPalette.ColorRole.ButtonText, QPalette.ColorGroup
        colors = [self.palette().color(state, role) for state in (group.Active, group.Disabled)]
        self.play.setIcon(symbol_icon(self._symbol, *colors))
        self.branch.setIcon(symbol_icon("branch", *colors))

    # --- what the user does -----------------------------------------------------------------

    @Slot(int)
    def _on_slid(self, index: int) -> None:
        self.player.stop()
        places = self._places
        self._shown.choose(places[index] if index < len(places) else None)
        self.slider.say(self.slider.number, self.step.text())


def _branch_tip(chosen: FilmMoment | None) -> str:
    """Return what a branch at this moment begins with; None: now."""
    network = "the newest network, in full precision, with what its optimizer remembers"
    if chosen is not None:
        how = "rounded to 16 bits" if chosen.is_rounded else "in full precision"
        network = f"the network at step {numeral(chosen.step)}, {how}, with a new optimizer"
    return f"Begin a new run with {network}, and the settings on the left. This run stays in Runs"
