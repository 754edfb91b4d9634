"""The look of tables, beyond the application's style sheet."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView

from core.colors import Theme
from gui.widgets.theme import HINT_SIZE, tabular

ROW_HEIGHT = 26


def make_plain(table: QTableView) -> None:
    """Remove the grid, the frame and the row numbers, and give all rows the same height."""
    table.setFont(tabular(table.font()))
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.horizontalHeader().setHighlightSections(False)
    rows = table.verticalHeader()
    rows.hide()
    # Fixed, so that hundreds of rows need not be measured.
    rows.setSectionResizeMode(rows.ResizeMode.Fixed)
    rows.setDefaultSectionSize(ROW_HEIGHT)


def color_table(table: QTableView, theme: Theme) -> None:
    """Draw a table in the colors of `theme`."""
    # A selection in the accent's color would outshine the colors of the curves.
    palette = table.palette()
    palette.setColor(QPalette.ColorRole.Highlight, QColor(theme.hairline))
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor(theme.text))
    table.setPalette(palette)
    table.setStyleSheet(f"""
    QTableView::item {{ padding: 0 4px; border: none; }}
    QTableView::item:selected {{ background: {theme.hairline}; color: {theme.text}; }}
    QHeaderView {{ background: {theme.surface}; border: none; }}
    QHeaderView::section {{
        background: {theme.surface}; color: {theme.quiet}; font-size: {HINT_SIZE}px;
        border: none; border-bottom: 1px solid {theme.hairline}; padding: 4px 7px;
    }}
    QHeaderView::section:hover {{ color: {theme.text}; }}
    """)
