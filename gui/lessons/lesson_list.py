"""The list of lessons, and the problems of files that cannot be read."""

from __future__ import annotations

from contextlib import suppress
from html import escape

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.colors import Theme
from core.lessons.lesson import Lesson
from core.lessons.lessons import Lessons, own_lessons_folder
from core.printable_text import printable
from core.toml_files.toml_reader import TomlFileError
from gui.lessons.done_lessons import DoneLessons
from gui.lessons.lesson_painter import ABOUT_ROLE, DONE_ROLE, LessonPainter
from gui.widgets.labels import label
from gui.widgets.literal_text import literal
from gui.widgets.theme import SPACE

_PROBLEMS_HEIGHT = 30 * SPACE
_FIGURE_SPACE = "\u2007"


class LessonList(QWidget):
    """Titles of lessons, and what each promises; a click or Return opens one.

    Signals
    -------
    opened(index)
        A lesson was chosen.
    reload_requested
        The user wants the files to be read again.
    """

    opened = Signal(int)
    reload_requested = Signal()

    def __init__(self, done: DoneLessons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done = done
        self.list = QListWidget()
        self._painter = LessonPainter(self.list)
        self.list.setItemDelegate(self._painter)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setObjectName("lesson_list")
        self.list.setAccessibleName("Lessons")
        self.list.setToolTip("Click a lesson to open it")
        # A click does not take the focus, so that only keyboard users see a current row.
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._on_chosen)
        self.list.itemActivated.connect(self._on_chosen)
        self.empty = label("There are no lessons. Put lesson files into the folder below.", "quiet")
        self.empty.setWordWrap(True)
        self._make_problems()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * SPACE)
        column.addWidget(self.empty)
        column.addWidget(self.list, 1)
        column.addWidget(self._problems_area)
        column.addLayout(self._make_foot())

    def _make_problems(self) -> None:
        self.problems = label("")
        self.problems.setObjectName("lesson_problems")
        self.problems.setWordWrap(True)
        self.problems.setTextFormat(Qt.TextFormat.RichText)
        self.problems.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box = QFrame()
        box.setProperty("role", "banner")
        inside = QVBoxLayout(box)
        inside.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        inside.addWidget(self.problems)
        self._problems_area = QScrollArea()
        self._problems_area.setWidget(box)
        self._problems_area.setWidgetResizable(True)
        self._problems_area.setMaximumHeight(_PROBLEMS_HEIGHT)

    def _make_foot(self) -> QHBoxLayout:
        self.reload = QPushButton("Reload lessons")
        self.reload.setObjectName("lesson_reload_button")
        self.reload.setAccessibleName("Reload lessons")
        self.reload.setToolTip("Read all lesson files again, for example after editing one")
        self.reload.clicked.connect(self.reload_requested)
        self.folder = QPushButton("My lessons…")
        self.folder.setObjectName("lesson_folder_button")
        self.folder.setAccessibleName("Open the folder of my lessons")
        self.folder.setToolTip(
            f"Open {own_lessons_folder()}, the folder for your own lessons. They are text files; a "
            "copy of one in assets/lessons is a good start"
        )
        self.folder.clicked.connect(_open_folder)
        foot = QHBoxLayout()
        foot.setSpacing(2 * SPACE)
        foot.addWidget(self.folder)
        foot.addWidget(self.reload)
        foot.addStretch(1)
        return foot

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._painter.apply_theme(theme)

    def show_done(self, lesson: Lesson, index: int) -> None:
        """Tick a lesson if it is done."""
        is_done = lesson.title in self._done
        item = self.list.item(index)
        item.setData(DONE_ROLE, is_done)
        about = [lesson.title, item.data(ABOUT_ROLE), "done" if is_done else ""]
        item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, about)))

    def show_lessons(self, found: Lessons) -> None:
        """List these lessons and problems."""
        self.list.clear()
        for number, lesson in enumerate(found.lessons, start=1):
            item = QListWidgetItem(f"{str(number).rjust(2, _FIGURE_SPACE)}   {lesson.title}")
            item.setToolTip(literal(lesson.question))
            minutes = "" if lesson.minutes is None else f"{lesson.minutes} min"
            item.setData(ABOUT_ROLE, " · ".join(filter(None, (minutes, lesson.promise))))
            self.list.addItem(item)
            self.show_done(lesson, number - 1)
        self.list.setVisible(bool(found.lessons))
        self.empty.setVisible(not found.lessons)
        paragraphs = [_paragraph(error) for error in found.problems]
        self.problems.setText("<br><br>".join(paragraphs))
        self.problems.setToolTip(literal("\n".join(str(error.path) for error in found.problems)))
        self._problems_area.setVisible(bool(paragraphs))

    @Slot(QListWidgetItem)
    def _on_chosen(self, item: QListWidgetItem) -> None:
        self.opened.emit(self.list.row(item))


def _open_folder() -> None:
    folder = own_lessons_folder()
    # If it cannot be made, the system reports that it does not exist.
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _paragraph(error: TomlFileError) -> str:
    """Return what is wrong with a file, as rich text."""
    where = error.path.name + (f", line {error.line}" if error.line else "")
    return f"<b>{escape(printable(where))}</b>: {escape(printable(error.reason))}"
