import gzip

import numpy as np
import pytest

from core.datasets.own.csv_file import _ROWS
from core.datasets.own.reading import read_own_images
from core.errors import Cancelled, DataError
from tests.core.datasets.own.small_sets import IMAGES, LABELS, csv_rows, images

PIXEL_NAMES = ",".join(f"pixel{i}" for i in range(784))
ROWS = csv_rows()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "train.csv"


def assert_right(read):
    assert read.classes == ("0", "1", "2")
    np.testing.assert_array_equal(read.train.images, IMAGES.reshape(-1, 784))
    np.testing.assert_array_equal(read.train.labels, LABELS)


def label_last(row):
    label, _, pixels = row.partition(",")
    return f"{pixels},{label}"


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(ROWS),
        "\n".join([f"label,{PIXEL_NAMES}", *ROWS]),
        "\ufeff" + "\r\n".join([f'"label",{PIXEL_NAMES}', *ROWS, "", ""]),
        "\n".join([f"{PIXEL_NAMES},class", *map(label_last, ROWS)]),
        "\n".join([f"Label;{PIXEL_NAMES}".replace(",", ";"), *ROWS]).replace(",", ";"),
        "\n".join(row.replace(",", ".0,") for row in ROWS),
    ],
    ids=["bare", "Kaggle", "from a spreadsheet", "label last", "semicolons", "floats"],
)
def test_layouts(path, text):
    path.write_text(text, "utf-8")
    assert_right(read_own_images(path))


def test_fractions(path):
    rows = csv_rows(np.round(IMAGES / 255, 5))
    path.write_text("\n".join(rows))
    assert_right(read_own_images(path))


def test_gzipped(path):
    zipped = path.with_name("train.csv.gz")
    zipped.write_bytes(gzip.compress("\n".join(ROWS).encode()))
    assert_right(read_own_images(zipped))


def test_more_rows_than_are_parsed_at_once(path):
    n = _ROWS + 60
    path.write_text("\n".join((ROWS * 20)[:n]))
    read = read_own_images(path)
    np.testing.assert_array_equal(read.train.labels, np.tile(LABELS, 20)[:n])
    np.testing.assert_array_equal(read.train.images[_ROWS:][0], IMAGES[_ROWS % 60].ravel())


def test_a_folder_with_training_and_test_files(path):
    path.with_name("mnist_train.csv").write_text("\n".join(ROWS))
    path.with_name("mnist_test.csv").write_text("\n".join(ROWS[:9]))
    read = read_own_images(path.parent)
    assert_right(read)
    assert len(read.test.labels) == 9


def test_smaller_images(path):
    path.write_text("\n".join(csv_rows(images(60, 8))))
    assert read_own_images(path).fitted == 60


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([PIXEL_NAMES, *map(label_last, ROWS)], "has no column 'label'.*Choose the file with"),
        ([row.partition(",")[2] for row in ROWS], "784 columns, which leaves none for labels"),
        ([*ROWS[:2], "", ROWS[2].replace(",0,", ",x,", 1)], "Line 4 .* has 'x' in column 2,"),
        ([*ROWS[:2], ROWS[2].replace(",0,", ",,", 1)], "Line 3 .* has '' in column 2,"),
        ([*ROWS[:2], "1,2,3"], "Line 3 .* has 3 columns, but the first has 785"),
        ([*ROWS[:2], ROWS[2].replace(",0,", ",256,", 1)], "values of 0 to 256 .*lines 1 to 3"),
        (
            [*ROWS[:2], ROWS[2].replace(",0,", ",70000,", 1)],
            "Line 3 .* has '70000' in column 2, but pixels are 0 to 255",
        ),
        ([ROWS[0], "1.5" + ROWS[1][1:]], "Line 2 .* has the label 1.5"),
        ([ROWS[0], "nan" + ROWS[1][1:]], "Line 2 .* has the label nan"),
        (["1,2,3,4", "2,3,4,5"], "has 3 values for each image"),
        (["", " "], "only blank lines"),
        (["<html>", "<p>"], "has no column 'label'"),
        ([f"label,{PIXEL_NAMES}"], "contains no images"),
    ],
)
def test_faults_are_named(path, rows, says):
    path.write_text("\n".join(rows))
    with pytest.raises(DataError, match=says):
        read_own_images(path)


def test_a_broken_download_is_refused(path):
    zipped = path.with_name("train.csv.gz")
    zipped.write_bytes(gzip.compress("\n".join(ROWS).encode())[:-100])
    with pytest.raises(DataError, match=r"train\.csv\.gz' cannot be decompressed"):
        read_own_images(zipped)


def test_a_line_without_end_is_refused(path):
    zipped = path.with_name("train.csv.gz")
    zipped.write_bytes(gzip.compress(b"1," * 3_000_000))
    with pytest.raises(DataError, match="line 1 does not end, or there"):
        read_own_images(zipped)


def test_many_blank_lines_are_refused(path):
    zipped = path.with_name("train.csv.gz")
    zipped.write_bytes(gzip.compress(b"\n" * 700_000))
    with pytest.raises(DataError, match="or 600,000 lines"):
        read_own_images(zipped)


def test_tells_its_progress_and_can_be_cancelled(path):
    path.write_text("\n".join(ROWS * 20))
    reports = []
    read_own_images(path, lambda *report: reports.append(report))
    size = path.stat().st_size
    assert reports == sorted(reports)
    assert size / 2 < reports[-1][0] <= reports[-1][1] == size

    def cancel(done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        read_own_images(path, cancel)
