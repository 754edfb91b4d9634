"""The order of the list of runs: sorted, filtered, and each run under its search or its parent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from PySide6.QtCore import (
    QAbstractProxyModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Slot,
)

from gui.runs.run_columns import BEGAN, COLUMNS, NAME, text_of
from gui.runs.runs_model import RunsModel

_AnyIndex = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


class RunsOrder(QAbstractProxyModel):
    """Sorts the runs, and shows those whose cells contain all words of a text.

    The runs of an open search stand under it. A search is shown with all its runs if it has the
    words, and else with those of its runs that have them.

    Sorted by name or time, branches stand under their parents, and a run with branches is where the
    first of them all would be.

    It sorts a list of keys: QSortFilterProxyModel would call Python for each comparison, which
    takes a tenth of a second for 2,000 runs.
    """

    def __init__(self, model: RunsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._words: list[str] = []
        self._column = -1
        self._direction = Qt.SortOrder.AscendingOrder
        self._keys: list[float | str] = []
        self._texts: dict[int, str] = {}
        self._places: list[int] = []  # in the model, of each row here
        self._rows: dict[int, int] = {}  # the inverse, empty until it is needed
        self.setSourceModel(model)
        model.dataChanged.connect(self._on_changed)
        model.rowsInserted.connect(self._arrange)
        model.modelAboutToBeReset.connect(self.beginResetModel)
        model.modelReset.connect(self._on_reset)
        self._on_reset_places()

    # --- what Qt asks -------------------------------------------------------------------------

    def rowCount(self, parent: _AnyIndex = _NONE) -> int:
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._places)

    def columnCount(self, parent: _AnyIndex = _NONE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def index(self, row: int, column: int, parent: _AnyIndex = _NONE) -> QModelIndex:
        """Return the index of a cell."""
        if parent.isValid() or not (0 <= row < len(self._places) and 0 <= column < len(COLUMNS)):
            return QModelIndex()
        return self.createIndex(row, column)

    def parent(self, _index: _AnyIndex = _NONE) -> Any:
        """Return no index: the list is no tree for Qt."""
        return QModelIndex()

    def mapToSource(self, index: _AnyIndex) -> QModelIndex:
        """Return the model's index of a cell."""
        if not index.isValid():
            return QModelIndex()
        return self._model.index(self._places[index.row()], index.column())

    def mapFromSource(self, index: _AnyIndex) -> QModelIndex:
        """Return the index of a cell of the model; an invalid one if it is not shown."""
        if not self._rows:
            self._rows = {place: row for row, place in enumerate(self._places)}
        return self.index(self._rows.get(index.row(), -1), index.column())

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return a column's heading, even if there are no rows."""
        return self._model.headerData(section, orientation, role)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        self._column, self._direction = column, order
        rows, is_tree = self._model.rows, column in (NAME, BEGAN)
        is_indented = is_tree is not rows.is_tree
        rows.is_tree = is_tree
        self._arrange()
        if is_indented and self._places:
            self.dataChanged.emit(self.index(0, NAME), self.index(len(self._places) - 1, NAME))

    # --- what is shown ------------------------------------------------------------------------

    def set_text(self, text: str) -> None:
        """Show only the runs whose cells contain all words of `text`."""
        self._words = text.casefold().split()
        self._arrange()

    @Slot()
    def _on_reset(self) -> None:
        self._on_reset_places()
        self.endResetModel()

    def _on_reset_places(self) -> None:
        self._texts.clear()
        self._rows.clear()
        self._places = self._shown(self._sorted())

    @Slot(QModelIndex, QModelIndex)
    def _on_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        """Move rows whose sort keys have changed, and draw them again."""
        is_moved = bool(self._words)
        for place in range(first.row(), last.row() + 1):
            self._texts.pop(place, None)
            is_moved |= self._column >= 0 and self._keys[place] != self._key(place)
        if is_moved:
            self._arrange()
        for place in range(first.row(), last.row() + 1):
            top = self.mapFromSource(self._model.index(place, first.column()))
            if top.isValid():
                self.dataChanged.emit(top, top.siblingAtColumn(last.column()))

    @Slot()
    def _arrange(self) -> None:
        """Take rows away, add rows and move the others, so that each change is as small as it is.

        The selection and the rows in view stay.
        """
        wanted = self._shown(self._sorted())
        if wanted == self._places:
            return
        is_wanted = set(wanted).__contains__
        for first, last in reversed(_blocks(self._places, lambda place: not is_wanted(place))):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._places[first : last + 1]
            self._rows.clear()
            self.endRemoveRows()
        is_here = set(self._places).__contains__
        kept = [place for place in wanted if is_here(place)]
        if kept != self._places:
            self._permute(kept)
        for first, last in _blocks(wanted, lambda place: not is_here(place)):
            self.beginInsertRows(QModelIndex(), first, last)
            self._places[first:first] = wanted[first : last + 1]
            self._rows.clear()
            self.endInsertRows()

    def _permute(self, places: list[int]) -> None:
        """Put the same rows into this order."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [(self._places[index.row()], index.column()) for index in before]
        self._places = places
        self._rows = {place: row for row, place in enumerate(places)}
        after = [self.index(self._rows[place], column) for place, column in held]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _sorted(self) -> list[int]:
        """Return the places of all rows in their order, those of a search after it."""
        count = len(self._model.rows.listed)
        if self._column < 0:
            return list(range(count))
        self._keys = [self._key(place) for place in range(count)]
        is_reversed = self._direction == Qt.SortOrder.DescendingOrder
        order = sorted(range(count), key=self._keys.__getitem__, reverse=is_reversed)
        rows = self._model.rows
        above = {place: rows.above(place) for place in order}
        under: dict[int | None, list[int]] = {}
        for place in order:
            under.setdefault(above[place], []).append(place)
        # The runs of a search do not move it.
        moving = [place for place in order if rows.search_above(place) is None]
        return [each for top in _tops(moving, above) for each in _with_those_under(top, under)]

    def _key(self, place: int) -> float | str:
        return self._model.sort_key(place, self._column)

    def _shown(self, places: list[int]) -> list[int]:
        """Return those places whose rows have the words."""
        if not self._words:
            return places
        above = self._model.rows.search_above
        shown = {place for place in places if self._has_words(place)}
        shown |= {place for place in places if above(place) in shown}
        shown |= {
            top for place in shown if (top := above(place)) is not None
        }  # a search is shown with its runs
        return [place for place in places if place in shown]

    def _has_words(self, place: int) -> bool:
        text = self._texts.get(place)
        if text is None:
            record = self._model.rows.listed[place]
            cells = (text_of(record, column) for column in range(len(COLUMNS)))
            self._texts[place] = text = " ".join(cells).casefold()
        return all(word in text for word in self._words)


def _tops(places: list[int], above: Mapping[int, int | None]) -> Iterator[int]:
    """Yield the topmost places above some, in the order in which the first of each comes."""
    seen: set[int] = set()
    for place in places:
        at: int | None = place
        while at is not None and at not in seen:
            seen.add(at)
            if above[at] is None:
                yield at
            at = above[at]


def _with_those_under(place: int, under: dict[int | None, list[int]]) -> Iterator[int]:
    """Yield a place, and after it those under it, each with its own."""
    waiting = [place]
    while waiting:
        yield (place := waiting.pop())
        waiting += reversed(under.get(place, ()))


def _blocks(places: list[int], is_in: Any) -> list[tuple[int, int]]:
    """Return the first and last row of each block of neighbors for which `is_in` holds."""
    rows = [row for row, place in enumerate(places) if is_in(place)]
    groups = groupby(enumerate(rows), lambda pair: pair[1] - pair[0])
    blocks = [[row for _number, row in group] for _offset, group in groups]
    return [(block[0], block[-1]) for block in blocks]
