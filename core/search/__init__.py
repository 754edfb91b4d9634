"""Searches for good settings: many runs whose settings vary, and which of them is best."""
