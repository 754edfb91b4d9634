"""The folders for what the app downloads or generates, and for what its user makes."""

from pathlib import Path

from platformdirs import user_cache_path, user_data_path


def cache_folder() -> Path:
    """Return this user's cache folder for the app (it may not exist yet)."""
    return user_cache_path("digitscope", appauthor=False)


def data_folder() -> Path:
    """Return this user's data folder for the app, for lasting files (it may not exist yet)."""
    return user_data_path("digitscope", appauthor=False)
