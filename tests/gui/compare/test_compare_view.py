"""Two networks side by side in the window: which they are, and what is shown of them."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.inspection.network_comparison import compare_evaluations
from core.inspection.prediction import predict
from core.network.network import Network
from core.saving.run_file import save_run
from core.settings.config import NetworkConfig, RunConfig
from core.training.evaluation import evaluate
from core.training.saved_run import SavedRun
from gui.compare import side_chooser
from gui.compare.sources import BEST, READY_MADE, SHOWN, THIS_RUN, Kind
from gui.training.state import State
from tests.gui.driving import child, click, pick


@pytest.fixture
def trained(qtbot, window, session):
    """The window with a run of some 20 steps, at rest, a drawing on the pad, and Compare open."""
    for _ in range(4):
        session.train_epoch()
        qtbot.waitUntil(lambda: session.state is State.PAUSED)
    window.my_digits_controller.place_test_image(0)
    qtbot.waitUntil(lambda: window.prediction.prediction is not None)
    window.tabs.open("compare")
    return window


@pytest.fixture
def view(trained):
    return trained.tabs.view("compare")


def sides(view):
    return view.pair.left, view.pair.right


def places(view):
    return tuple(side.network.place[0] for side in sides(view))


def show_test_set(qtbot, view):
    view.parts.setCurrentIndex(1)
    view.parts.activated.emit(1)
    header = view.test_set.header
    qtbot.waitUntil(lambda: header.isVisible() and not header.is_quiet and header.text() != "")


def titles(view):
    return view.drawing.left.title.text(), view.drawing.right.title.text()


def offered(view, name):
    combo = child(view, f"compare_{name}")
    return [combo.itemText(index) for index in range(combo.count())]


def test_at_first_an_early_moment_and_now_answer_for_the_drawing(qtbot, trained, view):
    early, now = (side.network for side in sides(view))
    moments = trained.shown.moments
    assert places(view) == (moments[len(moments) // 2].step, trained.display.snapshot.step)
    qtbot.waitUntil(view.drawing.right.bars.isVisible)
    assert titles(view) == (early.title, now.title)
    answer = predict(now.network, trained.prediction.image).digit
    assert view.drawing.right.bars.accessibleName().startswith(f"Answer on the right: {answer}, ")
    image = trained.prediction.image
    for answer, network in ((view.drawing.left, early.network), (view.drawing.right, now.network)):
        expected = predict(network, image).probabilities
        np.testing.assert_array_equal(answer.bars.probabilities, expected)
    (layer, *_) = view.drawing.units.shown
    unit = int(layer.layer.units[0])
    first = [network.run(image.reshape(1, -1)).A[1][0] for network in (early.network, now.network)]
    assert unit == np.abs(first[0] - first[1]).argmax()
    assert f"unit {unit}: activation" in view.drawing.units.accessibleDescription()
    assert now.title in view.drawing.right.title.text()


def test_what_one_reads_that_the_other_does_not(qtbot, trained, view, session):
    test = session.data.dataset.test
    show_test_set(qtbot, view)
    evaluations = [evaluate(side.network.network, test.images, test.labels) for side in sides(view)]
    expected = compare_evaluations(*evaluations)
    assert len(expected.only_b)
    assert view.test_set.header.text() == (
        f"Both correct {expected.both}; only left {len(expected.only_a)}; only right "
        f"{len(expected.only_b)}; neither {expected.neither}"
    )
    gallery = view.test_set.right.gallery
    assert gallery.digits.tolist() == expected.only_b.tolist()
    assert f"predicted as {evaluations[0].guesses[expected.only_b[0]]}" in gallery.words(0)
    with qtbot.waitSignal(view.digit_chosen) as chosen:
        QTest.mouseClick(
            gallery.viewport(), Qt.MouseButton.LeftButton, pos=gallery.tile_rect(0).center()
        )
    assert chosen.args == [int(expected.only_b[0])]


def test_the_left_follows_the_time_slider_until_it_is_chosen(trained, view):
    left, _ = sides(view)
    early = left.network.place
    moments = trained.shown.moments
    trained.shown.choose(moments[1])
    assert left.source == SHOWN
    assert left.network.place == moments[1].place
    assert places(view)[1] == trained.display.snapshot.step
    trained.shown.show_now()
    assert left.network.place == early
    view.choosers[0].slider.setValue(2)
    assert left.network.place == moments[2].place
    trained.shown.choose(moments[1])
    assert left.network.place == moments[2].place
    pick(view, "compare_left", offered(view, "left").index("This run"))
    assert left.network.place == early


def test_the_same_moment_on_both_sides_is_not_compared(trained, view):
    slider = view.choosers[0].slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert view.empty.isVisible()
    assert "same network" in view.empty.text()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert not view.empty.isVisible()
    assert places(view)[0] == trained.shown.moments[0].step
    assert slider.words == f"Step {trained.shown.moments[0].step}"


def test_now_follows_the_run_only_while_somebody_looks(qtbot, trained, view, session):
    before = places(view)[1]
    show_test_set(qtbot, view)
    session.step()
    qtbot.waitUntil(lambda: places(view)[1] == before + 1)
    caption = view.test_set.right.caption
    qtbot.waitUntil(lambda: f"Step {before + 1} (now)" in caption.text())
    trained.tabs.open("flow")
    session.step()
    qtbot.waitUntil(lambda: trained.display.snapshot.step == before + 2)
    assert places(view)[1] == before + 1
    trained.tabs.open("compare")
    assert places(view)[1] == before + 2


def test_a_run_that_was_replaced_is_compared_with_the_new_one(qtbot, trained, view, session):
    old, steps = session.run.id, trained.display.snapshot.step
    config = session.config
    session.use_config(replace(config, network=replace(config.network, hidden=())))
    qtbot.waitUntil(lambda: any(run.id == old for run in session.reopening.replaced.runs))
    qtbot.waitUntil(lambda: "Run 1" in offered(view, "left"))
    session.train_epoch()
    qtbot.waitUntil(lambda: session.state is State.PAUSED)
    pick(view, "compare_left", offered(view, "left").index("Run 1"))
    left, right = sides(view)
    qtbot.waitUntil(lambda: left.network is not None)
    assert left.source.kind is Kind.KEPT
    assert left.network.title == f"Run 1, step {steps}"
    qtbot.waitUntil(lambda: titles(view)[0] == left.network.title)
    first, second = view.drawing.units.shown
    units = view.drawing.units
    assert units.heading(first.layer) == "Layer 1: only on the left"
    assert units.heading(second.layer) == "Layer 2: only on the left"
    view.choosers[0].slider.setValue(0)
    assert left.network.place[0] == left.moments[0].step == 0
    assert left.network.title == "Run 1, step 0"
    assert right.source == THIS_RUN
    early, step = left.network, right.network.place[0]
    session.step()
    qtbot.waitUntil(lambda: right.network.place[0] == step + 1)
    assert left.network is early  # which would be evaluated again at each step


def test_two_runs_are_chosen_in_runs(qtbot, trained, view, session):
    config = session.config
    old = session.run.id
    session.use_config(replace(config, seed=5))
    session.train_epoch()
    qtbot.waitUntil(lambda: any(run.id == old for run in session.reopening.replaced.runs))
    qtbot.waitUntil(lambda: session.state is State.PAUSED)
    trained.tabs.open("runs")
    runs = trained.tabs.view("runs")
    button = child(runs, "runs_compare_button")
    assert not button.isEnabled()
    assert "Select two runs" in button.toolTip()
    runs.table.selectAll()
    assert button.toolTip() == "Compare the networks of Run 1 and Run 2, side by side"
    click(runs, "runs_compare_button")
    assert view.isVisible()
    left, right = sides(view)
    qtbot.waitUntil(lambda: left.network is not None)
    assert (left.network.run, right.network.run) == (old, session.run.id)
    session.reopening.replaced.take(session.reopening.replaced.find(old))
    session.reopening.changed.emit(session.reopening.replaced.runs)
    trained.tabs.open("runs")
    assert not button.isEnabled()
    assert button.toolTip() == "Only the curves and settings of Run 1 are kept, not its network"


def test_layers_of_other_sizes_are_not_compared(qtbot, trained, view):
    left, right = (side.network for side in sides(view))
    other = Network((784, 16, right.network.sizes[2], 10))
    view.drawing.compare(left, replace(right, network=other), trained.prediction.image, True)
    units = view.drawing.units
    qtbot.waitUntil(lambda: [each.layer.sizes[1] for each in units.shown][:1] == [16])
    first, second = units.shown
    size = left.network.sizes[1]
    assert units.heading(first.layer) == f"Layer 1: {size} and 16 units, not compared"
    assert units.heading(second.layer) == "Layer 2: most different units, left → right"
    assert len(second.left) == len(second.right) == len(second.layer.units) > 0


def test_a_run_in_a_file_and_one_that_is_none(qtbot, trained, view, monkeypatch, tmp_path):
    network = Network.from_config(NetworkConfig(hidden=(5,)))
    file = tmp_path / "other.npz"
    save_run(file, SavedRun(RunConfig(network=NetworkConfig(hidden=(5,))), network))
    broken = tmp_path / "broken.npz"
    broken.write_bytes(b"nothing")
    left, _ = sides(view)
    for path in (file, broken):
        monkeypatch.setattr(
            side_chooser.QFileDialog, "getOpenFileName", lambda *_, p=path, **__: (str(p), "")
        )
        pick(view, "compare_left", offered(view, "left").index("Choose a run…"))
        assert child(view, "compare_left").currentText() == path.name
        qtbot.waitUntil(lambda name=path.name: left.network is not None or name in left.problem)
        if path is file:
            assert left.network.title == "other.npz"
        else:
            assert view.empty.isVisible()
            assert "broken.npz" in view.empty.text()


def test_the_best_of_this_run_is_offered_where_there_is_one(qtbot, trained, view, session):
    assert "This run's best" not in offered(view, "left")
    session.set_validation(50)
    session.train_epoch()
    qtbot.waitUntil(lambda: session.state is State.PAUSED)
    qtbot.waitUntil(lambda: "This run's best" in offered(view, "left"))
    pick(view, "compare_left", offered(view, "left").index("This run's best"))
    left, _ = sides(view)
    assert left.source == BEST
    best = trained.display.snapshot.best_moment
    assert left.network.place == best.place
    np.testing.assert_array_equal(left.network.network.parameters, best.make_network().parameters)


def test_on_a_test_set_of_other_classes_only_the_drawing_is_compared(qtbot, trained, view, session):
    digits = session.data.dataset
    view.show_dataset(replace(digits, name="fashion-mnist"))
    view.parts.setCurrentIndex(1)
    view.parts.activated.emit(1)
    assert view.test_set.empty.isVisible()
    assert "other classes than 0, 1, 2" in view.test_set.empty.text()
    view.show_dataset(digits)
    show_test_set(qtbot, view)
    view.parts.setCurrentIndex(0)
    view.parts.activated.emit(0)
    assert view.drawing.right.bars.isVisible()


def test_networks_of_other_classes_are_refused(qtbot, trained, view, tmp_path):
    config = RunConfig("fashion-mnist", NetworkConfig(hidden=(5,)))
    file = tmp_path / "clothes.npz"
    save_run(file, SavedRun(config, Network.from_config(config.network)))
    left, _ = sides(view)
    left.choose(view.pair.sources.add_file(file))
    qtbot.waitUntil(lambda: left.network is not None)
    assert "on the left has the classes T-shirt/top, Trouser" in (view.empty.text())
    assert view.empty.isVisible()


def test_a_run_that_does_not_read_the_test_set_is_not_compared_on_it(trained, view):
    left, right = (side.network for side in sides(view))
    view.parts.setCurrentIndex(1)
    view.parts.activated.emit(1)
    view._compare_on_test_set(replace(left, reads_test_set=False), right)
    assert view.test_set.empty.isVisible()
    assert "The run on the left does not read the test set" in view.test_set.empty.text()


def test_a_network_that_has_diverged_has_no_answer(qtbot, trained, view, session):
    left, right = (side.network for side in sides(view))
    broken = Network.from_config(session.config.network)
    broken.parameters[:] = np.nan
    diverged = replace(right, network=broken)
    view.drawing.compare(left, diverged, trained.prediction.image, at_once=True)
    qtbot.waitUntil(lambda: "diverged" in titles(view)[1])
    assert view.drawing.right.bars.probabilities is None
    view.parts.setCurrentIndex(1)
    view.parts.activated.emit(1)
    view.test_set.compare(left, diverged, session.data.dataset.test)
    caption = view.test_set.right.caption
    qtbot.waitUntil(lambda: "has diverged" in caption.text())


def test_a_blank_pad_says_what_to_do(qtbot, trained, view):
    qtbot.waitUntil(view.drawing.right.bars.isVisible)
    trained.pad_panel.pad.clear()
    qtbot.waitUntil(view.drawing.empty.isVisible)


def test_before_the_first_step_both_sides_are_the_same(window):
    window.tabs.open("compare")
    view = window.tabs.view("compare")
    assert view.empty.isVisible()
    assert "Press Space" in view.empty.text()
    assert READY_MADE not in view.pair.sources.all  # this window has none
