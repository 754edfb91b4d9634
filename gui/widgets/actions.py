"""All actions of the window, with their shortcuts and tool tips."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow

from core.arrays import CLASSES

_SCHEMES = (
    ("Follow the system", Qt.ColorScheme.Unknown),
    ("Light", Qt.ColorScheme.Light),
    ("Dark", Qt.ColorScheme.Dark),
)


class Actions:
    """The window's actions and the menus that list them."""

    def __init__(self, window: QMainWindow) -> None:
        def action(text: str, shortcut: str, tool_tip: str) -> QAction:
            result = QAction(text, window)
            if shortcut:
                result.setShortcut(QKeySequence(shortcut))
            result.setToolTip(tool_tip)
            return result

        self.play = action("Play", "Space", "Train until you pause")
        self.step = action("One batch", "B", "Train on one mini-batch, then pause")
        self.epoch = action("One epoch", "E", "Train to the end of this epoch, then pause")
        self.reset = action(
            "Restart", "R", "Start again with untrained weights, same settings and same seed"
        )
        self.faster = action("Raise learning rate", "+", "Use the next larger learning rate")
        self.slower = action("Lower learning rate", "-", "Use the next smaller learning rate")
        self.add_layer = action("Add layer", "Ctrl+L", "Add a hidden layer before the output")
        self.remove_layer = action(
            "Remove layer", "Ctrl+Shift+L", "Remove the hidden layer before the output"
        )
        self.new_seed = action("New seed", "Ctrl+N", "Start again with another seed")
        self.undo = action("Undo", "Ctrl+Z", "Undo the last change on the pad")
        self.clear = action("Clear", "C", "Clear the pad")
        self.paste = action("Paste a picture", "Ctrl+V", "Put a picture of a digit on the pad")
        self.example = action("Random test image", "X", "Put an image of the test set on the pad")
        self.example.setIconText("Test image")
        self.correct = [
            action(f"It is a {digit}", str(digit), f"Save the drawing as a {digit} in My digits")
            for digit in range(CLASSES)
        ]
        self.learn_mine = action(
            "Train on my digits",
            "Ctrl+D",
            "Fine-tune the network for an epoch on your digits, mixed with the training images",
        )
        self.start_fresh = action(
            "Restart and use on the pad",
            "Ctrl+R",
            "Start again with untrained weights, and use that network on the pad",
        )
        self.start_fresh.setIconText("Restart")
        self.open = action("Open…", "Ctrl+O", "Open a saved run to continue it")
        self.recovered_runs = action(
            "Recovered runs…",
            "Ctrl+Shift+R",
            "Runs that were not saved when the app closed unexpectedly",
        )
        self.save = action("Save", "Ctrl+S", "Save the run to its file, to continue it later")
        self.save_as = action("Save as…", "Ctrl+Shift+S", "Save the run to another file")
        self.export_curves = action(
            "Export curves…", "Ctrl+E", "Save loss and accuracy as a table or a picture"
        )
        self.export_network = action(
            "Export network…", "Ctrl+Shift+E", "Save the network for other programs"
        )
        self.copy_settings = action(
            "Copy settings", "Ctrl+Shift+C", "Copy all settings to the clipboard, as text"
        )
        self.paste_settings = action(
            "Paste settings", "Ctrl+Shift+V", "Start a run with the settings in the clipboard"
        )
        self.choose_folder = action(
            "Choose MNIST folder…", "Ctrl+Shift+O", "Use the MNIST files in one of your folders"
        )
        self.use_mnist = action("Use MNIST", "Ctrl+M", "Find MNIST, or download it once")
        self.use_strokes = action("Use strokes", "Ctrl+T", "Use the built-in digits")
        self.use_mixture = action(
            "Use MNIST and strokes", "Ctrl+B", "Use both: covers the most styles of handwriting"
        )
        self.log_scale = action("Logarithmic loss", "L", "Draw the loss on a logarithmic scale")
        self.log_scale.setIconText("log")  # text of its button
        self.log_scale.setCheckable(True)
        self.reset_layout = action(
            "Reset layout", "Ctrl+0", "Restore the default layout of the window"
        )
        self.lessons = action("Lessons", "Ctrl+G", "Guided experiments, each with a question")
        self.quit = action("Quit", "Ctrl+Q", "Close Digitscope")
        self.about = action("About Digitscope", "F1", "About this app, and all keyboard shortcuts")

        self.scheme = QActionGroup(window)
        for text, scheme in _SCHEMES:
            choice = action(text, "", f"Colors: {text.lower()}")
            choice.setCheckable(True)
            choice.setData(scheme)
            choice.setChecked(scheme == Qt.ColorScheme.Unknown)
            self.scheme.addAction(choice)
        self._fill_menus(window)

    def all(self) -> list[QAction]:
        """Return all actions except those of the digits."""
        return [action for action in vars(self).values() if isinstance(action, QAction)]

    def _fill_menus(self, window: QMainWindow) -> None:
        bar = window.menuBar()
        separator = None
        for title, actions in (
            (
                "&File",
                (
                    self.open,
                    self.save,
                    self.save_as,
                    self.recovered_runs,
                    separator,
                    self.export_curves,
                    self.export_network,
                    self.copy_settings,
                    self.paste_settings,
                    separator,
                    self.use_strokes,
                    self.use_mnist,
                    self.use_mixture,
                    self.choose_folder,
                    separator,
                    self.quit,
                ),
            ),
            (
                "&Run",
                (self.play, self.step, self.epoch, self.reset, self.new_seed, self.start_fresh),
            ),
            ("&Network", (self.faster, self.slower, separator, self.add_layer, self.remove_layer)),
            (
                "&Pad",
                (self.undo, self.clear, self.paste, self.example, separator, self.learn_mine),
            ),
        ):
            menu = bar.addMenu(title)
            for action in actions:
                if action is separator:
                    menu.addSeparator()
                else:
                    menu.addAction(action)
                if action is self.open:
                    self.recent = menu.addMenu("Open recent")
                    self.recent.setToolTipsVisible(True)
            if title == "&Pad":
                menu.addMenu("The drawing is a…").addActions(self.correct)
        view = bar.addMenu("&View")
        colors = view.addMenu("Colors")
        colors.addActions(self.scheme.actions())
        view.addActions([self.log_scale, self.reset_layout])
        bar.addMenu("&Help").addActions([self.lessons, self.about])
