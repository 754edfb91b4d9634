"""Reads a network of another program from a file that is not trusted."""

from __future__ import annotations

from pathlib import Path

from core.arrays import MAX_CLASSES, PIXELS
from core.errors import DigitscopeError, NetworkFileError
from core.files.user_file import open_file, read_file
from core.importing.foreign_network import ForeignNetwork
from core.importing.never_opened import check_name, check_start
from core.importing.npz_reading import read_npz
from core.importing.onnx_reading import read_onnx
from core.importing.safetensors_reading import MOST_HEADER, is_safetensors, read_safetensors
from core.network.layers import parameter_count
from core.printable_text import printable
from core.settings.config import MAX_HIDDEN_LAYERS, MAX_UNITS

MOST_BYTES = (
    8 * parameter_count((PIXELS, *(MAX_UNITS,) * MAX_HIDDEN_LAYERS, MAX_CLASSES)) + MOST_HEADER
)
"""The largest network in 64 bits takes almost 1 GB."""

SUFFIXES = (".safetensors", ".onnx", ".npz")
"""Of the files that can be read."""

_MAX_REASON = 400

_ONNX = b"\x08"
"""Protocol buffers: the number of the format's version comes first."""

_ZIP = b"PK\x03\x04"


def read_network_file(path: Path) -> ForeignNetwork:
    """Read a network from safetensors, ONNX or an ``.npz``, whatever the file's name.

    Sizes are checked before memory is allocated for them. Pickles are never opened: they are
    recognized by their name, or by their first bytes.

    Raises
    ------
    NetworkFileError
        If the file cannot be read, or does not hold a fully connected network that this app can
        have.
    """
    try:
        check_name(path)
        return _read(path)
    except DigitscopeError as error:
        raise NetworkFileError(f"'{path}' cannot be imported: {error}") from error
    except OSError as error:
        raise NetworkFileError(
            f"'{path}' could not be opened: {error.strerror or error}. Check the name."
        ) from error
    except Exception as error:  # zipfile, NumPy and onnx raise many kinds for damaged content
        raise NetworkFileError(
            f"'{path}' cannot be imported: it is damaged, or was written in another way "
            f"({printable(str(error), _MAX_REASON)}). Save it again, an .npz with numpy.savez."
        ) from error


def _read(path: Path) -> ForeignNetwork:
    with open_file(path, MOST_BYTES) as stream:
        start = stream.read(16)
    if is_safetensors(start):
        return read_safetensors(read_file(path, MOST_BYTES))
    check_start(start)
    if start.startswith(_ZIP):
        return read_npz(path, MOST_BYTES)
    if start.startswith(_ONNX) or path.suffix.lower() == ".onnx":
        return read_onnx(read_file(path, MOST_BYTES), path.parent, MOST_BYTES)
    raise NetworkFileError(f"it is not a file that can be imported: {', '.join(SUFFIXES)}.")
