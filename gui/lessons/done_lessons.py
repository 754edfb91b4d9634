"""Which lessons the user has run to their end."""

from __future__ import annotations

from PySide6.QtCore import QSettings

_KEY = "lessons_done"


class DoneLessons:
    """The titles of the lessons that were done, remembered in the settings.

    Parameters
    ----------
    settings
        None: remember them until the window closes.
    """

    def __init__(self, settings: QSettings | None) -> None:
        self._settings = settings
        titles = None if settings is None else settings.value(_KEY)
        # A list of one comes back as its only item.
        titles = [titles] if isinstance(titles, str) else titles
        self._titles = {str(title) for title in titles} if isinstance(titles, list) else set()

    def __contains__(self, title: str) -> bool:
        return title in self._titles

    def add(self, title: str) -> None:
        """Note that a lesson is done."""
        self._titles.add(title)
        if self._settings is not None:
            self._settings.setValue(_KEY, sorted(self._titles))
