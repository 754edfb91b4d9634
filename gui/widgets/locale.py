"""The user's locale, as far as the window writes numbers and dates."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale

from core.wording import NumberMarks


def locale_marks() -> NumberMarks:
    """Return the marks of the user's locale."""
    locale = QLocale()
    return NumberMarks(locale.decimalPoint(), locale.groupSeparator())


def short_date(time: float) -> str:
    """Return a date and time of day, given in seconds since 1970."""
    return QLocale().toString(
        QDateTime.fromSecsSinceEpoch(int(time)), QLocale.FormatType.ShortFormat
    )
