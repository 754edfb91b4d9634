"""Layouts without margins: a row of items, or a column."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

Item = QWidget | QLayout
_Box = TypeVar("_Box", bound=QBoxLayout)


def row(*items: Item, spacing: int = 8, wide: Item | None = None) -> QHBoxLayout:
    """Return a layout of `items` side by side; `wide` is the one that gets the free room."""
    return _filled(QHBoxLayout(), items, spacing, wide)


def column(*items: Item, spacing: int = 8, high: Item | None = None) -> QVBoxLayout:
    """Return a layout of `items` one below the other; `high` is the one that gets the free room."""
    return _filled(QVBoxLayout(), items, spacing, high)


def _filled(layout: _Box, items: tuple[Item, ...], spacing: int, greedy: Item | None) -> _Box:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for item in items:
        if isinstance(item, QLayout):
            layout.addLayout(item, int(item is greedy))
        else:
            layout.addWidget(item, int(item is greedy))
    return layout
