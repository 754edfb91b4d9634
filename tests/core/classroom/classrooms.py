"""Classrooms as text, for tests."""

from core.classroom.handed_file import open_handed_file

TEXT = """kind = "classroom"
title = "Learning rates"
text = "Find the largest rate that still learns."
controls = ["curves", "pad", "play", "learning_rate", "momentum", "l2"]
tabs = []

[settings]
dataset = "strokes"
seed = 7
[settings.network]
hidden = [16]
[settings.hyperparameters]
learning_rate = 0.02
optimizer = "momentum"
"""


def open_text(folder, text=TEXT, name="class.toml"):
    """Return what is in a file with this text."""
    path = folder / name
    path.write_text(text, "utf-8")
    return open_handed_file(path)
