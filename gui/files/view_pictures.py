"""Pictures of the curves and of the tabs, as they are on the screen: copied, or saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget

from core.files.atomic_file import write_atomically
from gui.curves.curves_view import CurvesView
from gui.files.save_dialog import SaveDialog
from gui.widgets.actions import Actions
from gui.widgets.pictures import drawing_of, picture_of, png


class ViewPictures(QObject):
    """Adds a menu to each view, by which a picture of it is copied or saved.

    The two actions of the window do the same with the view that has the focus: the curves, or else
    the open tab.

    Parameters
    ----------
    view_of_tab
        Returns the view in the tab of this name.
    window
        Over which dialogs open.

    Signals
    -------
    done(message), problem(message)
        A picture was copied or saved; or why it was not.
    """

    done = Signal(str)
    problem = Signal(str)

    def __init__(
        self,
        actions: Actions,
        curves: CurvesView,
        tabs: QTabWidget,
        view_of_tab: Callable[[str], QWidget],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._curves = curves
        self._tabs = tabs
        self._view_of_tab = view_of_tab
        self._saving = SaveDialog(window)
        self._saving.done.connect(self.done)
        self._saving.problem.connect(self.problem)
        actions.copy_picture.triggered.connect(self.copy_focused)
        actions.save_picture.triggered.connect(self.save_focused)
        self._add_menu(curves, actions, self.copy_curves, self.save_curves)
        for page in filter(None, map(tabs.widget, range(tabs.count()))):
            self._add_menu(page, actions, self.copy_tab, self.save_tab)

    def _add_menu(
        self,
        view: QWidget,
        actions: Actions,
        copy: Callable[[], None],
        save: Callable[[], None],
    ) -> None:
        for model, do in ((actions.copy_picture, copy), (actions.save_picture, save)):
            action = QAction(model.text(), view)
            action.triggered.connect(do)
            view.addAction(action)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    # --- which view --------------------------------------------------------------------------

    def _open_tab(self) -> tuple[QWidget, str]:
        name = self._tabs.currentWidget().objectName().removesuffix("_tab")
        return self._view_of_tab(name), name

    @property
    def _has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self._curves.isAncestorOf(focused)

    @Slot()
    def copy_focused(self) -> None:
        """Copy the view that has the focus."""
        self.copy_curves() if self._has_focus else self.copy_tab()

    @Slot()
    def save_focused(self) -> None:
        """Save the view that has the focus."""
        self.save_curves() if self._has_focus else self.save_tab()

    @Slot()
    def copy_curves(self) -> None:
        """Copy a picture of the curves."""
        self._copy(self._curves, "curves")

    @Slot()
    def save_curves(self) -> None:
        """Save a picture of the curves."""
        self._save(self._curves, "curves")

    @Slot()
    def copy_tab(self) -> None:
        """Copy a picture of the open tab."""
        self._copy(*self._open_tab())

    @Slot()
    def save_tab(self) -> None:
        """Save a picture of the open tab."""
        self._save(*self._open_tab())

    # --- what is done with it ----------------------------------------------------------------

    def _copy(self, view: QWidget, name: str) -> None:
        QGuiApplication.clipboard().setImage(picture_of(view))
        self.done.emit(f"Picture of {_title(name)} copied to the clipboard.")

    def _save(self, view: QWidget, name: str) -> None:
        # Made before the dialog, which would be on the screen, too, and may stay open for long.
        contents = {".png": png(picture_of(view))}
        kinds = {".png": "Picture"}
        drawing = drawing_of(view)
        if drawing is not None:
            contents[".svg"] = drawing
            kinds[".svg"] = "Drawing"
        path = self._saving.ask("Save picture", name, kinds)
        if path is not None:
            what = f"Picture of {_title(name)}"
            self._saving.write(path, what, partial(_write, contents[path.suffix.lower()]))


def _title(name: str) -> str:
    return "the curves" if name == "curves" else f"the tab {name.replace('_', ' ')}"


def _write(content: bytes, path: Path) -> None:
    write_atomically(path, lambda stream: stream.write(content))
