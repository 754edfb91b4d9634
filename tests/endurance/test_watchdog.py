"""A hang in C code ends the program, with the stacks of all threads."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

HANG = """
import ctypes, threading
from tests.endurance.watchdog import watch

def wait_in_python():
    threading.Event().wait()

def hang_in_c():
    watch(0.2)
    ctypes.PyDLL(None).pause()  # with the interpreter's lock

threading.Thread(target=wait_in_python, daemon=True).start()
hang_in_c()
"""


def test_a_hang_in_c_code_ends_with_a_traceback():
    command = [sys.executable, "-c", HANG]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 1
    assert "hang_in_c" in run.stderr
    assert "wait_in_python" in run.stderr
