"""One setting that varies in a search: which one, and its values or its range."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QToolButton, QVBoxLayout, QWidget

from core.errors import ConfigError
from core.search.varied import MAX_VALUES, Varied, parse_varied
from core.search.varied_settings import SETTINGS, Setting
from gui.search.value_lists import read_values, write_values
from gui.widgets.check_box import CheckBox
from gui.widgets.choice import Choice
from gui.widgets.labels import label
from gui.widgets.layouts import column, row
from gui.widgets.named import named
from gui.widgets.number_field import NumberField
from gui.widgets.segmented_choice import SegmentedChoice
from gui.widgets.theme import SPACE
from gui.widgets.wrapping_row import WrappingRow

_RANGE, _LIST = "range", "list"
_KINDS = (
    (_RANGE, "Range", "Any value between two"),
    (_LIST, "List", "Some values"),
)
_FARTHEST = 1e9
_END_WIDTH = 76
_POINTS_WIDTH = 56
_OPTIONS = [(setting, setting.title, setting.name) for setting in SETTINGS]


class VariedRow(QWidget):
    """The setting, and under it fields for a range, for a list, or a box for each name.

    Signals
    -------
    changed()
        By the user's hand, or by :meth:`show_varied`.
    removed()
        The user wants the setting not to vary.
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, varied: Varied) -> None:
        super().__init__()
        self.setObjectName("varied_row")
        self._is_grid = self._is_list = False
        self._setting = varied.setting
        self.choice = Choice("varied_setting_combo", _OPTIONS)
        self.choice.setAccessibleName("Setting that varies")
        self.choice.chosen.connect(self._on_setting_chosen)
        self.kind = SegmentedChoice("varied_kind_combo", _KINDS)
        self.kind.setAccessibleName("Range or list")
        self.kind.chosen.connect(self._on_kind_chosen)
        tip = "Do not vary this setting"
        remove = named(QToolButton(), "remove_varied_button", "Do not vary this", tip)
        remove.setText("×")
        remove.clicked.connect(self.removed)
        self.error = named(label("", "fault"), "varied_error")
        self.error.setWordWrap(True)
        self.error.hide()
        self._boxes: list[CheckBox] = []
        self._pages = self._make_range(), self._make_list(), self._make_names()
        top = row(self.choice, self.kind, remove, spacing=SPACE, wide=self.choice)
        self.setLayout(column(top, *self._pages, self.error, spacing=SPACE))
        self.show_varied(varied)

    def _make_range(self) -> QWidget:
        self.low, self.high = (
            NumberField(f"The {which} end of the range", -_FARTHEST, _FARTHEST)
            for which in ("lower", "upper")
        )
        for field, name, title in (
            (self.low, "varied_low_field", "From"),
            (self.high, "varied_high_field", "To"),
        ):
            named(field, name, title, f"{title}: one end of the range, which is tried, too")
            field.setFixedWidth(_END_WIDTH)
            field.value_changed.connect(self._on_changed)
        self.log = named(
            CheckBox("Log"), "varied_log_check", "Logarithmic", "Equal ratios are equally likely"
        )
        self.log.clicked.connect(self._on_changed)
        self.points = NumberField("How many values a grid has", 2, MAX_VALUES, whole=True)
        named(
            self.points,
            "varied_points_field",
            "Values of the grid",
            "How many values a grid takes of the range",
        )
        self.points.setFixedWidth(_POINTS_WIDTH)
        self.points.value_changed.connect(self._on_changed)
        ends = row(self.low, label("to", "quiet"), self.high, self.log)
        ends.addStretch(1)
        self._grid = QWidget()
        grid = row(label("in", "quiet"), self.points, label("values", "quiet"))
        grid.addStretch(1)
        self._grid.setLayout(grid)
        page = QWidget()
        page.setLayout(column(ends, self._grid, spacing=SPACE))
        return page

    def _make_list(self) -> QWidget:
        self.values = QLineEdit()
        named(self.values, "varied_values_field", "Values", "The values to try, one after another")
        self.values.editingFinished.connect(self._on_changed)
        page = QWidget()
        page.setLayout(column(self.values))
        return page

    def _make_names(self) -> QWidget:
        page = QWidget()
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        self._names = WrappingRow()
        outer.addLayout(self._names)
        return page

    # --- what is shown ------------------------------------------------------------------------

    def show_varied(self, varied: Varied) -> None:
        """Show a setting, and what is tried of it."""
        self._setting = setting = varied.setting
        self.choice.set_value(setting)
        self.choice.setToolTip(setting.title)
        self.kind.setVisible(setting.kind in ("number", "whole"))
        self.show_error("")
        if setting.kind == "name":
            self._show_boxes(setting, [str(value) for value in varied.values])
            self._show_page(2)
        elif varied.values:
            self.kind.set_value(_LIST)
            self.values.setText(write_values(setting, varied.values))
            self._show_page(1)
        else:
            self.kind.set_value(_RANGE)
            self.low.set_value(varied.low)
            self.high.set_value(varied.high)
            self.log.setChecked(varied.is_log)
            self.points.set_value(varied.points)
            self._show_page(0)

    def _show_boxes(self, setting: Setting, chosen: list[str]) -> None:
        for box in self._boxes:
            self._names.removeWidget(box)
            box.deleteLater()
        self._boxes = []
        for name in setting.names:
            box = named(CheckBox(name), f"varied_{name}_check", name, f"Try {name}")
            box.setChecked(name in chosen)
            box.clicked.connect(self._on_changed)
            self._names.addWidget(box)
            self._boxes.append(box)

    def _show_page(self, index: int) -> None:
        for place, page in enumerate(self._pages):
            page.setVisible(place == index)
        self._is_list = index == 1
        self._grid.setVisible(self._is_grid)

    def set_grid(self, is_grid: bool) -> None:
        """Say whether the search is a grid, which takes some values of a range."""
        self._is_grid = is_grid
        self._grid.setVisible(is_grid)

    def show_error(self, text: str) -> None:
        """Say what is wrong with this row; "" if nothing is."""
        self.error.setText(text)
        self.error.setVisible(bool(text))

    # --- what is tried ------------------------------------------------------------------------

    def varied(self) -> Varied:
        """Return what is tried; raises ConfigError if that is not possible."""
        setting = self._setting
        if setting.kind == "name":
            names = tuple(box.text() for box in self._boxes if box.isChecked())
            if not names:
                raise ConfigError(f"Tick the values of '{setting.title}' to try.")
            return Varied(setting.name, names)
        if self._is_list:
            return Varied(setting.name, read_values(setting, self.values.text()))
        return Varied(
            setting.name,
            low=float(self.low.value or 0.0),
            high=float(self.high.value or 0.0),
            is_log=self.log.isChecked(),
            points=int(self.points.value or 2),
        )

    @Slot(object)
    def _on_setting_chosen(self, setting: Setting) -> None:
        if setting is not self._setting:
            self.show_varied(default_of(setting))
            self.changed.emit()

    @Slot(object)
    def _on_kind_chosen(self, kind: str) -> None:
        """Begin with what is shown: the ends of the list, or the grid of the range."""
        setting = self._setting
        try:
            before = self.varied()
        except ConfigError:
            before = default_of(setting)
        if kind == _LIST and not before.values:
            self.show_varied(Varied(setting.name, before.grid()))
        elif kind == _RANGE and before.values:
            ends = sorted(float(value) for value in before.values)
            low, high = ends[0], ends[-1]
            self.show_varied(_range(setting, low, high if high > low else low + 1))
        self.changed.emit()

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()


def default_of(setting: Setting) -> Varied:
    """Return what a new search offers for a setting."""
    return parse_varied(f"{setting.name}={setting.default}")


def _range(setting: Setting, low: float, high: float) -> Varied:
    return Varied(setting.name, low=low, high=high, is_log=low > 0 and high / low >= 10)
