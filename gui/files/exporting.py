"""Exports of the File menu: curves, the network, and settings by way of the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from core.colors import LIGHT
from core.errors import DigitscopeError
from core.export.curves_csv import write_curves
from core.export.onnx_file import write_onnx
from core.export.safetensors_file import write_safetensors
from core.settings.settings_text import read_settings, settings_text
from core.training.snapshot import Snapshot
from core.wording import international
from gui.curves.curves_figure import POINTS, CurvesFigure, subtitle_of, title_of
from gui.curves.curves_view import CurvesView
from gui.files.save_dialog import SaveDialog
from gui.training.session import Session
from gui.training.training_run import TrainingRun
from gui.widgets.actions import Actions

_CURVES = {".csv": "Table of this run", ".png": "Picture", ".svg": "Drawing"}
_OTHERS = "Runs of a lesson", ""
"""Titles of a figure without the present run."""

_NETWORK = {".onnx": "ONNX", ".safetensors": "Safetensors"}
"""Suffixes of files, and what the dialog calls such files."""


class Exporting(QObject):
    """Writes the run as it is now, while training continues.

    Parameters
    ----------
    session
        Whose run and settings are exported.
    actions
        Of which it connects the four that export, copy and paste.
    curves
        Its x axis is used in pictures, too.
    window
        Over which dialogs open.

    Signals
    -------
    done(message)
        Something was saved or copied; the message says where.
    problem(message)
        Something could not be saved or pasted.
    settings_pasted(RunConfig)
        The user wants to start a run with these settings.
    """

    done = Signal(str)
    problem = Signal(str)
    settings_pasted = Signal(object)

    def __init__(
        self, session: Session, actions: Actions, curves: CurvesView, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session = session
        self._actions = actions
        self._curves = curves
        self._saving = SaveDialog(window)
        self._saving.done.connect(self.done)
        self._saving.problem.connect(self.problem)
        self._snapshot: Snapshot | None = None
        actions.export_curves.triggered.connect(self.export_curves)
        actions.export_network.triggered.connect(self.export_network)
        actions.copy_settings.triggered.connect(self.copy_settings)
        actions.paste_settings.triggered.connect(self.paste_settings)
        session.run_started.connect(self._follow)
        self._forget()

    @Slot(object)
    def _follow(self, run: TrainingRun) -> None:
        self._forget()
        run.snapshot_taken.connect(self._note)

    @Slot(object)
    def _note(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._actions.export_network.setEnabled(True)
        self._actions.export_curves.setEnabled(snapshot.step > 0)

    @Slot()
    def _forget(self) -> None:
        self._snapshot = None
        self._actions.export_network.setEnabled(False)
        self._actions.export_curves.setEnabled(False)

    # --- files ----------------------------------------------------------------------------

    @Slot()
    def export_curves(self) -> None:
        """Ask for a file, and write the curves as a CSV table, a PNG or an SVG."""
        snapshot = self._snapshot
        if snapshot is None or not snapshot.step:
            return
        path = self._saving.ask("Export curves", "curves", _CURVES)
        if path is None:
            return
        with international():  # a file is the same in every locale
            charts = self._curves.charts(LIGHT, POINTS)
            titles = title_of(snapshot), subtitle_of(snapshot)
            figure = CurvesFigure(charts, *titles if self._curves.is_live_shown else _OTHERS)
            writers: dict[str, Callable[[Path], None]] = {
                ".csv": lambda path: write_curves(path, snapshot.history),
                ".png": figure.write_png,
                ".svg": figure.write_svg,
            }
            self._saving.write(path, "Curves", writers[path.suffix.lower()])

    @Slot()
    def export_network(self) -> None:
        """Ask for a file, and write the network as ONNX or safetensors."""
        snapshot = self._snapshot
        if snapshot is None:
            return
        path = self._saving.ask("Export network", "network", _NETWORK)
        if path is None:
            return
        network, config, what = snapshot.network, snapshot.config, "Network"
        best = snapshot.used_best
        if best is not None:
            network, config = best.network, replace(config, network=best.config)
            what = f"Early stopping ended this run, so its best network ({best}) was"
        writers: dict[str, Callable[[Path], None]] = {
            ".onnx": lambda path: write_onnx(path, network, config),
            ".safetensors": lambda path: write_safetensors(path, network, config),
        }
        self._saving.write(path, what, writers[path.suffix.lower()])

    # --- the clipboard ----------------------------------------------------------------------

    @Slot()
    def copy_settings(self) -> None:
        """Copy all settings to the clipboard, as text."""
        QGuiApplication.clipboard().setText(settings_text(self._session.config))
        self.done.emit(
            "Settings copied to the clipboard. Paste them into an email, a file or Digitscope."
        )

    @Slot()
    def paste_settings(self) -> None:
        """Start a run with the settings in the clipboard."""
        try:
            config = read_settings(QGuiApplication.clipboard().text())
        except DigitscopeError as error:
            self.problem.emit(f"The clipboard contains no settings. {error}")
        else:
            self.settings_pasted.emit(config)
