"""What is written is the same bytes each time, whichever process writes it, and when."""

import hashlib
import os
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

from core.export.curves_csv import write_curves
from core.export.onnx_file import write_onnx
from core.export.safetensors_file import LAYOUT_NAMES, write_safetensors
from core.saving.run_file import save_run
from core.settings.settings_text import settings_text
from core.training.saved_run import SavedRun
from tests.core.export.exported import random_network
from tests.core.export.test_curves_csv import a_history

ROOT = Path(__file__).parents[3]


def write_everything(folder):
    """Write a file of each kind; return the checksum of each."""
    network, config = random_network((14, 9), ("tanh", "leaky-relu"))
    for layout in LAYOUT_NAMES:
        write_safetensors(folder / f"{layout}.safetensors", network, config, layout)
    if find_spec("onnx") is not None:
        write_onnx(folder / "network.onnx", network, config)
    write_curves(folder / "curves.csv", a_history())
    save_run(folder / "run.npz", SavedRun(config, network))
    (folder / "settings.toml").write_text(settings_text(config), "utf-8")
    files = sorted(folder.iterdir())
    return [f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files]


def test_files_are_the_same_bytes_in_every_process(tmp_path):
    """Strings have another hash in each process."""
    results = []
    for seed in ("1", "2"):
        (folder := tmp_path / seed).mkdir()
        code = (
            f"from {__name__} import *; print(*write_everything(Path({str(folder)!r})), sep='\\n')"
        )
        environment = os.environ | {"PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True
        )
        results.append(done.stdout.decode().split())
    assert len(results[0]) >= 10
    assert results[0] == results[1]


def test_safetensors_are_the_same_bytes_each_time(tmp_path):
    """The order of its metadata would differ from call to call."""
    network, config = random_network(())
    contents = set()
    for number in range(8):
        write_safetensors(tmp_path / str(number), network, config)
        contents.add((tmp_path / str(number)).read_bytes())
    assert len(contents) == 1


def test_a_saved_network_holds_no_time_of_day(tmp_path):
    network, config = random_network(())
    save_run(tmp_path / "run.npz", SavedRun(config, network))
    with zipfile.ZipFile(tmp_path / "run.npz") as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
