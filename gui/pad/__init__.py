"""The right column: the drawing pad, the prediction, and the user's own digits."""
