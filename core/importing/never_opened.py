"""Files of networks that are never opened, and what to do instead.

A pickle is a program: opening one runs it. Files of Keras and in HDF5 need libraries that this app
does without.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from core.errors import NetworkFileError

_PICKLE = (
    "it is a pickle, which may run any program when it is opened, so this app never opens one. In "
    "PyTorch, save the weights as safetensors instead: 'from safetensors.torch import save_file', "
    "then 'save_file(model.state_dict(), \"network.safetensors\")'."
)
_KERAS = (
    "it is a file of Keras or in HDF5, which this app does not read. In Keras, save the weights as "
    "NumPy arrays instead: 'import numpy', then 'numpy.savez(\"network.npz\", "
    "*model.get_weights())'."
)
_REASON_OF_SUFFIX = {
    **dict.fromkeys((".pt", ".pth", ".bin", ".pkl", ".pickle", ".ckpt", ".joblib"), _PICKLE),
    **dict.fromkeys((".h5", ".hdf5", ".keras"), _KERAS),
}
NEVER_OPENED = tuple(_REASON_OF_SUFFIX)
"""Suffixes of such files."""

_REASON_OF_START = {
    **dict.fromkeys((bytes((0x80, protocol)) for protocol in range(2, 6)), _PICKLE),
    b"\x89HDF\r\n\x1a\n": _KERAS,
}


def check_name(path: PurePath) -> None:
    """Raise a NetworkFileError if `path` is named like such a file, or like one in an archive."""
    if (reason := _REASON_OF_SUFFIX.get(path.suffix.lower())) is not None:
        raise NetworkFileError(reason)


def check_start(start: bytes) -> None:
    """Raise a NetworkFileError if the first bytes of a file are those of such a file."""
    for beginning, reason in _REASON_OF_START.items():
        if start.startswith(beginning):
            raise NetworkFileError(reason)


def check_members(names: Iterable[str]) -> None:
    """Raise a NetworkFileError if an archive with these members is such a file.

    PyTorch's archives hold a pickle, and Keras' an HDF5 file.
    """
    for name in names:
        check_name(PurePath(name))
