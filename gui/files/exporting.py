"""Exports of the File menu: curves, the network, and settings by way of the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from core.errors import DigitscopeError
from core.export.curves_csv import write_curves
from core.export.onnx_file import write_onnx
from core.export.safetensors_file import write_safetensors
from core.settings.settings_text import read_settings, settings_text
from core.training.snapshot import Snapshot
from gui.curves.curves_figure import POINTS, CurvesFigure, subtitle_of, title_of
from gui.curves.curves_view import CurvesView
from gui.training.session import Session
from gui.training.training_run import TrainingRun
from gui.widgets.actions import Actions
from gui.widgets.literal_text import literal
from gui.widgets.theme import LIGHT

_Kinds = dict[str, tuple[str, Callable[[Path], None]]]
"""By suffix: what the dialog calls such files, and what writes one."""


class Exporting(QObject):
    """Writes the run as it is now, while training continues.

    Pictures have the x axis of `curves`.

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
        self._window = window
        self._folder = Path.home()
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
        charts = self._curves.charts(LIGHT, POINTS)
        figure = CurvesFigure(charts, title_of(snapshot), subtitle_of(snapshot))
        kinds: _Kinds = {
            ".csv": ("Table", lambda path: write_curves(path, snapshot.history)),
            ".png": ("Picture", figure.write_png),
            ".svg": ("Drawing", figure.write_svg),
        }
        self._export("curves", kinds, "Curves")

    @Slot()
    def export_network(self) -> None:
        """Ask for a file, and write the network as ONNX or safetensors."""
        snapshot = self._snapshot
        if snapshot is None:
            return
        network, config, what = snapshot.network, snapshot.config, "Network"
        best = snapshot.used_best
        if best is not None:
            network, config = best.network, replace(config, network=best.config)
            what = f"Early stopping ended this run, so its best network ({best}) was"
        kinds: _Kinds = {
            ".onnx": ("ONNX", lambda path: write_onnx(path, network, config)),
            ".safetensors": ("Safetensors", lambda path: write_safetensors(path, network, config)),
        }
        self._export("network", kinds, what)

    def _export(self, name: str, kinds: _Kinds, what: str) -> None:
        """Ask for a file of one of these kinds, write it, and say that `what` was saved."""
        path = self._ask(name, kinds)
        if path is None:
            return
        _title, write = kinds[path.suffix.lower()]
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            write(path)
        except DigitscopeError as error:
            self.problem.emit(str(error))
        else:
            self.done.emit(f"{what} saved to '{path}'.")
        finally:
            QGuiApplication.restoreOverrideCursor()

    def _ask(self, name: str, kinds: _Kinds) -> Path | None:
        """Return the file to write, with one of the suffixes in `kinds`; None if cancelled."""
        filters = {f"{kind} (*{suffix})": suffix for suffix, (kind, _) in kinds.items()}
        begin = self._folder / f"{name}{next(iter(kinds))}"
        chosen, chosen_filter = QFileDialog.getSaveFileName(
            self._window, f"Export {name}", str(begin), ";;".join(filters)
        )
        if not chosen:
            return None
        path = Path(chosen)
        if path.suffix.lower() not in kinds:
            path = path.with_name(path.name + filters.get(chosen_filter, next(iter(kinds))))
            # The dialog asked about the name without the suffix.
            if path.exists() and not self._may_replace(path):
                return None
        self._folder = path.parent
        return path

    def _may_replace(self, path: Path) -> bool:
        buttons = QMessageBox.StandardButton
        question = literal(f"'{path.name}' already exists. Replace it?")
        answer = QMessageBox.question(
            self._window, "Digitscope", question, buttons.Yes | buttons.No, buttons.No
        )
        return answer == buttons.Yes

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
