"""How the digits of pictures are read and reported."""

import io
import json
import sys

import numpy as np
import pytest
from PIL import Image

from cli.arguments import build_parser
from core.datasets.strokes import make_strokes
from core.network.network import Network
from core.saving.run_file import save_run
from core.saving.shipped import load_shipped_network
from core.settings.config import NetworkConfig, RunConfig
from core.settings.data_source import OwnData
from core.training.saved_run import SavedRun
from tests.cli.test_bad_arguments import assert_one_line


def bar(is_lying=False):
    """Return a picture of 60×80 pixels: a black bar of 8×40 pixels on white paper."""
    pixels = np.full((60, 80), 255, np.uint8)
    rows, columns = ((26, 34), (20, 60)) if is_lying else ((10, 50), (30, 38))
    pixels[slice(*rows), slice(*columns)] = 0
    return Image.fromarray(pixels)


@pytest.fixture
def network(tmp_path):
    """Return a file whose network predicts 7 for ink far left in the middle row, else 1.

    It gives a 1 the probability 0.84 and a 7 nearly 1; from 0.9 on it is certain.
    """
    config = RunConfig("strokes", NetworkConfig(hidden=()))
    network = Network.from_config(config.network)
    network.parameters[:] = 0
    network.layers[0].b[1] = np.log(9 * 0.84 / 0.16)
    network.layers[0].W[14 * 28 + 5, 7] = 20
    path = tmp_path / "run.npz"
    save_run(path, SavedRun(config, network, (0.9,) * 10))
    return path


@pytest.fixture
def pictures(tmp_path):
    """Return a folder with a standing and a lying bar, and what is no picture."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    bar().save(folder / "a.png")
    bar(is_lying=True).save(folder / "b.JPG", quality=95)
    (folder / "notes.txt").write_text("not a picture")
    (folder / ".hidden.png").write_text("neither")
    return folder


def test_pictures_are_read_and_reported(run, network, pictures, tmp_path):
    report = tmp_path / "report.json"
    one, seven = pictures / "a.png", pictures / "b.JPG"
    status, out, err = run("predict", one, seven, "--network", network, "--report", report)
    assert (status, err) == (0, "")
    assert out == f"{one}: 1? (84.0 %, not sure)\n{seven}: 7 (> 99.9 %)\n"
    values = json.loads(report.read_text("utf-8"))
    assert values.pop("threshold") == 0.9
    assert values.pop("thresholds") == dict.fromkeys("0123456789", 0.9)
    assert values.pop("network") == "784-10"
    assert values.pop("which_network") == "last"
    first, second = values.pop("pictures")
    assert not values
    assert first["file"] == str(one)
    assert (first["width"], first["height"]) == (80, 60)
    assert "error" not in first
    (digit,) = first["digits"]
    assert (digit["digit"], digit["sure"]) == (1, False)
    assert digit["confidence"] == pytest.approx(0.84, abs=1e-3)
    assert digit["box"] == pytest.approx({"left": 30, "top": 10, "right": 38, "bottom": 50}, abs=2)
    (digit,) = second["digits"]
    assert (digit["digit"], digit["sure"]) == (7, True)


def test_a_folder_stands_for_the_pictures_in_it(run, network, pictures):
    status, out, _ = run("predict", pictures, "--network", network)
    assert status == 0
    assert [line.rpartition(": ")[0] for line in out.splitlines()] == [
        str(pictures / "a.png"),
        str(pictures / "b.JPG"),
    ]


def test_boxes_are_in_pixels_of_the_upright_picture(run, network, tmp_path):
    exif = Image.Exif()
    exif[274] = 6  # to be turned by 90 degrees clockwise
    bar().save(tmp_path / "turned.png", exif=exif)
    report = tmp_path / "report.json"
    assert run("predict", tmp_path / "turned.png", "--network", network, "--report", report)[0] == 0
    (picture,) = json.loads(report.read_text("utf-8"))["pictures"]
    assert (picture["width"], picture["height"]) == (60, 80)
    (digit,) = picture["digits"]
    assert digit["digit"] == 7  # the bar lies now
    assert digit["box"] == pytest.approx({"left": 10, "top": 30, "right": 50, "bottom": 38}, abs=2)


def test_boxes_in_a_picture_that_is_reduced_are_in_its_own_pixels(run, network, tmp_path):
    exif = Image.Exif()
    exif[274] = 6
    large = bar().resize((8_000, 600)).convert("L")
    for name, options in {"large.png": {}, "large.jpg": {"quality": 90}}.items():
        large.save(tmp_path / name, exif=exif, **options)
        report = tmp_path / "report.json"
        run("predict", tmp_path / name, "--network", network, "--report", report)
        (picture,) = json.loads(report.read_text("utf-8"))["pictures"]
        assert (picture["width"], picture["height"]) == (600, 8_000)
        # The bar was from 3,000 to 3,800, and from 100 to 500.
        box = {"left": 100, "top": 3_000, "right": 500, "bottom": 3_800}
        assert picture["digits"][0]["box"] == pytest.approx(box, abs=40)


def test_what_cannot_be_read_is_reported_and_the_others_are_read(run, network, pictures, tmp_path):
    blank, empty, report = tmp_path / "blank.png", tmp_path / "empty", tmp_path / "report.json"
    Image.new("L", (50, 50), 200).save(blank)
    empty.mkdir()
    names = [tmp_path / "none.png", empty, pictures / "notes.txt", blank, pictures / "a.png"]
    status, out, err = run("predict", *names, "--network", network, "--report", report)
    assert status == 2
    assert out == f"{names[-1]}: 1? (84.0 %, not sure)\n"
    complaints = err.splitlines()
    reasons = ["No such file", "contains no pictures", "not a picture", "No digit was found"]
    entries = json.loads(report.read_text("utf-8"))["pictures"]
    assert [entry["file"] for entry in entries] == [str(name) for name in names]
    for name, reason, complaint, entry in zip(names, reasons, complaints, entries, strict=False):
        assert complaint == f"main.py: {entry['error']}"
        assert str(name) in complaint
        assert reason in complaint
        assert entry["digits"] == []
    assert len(complaints) == len(reasons)
    assert len(entries[-1]["digits"]) == 1


def test_the_ready_made_network_reads_without_another(run, pictures):
    status, out, _ = run("predict", pictures / "a.png")
    assert status == 0
    assert out.startswith(f"{pictures / 'a.png'}: 1")


def test_a_network_without_a_threshold_uses_the_ready_made_ones(run, network, pictures, tmp_path):
    config = RunConfig("strokes", NetworkConfig(hidden=()))
    save_run(network, SavedRun(config, Network.from_config(config.network)))
    report = tmp_path / "report.json"
    assert run("predict", pictures, "--network", network, "--report", report)[0] == 0
    values = json.loads(report.read_text("utf-8"))
    assert tuple(values["thresholds"].values()) == load_shipped_network().thresholds


def test_a_picture_from_standard_input(run, network, monkeypatch):
    content = io.BytesIO()
    bar().save(content, "PNG")
    content.seek(0)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(content))
    assert run("predict", "-", "--network", network)[:2] == (0, "-: 1? (84.0 %, not sure)\n")
    monkeypatch.setattr(sys, "stdin", None)
    assert_one_line(run("predict", "-", "--network", network), "standard input is empty")


def test_names_are_printed_on_one_line(run, network, pictures, tmp_path):
    name = tmp_path / "two\nlines\033[2J.png"
    (pictures / "a.png").rename(name)
    report = tmp_path / "report.json"
    status, out, _ = run("predict", name, "--network", network, "--report", report)
    assert (status, len(out.splitlines()), "\033" in out) == (0, 1, False)
    assert json.loads(report.read_text("utf-8"))["pictures"][0]["file"] == str(name)


def test_a_network_whose_answer_overflows_is_no_answer(run, network, pictures):
    config = RunConfig("strokes", NetworkConfig(hidden=(4,)))
    overflowing = Network.from_config(config.network)
    overflowing.parameters[:] = 3e38
    save_run(network, SavedRun(config, overflowing))
    assert_one_line(run("predict", pictures / "a.png", "--network", network), "gives no answer")


def test_a_report_in_the_place_of_a_picture_is_refused(run, network, pictures):
    before = (pictures / "a.png").read_bytes()
    outcome = run("predict", pictures / "a.png", "--report", pictures / "a.png")
    assert_one_line(outcome, "named twice")
    assert (pictures / "a.png").read_bytes() == before


def test_no_picture_and_no_network(run, tmp_path):
    assert_one_line(run("predict"), "PICTURE")
    missing = tmp_path / "none.npz"
    assert_one_line(run("predict", "a.png", "--network", missing), "none.npz")


def test_help_names_all_keys_of_the_report(capsys):
    with pytest.raises(SystemExit):
        build_parser().parse_args(["predict", "--help"])
    text = capsys.readouterr().out
    for key in (
        "pictures",
        "file",
        "digits",
        "digit",
        "class",
        "confidence",
        "sure",
        "box",
        "error",
    ):
        assert f"'{key}'" in text


def test_several_digits_are_printed_in_rows_and_reported_in_reading_order(run, tmp_path):
    """Five digits of the generator, in rows of three and two, the second farther right."""
    drawn = make_strokes(train=10, test=10, seed=3)
    sheet = Image.new("L", (420, 260), 255)
    file, report = tmp_path / "sheet.png", tmp_path / "report.json"
    corners = [(10, 20), (140, 30), (270, 20), (90, 150), (220, 150)]
    for image, corner in zip(drawn.test_images, corners, strict=False):
        digit = Image.fromarray(255 - image.reshape(28, 28))
        sheet.paste(digit.resize((100, 100), Image.Resampling.BICUBIC), corner)
    sheet.save(file)
    status, out, _ = run("predict", file, "--report", report)
    assert status == 0
    (picture,) = json.loads(report.read_text("utf-8"))["pictures"]
    for digit, (left, top) in zip(picture["digits"], corners, strict=True):
        box = digit["box"]
        assert left <= box["left"] < box["right"] <= left + 100
        assert top <= box["top"] < box["bottom"] <= top + 100
    texts = [f"{digit['digit']}{'' if digit['sure'] else '?'}" for digit in picture["digits"]]
    head, *rows = out.splitlines()
    assert head.startswith(f"{file}: 5 digits, the least certain ")
    assert rows == [f"  {' '.join(texts[:3])}", f"  {' '.join(texts[3:])}"]


def test_a_network_of_other_classes_reads_one_thing_and_names_it(run, tmp_path):
    """Two strokes side by side, which would be two digits."""
    network = Network((784, 3), classes=("cat", "dog", "horse"))
    network.layers[0].b[...] = (0, 9, 0)
    source = OwnData("/data/animals", network.classes, False, False)
    save_run(tmp_path / "animals.npz", SavedRun(RunConfig(source, NetworkConfig(())), network))
    pixels = np.full((120, 200), 255, np.uint8)
    pixels[20:100, 40:60] = pixels[20:100, 140:160] = 0
    Image.fromarray(pixels).save(tmp_path / "two.png")
    report = tmp_path / "report.json"
    run("predict", tmp_path / "two.png", "--network", tmp_path / "animals.npz", "--report", report)
    [picture] = json.loads(report.read_text())["pictures"]
    assert [(found["digit"], found["class"]) for found in picture["digits"]] == [(1, "dog")]
