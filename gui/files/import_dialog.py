"""A network of another program: what was read, what is asked, and how it does on the test set."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QWidget

from core.arrays import LabeledImages
from core.datasets.dataset import Dataset
from core.importing.foreign_network import ForeignNetwork, as_network, shape
from core.network.layers import parameter_count
from core.network.network import Network
from core.printable_text import printable
from core.training.evaluation import evaluate
from core.training.starting_state import StartingState
from core.wording import Classes, capitalized, counted, listed, percent
from gui.files.import_form import ImportForm
from gui.threads.latest_task import LatestTask
from gui.widgets.announcing import SettledText
from gui.widgets.labels import label
from gui.widgets.layouts import column
from gui.widgets.literal_text import literal

_WIDTH = 460
_MARGIN = 16
_FEW = 0.5
"""An accuracy below this is most likely due to a wrong answer in the form."""


class ImportDialog(QDialog):
    """Shows a network that was read from a file, and asks for what the file does not say.

    The accuracy on the present test set follows each answer, so that a wrong one is seen.

    Parameters
    ----------
    path, foreign
        The file, and what was read from it.
    dataset
        The present data set; None before there is one.

    Signals
    -------
    pad_wanted(StartingState), run_wanted(StartingState)
        The user wants this network on the pad, or a run that begins with it.
    """

    pad_wanted = Signal(object)
    run_wanted = Signal(object)

    def __init__(
        self, path: Path, foreign: ForeignNetwork, dataset: Dataset | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("import_dialog")
        self.setWindowTitle("Import a network")
        self._source = printable(path.name)
        self._foreign = foreign
        self._test: LabeledImages | None = None
        self._classes: Classes | None = None
        self._network: Network | None = None
        self._making, self._measuring = LatestTask(self), LatestTask(self)
        self._making.done.connect(self._on_made)
        self._making.failed.connect(self._say)
        self._measuring.done.connect(self._on_measured)
        self._measuring.failed.connect(self._say)
        self.form = ImportForm(foreign)
        self.form.changed.connect(self._make)
        self.form.changed.connect(self._fit)
        self._result = label("")
        self._result.setObjectName("import_result")
        self._result.setWordWrap(True)
        self._result.setFixedHeight(3 * self._result.fontMetrics().lineSpacing())
        self._said = SettledText(self._result)
        self._add_buttons()
        self._lay_out()
        self.show_dataset(dataset)

    def _add_buttons(self) -> None:
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._buttons.button(QDialogButtonBox.StandardButton.Cancel).setIcon(QIcon())
        self._buttons.rejected.connect(self.reject)
        self.use_for_pad = self._button(
            "Use for the pad", "import_pad_button", "Let this network predict for your drawings"
        )
        self.use_for_pad.clicked.connect(self._use_for_pad)
        self.start_run = self._button(
            "Start a run from it",
            "import_run_button",
            "Start a new run with these weights, to look into the network and to train it further",
        )
        self.start_run.clicked.connect(self._start_run)

    def _button(self, text: str, name: str, tool_tip: str) -> QPushButton:
        button = self._buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        button.setObjectName(name)
        button.setToolTip(tool_tip)
        return button

    def _lay_out(self) -> None:
        title = label("", "title")
        title.ensurePolished()
        room, middle = _WIDTH - 2 * _MARGIN, Qt.TextElideMode.ElideMiddle
        title.setText(title.fontMetrics().elidedText(self._source, middle, room))
        title.setToolTip(literal(self._source))
        sizes = self._foreign.sizes
        read = label(
            f"{shape(sizes)}, {counted(parameter_count(sizes), 'parameter')}\n"
            f"{capitalized(self._foreign.source)}",
            "hint",
        )
        how = label("Choose what the file does not say, and watch the accuracy.")
        layout = column(title, read, how, self.form, self._result, self._buttons, spacing=12)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self.setLayout(layout)
        self.setFixedWidth(_WIDTH)

    @Slot()
    def _fit(self) -> None:
        """Be as high as the form, whose rows come and go."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.adjustSize()

    # --- the network, and how it does -----------------------------------------------------

    @Slot(object)
    def show_dataset(self, dataset: Dataset | None) -> None:
        """Measure the accuracy on the test set of this data set; without one, there is no run."""
        self._test = None if dataset is None else dataset.test
        self._classes = None if dataset is None else dataset.classes
        self._make()

    @Slot()
    def _make(self) -> None:
        """Have the network made that the answers describe."""
        foreign, form = self._foreign, self.form
        answers = form.activations, form.output, form.mean, form.scale, self._classes
        self._network = None
        self._enable()
        self._making.forget()  # of earlier answers
        self._measuring.forget()
        self._making.ask(lambda: as_network(foreign, *answers), at_once=True)

    @Slot(object)
    def _on_made(self, network: Network) -> None:
        self._network, test = network, self._test
        self._enable()
        if test is None:
            self._say("The test accuracy appears as soon as there is training data.")
            return
        if not self._fits_data:
            self._say(
                f"It tells other classes apart than the training data here: "
                f"{listed(network.classes)}. It can predict, but not be trained."
            )
            return
        self._measuring.ask(
            lambda: evaluate(network, test.images, test.labels).accuracy, at_once=True
        )

    @Slot(object)
    def _on_measured(self, accuracy: float) -> None:
        if self._test is None:
            return
        images = counted(len(self._test.labels), "image")
        text = f"Test accuracy: {percent(accuracy)} of {images}."
        if accuracy < _FEW:
            text += " Most likely the input or an activation is wrong. Try others above."
        self._say(text)

    @Slot(str)
    def _say(self, text: str) -> None:
        self._result.setText(text)
        self._said.set_text(text)

    @property
    def _fits_data(self) -> bool:
        """Whether there is a network, and training data of its classes."""
        return self._network is not None and self._network.classes == self._classes

    def _enable(self) -> None:
        self.use_for_pad.setEnabled(self._network is not None)
        self.start_run.setEnabled(self._fits_data)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Return to the button that has the focus: in a field it ends a number."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    # --- what the user wants --------------------------------------------------------------

    @Slot()
    def _use_for_pad(self) -> None:
        assert self._network is not None
        self.pad_wanted.emit(StartingState(self._network, self._source))
        self.accept()

    @Slot()
    def _start_run(self) -> None:
        assert self._network is not None
        self.run_wanted.emit(StartingState(self._network, self._source))
        self.accept()
