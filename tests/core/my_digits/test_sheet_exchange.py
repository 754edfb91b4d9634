"""The digits of a picture, kept among the user's own or exported as a folder."""

import csv

import numpy as np
import pytest

from core.errors import Cancelled, DigitscopeError
from core.ink.boxes import Box
from core.ink.ink_file import read_ink
from core.my_digits.my_digits import MyDigits
from core.my_digits.my_digits_exchange import import_folder
from core.my_digits.sheet_exchange import COLUMNS, LabeledDigit, export_digits, keep_digits
from tests.core.pictures.sheets import sheet_of

LABELS = (7, 0, 7, 3)


@pytest.fixture
def digits():
    """Four digits in two rows; the last was corrected."""
    found = sheet_of(2, 2).digits
    return [
        LabeledDigit(number, digit, label, 5 if label == 3 else label, 0.75, label != 3)
        for number, (digit, label) in enumerate(zip(found, LABELS, strict=True), 1)
    ]


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


def table(path):
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_kept_digits_are_there_once(digits, tmp_path):
    mine = MyDigits(tmp_path)
    report = keep_digits(mine, digits[:2])
    assert (report.added, report.already_there) == (2, 0)
    report = keep_digits(mine, digits)
    assert (report.added, report.already_there) == (2, 2)
    assert sorted(item.digit for item in mine.items) == sorted(LABELS)
    np.testing.assert_array_equal(mine.ink(mine.items[0]), digits[0].found.ink)


def test_an_export_is_a_folder_for_each_digit_and_a_table(digits, tmp_path):
    report = export_digits(digits, tmp_path / "out", "form")
    assert report.added == 4
    expected = ["0/form-0002.png", "3/form-0004.png", "7/form-0001.png", "7/form-0003.png"]
    assert files(tmp_path / "out") == [*expected, "labels.csv"]
    rows = table(tmp_path / "out" / "labels.csv")
    assert tuple(rows[0]) == COLUMNS
    assert [row["file"] for row in rows] == [expected[i] for i in (2, 0, 3, 1)]
    assert (rows[3]["digit"], rows[3]["predicted"], rows[3]["sure"]) == ("3", "5", "false")
    assert float(rows[0]["confidence"]) == 0.75
    for row, digit in zip(rows, digits, strict=True):
        assert Box(*(int(row[name]) for name in Box._fields)) == digit.found.box
        ink = read_ink(tmp_path / "out" / row["file"])
        np.testing.assert_array_equal(ink, digit.found.ink)


def test_what_is_exported_can_be_imported(digits, tmp_path):
    export_digits(digits, tmp_path / "out", "form")
    mine = MyDigits(tmp_path / "mine")
    report = import_folder(mine, tmp_path / "out")
    assert (report.added, report.refused, report.left_out) == (4, (), ())


def test_the_same_export_again_changes_nothing(digits, tmp_path):
    export_digits(digits, tmp_path, "form")
    before = files(tmp_path)
    report = export_digits(digits, tmp_path, "another")
    assert (report.added, report.already_there) == (0, 4)
    assert files(tmp_path) == before


def test_files_of_others_stay(digits, tmp_path):
    (tmp_path / "7").mkdir()
    taken = tmp_path / "7" / "form-0001.png"
    taken.write_bytes(b"not ours")
    (tmp_path / "labels.csv").write_text("not ours")
    (tmp_path / "labels-2.csv").mkdir()
    export_digits(digits, tmp_path, "form")
    assert taken.read_bytes() == b"not ours"
    assert (tmp_path / "labels.csv").read_text() == "not ours"
    rows = table(tmp_path / "labels-3.csv")
    assert rows[0]["file"] == "7/form-0001-2.png"


@pytest.mark.parametrize("name", ["a/../b", "é" * 300, "", "..", "con\n?*"])
def test_any_name_of_a_picture_gives_possible_names_of_files(digits, tmp_path, name):
    assert export_digits(digits, tmp_path / "out", name).added == 4
    assert len(files(tmp_path / "out")) == 5
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_cancelled_export_leaves_nothing(digits, tmp_path):
    for at in (2, 4):

        def progress(done, _total, at=at):
            if done == at:
                raise Cancelled

        with pytest.raises(Cancelled):
            export_digits(digits, tmp_path, "form", progress)
        assert files(tmp_path) == []


def test_an_export_whose_table_cannot_be_written_leaves_nothing(digits, tmp_path, monkeypatch):
    def refuse(path, write):
        raise DigitscopeError("the disk is full")

    monkeypatch.setattr("core.my_digits.sheet_exchange.write_new", refuse)
    with pytest.raises(DigitscopeError, match="full"):
        export_digits(digits, tmp_path, "form")
    assert files(tmp_path) == []
