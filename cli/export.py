"""``main.py export``."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.output import say
from cli.targets import check_target
from cli.which_network import chosen_network
from core.errors import ConfigError, RunFileError
from core.export.curves_csv import write_curves
from core.export.onnx_file import write_onnx
from core.export.safetensors_file import LayoutName, write_safetensors
from core.files.atomic_file import write_atomically
from core.history.history import History
from core.saving.run_file import load_run
from core.settings.settings_text import settings_text
from core.training.saved_run import SavedRun

_CONTENTS = {
    ".csv": "curves",
    ".onnx": "network",
    ".safetensors": "network",
    ".toml": "settings",
}
"""The content, by the file's extension."""


def export(arguments: argparse.Namespace) -> int:
    """Write the content that the new file's extension names, and return the exit status.

    Raises
    ------
    DigitscopeError
        If the run cannot be read, lacks that content, or the file cannot be written.
    """
    target: Path = arguments.target
    suffix = target.suffix.lower()
    if suffix not in _CONTENTS:
        raise ConfigError(
            f"'{target}' has no extension that can be exported; use {', '.join(_CONTENTS)}."
        )
    check_target(target, (arguments.file,))
    run = load_run(arguments.file)
    if _CONTENTS[suffix] == "network":
        run, _ = chosen_network(run, arguments)
    elif arguments.best or arguments.last:
        raise ConfigError(
            f"--best and --last choose a network, but a '{suffix}' file holds the "
            f"{_CONTENTS[suffix]}. Leave them out."
        )
    if arguments.layout is not None and suffix != ".safetensors":
        raise ConfigError(
            f"--layout is how a '.safetensors' file holds the weights, and '{target}' is none. "
            "Leave it out."
        )
    if suffix == ".csv":
        _write_curves(target, run)
    elif suffix == ".onnx":
        write_onnx(target, run.network, run.present_config)
    elif suffix == ".safetensors":
        layout: LayoutName = arguments.layout or "digitscope"
        write_safetensors(target, run.network, run.present_config, layout)
    else:
        text = settings_text(run.present_config)
        write_atomically(target, lambda stream: stream.write(text.encode()))
    say(f"{_CONTENTS[suffix].capitalize()} of {arguments.file}: {target}")
    return 0


def _write_curves(target: Path, run: SavedRun) -> None:
    if run.training is None:
        raise RunFileError(
            "This run was saved for its weights alone, or by an earlier version: it holds no "
            "curves. Export those of a run that was saved with its training."
        )
    write_curves(target, History.of(run.training.history, run.training.evaluation_seconds))
