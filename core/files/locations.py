"""Where the app keeps what it downloads or generates, and what its user draws."""

from pathlib import Path

from platformdirs import user_cache_path, user_data_path


def cache_folder() -> Path:
    """Return this user's cache folder for the app (it may not exist yet)."""
    return user_cache_path("digitscope", appauthor=False)


def data_folder() -> Path:
    """Return the folder for what cannot be had again, as drawings (it may not exist yet)."""
    return user_data_path("digitscope", appauthor=False)
