"""Messages about files: what was saved or exported, and what could not be."""

from __future__ import annotations

from functools import partial

from gui.files.exporting import Exporting
from gui.files.opening import Opening
from gui.files.run_files import RunFiles
from gui.files.view_pictures import ViewPictures
from gui.widgets.messages import Messages

_FILE, _EXPORT = "file", "export"
"""Topics of messages."""


def show_file_messages(
    messages: Messages,
    files: RunFiles,
    opening: Opening,
    exporting: Exporting,
    pictures: ViewPictures,
) -> None:
    """Show what files, exports and pictures of views report."""
    files.problem.connect(partial(messages.fault, topic=_FILE))
    opening.problem.connect(partial(messages.fault, topic=_FILE))
    for opened in (opening.settings_opened, opening.lesson_opened, opening.classroom_opened):
        opened.connect(lambda _found: messages.dismiss(_FILE))
    files.file_known.connect(lambda _path: messages.dismiss(_FILE))
    exporting.problem.connect(partial(messages.fault, topic=_EXPORT))
    exporting.done.connect(partial(messages.done, topic=_EXPORT))
    exporting.settings_pasted.connect(lambda _config: messages.dismiss(_EXPORT))
    pictures.problem.connect(messages.fault)
    pictures.done.connect(messages.done)
