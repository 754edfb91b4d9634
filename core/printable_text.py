"""Makes text from files safe to show, such as names and content."""

from __future__ import annotations

from unicodedata import category

_OTHER = "\N{REPLACEMENT CHARACTER}"


def printable(text: str, most: int | None = None) -> str:
    """Return `text` on one line, cut after `most` characters, with invisible ones replaced.

    Control characters could move the cursor of a terminal, delete its content, or start a line that
    looks like another message; those that change the direction of writing disguise names.
    """
    shown = "".join(c if c.isprintable() or category(c) == "Zs" else _OTHER for c in text)
    return shown if most is None or len(shown) <= most else f"{shown[:most]}…"
