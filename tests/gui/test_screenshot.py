"""Screenshots of single views: each has something to be seen. (The window's: test_app.py.)"""

import io
from argparse import Namespace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from core.errors import DigitscopeError
from core.my_digits.my_digits import MyDigits
from gui import screenshot_views
from gui.screenshot import _files, _Screenshot, _small_png
from tests.core.digits import tiny_dataset


@pytest.fixture
def take(qtbot, monkeypatch, empty_window, session, tmp_path):
    """Take pictures of views; return them by name, and why one is missing."""

    def take(*views):
        monkeypatch.setattr(screenshot_views, "_DRAWN", 0.1)
        files = _files(Namespace(screenshot=tmp_path, view=views))
        screenshot = _Screenshot(empty_window, session, files, 0.2)
        with qtbot.waitSignal(screenshot.finished, timeout=30_000):
            session.data.use(tiny_dataset())
        assert not empty_window.isVisible()
        return {name: QImage(str(f)) for name, f in files.items() if f.exists()}, screenshot.problem

    return take


def test_each_view_has_something_to_be_seen(take, empty_window, tmp_path):
    tabs = empty_window.tabs
    pictures, problem = take("my_digits", "weights", "mistakes", "runs")
    assert problem == ""
    assert list(pictures) == ["weights", "mistakes", "runs", "my_digits"]
    assert {picture.size().toTuple() for picture in pictures.values()} == {
        empty_window.size().toTuple()
    }
    assert tabs.view("mistakes").matrix.selected is not None
    (ticked,) = tabs.view("runs").model.ticked_records
    assert (ticked.name, ticked.config.network.activations) == ("Run 1", ("relu",))
    assert len(MyDigits(tmp_path / "mine")) == 40


def test_a_scene_that_fails_is_reported(take, monkeypatch, empty_window):
    def broken(_stage):
        raise DigitscopeError("There is no stage today.")
        yield

    monkeypatch.setitem(screenshot_views._SCENES, "flow", broken)
    pictures, problem = take("weights", "flow")
    assert list(pictures) == ["weights"]
    assert empty_window.tabs.view("weights").mosaic.pinned is not None
    assert problem == "There is no stage today."


@pytest.mark.parametrize("is_noise", [False, True])
def test_a_picture_has_a_palette_only_if_it_looks_the_same(is_noise):
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:, :, 0] = np.arange(64)
    if is_noise:
        pixels = np.random.default_rng(0).integers(0, 256, pixels.shape, np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    small = Image.open(io.BytesIO(_small_png(stream.getvalue())))
    assert small.mode == ("RGB" if is_noise else "P")
    np.testing.assert_array_equal(np.asarray(small.convert("RGB")), pixels)
