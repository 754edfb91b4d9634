"""Typesetting: vertical order, and the format of numbers."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from gui.maths.formula import FormulaLabel
from gui.maths.formula_markup import number, plain, split_words, typeset, wrapped

SIZE = 20


@pytest.fixture(autouse=True)
def _fonts(qapp):
    """Text can only be measured once there is an application."""


def ink(box):
    """Left, right, top and bottom of what is painted, with (0, 0) where the box's line begins."""
    image = QImage(800, 400, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    box.paint(painter, 100, 200)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(400, 800, 4)
    ys, xs = np.nonzero(pixels[:, :, 0] < 0x80)
    assert len(xs)
    return xs.min() - 100, xs.max() - 100, ys.min() - 200, ys.max() - 200


@pytest.mark.parametrize(
    "markup",
    [
        "z_{17}^{[2]} = ∑_{i=0}^{63} w_{17, i}^{[2]} a_{i}^{[1]} + b",
        r"a_{3} = \frac{e^{z_{3}}}{∑_{j} e^{z_{j}}}",
        r"W − α \frac{m̂}{\sqrt{v̂} + ε}",
        '−"log" a_{3}',
    ],
)
def test_everything_is_painted_within_its_box(markup):
    box = typeset(markup, SIZE)
    left, right, top, bottom = ink(box)
    assert left >= -2
    assert right <= box.width + 2
    assert top >= -box.above - 2
    assert bottom <= box.below + 2


def test_an_index_is_lower_and_a_power_higher_than_the_letter():
    _, right, top, bottom = ink(typeset("x", SIZE))
    _, with_index, _, lower = ink(typeset("x_{2}", SIZE))
    _, with_power, higher, _ = ink(typeset("x^{2}", SIZE))
    assert lower > bottom
    assert higher < top
    assert with_index > right
    assert with_power > right


def test_both_indices_stand_over_each_other():
    one, both = typeset("x_{22}", SIZE), typeset("x_{22}^{33}", SIZE)
    assert both.width == one.width
    assert both.above > one.above


def test_the_limits_of_a_sum_are_under_and_over_it():
    bare, limits = typeset("∑", SIZE), typeset("∑_{i}^{n}", SIZE)
    assert limits.above > bare.above + 0.4 * SIZE
    assert limits.below > bare.below + 0.4 * SIZE
    assert limits.width < 1.5 * bare.width


def test_a_fraction_is_as_wide_as_its_wider_part():
    parts = [typeset(markup, SIZE).width for markup in ("a + b + c", "2")]
    assert max(parts) < typeset(r"\frac{a + b + c}{2}", SIZE).width < max(parts) + SIZE


def test_letters_are_italic_and_words_and_figures_upright():
    def pixels(markup):
        image = QImage(120, 60, QImage.Format.Format_RGB32)
        image.fill(0xFFFFFF)
        painter = QPainter(image)
        typeset(markup, 2 * SIZE).paint(painter, 10, 40)
        painter.end()
        return np.frombuffer(image.constBits(), np.uint8).copy()

    assert (pixels("max") != pixels('"max"')).any()
    assert (pixels("2") == pixels('"2"')).all()


def test_long_formulas_are_broken_at_spaces_and_lose_nothing():
    markup = " + ".join(f"w_{{{i}}} x_{{{i}}}" for i in range(30))
    lines = wrapped(markup, SIZE, 300)
    assert len(lines) > 3
    assert all(line.width <= 300 for line in lines)
    (whole,) = wrapped(markup, SIZE, 1e6)
    assert whole.width == pytest.approx(typeset(markup, SIZE).width)
    assert sum(line.width for line in lines) >= whole.width - len(lines) * SIZE


def test_text_is_not_cut_within_braces_or_quotes():
    assert split_words(r'a = \frac{1 + x}{2} "if so" b_{i, j}') == [
        "a",
        "=",
        r"\frac{1 + x}{2}",
        '"if so"',
        "b_{i, j}",
    ]


def test_an_open_brace_is_an_error():
    with pytest.raises(ValueError, match="brace"):
        typeset("x_{12", SIZE)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.0, 4, "0"),
        (1.0, 4, "1"),
        (-3.0, 4, "−3"),
        (0.12345678, 4, "0.1235"),
        (-0.12345678, 7, "−0.1234568"),
        (0.0010001, 4, "0.0010"),
        (0.05, 7, "0.05"),
        (0.0001, 4, "0.0001"),
        (0.00001, 4, "1.000·10^{−5}"),
        (0.000123456, 4, "1.235·10^{−4}"),
        (-6.36186e-07, 7, "−6.361860·10^{−7}"),
        (12345.678, 4, "12,345.6780"),
        (1.5e9, 4, "1.500·10^{9}"),
        (float("nan"), 4, '"not a number"'),
        (float("inf"), 4, "∞"),
        (float("-inf"), 4, "−∞"),
    ],
)
def test_numbers(value, decimals, text):
    assert number(value, decimals) == text
    assert typeset(text, SIZE).width > 0


def test_a_formula_has_an_accessible_text():
    assert plain(r"a_{3} = \frac{e^{z}}{2}") == "a_3 =  e^z / 2"
    assert plain('−"log" a') == "−log a"


def test_a_label_is_as_high_as_its_lines(qtbot):
    label = FormulaLabel()
    qtbot.addWidget(label)
    label.show_formulas(("Z = W A + b",), 16)
    one = label.heightForWidth(400)
    label.show_formulas(("Z = W A + b", "z = w a + b"), 16)
    assert label.heightForWidth(400) > 1.5 * one
    assert label.heightForWidth(40) > label.heightForWidth(400)
    assert label.accessibleDescription() == "Z = W A + b; z = w a + b"
