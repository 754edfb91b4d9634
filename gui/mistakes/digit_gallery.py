"""Digits of the test set as small images, each with what it was read as."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen

from core.arrays import Floats, LabeledImages, Labels
from core.colors import LIGHT, Theme
from core.wording import are_digits, percent
from gui.widgets.digit_tiles import Tiles
from gui.widgets.named import named
from gui.widgets.tile_area import TileArea
from gui.widgets.tile_painter import TilePainter


class Predictions(Protocol):
    """What a network says of each image of a set, (n,)."""

    @property
    def guesses(self) -> Labels:
        """uint8, the predicted classes."""

    @property
    def confidence(self) -> Floats:
        """Their probabilities."""


class DigitGallery(TileArea):
    """Shows digits in rows; only visible ones are drawn.

    Under the mouse nothing moves: a new order waits until the mouse has left, and meanwhile the
    digits that are there tell how they are read now.

    Parameters
    ----------
    name, title, tool_tip
        For the code, for screen readers, and for the mouse.
    what
        What one of the images is called.

    Signals
    -------
    digit_chosen(int)
        The user has clicked a digit, or pressed Return on it: its index in the set.

    Attributes
    ----------
    digits
        intp, (n,): the indices in the set of what is shown, in order.
    """

    digit_chosen = Signal(int)

    def __init__(
        self,
        name: str = "digit_gallery",
        title: str = "Test images, worst mistakes first",
        tool_tip: str = "Click a digit to put it on the pad",
        what: str = "Test image",
    ) -> None:
        super().__init__()
        named(self, name, title, tool_tip)
        self._what = what
        self._painter = TilePainter(self.font())
        self.digits: NDArray[np.intp] = np.zeros(0, np.intp)
        self._evaluation: Predictions | None = None
        self._set: LabeledImages | None = None
        self._waiting: NDArray[np.intp] | None = None
        self.tile_chosen.connect(self._on_chosen)
        self.apply_theme(LIGHT)

    @property
    def tile_count(self) -> int:
        """How many digits are shown."""
        return len(self.digits)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self._painter.apply_theme(theme)
        self.viewport().update()

    # --- what is shown ----------------------------------------------------------------------

    def name_classes(self, classes: tuple[str, ...]) -> None:
        """Call the classes by these names, from the next images on."""
        self._painter.classes = classes

    def show_digits(
        self, digits: NDArray[np.intp], evaluation: Predictions | None, images: LabeledImages
    ) -> None:
        """Show other digits, from the first on.

        Parameters
        ----------
        digits
            intp, (n,): their indices in the set, in the order to show them in.
        evaluation
            How the set was read; None if that is not known.
        images
            The set.
        """
        self._evaluation, self._set = evaluation, images
        self.current = None
        self._replace(digits)
        self.verticalScrollBar().setValue(0)

    def show_newer(self, digits: NDArray[np.intp], evaluation: Predictions) -> None:
        """Show the same selection after a newer evaluation; parameters as in :meth:`show_digits`.

        Keeps the scroll position and the current digit.
        """
        self._evaluation = evaluation
        if self.underMouse() and self.isVisible():
            self._waiting = digits
            self.viewport().update()
        else:
            self._replace(digits)

    def clear(self) -> None:
        """Show nothing."""
        self._replace(np.zeros(0, np.intp))

    def reveal(self, digit: int) -> bool:
        """Scroll to a digit, by its index in the set, and mark it; return whether it is shown."""
        places = np.flatnonzero(self.digits == digit)
        if len(places):
            self._go_to(int(places[0]))
        return bool(len(places))

    def words(self, tile: int) -> str:
        """Describe a digit."""
        assert self._set is not None
        digit, classes = int(self.digits[tile]), self._painter.classes
        name = classes[self._set.labels[digit]]
        name = f"a {name}" if are_digits(classes) else name
        if self._evaluation is None:
            return f"{self._what} {digit}: {name}"
        confidence = float(self._evaluation.confidence[digit])
        return (
            f"{self._what} {digit}: {name}, predicted as "
            f"{classes[self._evaluation.guesses[digit]]}, {percent(confidence, 1)} confident"
        )

    def _replace(self, digits: NDArray[np.intp]) -> None:
        if self.current is not None:
            places = np.flatnonzero(digits == self.digits[self.current])
            self.current = int(places[0]) if len(places) else None
        self.digits, self._waiting = digits, None
        self._hovered = self._pressed = None
        self._fit_scroll_bar()
        self._describe()
        self.viewport().update()

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the visible tiles."""
        if self._set is None or not len(self.digits):
            return
        tiles, scrolled = self.tiles, self.verticalScrollBar().value()
        in_sight = tiles.in_sight(scrolled, self.viewport().height())
        digits = self.digits[in_sight.start : in_sight.stop]
        painter = QPainter(self.viewport())
        painter.translate(0, -scrolled)
        self._painter.paint_images(painter, tiles, in_sight, self._set.images[digits])
        if tiles.has_lines:
            self._paint_lines(painter, tiles, in_sight, digits)
        if self._hovered is not None:
            painter.setPen(QColor(self._theme.quiet))
            painter.drawRect(tiles.image_rect(self._hovered).adjusted(-1, -1, 0, 0))
        if self.current is not None:
            painter.setPen(QPen(QColor(self._theme.accent), 2))
            painter.drawRect(tiles.image_rect(self.current))

    def _paint_lines(
        self, painter: QPainter, tiles: Tiles, in_sight: range, digits: NDArray[np.intp]
    ) -> None:
        assert self._set is not None
        labels, read = self._set.labels[digits], self._evaluation
        if read is None:
            self._painter.paint_lines(painter, tiles, in_sight, labels, labels, None)
        else:
            guesses, confidence = read.guesses[digits], read.confidence[digits]
            self._painter.paint_lines(painter, tiles, in_sight, labels, guesses, confidence)

    @Slot(int)
    def _on_chosen(self, tile: int) -> None:
        self.digit_chosen.emit(int(self.digits[tile]))

    # --- the mouse --------------------------------------------------------------------------

    def leaveEvent(self, event: QEvent) -> None:
        """Show the order that has waited."""
        super().leaveEvent(event)
        if self._waiting is not None:
            self._replace(self._waiting)
