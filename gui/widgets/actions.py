"""All actions of the window, with their shortcuts and tool tips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar

from core.arrays import DIGITS

_SCHEMES = (
    ("Follow the system", Qt.ColorScheme.Unknown),
    ("Light", Qt.ColorScheme.Light),
    ("Dark", Qt.ColorScheme.Dark),
)

_NewAction = Callable[[str, str, str], QAction]
"""Makes an action of a text, a shortcut and a tool tip."""


class Actions:
    """The window's actions and the menus that list them."""

    def __init__(self, window: QMainWindow) -> None:
        new = partial(_action, window)
        self._make_file_actions(new)
        self._make_export_actions(new)
        self._make_data_actions(new)
        self._make_run_actions(new)
        self._make_network_actions(new)
        self._make_pad_actions(new)
        self._make_view_actions(new)
        self._make_schemes(new, QActionGroup(window))
        self._fill_menus(window.menuBar())

    def _make_file_actions(self, new: _NewAction) -> None:
        self.open = new("Open…", "Ctrl+O", "Open a saved run, settings, a lesson or a classroom")
        self.read_picture = new(
            "Read a picture…",
            "Ctrl+P",
            "Read the digits of a picture: one goes on the pad, several into Sheet",
        )
        self.recovered_runs = new(
            "Recovered runs…",
            "Ctrl+Shift+R",
            "Runs that were not saved when the app closed unexpectedly",
        )
        self.save = new("Save", "Ctrl+S", "Save the run to its file, to continue it later")
        self.save_as = new("Save as…", "Ctrl+Shift+S", "Save the run to another file")
        self.import_network = new(
            "Import a network…",
            "Ctrl+Shift+N",
            "Read a network of another program: safetensors, ONNX, or NumPy arrays",
        )

    def _make_export_actions(self, new: _NewAction) -> None:
        self.export_curves = new(
            "Export curves…", "Ctrl+E", "Save loss and accuracy as a table or a picture"
        )
        self.export_network = new(
            "Export network…", "Ctrl+Shift+E", "Save the network for other programs"
        )
        self.export_film = new(
            "Export film…", "Ctrl+Shift+F", "Save how the run learned: a film or a strip"
        )
        self.copy_picture = new(
            "Copy picture",
            "Ctrl+Shift+I",
            "Copy a picture of the open tab, or of the curves while they have the focus",
        )
        self.save_picture = new(
            "Save picture…",
            "Ctrl+I",
            "Save a picture of the open tab, or of the curves while they have the focus",
        )
        self.copy_settings = new(
            "Copy settings", "Ctrl+Shift+C", "Copy all settings to the clipboard, as text"
        )
        self.paste_settings = new(
            "Paste settings", "Ctrl+Shift+V", "Start a run with the settings in the clipboard"
        )
        self.save_classroom = new(
            "Save as classroom…",
            "Ctrl+Shift+K",
            "Save these settings as a file for students, in which you choose what they see",
        )
        self.quit = new("Quit", "Ctrl+Q", "Close Digitscope")

    def _make_data_actions(self, new: _NewAction) -> None:
        self.open_data_folder = new(
            "Open data folder…",
            "Ctrl+Shift+D",
            "Learn from pictures of your own: a folder with a subfolder for each class",
        )
        self.open_data_file = new(
            "Open data file…",
            "Ctrl+Alt+D",
            "Learn from labeled images in an .npz, .csv or IDX file",
        )
        self.choose_folder = new(
            "Look in a folder…",
            "Ctrl+Shift+O",
            "Use the files of MNIST, Fashion-MNIST or Kuzushiji-MNIST in one of your folders",
        )
        self.use_mnist = new("Use MNIST", "Ctrl+M", "Find MNIST, or download it once")
        self.use_strokes = new("Use strokes", "Ctrl+T", "Use the built-in digits")
        self.use_mixture = new(
            "Use MNIST and strokes", "Ctrl+B", "Use both: covers the most styles of handwriting"
        )
        self.use_fashion = new(
            "Use Fashion-MNIST",
            "Ctrl+Shift+M",
            "Find these pictures of clothes, or download them once",
        )
        self.use_kuzushiji = new(
            "Use Kuzushiji-MNIST",
            "Ctrl+J",
            "Find these Japanese characters, or download them once",
        )

    def _make_run_actions(self, new: _NewAction) -> None:
        self.play = new("Play", "Space", "Train until you pause")
        self.step = new(
            "One batch", "B", "Train on one mini-batch, then pause. Flow shows what it changed"
        )
        self.epoch = new("One epoch", "E", "Train to the end of this epoch, then pause")
        self.reset = new(
            "Restart",
            "R",
            "Start again with the weights that the run began with, same settings and same seed",
        )
        self.new_seed = new("New seed", "Ctrl+N", "Start again with another seed")
        self.previous_run = new(
            "Back to the replaced run",
            "Ctrl+Backspace",
            "Continue the run that another one has replaced",
        )
        self.start_fresh = new(
            "Restart my network for the pad",
            "Ctrl+R",
            "Start my network again with the weights that it began with, and use it on the pad",
        )
        self.start_fresh.setIconText("Restart mine")
        for action, symbol in (
            (self.play, "play"),
            (self.step, "step"),
            (self.epoch, "epoch"),
            (self.reset, "restart"),
        ):
            action.setData(symbol)

    def _make_network_actions(self, new: _NewAction) -> None:
        self.faster = new("Raise learning rate", "+", "Use the next larger learning rate")
        self.slower = new("Lower learning rate", "-", "Use the next smaller learning rate")
        self.add_layer = new("Add layer", "Ctrl+L", "Add a hidden layer before the output")
        self.remove_layer = new(
            "Remove layer", "Ctrl+Shift+L", "Remove the hidden layer before the output"
        )

    def _make_pad_actions(self, new: _NewAction) -> None:
        self.undo = new("Undo", "Ctrl+Z", "Undo the last change on the pad")
        self.clear = new("Clear", "C", "Clear the pad")
        self.paste = new("Paste a picture", "Ctrl+V", "Put a picture of a digit on the pad")
        self.example = new("Random test image", "X", "Put an image of the test set on the pad")
        self.example.setIconText("Test image")
        self.correct = [
            new(
                f"It is a {digit}",
                digit,
                f"Save the drawing, or a number's selected digit, as a {digit}",
            )
            for digit in DIGITS
        ]
        self.learn_mine = new(
            "Train on my digits",
            "Ctrl+D",
            "Fine-tune the network for an epoch on your digits, mixed with the training images",
        )

    def _make_view_actions(self, new: _NewAction) -> None:
        self.log_scale = new("Logarithmic loss", "L", "Draw the loss on a logarithmic scale")
        self.log_scale.setIconText("log")  # text of its button
        self.log_scale.setCheckable(True)
        self.settings_shown = new("Settings", "F9", "Show or hide the settings and the lessons")
        self.settings_shown.setCheckable(True)
        self.fill = new("Fill the window", "F10", "Let the view below the curves fill the window")
        self.present = new(
            "Presenter mode", "F11", "One view, the pad and the answer, all of it larger"
        )
        for action in (self.fill, self.present):
            action.setCheckable(True)
        self.leave_view = new("Show all views", "Esc", "Show the whole window again")
        self.zoom_in = new("Zoom in", "Ctrl++", "Make the whole interface larger")
        self.zoom_in.setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
        self.zoom_out = new("Zoom out", "Ctrl+-", "Make the whole interface smaller")
        self.zoom_normal = new("Zoom 100 %", "Ctrl+0", "Undo the zoom")
        self.reset_layout = new(
            "Reset layout", "Ctrl+Shift+0", "Restore the default layout of the window"
        )
        self.leave_classroom = new(
            "Show everything", "Ctrl+K", "Leave the classroom, and show all controls and views"
        )
        self.leave_classroom.setVisible(False)
        self.lessons = new("Lessons", "Ctrl+G", "Guided experiments, each with a question")
        self.about = new("About Digitscope", "F1", "About this app, and all keyboard shortcuts")

    def _make_schemes(self, new: _NewAction, group: QActionGroup) -> None:
        self.scheme = group
        for text, scheme in _SCHEMES:
            choice = new(text, "", f"Colors: {text.lower()}")
            choice.setCheckable(True)
            choice.setData(scheme)
            choice.setChecked(scheme == Qt.ColorScheme.Unknown)
            self.scheme.addAction(choice)

    def all(self) -> list[QAction]:
        """Return all actions except those of the digits."""
        return [action for action in vars(self).values() if isinstance(action, QAction)]

    def _fill_menus(self, bar: QMenuBar) -> None:
        """Build the menu bar; None in a list is a separator."""
        file = _menu(bar, "&File", [self.open])
        self.recent = file.addMenu("Open recent")
        self.recent.setToolTipsVisible(True)
        _add(file, [self.save, self.save_as, self.recovered_runs, None])
        _add(file, [self.read_picture, self.import_network, None])
        _add(file, [self.export_curves, self.export_network, self.export_film])
        _add(file, [self.save_picture, self.copy_picture, None])
        _add(file, [self.copy_settings, self.paste_settings, self.save_classroom, None])
        data = file.addMenu("Data")
        data.setToolTipsVisible(True)
        _add(data, [self.use_strokes, self.use_mnist, self.use_mixture])
        _add(data, [self.use_fashion, self.use_kuzushiji, self.choose_folder])
        _add(data, [None, self.open_data_folder, self.open_data_file])
        _add(file, [None, self.quit])
        run = [self.play, self.step, self.epoch, self.reset, self.new_seed, self.start_fresh]
        _menu(bar, "&Run", [*run, None, self.previous_run])
        rates, layers = [self.faster, self.slower], [self.add_layer, self.remove_layer]
        _menu(bar, "&Network", [*rates, None, *layers])
        drawing = [self.undo, self.clear, self.paste, self.example]
        pad = _menu(bar, "&Pad", [*drawing, None, self.learn_mine])
        pad.addMenu("The drawing is a…").addActions(self.correct)
        view = _menu(bar, "&View", [])
        view.addMenu("Colors").addActions(self.scheme.actions())
        _add(view, [self.settings_shown, self.fill, self.present, self.leave_view])
        _add(view, [self.leave_classroom, None])
        _add(view, [self.zoom_in, self.zoom_out, self.zoom_normal, None])
        _add(view, [self.log_scale, self.reset_layout])
        _menu(bar, "&Help", [self.lessons, self.about])


def _action(window: QMainWindow, text: str, shortcut: str, tool_tip: str) -> QAction:
    result = QAction(text, window)
    if shortcut:
        result.setShortcut(QKeySequence(shortcut))
    result.setToolTip(tool_tip)
    return result


def _menu(bar: QMenuBar, title: str, actions: Sequence[QAction | None]) -> QMenu:
    menu = bar.addMenu(title)
    _add(menu, actions)
    return menu


def _add(menu: QMenu, actions: Sequence[QAction | None]) -> None:
    for action in actions:
        if action is None:
            menu.addSeparator()
        else:
            menu.addAction(action)
