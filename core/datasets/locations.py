"""Where the app keeps what it downloads or generates."""

from pathlib import Path

from platformdirs import user_cache_path


def cache_folder() -> Path:
    """Return this user's cache folder for the app (it may not exist yet)."""
    return user_cache_path("digitscope", appauthor=False)
