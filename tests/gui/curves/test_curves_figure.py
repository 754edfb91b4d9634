"""The picture of the curves: its content in every file format."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtGui import QAction, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from core.colors import DARK, LIGHT, rgb
from core.errors import DigitscopeError
from core.settings.config import NetworkConfig
from core.training.snapshot import take_snapshot
from core.wording import percent
from gui.curves.curves_figure import HEIGHT, POINTS, WIDTH, CurvesFigure, subtitle_of, title_of
from gui.curves.curves_view import CurvesView
from tests.core.training.small_runs import make_trainer, run
from tests.gui.curves.pixels import pixels_of
from tests.gui.snapshots import curves
from tests.gui.snapshots import snapshot as other_snapshot

pytestmark = pytest.mark.usefixtures("qapp")

PNG_SCALE = 2


def figure_of(snapshot, axis="step", is_log=False, overlays=(), part=None, theme=LIGHT):
    """The figure of curves that the window shows so."""
    view = CurvesView(QAction(checkable=True, checked=is_log))
    view.apply_theme(theme)
    view.set_axis(axis)
    view.show_overlays(overlays)
    view.show_loss(snapshot)
    view.show_accuracy(snapshot)
    if part is not None:
        view.show_part(*part)
    charts = view.charts(LIGHT, POINTS)
    view.deleteLater()
    return CurvesFigure(charts, title_of(snapshot), subtitle_of(snapshot))


@pytest.fixture(scope="module")
def snapshot():
    return take_snapshot(run(make_trainer(seed=7, validation=40, batch_size=20, l2=0.001), 45))


def texts(path):
    """All texts of an SVG."""
    root = ElementTree.fromstring(path.read_bytes())
    return [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]


def has_color(pixels, token):
    """Whether some pixels are of a color of the light theme."""
    return (np.abs(pixels - rgb(getattr(LIGHT, token)).astype(int)).sum(axis=2) < 12).sum() > 5


def rendered(path, form):
    """What a program that opens the file shows."""
    if form == "png":
        return pixels_of(QImage(str(path)))
    image = QImage(PNG_SCALE * WIDTH, PNG_SCALE * HEIGHT, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        QSvgRenderer(str(path)).render(painter)
    return pixels_of(image)


@pytest.mark.parametrize("form", ["png", "svg"])
def test_both_plots_are_there_side_by_side_on_light_background(tmp_path, snapshot, form):
    path = tmp_path / f"curves.{form}"
    getattr(figure_of(snapshot), f"write_{form}")(path)
    pixels = rendered(path, form)
    assert pixels.shape == (PNG_SCALE * HEIGHT, PNG_SCALE * WIDTH, 3)
    np.testing.assert_array_equal(pixels[3, 3], rgb(LIGHT.surface))
    for half in np.split(pixels, 2, axis=1):
        for token in ("train", "test", "validation", "text", "hairline"):
            assert has_color(half, token), token
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_figure_is_the_same_bytes_each_time(tmp_path, snapshot, kind):
    for name in ("one", "two"):
        getattr(figure_of(snapshot), f"write_{kind}")(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_it_says_what_it_shows(tmp_path, snapshot):
    figure_of(snapshot).write_svg(tmp_path / "curves.svg")
    found = texts(tmp_path / "curves.svg")
    test, validation = snapshot.history.test_accuracy, snapshot.history.validation_accuracy
    for text in (
        "784-16-10 on Strokes",
        "SGD, learning rate 0.1, batches of 20, seed 7; 45 steps, 5.6 epochs",
        *("Loss", "cross-entropy", "batch", "smoothed"),
        *("Accuracy", "correct, %", "train"),
        "test",
        "validation",
        percent(test[-1]),
        percent(validation[-1]),
    ):
        assert text in found
    assert found.count("step") == found.count("at step 40") == 2
    assert "resized" not in found


def test_unmeasured_quantities_are_not_in_the_legend(tmp_path):
    snapshot = take_snapshot(run(make_trainer(), 5))
    figure_of(snapshot).write_svg(tmp_path / "curves.svg")
    assert not any("validation" in text for text in texts(tmp_path / "curves.svg"))


@pytest.mark.parametrize(
    ("axis", "title"), [("step", "step"), ("epoch", "epoch"), ("time", "training time, s")]
)
def test_it_is_drawn_over_what_the_window_draws_over(tmp_path, snapshot, axis, title):
    figure_of(snapshot, axis).write_svg(tmp_path / "curves.svg")
    assert texts(tmp_path / "curves.svg").count(title) == 2


def test_the_logarithmic_scale(tmp_path, snapshot):
    figure_of(snapshot, is_log=True).write_svg(tmp_path / "log.svg")
    figure_of(snapshot).write_svg(tmp_path / "linear.svg")
    assert {"0.1", "0.2", "0.5", "1"} <= set(texts(tmp_path / "log.svg"))
    assert not {"0.1", "0.2"} & set(texts(tmp_path / "linear.svg"))


def test_a_live_change_of_the_network_is_marked(tmp_path, snapshot):
    begun = snapshot.changes[0]
    changed = replace(begun, step=20, network=NetworkConfig(hidden=(18,)))
    resized = replace(snapshot, changes=(begun, changed))
    figure_of(resized).write_svg(tmp_path / "curves.svg")
    assert texts(tmp_path / "curves.svg").count("resized") == 2


def test_no_line_of_a_drawing_leaves_its_plot(tmp_path, snapshot):
    """An SVG that relies on clipping looks different in other programs."""
    figure_of(snapshot).write_svg(tmp_path / "curves.svg")
    svg = (tmp_path / "curves.svg").read_text("utf-8")
    lines = [
        np.array(points.replace(",", " ").split(), float).reshape(-1, 2)
        for points in re.findall(r'<polyline[^>]* points="([^"]*)"', svg)
    ]
    axes = {tuple(line[0]) for line in lines if len(line) == 2}
    left, bottom = max(axes, key=lambda place: place[1] - place[0])
    curves = np.concatenate([line for line in lines if len(line) > 10])
    assert len(curves) > 100
    assert curves[:, 0].min() >= left
    assert curves[:, 1].max() <= bottom
    assert (curves <= np.max([line.max(axis=0) for line in lines if len(line) == 2], axis=0)).all()
    assert "clip" not in svg


def test_one_step_and_a_run_that_diverged_can_be_drawn(tmp_path):
    trainer = run(make_trainer(), 1)
    trainer.recorder.record_evaluation(1, 1.0, np.inf, 0.1)
    one = take_snapshot(trainer)
    for number, figure in enumerate((figure_of(one), figure_of(one, "time"))):
        figure.write_png(tmp_path / f"{number}.png")
        assert not QImage(str(tmp_path / f"{number}.png")).isNull()


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_file_that_cannot_be_written_is_named(tmp_path, snapshot, form):
    write = getattr(figure_of(snapshot), f"write_{form}")
    with pytest.raises(DigitscopeError, match=r"nowhere.* could not be written"):
        write(tmp_path / "nowhere" / f"curves.{form}")


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_other_runs_are_there_in_the_colors_of_the_figure(tmp_path, snapshot, theme):
    overlays = [
        (f"Run {n}", theme.overlays[n], curves(other_snapshot(60), scale=0.5 + n)) for n in range(2)
    ]
    figure = figure_of(snapshot, overlays=overlays, theme=theme)
    figure.write_svg(tmp_path / "curves.svg")
    figure.write_png(tmp_path / "curves.png")
    found = texts(tmp_path / "curves.svg")
    assert found.count("Run 0") == found.count("Run 1") == 2
    pixels = pixels_of(QImage(str(tmp_path / "curves.png")))
    for color in LIGHT.overlays[:2]:
        assert (np.abs(pixels - rgb(color).astype(int)).sum(axis=2) < 12).sum() > 50


def test_a_part_that_is_enlarged_is_the_part_in_the_figure(tmp_path, snapshot):
    figure = figure_of(snapshot, part=(10, 20))
    for chart in figure.charts:
        assert chart.x_range == (10, 20)
    figure.write_svg(tmp_path / "curves.svg")
    assert {"10", "20"} <= set(texts(tmp_path / "curves.svg"))
    assert "30" not in texts(tmp_path / "curves.svg")
