"""The lessons: guided experiments."""
