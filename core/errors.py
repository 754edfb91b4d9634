"""Errors for the user.

Each message says what happened, the likely cause, and what to do, in that order.
"""


class DigitscopeError(Exception):
    """An error that the user can understand and fix; shown as a message, never as a traceback."""


class ConfigError(DigitscopeError):
    """A setting is outside what the network or the trainer accepts."""


class DataError(DigitscopeError):
    """A data set is missing, damaged, or not what it claims to be."""


class RunFileError(DigitscopeError):
    """A saved run cannot be read."""


class NetworkFileError(DigitscopeError):
    """A network of another program cannot be read, or not be used here."""


class RunLibraryError(DigitscopeError):
    """The records of the runs cannot be read or written."""


class Cancelled(Exception):
    """Raised by a progress callback to stop long work; not an error."""
