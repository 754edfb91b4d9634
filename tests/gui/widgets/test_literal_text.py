"""Names from the user and from files are shown literally, also where Qt accepts HTML."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox

from core.lessons.lessons import find_lessons
from gui.files.run_files import RunFiles
from gui.widgets.choice import Choice
from gui.widgets.labels import label
from gui.widgets.literal_text import literal
from tests.core.lessons.lesson_texts import TEXT
from tests.gui.driving import message

NAME = "<b>7</b> & <img src=x> 1 < 2.npz"
FILE = NAME.replace("/", "")


def shown(text):
    """Return how Qt renders a text that may be rich."""
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


def test_text_that_looks_like_html_is_shown_literally(qapp):
    assert shown(literal(NAME)) == NAME
    assert shown(literal(f"{NAME}\n{NAME}")) == f"{NAME}\n{NAME}"


@pytest.mark.parametrize("text", ["", "a < b", "a & b", "two\nlines"])
def test_other_text_stays_as_it_is(qapp, text):
    assert literal(text) == text


def test_control_characters_are_marked(qapp):
    assert literal("a\x1b[2Jb\nc") == "a\ufffd[2Jb\nc"


def test_labels_and_messages_show_tags(window):
    assert label(NAME).textFormat() == Qt.TextFormat.PlainText
    window.messages.fault(f"'{NAME}'\x1b\nis gone.")
    assert message(window) == f"'{NAME}'\ufffd\ufffdis gone."
    label_ = window.messages.shown[0].findChild(QLabel)
    assert label_.textFormat() == Qt.TextFormat.PlainText


def test_the_tool_tip_of_a_choice_shows_tags(qapp):
    choice = Choice("choice", [(1, NAME, f"Only {NAME}")])
    assert shown(choice.itemData(0, Qt.ItemDataRole.ToolTipRole)) == f"Only {NAME}"


def test_a_recent_run_is_listed_under_its_name(window, tmp_path):
    files: RunFiles = window.files
    files._use(tmp_path / FILE)
    (action,) = files._recent_menu.actions()
    assert action.text() == FILE.replace("&", "&&")
    assert shown(action.toolTip()) == str(tmp_path / FILE)


def test_a_name_of_two_lines_is_not_remembered(window, tmp_path):
    for name in ("a.npz", "b\nc.npz"):
        window.files._use(tmp_path / name)
    assert window._settings.value("recent_runs") == str(tmp_path / "a.npz")


def test_a_name_with_an_asterisk_in_brackets_is_shown_in_the_title(window, tmp_path):
    window.files._use(tmp_path / "a[*]b.npz")
    assert window.windowTitle() == "a[*][*]b[*] – Digitscope"  # two stand for one


def test_the_question_about_replacing_shows_tags(window, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "<b>7<p>"), "ONNX (*.onnx)")
    )
    (tmp_path / "<b>7<p>.onnx").touch()
    monkeypatch.setattr(
        QMessageBox,
        "question",
        lambda _window, _title, text, *_: asked.append(text) or QMessageBox.StandardButton.No,
    )
    window.exporting.export_network()
    assert [shown(text) for text in asked] == ["'<b>7<p>.onnx' already exists. Replace it?"]


def test_text_from_a_lesson_file_is_shown_literally(window, tmp_path):
    (tmp_path / "<i>a.toml").write_text(TEXT.replace("[[", '"<u>\\u001b" = 1\n[[', 1), "utf-8")
    found = find_lessons([tmp_path])
    assert len(found.problems) == 1
    panel = window.lessons.list
    panel.show_lessons(found)
    assert "<i>a.toml" in shown(panel.problems.text())
    assert "<u>" in shown(panel.problems.text())
    assert shown(panel.problems.toolTip()) == str(tmp_path / "<i>a.toml")
