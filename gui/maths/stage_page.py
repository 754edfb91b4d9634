"""One stage of a worked example: formula, numbers, check, source, and a note."""

from __future__ import annotations

import math
from html import escape
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from core.colors import LIGHT, Theme
from core.maths.finite_difference import STEP, Check
from core.maths.source_line import SourceLines
from core.maths.stage import Quantity, Stage
from core.wording import numeral
from gui.maths.formula import FormulaLabel
from gui.maths.formula_markup import number
from gui.maths.ledger import Ledger
from gui.widgets.labels import label
from gui.widgets.layouts import column, row
from gui.widgets.named import named
from gui.widgets.theme import FIGURE_SIZE, HINT_SIZE, SPACE, TEXT_SIZE, TITLE_SIZE


class _Type(NamedTuple):
    """Sizes of type, in pixels, for a view that is `wide` and `high`."""

    wide: int
    high: int
    meaning: int
    formulas: int
    figures: int
    code: int
    hints: int


_SMALLEST = _Type(0, 0, TEXT_SIZE, TITLE_SIZE, TEXT_SIZE, HINT_SIZE, HINT_SIZE)
_LARGEST_FIRST = (
    _Type(960, 520, TITLE_SIZE, FIGURE_SIZE, FIGURE_SIZE, TITLE_SIZE, TEXT_SIZE),
    _Type(840, 360, TITLE_SIZE, FIGURE_SIZE, TITLE_SIZE, TEXT_SIZE, TEXT_SIZE),
    _SMALLEST,
)
_WIDEST = 640
"""Of the sentence and the formula, so that the numbers are beside them."""
_AGREEMENT = 1e-3
"""Relative difference up to which nothing needs to be explained."""
_LONGEST_ROW = 76
"""Characters of a row of code that leave room beside it."""
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_DECIMALS = 7
"""About as many as float32 has."""
_CHECK_TOOL_TIP = (
    f"The loss computed twice in float64, with this number moved by h = {STEP:g} to each direction"
)


class StagePage(QWidget):
    """Shows a stage; larger where there is room for it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("maths_stage")
        self._theme = LIGHT
        self._type = _SMALLEST
        self._shown: tuple[Stage, Check | None] | None = None
        self.meaning = _text("", None)
        self.formulas = named(FormulaLabel(), "", "Formula")
        self.ledger = named(Ledger(), "", "The formula with numbers")
        self.check = named(FormulaLabel(), "", "Check by a finite difference", _CHECK_TOOL_TIP)
        self.check_remark = _text("", "hint")
        self.source = _code_label()
        self.note = _text("", "hint")
        left = QWidget()
        left.setLayout(column(self.meaning, self.formulas, spacing=4))
        left.setMaximumWidth(_WIDEST)
        top = row(left, self.ledger, spacing=24, wide=left)
        for part in (left, self.ledger):
            top.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        top.addStretch(0)
        layout = column(top, self.check, self.check_remark, self.source, self.note, spacing=4)
        layout.addStretch(1)
        self.setLayout(layout)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self.ledger.apply_theme(theme)
        self.source.setStyleSheet(
            f"QLabel#maths_source {{ background: {theme.surface}; "
            f"border: 1px solid {theme.hairline}; border-radius: 4px; }}"
        )
        if self._shown is not None:
            self._show_source(self._shown[0].source)

    def fit(self, width: int, height: int) -> None:
        """Choose the size of the type for a view of this size."""
        fits = (of for of in _LARGEST_FIRST if width >= of.wide and height >= of.high)
        type_ = next(fits, _SMALLEST)
        if type_ != self._type:
            self._type = type_
            if self._shown is not None:
                self.show_stage(*self._shown)

    def show_stage(self, stage: Stage, check: Check | None) -> None:
        """Show a stage, and its finite difference where it has one."""
        self._shown = stage, check
        sizes = self._type
        self.meaning.setText(stage.meaning)
        _set_size(self.meaning, sizes.meaning)
        self.formulas.show_formulas(stage.formulas, sizes.formulas)
        self.ledger.show_rows(stage.columns, stage.rows, sizes.figures, stage.decimals)
        self._show_check(stage.quantity, check, sizes.figures)
        self._show_source(stage.source)
        self.note.setText(stage.note)
        self.note.setVisible(bool(stage.note))
        for hint in (self.note, self.check_remark):
            _set_size(hint, sizes.hints)

    def _show_check(self, quantity: Quantity | None, check: Check | None, size: int) -> None:
        self.check.setVisible(check is not None)
        remark = "" if check is None else _remark(check)
        self.check_remark.setVisible(bool(remark))
        self.check_remark.setText(remark)
        if check is not None and quantity is not None:
            self.check.show_formulas((_comparison(quantity, check),), size)

    def _show_source(self, source: tuple[SourceLines, ...]) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(self._type.code)
        self.source.setFont(font)
        rows = "".join(_code_rows(lines, self._theme.quiet) for lines in source)
        self.source.setText(f"<table width='100%' cellspacing='0'>{rows}</table>")


def _code_rows(lines: SourceLines, quiet: str) -> str:
    """Return rows of code and where they are, as HTML: beside the code, or above long rows."""
    code = f"<pre style='margin: 0'>{escape(lines.text)}</pre>"
    place = f"style='color: {quiet}'>{lines.file}, line {lines.number}</td>"
    if max(map(len, lines.text.split("\n"))) > _LONGEST_ROW:
        return f"<tr><td colspan='2' {place}</tr><tr><td colspan='2'>{code}</td></tr>"
    return f"<tr><td>{code}</td><td align='right' {place}</tr>"


def _comparison(quantity: Quantity, check: Check) -> str:
    """Return the difference quotient and backpropagation's number, as markup."""
    x = {"Z": "z", "A": "a", "W": "w", "b": "b", "f": "z"}[quantity.kind]
    of = "f" if quantity.kind == "f" else "ℒ"
    tick = '"✓"' if check.relative_difference <= _AGREEMENT else ""
    return (
        f'"Check:" \\frac{{{of}({x} + h) − {of}({x} − h)}}{{2 h}} = '
        f'{number(check.numeric, _DECIMALS)} ,  "backpropagation" '
        f'{number(check.analytic, _DECIMALS)} ,  "relative difference" '
        f"{number(check.relative_difference, 2)} {tick}"
    )


def _remark(check: Check) -> str:
    """Say why the two numbers of a check are far apart; nothing where they are not."""
    if check.relative_difference <= _AGREEMENT:
        return ""
    if not math.isfinite(check.exact):
        return "Training has diverged: these numbers are too large for float32."
    if check.crosses_kink:
        return "Within h of here ReLU has a kink, so there is no single slope to compare with."
    return (
        "Numbers this small are lost in the rounding of float32. In float64, "
        f"backpropagation gives {_in_a_line(check.exact)}."
    )


def _in_a_line(value: float) -> str:
    """Return a number with its power of ten in characters that are raised by themselves."""
    mantissa, exponent = f"{value:.6e}".split("e")
    return f"{numeral(float(mantissa), '.6f')}·10{str(int(exponent)).translate(_RAISED)}"


def _text(text: str, role: str | None) -> QLabel:
    result = label(text, role)
    result.setWordWrap(True)
    return result


def _set_size(text: QLabel, size: int) -> None:
    """Set a label's type, also against what the style sheet says of its role."""
    text.setStyleSheet(f"font-size: {size}px;")


def _code_label() -> QLabel:
    """Return a box for rows of code, which never makes its surroundings wider."""
    result = named(
        QLabel(),
        "maths_source",
        "The lines of code that compute it",
        "Read from the program's own source files",
    )
    result.setTextFormat(Qt.TextFormat.RichText)
    result.setMargin(SPACE)
    result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    result.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return result
