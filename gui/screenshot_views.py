"""What the screenshots of single views show: each view is given something to be seen.

A scene is a generator. It does what a user would do, and yields for how many seconds the window is
then left alone; when it ends, the picture can be taken.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import numpy as np
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from core.arrays import SIDE
from core.datasets.dataset import Dataset
from core.inspection.prediction import predict
from core.lessons.lessons import find_lessons
from core.pictures.picture_decoding import DecodedPicture
from core.pictures.sheet import read_sheet
from core.runs.search_record import SearchRecord
from core.search.plan import SearchPlan
from core.search.search_files import check_extras
from core.search.varied import parse_varied
from core.settings.config import NetworkConfig, RunConfig
from gui.compare.compare_view import CompareView
from gui.mistakes.mistakes_view import MistakesView
from gui.prediction.active_network import Source
from gui.runs.run_columns import TICK
from gui.runs.runs_view import RunsView
from gui.search.search_view import SearchView
from gui.training.session import Session
from gui.weights.weights_panel import WeightsPanel
from gui.window.main_window import MainWindow
from gui.window.tab_table import TABS

Scene = Generator[float, None, None]

_DRAWN = 1.0
"""Seconds after which a view that was opened has painted all that it shows."""
_LESSON = "Learning rate: small, right, large"
_SEARCH_IMAGES = 20_000
_ID = "5" * 32


@dataclass(frozen=True)
class Stage:
    """What scenes play on: a window whose network has trained, with a digit on the pad.

    Attributes
    ----------
    seconds
        Of training, for scenes that train more.
    """

    window: MainWindow
    session: Session
    dataset: Dataset
    seconds: float


def _weights(stage: Stage) -> Scene:
    """Inspect the unit that the drawing activates most."""
    view = cast(WeightsPanel, stage.window.tabs.view("weights"))
    yield _DRAWN
    prediction = stage.window.prediction.prediction
    assert prediction is not None  # there is a drawing
    first = prediction.network.run(prediction.image.reshape(1, -1)).A[1]
    view.mosaic.pin(int(first.argmax()))


def _mistakes(stage: Stage) -> Scene:
    """Show the most frequent confusion."""
    view = cast(MistakesView, stage.window.tabs.view("mistakes"))
    yield _DRAWN
    press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view.matrix, press)


def _compare(stage: Stage) -> Scene:
    """Compare now with the last moment at which the answer for the drawing was another."""
    pair = cast(CompareView, stage.window.tabs.view("compare")).pair
    prediction = stage.window.prediction.prediction
    assert prediction is not None  # there is a drawing
    for moment in reversed(stage.window.shown.moments):
        if predict(moment.make_network(), prediction.image).digit != prediction.digit:
            pair.left.choose_moment(moment)
            break
    yield _DRAWN


def _runs(stage: Stage) -> Scene:
    """Train another run, and compare it with the first."""
    config = stage.session.config
    tanh = replace(config.network, activations=("tanh",))
    stage.session.use_config(replace(config, network=tanh))
    stage.session.play()
    yield stage.seconds
    stage.session.pause()
    view = cast(RunsView, stage.window.tabs.view("runs"))
    yield _DRAWN
    model = view.model
    for row in range(model.rowCount()):
        index = model.index(row, TICK)
        if model.record(index).name == "Run 1":
            model.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)


def _search(stage: Stage) -> Scene:
    """Search for a rate and a layer size, with a part of the images, and choose the best trial."""
    check_extras()
    from core.search.chooser import Chooser
    from core.search.executors import OneByOne
    from core.search.search import Search
    from core.search.trial_records import TrialRecords

    plan = SearchPlan(
        RunConfig(stage.dataset.name, NetworkConfig(hidden=(32,)), validation=4_000),
        tuple(map(parse_varied, ("learning_rate=0.003..3:log", "units=4..128:log"))),
        sampler="guided",
        trials=32,
    )
    library = stage.window.library
    record = SearchRecord(
        _ID, "Learning rate and units", time.time(), plan.as_values(), "running", plan.trials
    )
    library.put_search(record)
    with (
        TemporaryDirectory() as folder,
        closing(OneByOne(_part_of(stage.dataset), lambda: None)) as executor,
        closing(Chooser(Path(folder) / "search.sqlite", plan)) as chooser,
    ):
        records = TrialRecords(library, _ID, None)
        Search(_ID, plan, chooser, executor, records, lambda _: None, lambda: False).run()
        library.put_search(replace(record, state="finished", importance=chooser.importance()))
    view = cast(SearchView, stage.window.tabs.view("search"))
    view.read()  # it looks for itself only at what other processes write
    yield _DRAWN
    results = view.state.results
    view.state.choose(None if results is None else results.best)


def _part_of(dataset: Dataset) -> Dataset:
    return Dataset(
        dataset.name,
        dataset.train_images[:_SEARCH_IMAGES],
        dataset.train_labels[:_SEARCH_IMAGES],
        dataset.test_images,
        dataset.test_labels,
    )


def _my_digits(stage: Stage) -> Scene:
    """Correct test images: each is saved."""
    for index, label in enumerate(stage.dataset.test_labels[:40].tolist()):
        stage.window.my_digits_controller.place_test_image(index)
        yield 0.02
        stage.window.actions_.correct[label].trigger()


def _sheet(stage: Stage) -> Scene:
    """Read a page of test images with the ready-made network."""
    stage.window.active_network.use(Source.READY_MADE)
    rows, columns, margin = 4, 12, 6
    images = stage.dataset.test_images[: rows * columns].reshape(rows, columns, SIDE, SIDE)
    padded = np.pad(images, ((0, 0), (0, 0), (margin, margin), (margin, margin)))
    page = 255 - padded.swapaxes(1, 2).reshape(rows * (SIDE + 2 * margin), -1)
    large = Image.fromarray(page).resize((page.shape[1] * 2, page.shape[0] * 2))
    sheet = read_sheet(DecodedPicture(np.asarray(large), *large.size), "page")
    stage.window.pictures.show_sheet(sheet)
    yield _DRAWN


def _lesson(stage: Stage) -> Scene:
    """Run a lesson to its end."""
    window = stage.window
    window.layout_.show_lessons()
    yield _DRAWN
    lessons = window.lessons
    titles = [lesson.title for lesson in find_lessons().lessons]
    lessons.open_lesson(titles.index(_LESSON))
    ended: list[object] = []
    lessons.recorded.connect(ended.append)
    lessons.run()
    while not ended:
        yield 0.2


def _as_it_is(_stage: Stage) -> Scene:
    yield from ()


LESSON = "lesson"
_SCENES: Mapping[str, Callable[[Stage], Scene]] = {
    LESSON: _lesson,
    **dict.fromkeys([tab.name for tab in TABS], _as_it_is),
    "weights": _weights,
    "mistakes": _mistakes,
    "compare": _compare,
    "runs": _runs,
    "search": _search,
    "my_digits": _my_digits,
    "sheet": _sheet,
}
VIEWS = tuple(_SCENES)
"""A lesson, and the tabs in their order."""


def show(name: str, stage: Stage) -> Scene:
    """Open a view, let a tab fill the window, and give it something to show."""
    stage.window.messages.clear()
    stage.window.actions_.fill.setChecked(name != LESSON)
    if name != LESSON:
        stage.window.tabs.open(name)
    yield from _SCENES[name](stage)
    if (focused := QApplication.focusWidget()) is not None:
        focused.clearFocus()  # its ring belongs to no view
    yield _DRAWN
