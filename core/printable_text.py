"""Text from elsewhere, as names of files and words in them, made fit to be shown."""

from __future__ import annotations

from unicodedata import category

_OTHER = "\N{REPLACEMENT CHARACTER}"


def printable(text: str, most: int | None = None) -> str:
    """Return `text` on one line, cut after `most` characters, with a mark for what is invisible.

    Control characters could move the cursor of a terminal, delete what it shows, or begin a line
    that looks like another message; those that turn the direction of writing show another name.
    """
    shown = "".join(c if c.isprintable() or category(c) == "Zs" else _OTHER for c in text)
    return shown if most is None or len(shown) <= most else f"{shown[:most]}…"
