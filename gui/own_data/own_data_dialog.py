"""The user's own data before it is used: what was read and guessed, which can be changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QScrollArea, QWidget

from core.arrays import DIGITS
from core.colors import Theme
from core.datasets.dataset import Dataset
from core.datasets.own.own_data import OwnDataReport, own_dataset
from core.datasets.own.own_images import OwnImages
from core.inspection.orientation import Orientation, orientation_of
from core.network.network import Network
from core.printable_text import printable
from core.settings.config import MAX_SEED
from core.settings.data_source import OwnData
from gui.own_data.samples import Samples
from gui.threads.latest_task import LatestTask
from gui.widgets.check_box import CheckBox
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.labels import label
from gui.widgets.layouts import column, row
from gui.widgets.literal_text import literal
from gui.widgets.number_field import NumberField

_WIDTH = 500
_MARGIN = 16
_FRAME = 60
"""Of the window manager, and some space around it."""


@dataclass(frozen=True, eq=False)
class _Decided:
    """The data as the choices have it, and how its digits seem to be turned; None if no digits."""

    dataset: Dataset
    report: OwnDataReport
    orientation: Orientation | None


class OwnDataDialog(QDialog):
    """Shows images of each class as they will be learned, and lets the user turn and invert them.

    Parameters
    ----------
    path, images
        Where the data is, and what was read from there.
    reader
        The ready-made network, which notices digits that are not upright; None if there is none.
    theme
        The window's colors.

    Signals
    -------
    wanted(Dataset)
        The user wants to learn from this.
    """

    wanted = Signal(object)

    def __init__(
        self, path: Path, images: OwnImages, reader: Network | None, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("own_data_dialog")
        self.setWindowTitle("Open data")
        self._path, self._images = path, images
        self._reader = reader if images.classes == DIGITS else None
        self._dataset: Dataset | None = None
        self._deciding = LatestTask(self)
        self._deciding.done.connect(self._show)
        self._deciding.failed.connect(self._say)
        self._samples = Samples()
        self._samples.apply_theme(theme)
        self._findings = label("")
        self._findings.setObjectName("own_findings")
        self._findings.setWordWrap(True)
        self._notice = label("")
        self._notice.setObjectName("own_notice")
        self._notice.setWordWrap(True)
        self._notice.hide()
        self._add_choices()
        self._add_buttons()
        self._lay_out()
        self._decide()

    def _add_choices(self) -> None:
        self.inverts = CheckBox("Swap light and dark")
        self.inverts.setObjectName("own_invert_box")
        self.inverts.setToolTip("Digits and things should be light on dark, as in MNIST")
        self.transposes = CheckBox("Swap rows and columns")
        self.transposes.setObjectName("own_transpose_box")
        self.transposes.setToolTip("Some sets, such as EMNIST, come mirrored at their diagonal")
        # `clicked` is by the user's hand; the guess sets the box, too.
        self.inverts.clicked.connect(self._decide_anew)
        self.transposes.clicked.connect(self._decide)
        self._seed_caption = label("Seed of the test split")
        self._seed = NumberField("The seed of the split", 0, MAX_SEED, whole=True)
        self._seed.setObjectName("own_split_seed_field")
        self._seed.setAccessibleName("Seed of the test split")
        self._seed.setToolTip("Decides which images become the test set")
        self._seed.setFixedWidth(84)
        self._seed.set_value(0)
        self._seed.value_changed.connect(self._decide)
        for part in (self._seed_caption, self._seed):
            part.setVisible(self._images.test is None)
        self._is_inverted: bool | None = None

    def _add_buttons(self) -> None:
        kinds = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(kinds.Cancel)
        cancel = self._buttons.button(kinds.Cancel)
        cancel.setIcon(QIcon())
        cancel.setAutoDefault(False)  # or Return in the field means Cancel while data is decided
        self._buttons.rejected.connect(self.reject)
        self.use = self._buttons.addButton("Learn from it", QDialogButtonBox.ButtonRole.AcceptRole)
        self.use.setObjectName("own_use_button")
        self.use.setToolTip("Start a new run on this data")
        self.use.setDefault(True)
        self._buttons.accepted.connect(self._use)

    def _lay_out(self) -> None:
        title = ElidedLabel("title")
        title.show_text(printable(self._path.name))
        title.setToolTip(literal(printable(str(self._path))))
        self._place = samples = QScrollArea()
        samples.setWidgetResizable(True)
        samples.setFrameShape(QScrollArea.Shape.NoFrame)
        samples.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        samples.setWidget(self._samples)
        seed = row(self._seed_caption, self._seed)
        seed.addStretch()
        boxes = row(self.inverts, self.transposes, spacing=24)
        boxes.addStretch()
        layout = column(
            title,
            samples,
            self._notice,
            boxes,
            seed,
            self._findings,
            self._buttons,
            spacing=12,
            high=samples,
        )
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self.setLayout(layout)
        self.setFixedWidth(_WIDTH)

    def _fit(self) -> None:
        """Be as high as the classes and the findings, if the screen is."""
        layout, width = self.layout(), _WIDTH - 2 * _MARGIN
        assert layout is not None
        for text in (self._findings, self._notice):
            text.setMinimumHeight(max(text.heightForWidth(width), 0))  # -1: no text
        layout.activate()
        others = layout.minimumSize().height() - self._place.minimumSizeHint().height()
        most = self.screen().availableGeometry().height() - _FRAME
        self.resize(_WIDTH, min(others + self._samples.sizeHint().height(), most))

    # --- what is decided ------------------------------------------------------------------

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Show the images in the colors of `theme`."""
        self._samples.apply_theme(theme)

    @Slot()
    def _decide_anew(self) -> None:
        """Light and dark are the user's choice from now on."""
        self._is_inverted = self.inverts.isChecked()
        self._decide()

    @Slot()
    def _decide(self) -> None:
        """Have the data made as the choices say."""
        images, reader = self._images, self._reader
        own = OwnData(
            str(self._path),
            is_transposed=self.transposes.isChecked(),
            is_inverted=self._is_inverted,
            split_seed=int(self._seed.value or 0),
        )
        self._dataset = None
        self.use.setEnabled(False)

        def work() -> _Decided:
            dataset, report = own_dataset(images, own)
            found = None if reader is None else orientation_of(dataset.test, reader)
            return _Decided(dataset, report, found)

        self._deciding.forget()
        self._deciding.ask(work, at_once=True)

    @Slot(object)
    def _show(self, found: _Decided) -> None:
        self._dataset = dataset = found.dataset
        self.inverts.setChecked(found.report.is_inverted)
        self._samples.show_images(dataset.train_images, dataset.train_labels, dataset.classes)
        self._findings.setText("\n".join(found.report.lines))
        notice = "" if found.orientation is None else found.orientation.finding
        self._notice.setText(notice)
        self._notice.setVisible(bool(notice))
        self._fit()
        self.use.setEnabled(True)

    @Slot(str)
    def _say(self, problem: str) -> None:
        self._findings.setText(problem)
        self._fit()

    @Slot()
    def _use(self) -> None:
        if self._dataset is None:
            return
        self.wanted.emit(self._dataset)
        self.accept()
