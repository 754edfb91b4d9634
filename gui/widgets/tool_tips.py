"""Tool tips: narrow, and beside what they explain."""

from __future__ import annotations

import textwrap

from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QCursor
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLabel,
    QTabBar,
    QWidget,
)

_CHARACTERS = 40
_GAP = 6
_LARGEST, _LARGEST_PART = 400, 120
"""Of what is higher than this, in logical pixels, a tip explains the place under the mouse; so it
does earlier where the tip is not that of the whole."""
_POINTER = QSize(24, 24)


class App(QApplication):
    """Sees to each tool tip as soon as Qt shows it.

    A tip comes from a timer of the application, whose events are few: a filter of all events of
    all widgets would cost a share of each frame.
    """

    def event(self, event: QEvent) -> bool:
        """Improve the tool tip that this event has shown, if it has."""
        is_done = super().event(event)
        if event.type() == QEvent.Type.Timer:
            improve_tool_tip()
        return is_done


def improve_tool_tip() -> None:
    """Wrap the visible tool tip, and move it away from what it explains."""
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QLabel) and widget.inherits("QTipLabel") and widget.isVisible():
            what = explained(QCursor.pos(), widget.text())
            wrap(widget)
            widget.move(place_beside(what, widget.size(), widget.screen().geometry()))


def wrapped(text: str) -> str:
    """Return plain text in lines of about 40 characters; its own line breaks stay."""
    lines = (textwrap.wrap(line, _CHARACTERS) or [""] for line in text.split("\n"))
    return "\n".join("\n".join(of) for of in lines)


def wrap(tip: QLabel) -> None:
    """Make a tip narrow; rich text by its width."""
    if GuiQt.mightBeRichText(tip.text()):
        width = tip.fontMetrics().averageCharWidth() * _CHARACTERS
        if tip.width() > width:
            tip.setWordWrap(True)
            tip.resize(width, tip.heightForWidth(width))
        return
    text = wrapped(tip.text())
    if text != tip.text():
        tip.setWordWrap(False)
        tip.setText(text)
        tip.resize(tip.sizeHint() + QSize(1, 0))


def explained(cursor: QPoint, text: str) -> QRect:
    """Return what the tip of this text at the mouse is about, on the screen."""
    widget = QApplication.widgetAt(cursor)
    if widget is None:
        return QRect(cursor, _POINTER)
    place = _part_of(widget, widget.mapFromGlobal(cursor))
    place = place.translated(widget.mapToGlobal(QPoint(0, 0)))
    if place.height() <= (_LARGEST if text == widget.toolTip() else _LARGEST_PART):
        return place
    return QRect(cursor - QPoint(_POINTER.width() // 2, _POINTER.height() // 2), _POINTER)


def _part_of(widget: QWidget, place: QPoint) -> QRect:
    """Return the part of a widget that has a tip of its own."""
    if isinstance(widget, QTabBar):
        return widget.tabRect(widget.tabAt(place))
    view = widget.parentWidget()
    if isinstance(view, QHeaderView):
        section = view.logicalIndexAt(place)
        return QRect(
            view.sectionViewportPosition(section), 0, view.sectionSize(section), view.height()
        )
    if isinstance(view, QAbstractItemView):
        return view.visualRect(view.indexAt(place))
    return widget.rect()


def place_beside(what: QRect, size: QSize, screen: QRect) -> QPoint:
    """Return where a tip of this size does not cover `what`: below it, or else above it."""
    left = max(min(what.left(), screen.right() - size.width()), screen.left())
    below = what.bottom() + _GAP
    if below + size.height() <= screen.bottom():
        return QPoint(left, below)
    return QPoint(left, max(what.top() - _GAP - size.height(), screen.top()))
