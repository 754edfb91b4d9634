"""Each text is read as one number, or refused, in the locales of eight countries."""

from contextlib import suppress
from itertools import product

import pytest

from gui.widgets.number_text import NumberMarks, NumberTextError, parse_number, write_number

BRITAIN = NumberMarks(".", ",")  # and America, and India but for the groups
GERMANY = NumberMarks(",", ".")
FRANCE = NumberMarks(",", "\u202f")
SWEDEN = NumberMarks(",", "\u00a0")
SWITZERLAND = NumberMarks(".", "’")
EGYPT = NumberMarks("٫", "٬")
UNGROUPED = NumberMarks(".", "")
EVERYWHERE = [BRITAIN, GERMANY, FRANCE, SWEDEN, SWITZERLAND, EGYPT, UNGROUPED]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.05", 0.05),
        (".5", 0.5),
        ("5.", 5),
        ("+3", 3),
        ("-0.8", -0.8),
        ("−0.8", -0.8),
        ("– 2", -2),
        ("1e-4", 1e-4),
        ("1E5", 1e5),
        ("2.5e+3", 2500),
        ("\n 12.5\t", 12.5),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1\u2009234.5", 1234.5),
        ("1\u202f234\u202f567", 1_234_567),
        ("1'234", 1234),
        ("1’234.5", 1234.5),
        ("1,234,567", 1_234_567),
        ("12,34,567", 1_234_567),
        ("1,234.5", 1234.5),
        ("１２．５", 12.5),
        ("१२.५", 12.5),
        ("\u200e-7\u200f", -7),
    ],
)
def test_unambiguous_numbers_are_accepted_everywhere(text, number):
    for marks in EVERYWHERE:
        assert parse_number(text, marks) == number, marks


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "ten", "inf", "-inf", "nan", "Infinity", "0x10", "1_000", "1e", "e5", "1e5.5"),
        *(".", ",", "-", "--5", "+-5", "5-", "1.5.5", "1,5,5", "1 5", "1 2345", "0 000", "1..5"),
        *("1.234.56", "1 234,567 890", "²", "½", "5 €", "5 %", "%", "1e999", "-1e999", "1e-999"),
        *("1e99999999999999999999", "(5)", "5;6", "５，，５"),
    ],
)
def test_text_that_is_not_a_number_is_refused_everywhere(text):
    accepted = []
    for marks, whole in product(EVERYWHERE, (False, True)):
        with suppress(NumberTextError):
            accepted.append((marks, whole, parse_number(text, marks, whole)))
    assert accepted == []


def outcome(text, marks, whole):
    try:
        return parse_number(text, marks, whole)
    except NumberTextError as error:
        return str(error)


@pytest.mark.parametrize(
    ("text", "marks", "number"),
    [
        ("1.234", BRITAIN, 1.234),
        ("1,234", BRITAIN, "'1,234' is ambiguous. Type 1.234 or 1234."),
        ("0,05", BRITAIN, "'0,05' is ambiguous. Type 0.05."),
        ("1.234,5", BRITAIN, "'1.234,5' is ambiguous. Type 1234.5."),
        ("1,234", GERMANY, 1.234),
        ("0,05", GERMANY, 0.05),
        ("-1.234,5e-3", GERMANY, -1.2345),
        ("1.234", GERMANY, "'1.234' is ambiguous. Type 1,234 or 1234."),
        ("-1.234e2", GERMANY, "'-1.234e2' is ambiguous. Type -123400 or -123,4."),
        ("0.125", GERMANY, 0.125),  # no group begins with a zero
        ("1234.567", GERMANY, 1234.567),
        ("1.234.567", GERMANY, 1_234_567),
        ("1,234", FRANCE, 1.234),
        ("1.234", FRANCE, 1.234),
        ("1\u202f234,5", FRANCE, 1234.5),
        ("1\u00a0234,5", SWEDEN, 1234.5),
        ("1.234", SWITZERLAND, 1.234),
        ("1,234", SWITZERLAND, "'1,234' is ambiguous. Type 1.234 or 1234."),
        ("١٢٫٥", EGYPT, 12.5),
        ("١٬٢٣٤٫٥", EGYPT, 1234.5),
        ("1.234", EGYPT, 1.234),
        ("1,234", EGYPT, "'1,234' is ambiguous. Type 1٫234 or 1234."),
    ],
)
def test_a_mark_before_three_digits_is_the_locales_decimal_mark_or_refused(text, marks, number):
    assert outcome(text, marks, False) == number


@pytest.mark.parametrize(
    ("text", "marks", "number"),
    [
        ("10,000", BRITAIN, 10_000),
        ("1,00,000", BRITAIN, 100_000),
        ("10.000", BRITAIN, "'10.000' is ambiguous. Type 10 or 10000."),
        ("1.234", BRITAIN, "'1.234' is ambiguous. Type 1234."),
        ("1.5", BRITAIN, "'1.5' is no whole number."),
        ("0,5", BRITAIN, "'0,5' is no whole number."),
        ("7.0", BRITAIN, 7),
        ("1e3", BRITAIN, 1000),
        ("1e-3", BRITAIN, "'1e-3' is no whole number."),
        ("10.000", GERMANY, 10_000),
        ("10,000", GERMANY, "'10,000' is ambiguous. Type 10 or 10000."),
        ("1,5", GERMANY, "'1,5' is no whole number."),
        ("10\u202f000", FRANCE, 10_000),
        ("10’000", SWITZERLAND, 10_000),
        ("١٠٬٠٠٠", EGYPT, 10_000),
    ],
)
def test_in_an_integer_the_locales_mark_separates_thousands(text, marks, number):
    result = outcome(text, marks, True)
    assert result == number
    assert type(result) is type(number)


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        *((number, True) for number in (0, 999, 1000, 10_000, 2**31 - 1)),
        *((number, False) for number in (1.234, -1.234, 0.05, 1e-5, 12345.6, 1.5e20, -0.8, 1234.0)),
    ],
)
def test_a_shown_value_is_accepted_again(value, whole):
    for marks in EVERYWHERE:
        assert parse_number(write_number(value, marks, whole), marks, whole) == value, marks


@pytest.mark.parametrize("text", ["50 %", "50%", "５０％", "50٪", " 50\u202f% "])
def test_a_unit_may_follow_the_number(text):
    assert parse_number(text, BRITAIN, unit="%") == 50
    with pytest.raises(NumberTextError):
        parse_number("50 %%", BRITAIN, unit="%")


def test_a_message_is_cut_to_fit_and_shows_no_invisible_characters():
    with pytest.raises(NumberTextError) as refusal:
        parse_number("x" * 10_000 + "\x1b[2J", BRITAIN)
    assert len(str(refusal.value)) < 80
    with pytest.raises(NumberTextError) as refusal:
        parse_number("\x1b[2J", BRITAIN)
    assert "\x1b" not in str(refusal.value)
