"""The right column: the drawing pad, the prediction for it, and the user's own digits."""
