"""Creates and drops Qt objects while a network trains; counts those destroyed in a wrong thread.

    python -m tests.endurance.churn [--count 5000] [--seed 1]

Restarts, presets, data sets, layers, files, tabs, menus, dialogs, lessons, pictures, my digits and
unit queries, in random order. The collector's thresholds are low, so that an automatic collection
would run all the time. Passes if every QObject was destroyed in its own thread, the collector ran
only in the window's thread, there were no complaints, and one trainer is left.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QTableView, QTabWidget

from core.settings.presets import PRESETS
from core.training.trainer import Trainer
from gui.training.state import State
from gui.weights.weights_view import WeightsView
from gui.widgets.digit_list import Role
from tests.core.digits import tiny_dataset
from tests.endurance.alive import Alive
from tests.endurance.complaints import Complaints
from tests.endurance.destructions import watch_destructions
from tests.endurance.driver import Driver, wait_until
from tests.endurance.program import home, parse, verdict
from tests.gui.driving import child, choose

_THRESHOLDS = (100, 5, 5)
_IMAGES = 600
_FILES = 4
"""Number of files that are saved to repeatedly."""
_PATIENCE = 20.0
"""Seconds within which the last run starts, and earlier ones end."""


class Churn(Driver):
    """Does random things that create and drop Qt objects."""

    def __init__(self, count: int, seed: int, folder: Path, trainers: Alive) -> None:
        super().__init__(count, seed, folder)
        self.left = 0
        self._trainers = trainers
        self._actions: tuple[tuple[int, Callable[[], object]], ...] = (
            (6, self._reset),
            (4, self._play),
            (3, self._choose_preset),
            (1, self._choose_dataset),
            (4, self._change_layers),
            (3, self._change_hyperparameters),
            (3, self._save),
            (2, self._open),
            (4, self._open_dialog),
            (6, self._open_tab),
            (4, self._open_menu),
            (3, self._open_lesson),
            (2, self._paste_picture),
            (4, self._keep_digit),
            (2, self._change_digits),
            (4, self._ask_about_unit),
            (1, self._change_theme),
            (1, self._paste_settings),
        )

    def begin(self) -> None:
        """Collect often, and load the lessons."""
        gc.set_threshold(*_THRESHOLDS)
        self.window.lessons.reload()
        self.session.play()

    def act(self) -> None:
        """Do something."""
        weights, actions = zip(*self._actions, strict=True)
        self.rng.choices(actions, weights)[0]()
        if self.session.state is State.PAUSED and self.rng.random() < 0.7:
            self.session.play()

    def finish(self) -> None:
        """Wait for the last run to start and for earlier ones to end, then count trainers."""
        self.window.lessons.leave_lesson()
        self.session.data.cancel()
        self.session.pause()
        self.session.data.use(tiny_dataset())
        begun: list[object] = []
        self.session.run.snapshot_taken.connect(begun.append)
        wait_until(lambda: bool(begun) and len(self._trainers) <= 1, _PATIENCE)
        self.left = len(self._trainers)

    # --- the run --------------------------------------------------------------------------

    def _reset(self) -> None:
        self.window.actions_.reset.trigger()

    def _play(self) -> None:
        actions = self.window.actions_
        self.rng.choice((actions.play, actions.step, actions.epoch)).trigger()

    def _choose_preset(self) -> None:
        choose(self.window, "preset_combo", self.rng.choice(PRESETS))

    def _choose_dataset(self) -> None:
        if self.rng.random() < 0.5:
            self.session.data.use(tiny_dataset(seed=self.rng.randrange(3)))
        else:
            choose(self.window, "dataset_combo", self.rng.choice(("strokes", "strokes", "mnist")))

    def _change_layers(self) -> None:
        actions = self.window.actions_
        self.rng.choice((actions.add_layer, actions.remove_layer, actions.new_seed)).trigger()
        self.session.keeps_learned = self.rng.random() < 0.7

    def _change_hyperparameters(self) -> None:
        """The last rate lets training diverge."""
        rate = self.rng.choice((0.001, 0.01, 0.1, 1000.0))
        hyperparameters = self.session.config.hyperparameters
        self.session.set_hyperparameters(
            replace(hyperparameters, learning_rate=rate, batch_size=self.rng.choice((16, 64)))
        )

    # --- files ----------------------------------------------------------------------------

    def _save(self) -> None:
        files = self.window.files
        files.path = self.folder / f"run-{self.rng.randrange(_FILES)}.npz"
        files.save()
        self.window.autosave.save()

    def _open(self) -> None:
        saved = sorted(self.folder.glob("run-*.npz"))
        if saved:
            self.window.files.open_file(self.rng.choice(saved))

    # --- what opens and closes ------------------------------------------------------------

    def _open_dialog(self) -> None:
        actions = self.window.actions_
        opening = (
            actions.about,
            actions.about,
            actions.open,
            actions.save_as,
            actions.export_curves,
            actions.export_network,
        )
        self.rng.choice(opening).trigger()

    def _open_tab(self) -> None:
        tabs = child(self.window, self.rng.choice(("views_tabs", "left_tabs")), QTabWidget)
        tabs.setCurrentIndex(self.rng.randrange(tabs.count()))

    def _open_menu(self) -> None:
        self.rng.choice((self._open_bar_menu, self._open_field_menu, self._open_runs_menu))()

    def _open_bar_menu(self) -> None:
        menus = self.window.menuBar().findChildren(QMenu)
        self.rng.choice(menus).popup(self.window.mapToGlobal(QPoint(20, 20)))

    def _open_field_menu(self) -> None:
        field = self.rng.choice(self.window.findChildren(QLineEdit))
        menu = field.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.window.mapToGlobal(QPoint(40, 40)))

    def _open_runs_menu(self) -> None:
        self.window.tabs.open("runs")
        table = child(self.window, "runs_table", QTableView)
        if table.model().rowCount():
            table.selectRow(0)
            table.customContextMenuRequested.emit(QPoint(5, 5))

    def _open_lesson(self) -> None:
        lessons = self.window.lessons
        if self.rng.random() < 0.3:
            lessons.leave_lesson()
        else:
            lessons.open_lesson(self.rng.randrange(6))
            lessons.run()

    def _change_theme(self) -> None:
        self.rng.choice(self.window.actions_.scheme.actions()).trigger()

    def _paste_settings(self) -> None:
        self.window.actions_.copy_settings.trigger()
        self.window.actions_.paste_settings.trigger()

    # --- the pad and the user's digits ----------------------------------------------------

    def _paste_picture(self) -> None:
        QGuiApplication.clipboard().setImage(a_picture())
        self.window.actions_.paste.trigger()

    def _keep_digit(self) -> None:
        self.window.actions_.example.trigger()
        self.window.actions_.correct[self.rng.randrange(10)].trigger()

    def _change_digits(self) -> None:
        panel = self.window.tabs.view("my_digits")
        shown = panel.list.model()
        if not shown.rowCount():
            return
        item = shown.index(self.rng.randrange(shown.rowCount()), 0).data(Role.ITEM)
        what = self.rng.randrange(4)
        if what == 0:
            panel.remove([item])
        elif what == 1:
            panel.bring_back()
        elif what == 2:
            panel.relabel([item], self.rng.randrange(10))
        else:
            self.window.actions_.learn_mine.trigger()
            for card in self.window.messages.shown[:1]:
                card.buttons[0].click()  # Train

    def _ask_about_unit(self) -> None:
        self.window.tabs.open("weights")
        layers = child(self.window, "weights_layer", QComboBox)
        if layers.count():
            index = self.rng.randrange(layers.count())
            choose(self.window, "weights_layer", layers.itemData(index))
        view = child(self.window, "weights_view", WeightsView)
        if view.units:
            place = view.tile_rect(self.rng.randrange(view.units)).center()
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPointF(place).toPoint())


def a_picture() -> QImage:
    """Return a picture of a one, black on white."""
    picture = QImage(120, 160, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    painter.setPen(QPen(Qt.GlobalColor.black, 14))
    painter.drawLine(60, 30, 62, 130)
    painter.end()
    return picture


def main() -> int:
    """Churn, and print the verdict."""
    arguments = parse(__doc__ or "", 5_000, "actions")
    with home(_IMAGES) as folder, watch_destructions() as seen:
        complaints, trainers = Complaints(), Alive(Trainer)
        churn = Churn(arguments.count, arguments.seed, folder, trainers)
        status = churn.drive()
    astray = seen.astray.total()
    faults = []
    if astray:
        faults.append(f"destroyed outside their thread: {dict(seen.astray)}")
    if seen.collections_astray:
        faults.append("the cyclic collector ran outside the window's thread")
    if churn.left > 1:
        faults.append(f"{churn.left} trainers are alive where one runs")
    return verdict(
        f"churn, seed {arguments.seed}: {churn.done:,} actions, {seen.made:,} QObjects made, "
        f"{astray} destroyed outside their thread, {seen.collections_astray:,} collections outside "
        f"the window's thread, {churn.left} trainers alive at the end",
        faults,
        complaints.texts,
        status,
    )


if __name__ == "__main__":
    sys.exit(main())
