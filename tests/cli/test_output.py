"""Output is readable in any encoding and has no effect on a terminal."""

import io
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.output import complain, ready_output, say
from cli.progress_bar import progress_bar
from tests.cli.test_bad_arguments import assert_one_line

MAIN = Path(__file__).parents[2] / "main.py"


def _main(*arguments, **environment):
    return subprocess.run(
        [sys.executable, MAIN, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "latin-1"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_help_and_errors_in_an_encoding_of_few_letters(environment):
    helped = _main("train", "--help", **environment)
    assert (helped.returncode, helped.stderr) == (0, b"")
    assert b"--resume FILE.npz" in helped.stdout
    failed = _main(
        "evaluate", "\N{GREEK SMALL LETTER ALPHA}.npz", "--dataset", "mnist", **environment
    )
    assert failed.returncode == 2
    assert failed.stderr.startswith(b"main.py: '")
    assert failed.stderr.count(b"\n") == 1


def test_characters_that_an_encoding_lacks_are_written_as_escapes(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="latin-1"))
    with ready_output():
        say("Curves of \N{GREEK SMALL LETTER ALPHA}é.npz")
    assert written.getvalue() == b"Curves of \\u03b1\xe9.npz\n"


def test_without_a_terminal_nothing_is_printed(monkeypatch):
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    with ready_output():
        say("Curves")
        complain("None")


def test_a_closed_pipe_is_ignored_silently():
    script = f"""
import os, sys
sys.path.insert(0, {str(MAIN.parent)!r})
from cli.output import ready_output, say
read, write = os.pipe()
os.dup2(write, 1)
os.close(read)
with ready_output():
    say("x" * 100_000)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=False, timeout=60
    )
    assert (ended.returncode, ended.stderr) == (1, b"")


@pytest.mark.parametrize(
    "arguments",
    [
        ["evaluate", "a\x1b[2J\nb.npz", "--dataset", "strokes"],
        ["a\x1b[2J\nb"],
        ["train", "--dataset", "strokes", "--hidden", "a\x1b[2J\nb"],
        ["train", "--dataset", "strokes", "--report", "/no\x1b[2J\nwhere/b.json"],
        ["train", "--dataset", "mnist", "--data-dir", "/no\x1b[2J\nwhere"],
        ["export", "missing.npz", "a\x1b[2J\nb.xyz"],
        ["claims", "--only", "a\x1b[2J\nb"],
    ],
)
def test_control_characters_of_arguments_are_not_printed(run, arguments):
    outcome = run(*arguments)
    assert_one_line(outcome, "")
    assert outcome[2].strip().isprintable()


def test_control_characters_in_what_is_logged_are_not_printed(capsys, monkeypatch):
    """As by Python's handler of last resort."""
    with ready_output():
        record = logging.LogRecord("a", logging.WARNING, "", 0, "%s", ("a\x1b[2J\nb",), None)
        logging.lastResort.handle(record)
    assert capsys.readouterr().err == "a\ufffd[2J\ufffdb\n"


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_work_finishes_even_if_nobody_reads_the_output(monkeypatch, name):
    """Applies to progress and results: a run whose output nobody reads is still saved."""
    read, write = os.pipe()
    os.close(read)
    done = []

    def work():
        with open(write, "w", buffering=1) as unread:
            monkeypatch.setattr(sys, name, unread)
            with ready_output():
                say("Begun")
                with progress_bar("Work") as progress:
                    progress(1, 2)
                done.append("work")

    if name == "stdout":
        with pytest.raises(SystemExit, match="1"):
            work()
    else:
        work()
    assert done == ["work"]


def test_progress_needs_no_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    with ready_output(), progress_bar("Work") as progress:
        progress(1, 2)
