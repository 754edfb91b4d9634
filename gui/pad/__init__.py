"""The right column: the drawing pad, what reads it, and the user's own digits."""
