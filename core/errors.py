"""Errors that are meant for the person at the keyboard.

Each message says what happened, the likely cause, and what to do, in that order.
"""


class DigitscopeError(Exception):
    """Something that the user can understand and mend; shown as one message, never a traceback."""


class ConfigError(DigitscopeError):
    """A setting is outside what the network or the trainer accepts."""


class DataError(DigitscopeError):
    """A data set is missing, damaged, or not what it claims to be."""


class RunFileError(DigitscopeError):
    """A saved run cannot be read."""


class RunLibraryError(DigitscopeError):
    """The records of the runs cannot be read or written."""


class Cancelled(Exception):
    """Raised by a progress callback to stop the work that reports to it; not an error."""
