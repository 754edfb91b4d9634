import pytest
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QRawFont
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from gui.widgets import typeface
from gui.widgets.typeface import FONTS, formula_font, load_typefaces, text_font

FIGURES = "0123456789"


def test_text_has_the_typeface_of_the_app(themes):
    assert QFontInfo(QApplication.font()).family() == "Digitscope Sans"
    for weight in (QFont.Weight.Normal, QFont.Weight.DemiBold):
        font = QFont(QApplication.font())
        font.setWeight(weight)
        assert QFontInfo(font).weight() == weight


@pytest.mark.parametrize("widget", [QLabel, QPushButton, QLineEdit])
@pytest.mark.parametrize("role", [None, "hint", "title"])
def test_all_figures_have_one_width(qtbot, themes, widget, role):
    """Also where the style sheet sets another size."""
    control = widget()
    qtbot.addWidget(control)
    control.setProperty("role", role)
    control.ensurePolished()
    metrics = QFontMetricsF(control.font())
    assert len({metrics.horizontalAdvance(3 * figure) for figure in FIGURES}) == 1


def test_figures_of_one_width_leave_hyphens_narrow(themes):
    font = QFont(QApplication.font())
    with_tabular = QFontMetricsF(font).horizontalAdvance("ready-made (a: b)")
    font.unsetFeature(QFont.Tag("tnum"))
    assert with_tabular == QFontMetricsF(font).horizontalAdvance("ready-made (a: b)")


def test_font_files_are_what_every_system_loads():
    """Not compressed, as the web has them: Windows and macOS refuse those."""
    heads = {path.name: path.read_bytes()[:4] for path in FONTS.glob("*.[ot]tf")}
    assert len(heads) == 4
    assert set(heads.values()) <= {b"\0\1\0\0", b"OTTO"}


@pytest.mark.parametrize("is_italic", [False, True])
def test_formulas_have_a_typeface_of_their_own(themes, is_italic):
    font = QFontInfo(formula_font(18, is_italic))
    assert font.family() == "Digitscope Formula"
    assert font.italic() == is_italic


def test_the_signs_of_formulas_are_in_it(themes):
    upright = QRawFont.fromFont(formula_font(18, False))
    assert all(upright.supportsCharacter(ord(sign)) for sign in "∂∑−√∞⊙⊤ℒ·×←→Σ′")
    italic = QRawFont.fromFont(formula_font(18, True))
    assert all(italic.supportsCharacter(ord(letter)) for letter in "Wbazxβεθλμσαη")


def test_the_signs_of_texts_are_in_it(themes):
    text = QRawFont.fromFont(text_font(QFont(), 14))
    assert all(text.supportsCharacter(ord(sign)) for sign in "−–…×·“”’←→²₁∂∞≤Ωßé")


def test_without_its_file_the_system_s_font_is_used(qapp, monkeypatch, tmp_path):
    monkeypatch.setattr(typeface, "FONTS", tmp_path)
    load_typefaces.__wrapped__()
    monkeypatch.setattr(typeface, "_TEXT", "No such typeface")
    font = text_font(QFont("DejaVu Sans"), 14)
    assert QFontInfo(font).family() == QFontInfo(QFont("DejaVu Sans")).family()
    assert font.pixelSize() == 14


def test_each_font_file_has_its_license(qapp):
    files = sorted(FONTS.glob("*.[ot]tf"))
    assert files
    for file in files:
        license_file = FONTS / f"{file.stem.split('-')[0]}-LICENSE.txt"
        assert "SIL OPEN FONT LICENSE" in license_file.read_text()
    assert sum(file.stat().st_size for file in files) < 400_000  # cut down to what the app needs
