"""The package onnx, which is not installed with the app, only with the extra "export"."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from core.errors import DigitscopeError
from core.program import how_to_add


def onnx_package(purpose: str) -> Any:
    """Return the package: it is imported on demand, because few need it, and it is slow to import.

    Parameters
    ----------
    purpose
        "written" or "read", for the message.

    Raises
    ------
    DigitscopeError
        If it is not installed.
    """
    try:
        return import_module("onnx")
    except ImportError as error:
        raise DigitscopeError(
            f"ONNX files cannot be {purpose}: the optional package onnx is not installed. "
            f"{how_to_add('export')}"
        ) from error
