"""Commands run in this process, on a small data set."""

import pytest

from main import main
from tests.core.digits import tiny_dataset


@pytest.fixture
def small_data(monkeypatch):
    """Make the commands load 200 training and 100 test images for any data set."""
    monkeypatch.setattr("cli.data_choice.load_dataset", lambda *_: tiny_dataset())


@pytest.fixture
def run(capsys):
    """Return a function that runs a command line; it returns status, stdout and stderr."""

    def run(*arguments):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as leaving:
            status = leaving.code
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run
