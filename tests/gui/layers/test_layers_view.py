"""The layers over time, drawn from artificial records."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QToolTip

from core.colors import DARK, LIGHT, rgb
from core.settings.config import Hyperparameters
from core.training.layer_statistics import LAYER_METRICS, LayerRecord
from gui.layers.layer_panels import PANELS, number, span
from gui.layers.layer_rows import HEADER
from gui.layers.layer_series import layer_series, log_range, round_range, thinned
from gui.layers.layers_view import LayersView

COLUMN = {panel.metric: column for column, panel in enumerate(PANELS)}


def record(step, hidden=("relu", "tanh"), **metrics):
    """Return a healthy record except for `metrics`."""
    array = np.zeros(len(hidden) + 1, LAYER_METRICS)
    array["fan_in"], array["units"] = 100, 50
    array["weight_norm"], array["gradient_norm"], array["update_ratio"] = 10, 1, 1e-3
    for name in ("weights", "activations", "gradients"):
        array[name] = [-2, -1, 0, 1, 2]
    for name, values in metrics.items():
        array[name] = values
    return LayerRecord(step, tuple(hidden), array)


RECORDS = [record(step) for step in range(100, 1001, 100)]


@pytest.fixture
def view(qtbot):
    view = LayersView()
    qtbot.addWidget(view)
    view.resize(800, 330)
    view.show()
    qtbot.waitExposed(view)
    return view


def show(view, records, **hyperparameters):
    view.show_records(records, Hyperparameters(**hyperparameters))
    QApplication.processEvents()  # scrolling and hidden parts replace them


def pixels(view, row, figure):
    """Return the colors of a plot without its frame, (height, width, 3)."""
    plot = view.rows.plot_rect(row, COLUMN[figure]).adjusted(1, 1, -1, -1)
    image = view.rows.grab(plot).toImage().convertToFormat(QImage.Format.Format_RGB888)
    lines = np.array(image.constBits(), np.uint8).reshape(image.height(), -1)
    return lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)


def height_of_line(view, row, figure, color, x=0.5):
    """Return how high a line of that color is in a plot, 0…1, at a share of the width."""
    image = pixels(view, row, figure).astype(int)
    column = image[:, int(x * (image.shape[1] - 1))]
    distance = np.abs(column - rgb(color)).sum(axis=1)
    return 1 - (distance.argmin() + 0.5) / len(column)


def test_before_a_run_it_says_what_to_do(view):
    (hint,) = [label for label in view.findChildren(QLabel) if label.isVisible()]
    assert "Space to start training" in hint.text()
    show(view, RECORDS)
    assert not hint.isVisible()
    view.clear()
    assert hint.isVisible()
    assert view.rows.layers == ()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_line_is_as_high_as_its_value(view, theme):
    view.apply_theme(theme)
    show(view, [record(s, dead=[0.25, 0, 0], saturated=[0, 0.75, 0]) for s in (1, 500, 1000)])
    pixel = 1 / view.rows.plot_rect(0, 0).height()
    for row, share in ((0, 0.25), (1, 0.75)):
        assert height_of_line(view, row, "stuck", theme.test) == pytest.approx(share, abs=2 * pixel)


def test_all_layers_share_a_scale_of_decades(view):
    """From 10⁻⁴ to 10⁰, so that 10⁻² is in the middle."""
    show(view, [record(step, gradient_norm=[1e-4, 1e-2, 1]) for step in (1, 500, 1000)])
    heights = [height_of_line(view, row, "gradient_norm", LIGHT.train) for row in range(3)]
    pixel = 1 / view.rows.plot_rect(0, 0).height()
    assert heights == pytest.approx([0, 0.5, 1], abs=2 * pixel)


def test_the_band_is_filled_between_its_quantiles(view):
    """From −2 to 2, on a scale from −2 to 2 of which the inner half is darker."""
    show(view, [record(step, weights=[-2, -1, 0.5, 1, 2]) for step in (1, 500, 1000)])
    image = pixels(view, 0, "weights").astype(int)
    column = image[:, image.shape[1] // 2].sum(axis=1)
    at = {share: column[int(share * len(column))] for share in (0.1, 0.3, 0.7, 0.9)}
    assert at[0.1] == at[0.9] > at[0.3] == at[0.7]
    assert at[0.1] < rgb(LIGHT.surface).astype(int).sum()


def test_the_band_starts_with_its_first_record(view):
    """Where a layer was added in the middle of a run."""
    show(view, [record(500), record(1000)])
    image = pixels(view, 0, "weights")
    surface = rgb(LIGHT.surface)
    quarter = image.shape[1] // 4
    outer = int(0.1 * len(image))
    np.testing.assert_array_equal(image[outer, quarter], surface)
    assert (image[outer, 3 * quarter] != surface).any()


def test_the_newest_values_are_described_in_words(view):
    show(view, [*RECORDS, record(1100, gradient_norm=[0.5, 1, 2], dead=[0.3, 0, 0])])
    message = view.rows.accessibleDescription()
    first, second, output = message.split("; ")
    assert first.startswith("Layer 1: gradient norm 0.5")
    assert "30 % dead" in first
    assert "0 % saturated" in second
    assert output.startswith("Output: gradient norm 2,")
    assert "stuck –" in output


def test_a_diagnosis_is_shown_with_a_mark_at_its_layers(view):
    show(view, RECORDS)
    without = view.rows.grab().toImage()
    assert not view.diagnoses.isVisible()
    assert view.verdict.isVisible()
    show(view, [record(step, dead=[0.9, 0, 0]) for step in (1, 2, 4)])
    assert view.diagnoses.isVisible()
    assert not view.verdict.isVisible()
    text = " ".join(x.text() for x in view.diagnoses.findChildren(QLabel) if x.isVisible())
    assert "90 % of the units of layer 1" in text
    warning = rgb(LIGHT.warning).tolist()

    def signs(image):
        """Return the rows that have the warning's color beside the name."""
        place = [(x, y) for x in range(84) for y in range(image.height())]
        marked = [y for x, y in place if list(image.pixelColor(x, y).getRgb()[:3]) == warning]
        return {(y - HEADER) // view.rows._row_height() for y in marked}

    assert signs(without) == set()
    assert signs(view.rows.grab().toImage()) == {0}
    show(view, RECORDS)
    assert not view.diagnoses.isVisible()


def test_old_diagnoses_disappear(view):
    both = {"dead": [0.9, 0, 0], "saturated": [0, 0.9, 0]}
    show(view, [record(step, **both) for step in (1, 2, 4)])
    assert sum(label.isVisible() for label in view.diagnoses.findChildren(QLabel)) == 2
    show(view, [record(step, saturated=[0, 0.9, 0]) for step in (1, 2, 4)])
    (label,) = [x for x in view.diagnoses.findChildren(QLabel) if x.isVisible()]
    assert label.text().startswith("<b>Saturated")


def ask(view, place):
    QToolTip.hideText()
    widget = view.rows
    QApplication.sendEvent(
        widget, QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place))
    )
    return QToolTip.text()


def test_a_tool_tip_shows_the_exact_values_at_its_step(view):
    records = [
        record(s, gradient_norm=s / 7, dead=[s / 1000, 0, 0], saturated=[0, s / 5000, 0])
        for s in (100, 500, 1000)
    ]
    show(view, records)
    plot = view.rows.plot_rect(1, COLUMN["gradient_norm"])
    for x, step in ((0.1, 100), (0.45, 500), (0.99, 1000)):
        place = QPoint(plot.left() + int(x * plot.width()), plot.center().y())
        message = f"Layer 2 · gradient norm · step {step:,}\n{step / 7:.4g}"
        assert ask(view, place) == message
    assert "25 of 50 units dead" in ask(view, view.rows.plot_rect(0, COLUMN["stuck"]).center())
    stuck = view.rows.plot_rect(1, COLUMN["stuck"])
    early = QPoint(stuck.left() + stuck.width() // 10, stuck.center().y())
    assert ask(view, early).endswith("\n1 of 50 units saturated")
    assert "can be neither" in ask(view, view.rows.plot_rect(2, COLUMN["stuck"]).center())
    assert "95 %: +2\n75 %: +1" in ask(view, view.rows.plot_rect(0, COLUMN["weights"]).center())
    header = QPoint(plot.center().x(), 5)
    assert ask(view, header).startswith("Gradient norm: ‖dW‖")
    QToolTip.hideText()


def test_in_a_narrow_tab_a_layer_has_two_lines_with_its_titles(view):
    show(view, RECORDS)
    rows = view.rows
    assert {rows.plot_rect(0, column).top() for column in range(len(PANELS))} == {
        rows.plot_rect(0, 0).top()
    }
    view.resize(580, 330)
    QApplication.processEvents()
    tops = [rows.plot_rect(0, column).top() for column in range(len(PANELS))]
    assert tops[:3] == tops[:1] * 3 < tops[3:] == tops[3:4] * 3
    assert rows.plot_rect(1, 0).top() > tops[3]
    above = rows.plot_rect(1, COLUMN["weights"]).topLeft() + QPoint(20, -8)
    assert ask(view, above).startswith("Weights: W")
    QToolTip.hideText()


def test_many_layers_are_scrolled_below_their_titles(view):
    hidden = ("relu",) * 8
    show(view, [record(step, hidden) for step in (1, 500, 1000)])
    bar = view.findChild(QScrollArea).verticalScrollBar()
    rows = view.rows
    assert bar.maximum() > 0
    titles = rows.grab(rows.visibleRegion().boundingRect()).toImage().copy(0, 0, 600, HEADER)
    bar.setValue(bar.maximum())
    scrolled = rows.grab(rows.visibleRegion().boundingRect()).toImage().copy(0, 0, 600, HEADER)
    assert scrolled == titles
    last = rows.plot_rect(8, 0)
    assert rows.visibleRegion().boundingRect().contains(last)


@pytest.mark.parametrize("layers", [1, 3, 9])
@pytest.mark.parametrize("size", [(690, 330), (500, 200), (1800, 1300)])
def test_plots_do_not_overlap_and_are_inside(view, layers, size):
    view.resize(*size)
    show(view, [record(1, ("relu",) * (layers - 1))])
    plots = [view.rows.plot_rect(row, column) for row in range(layers) for column in range(6)]
    for index, plot in enumerate(plots):
        assert view.rows.rect().contains(plot)
        assert not any(plot.intersects(other) for other in plots[index + 1 :])
        assert view.rows.item_at(QPointF(plot.center())).index == 0


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf, 1e-40, 1e38])
def test_any_values_can_be_painted(view, value):
    names = ["weights", "activations", "gradients", "gradient_norm", "update_ratio"]
    show(view, [record(1), record(2, **dict.fromkeys(names, value)), record(3)])
    show(view, [record(1, **dict.fromkeys(names, value))])
    assert not view.grab().isNull()
    view.rows.explanation_at(view.rows.plot_rect(0, COLUMN["weights"]).center())


def test_it_draws_only_what_is_new_and_visible(view):
    show(view, RECORDS[:3])
    view.hide()
    show(view, RECORDS)
    assert len(view.rows.layers[0].steps) == 3
    view.show()
    assert len(view.rows.layers[0].steps) == 10
    before = view.rows.layers
    show(view, list(RECORDS))
    assert view.rows.layers is before


# --- series and scales ---------------------------------------------------------------------


def test_layers_continue_when_their_number_changes():
    one = record(1, ("relu",), gradient_norm=[1, 9])
    two = record(2, ("relu", "tanh"), gradient_norm=[2, 5, 8])
    first, second, output = layer_series([one, two])
    assert (first.name, second.name, output.name) == ("Layer 1", "Layer 2", "Output")
    assert (second.activation, output.activation) == ("tanh", None)
    assert first.metrics["gradient_norm"].tolist() == [1, 2]
    assert (second.steps.tolist(), second.metrics["gradient_norm"].tolist()) == ([2], [5])
    assert output.metrics["gradient_norm"].tolist() == [9, 8]
    assert [series.name for series in layer_series([two, one])] == ["Layer 1", "Output"]
    assert layer_series([]) == ()


def test_thinned_is_at_most_one_step_a_pixel_and_the_newest():
    (series, *_) = layer_series([record(step) for step in range(1, 996)])
    few = thinned(series, 1000.0, 50)
    assert len(few.steps) == len(few.metrics) == 50
    assert few.steps[-1] == 995
    assert len(thinned(series, 1000.0, 5000).steps) == 995


@pytest.mark.parametrize(
    ("values", "decades"),
    [
        ([0.02, 3], range(-2, 2)),
        ([0.1, 1], range(-1, 1)),
        ([5], range(0, 2)),
        ([0, np.inf, np.nan], range(-1, 1)),
        ([1e-30, 1], range(-12, 1)),
    ],
)
def test_decades_cover_all_positive_values(values, decades):
    assert log_range([np.array(values)]) == decades


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ([-0.03, 0.4], (-0.05, 0.5)),
        ([0, 7], (0, 10)),
        ([3, 4], (0, 5)),
        ([-2e-9, -1e-9], (-2e-9, 0)),
        ([0, 0], (-1, 1)),
        ([np.nan], (-1, 1)),
    ],
)
def test_ends_of_a_scale_are_round(values, ends):
    assert round_range(np.array(values)) == pytest.approx(ends, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.0123, "0.012"), (-0.5, "−0.5"), (1234, "1,234"), (-3.21e-8, "−3.2e−8")],
)
def test_numbers_are_short(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-0.089, 0.0871, "−0.089 … 0.087"),
        (4e-9, 1, "0 … 1.0"),
        (-2.31e-8, 1.8e-9, "−2.3 … 0.2 e−8"),
        (0, 0, "0 … 0"),
        (0.485, 0.512, "0.48 … 0.51"),
    ],
)
def test_both_ends_of_a_span_have_one_exponent(low, high, text):
    assert span(low, high) == text
