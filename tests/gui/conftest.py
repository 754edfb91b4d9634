"""A window on a small data set; it is closed after each test, with nothing left running."""

import gc

import pytest
from PySide6.QtCore import QLocale, QSettings, Qt

from core.colors import LIGHT
from core.my_digits.my_digits import MyDigits
from gui.threads.garbage_collector import GarbageCollector
from gui.training.session import Session
from gui.training.state import State
from gui.widgets.theme_controller import ThemeController
from gui.widgets.tool_tips import App
from gui.window.main_window import MainWindow
from tests.core.digits import tiny_dataset
from tests.gui.leaks import Leaks


@pytest.fixture(scope="session")
def qapp_cls():
    return App


@pytest.fixture(scope="session", autouse=True)
def _collector(qapp):
    """As in the app, so that no collection in another thread destroys a Qt object."""
    gc.freeze()
    collector = GarbageCollector()
    yield
    collector.stop()


@pytest.fixture(autouse=True)
def _no_leaks(qapp):
    """Fail a test that leaves a thread, a job or a timer running."""
    with Leaks().watching():
        yield


@pytest.fixture(scope="session")
def _first_themes(qapp):
    return ThemeController(qapp)


@pytest.fixture
def themes(_first_themes):
    """The same for all tests, because restyling all widgets takes longer than most tests."""
    yield _first_themes
    if _first_themes.theme is not LIGHT:
        _first_themes.choose(Qt.ColorScheme.Unknown)


@pytest.fixture
def session(qapp):
    session = Session()
    yield session
    assert session.close()


@pytest.fixture
def empty_window(qtbot, themes, session, tmp_path):
    """The window before any data is loaded."""
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    window = MainWindow(session, themes, MyDigits(tmp_path / "mine"), settings)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def window(qtbot, empty_window, session):
    """The window with a run of 200 training images that waits for its first step."""
    session.data.use(tiny_dataset())
    with qtbot.waitSignal(session.run.snapshot_taken):
        pass
    assert session.state is State.PAUSED
    return empty_window


@pytest.fixture
def german():
    """The locale of the user: a comma before decimals, and days before months."""
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)
