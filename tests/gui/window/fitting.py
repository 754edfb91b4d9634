"""What does not fit in a window: controls that are cut, and texts with too little room."""

from contextlib import contextmanager

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QComboBox,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QTableView,
    QWidget,
)

from gui.widgets.live_text import LiveText
from gui.widgets.section import SectionHeader

_IGNORED = QSizePolicy.Policy.Ignored
_TOLERANCE = 1
"""Logical pixels, which rounding at a fractional device ratio may cost."""


def faults(window):
    """Return a line for each visible part of `window` that is cut or lacks room for its text."""
    found = []
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.window() is window and not _is_qts_own(widget):
            found += _cut(widget, window)
            found += _squeezed(widget)
            found += _narrow(widget)
    return found


def _is_qts_own(widget):
    return widget.objectName().startswith("qt_") or type(widget).__name__ in (
        "QSplitterHandle",
        "QScrollBar",
        "QToolButton" if widget.objectName().startswith("Scroll") else "",
        "QHeaderView",
    )


def _name(widget):
    names = []
    while widget is not None and len(names) < 3:
        names.append(widget.objectName() or type(widget).__name__)
        widget = widget.parentWidget()
    return " in ".join(names)


# --- cut off ------------------------------------------------------------------------------------


def _cut(widget, window):
    """Say where a widget juts out of what holds it; what can be scrolled to is not cut."""
    if widget.width() <= 0 or widget.height() <= 0:
        return [f"{_name(widget)} has no size"] if _is_control(widget) else []
    rect, holder = QRect(QPoint(0, 0), widget.size()), widget
    while holder is not window:
        rect.translate(holder.pos())
        holder = holder.parentWidget()
        area = holder.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is holder:
            never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            if area.verticalScrollBarPolicy() != never:
                rect.setTop(max(rect.top(), 0))
                rect.setBottom(min(rect.bottom(), holder.height() - 1))
            if area.horizontalScrollBarPolicy() != never:
                rect.setLeft(max(rect.left(), 0))
                rect.setRight(min(rect.right(), holder.width() - 1))
            if rect.isEmpty():
                return []
        if not holder.rect().adjusted(-1, -1, 1, 1).contains(rect):
            return [f"{_name(widget)} is cut: {_text(rect)} in {_text(holder.rect())}"]
    return []


def _is_control(widget):
    kinds = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, LiveText)
    return isinstance(widget, kinds)


def _squeezed(widget):
    """Say where a widget is smaller than it says that it must be."""
    least, policy = widget.minimumSizeHint(), widget.sizePolicy()
    lacks = []
    if policy.horizontalPolicy() != _IGNORED and widget.width() < least.width() - _TOLERANCE:
        lacks.append(f"{widget.width()} instead of {least.width()} wide")
    if policy.verticalPolicy() != _IGNORED and widget.height() < least.height() - _TOLERANCE:
        lacks.append(f"{widget.height()} instead of {least.height()} high")
    if lacks and widget.maximumSize().width() >= least.width():
        return [f"{_name(widget)} is squeezed: {', '.join(lacks)}"]
    return []


# --- texts --------------------------------------------------------------------------------------


def _narrow(widget):
    """Say whether a text is wider or higher than its place, and no tool tip holds it in full."""
    checks = (
        (QLabel, _label),
        (QAbstractButton, _button),
        (QComboBox, _combo),
        (QLineEdit, _field),
        (LiveText, _live),
        (QTabBar, _tabs),
        (QTableView, _table),
    )
    for kind, check in checks:
        if isinstance(widget, kind):
            return [f"{_name(widget)}: {problem}" for problem in check(widget)]
    return []


def _label(label):
    text = label.text()
    if not text or not label.pixmap().isNull():
        return
    room = label.contentsRect()
    if label.wordWrap():
        longest = max(text.split(), key=len) if label.textFormat() == _PLAIN else ""
        width, height = _advance(label, longest), label.heightForWidth(label.width())
    elif label.textFormat() == Qt.TextFormat.RichText:
        width, height = label.sizeHint().width(), label.sizeHint().height()
    else:
        size = QFontMetrics(label.font()).size(0, text)
        width, height = size.width(), size.height()
    if width > room.width() + _TOLERANCE and text not in label.toolTip():
        yield f"{text!r} needs {width} of {room.width()}"
    if height > label.height() + 2 * _TOLERANCE:
        yield f"{text!r} needs a height of {height}, not {label.height()}"


_PLAIN = Qt.TextFormat.PlainText


def _button(button):
    if isinstance(button, SectionHeader):
        needed = _advance(button, button.text()) + 16
        is_told = not button.summary or button.summary in button.toolTip()
        if not is_told:
            yield f"{button.summary!r} may be elided and no tool tip holds it"
    else:
        needed = button.sizeHint().width()
    if button.text() and needed > button.width() + _TOLERANCE:
        yield f"{button.text()!r} needs {needed} of {button.width()}"


def _combo(combo):
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    control = QStyle.ComplexControl.CC_ComboBox
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = combo.style().subControlRect(control, option, part, combo).width()
    text = combo.currentText()
    if _advance(combo, text) > room + _TOLERANCE and text not in combo.toolTip():
        yield f"{text!r} needs {_advance(combo, text)} of {room}"


def _field(field):
    text = field.text() or field.placeholderText()
    room = field.width() - 14
    if _advance(field, text) > room + _TOLERANCE and text not in field.toolTip():
        yield f"{text!r} needs {_advance(field, text)} of {room}"


def _live(live):
    metrics = QFontMetrics(live._font)
    lines = live.text().split("\n")
    width = max(map(metrics.horizontalAdvance, lines))
    if width > live.width() + _TOLERANCE and live.text() not in live.toolTip():
        yield f"{live.text()!r} needs {width} of {live.width()}"
    if live.text() and live.height() < min(metrics.height(), live.sizeHint().height()) - _TOLERANCE:
        yield f"{live.text()!r} is {live.height()} high"


def _tabs(bar):
    for index in filter(bar.isTabVisible, range(bar.count())):
        place = bar.tabRect(index)
        needed = _advance(bar, bar.tabText(index))
        if not bar.rect().contains(place.adjusted(0, 0, -1, -1)):
            yield f"the tab {bar.tabText(index)!r} is not to be seen"
        elif max(place.width(), place.height()) < needed:
            yield f"the tab {bar.tabText(index)!r} is {place.width()} wide"


def _table(table):
    model, header = table.model(), table.horizontalHeader()
    for column in range(model.columnCount() if model is not None else 0):
        title = model.headerData(column, Qt.Orientation.Horizontal) or ""
        needed = _advance(header, str(title))
        tip = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        if table.isColumnHidden(column) or not header.isVisible():
            continue
        if needed > header.sectionSize(column) and str(title) not in (tip or ""):
            yield f"the heading {title!r} needs {needed} of {header.sectionSize(column)}"


def _advance(widget, text):
    return QFontMetrics(widget.font()).horizontalAdvance(text)


def _text(rect):
    return f"{rect.width()}×{rect.height()} at ({rect.x()}, {rect.y()})"


# --- painted texts ------------------------------------------------------------------------------


@contextmanager
def painted_texts():
    """Collect what painted texts lack while the block runs: room, or a place of their own."""
    found, places = [], {}
    draw = QPainter.drawText

    def spy(painter, *arguments):
        draw(painter, *arguments)
        device = painter.device()
        if isinstance(device, QWidget) and type(device).__module__.startswith("gui."):
            found.extend(_painted(painter, device, arguments, places))

    QPainter.drawText = spy
    try:
        yield found
    finally:
        QPainter.drawText = draw


def _painted(painter, device, arguments, places):
    metrics, text = QFontMetrics(painter.font()), arguments[-1]
    if not isinstance(text, str) or not text:
        return
    if len(arguments) == 3:
        room, flags = arguments[0], arguments[1]
        room = room if isinstance(room, QRect) else room.toAlignedRect()
        flags = flags.value if hasattr(flags, "value") else int(flags)
        inked = metrics.boundingRect(room, flags, text)
        if inked.width() > room.width() + 2 and text not in device.toolTip():
            yield f"{_name(device)} paints {text!r}, {inked.width()} wide, on {room.width()}"
    else:
        inked = metrics.tightBoundingRect(text)
        inked.translate(arguments[0].toPoint())
    inked = painter.transform().mapRect(inked)
    if not device.rect().adjusted(-2, -3, 2, 3).contains(inked):
        yield f"{_name(device)} paints {text!r} at {_text(inked)}, outside {_text(device.rect())}"
    inner = inked.adjusted(1, 3, -1, -3)
    others = places.setdefault(id(device), {})
    for other, place in others.items():
        if other != text and place.intersects(inner):
            yield f"{_name(device)} paints {text!r} over {other!r}"
    others[text] = inner
