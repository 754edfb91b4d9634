"""Numbers in the user's locale, and in none."""

import pytest

from core.wording import (
    NumberMarks,
    counted,
    international,
    numeral,
    percent,
    write_with,
    written,
)

GERMAN = NumberMarks(",", ".")


@pytest.fixture
def german_marks():
    write_with(lambda: GERMAN)
    yield
    write_with(NumberMarks)


def test_without_a_window_numbers_are_international():
    assert numeral(1234567.5, ",.2f") == "1,234,567.50"
    assert percent(0.12345) == "12.35 %"


def test_all_that_is_written_has_the_marks_of_the_locale(german_marks):
    assert numeral(10616) == "10.616"
    assert numeral(1234.5, ",.1f") == "1.234,5"
    assert percent(0.9771) == "97,71 %"
    assert percent(0.9999999, 1) == "> 99,9 %"
    assert percent(1e-9, 1) == "< 0,1 %"
    assert counted(12345, "epoch") == "12.345 epochs"


def test_a_file_is_written_as_in_every_locale(german_marks):
    with international():
        assert numeral(1234.5, ",.1f") == "1,234.5"
    assert numeral(1234.5, ",.1f") == "1.234,5"
    with pytest.raises(OSError, match="disk"), international():
        raise OSError("disk")
    assert numeral(1234.5, ",.1f") == "1.234,5"


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (-0.818, ".3g", "−0.818"),
        (-0.8, "g", "−0.8"),
        (1e-5, "g", "1e−5"),
        (-2.5e-12, ".3g", "−2.5e−12"),
        (1e6, "g", "1e6"),
        (0.25, "+.2g", "+0.25"),
        (10000, ",", "10,000"),
    ],
)
def test_a_number_has_one_form(value, spec, text):
    assert numeral(value, spec) == text


def test_thousands_may_have_no_mark():
    assert written(1234567, ",", NumberMarks(",", "")) == "1234567"
