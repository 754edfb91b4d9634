"""Lessons as text, for tests."""

from pathlib import Path

TEXT = """title = "Two rates"
text = \"\"\"
Two networks learn
at two rates.

They are small.
\"\"\"
question = "Which one is ahead?"
answer = "The second one."
stop = { steps = 4 }

[[variants]]
name = "slow"
[variants.network]
hidden = [8]
[variants.hyperparameters]
learning_rate = 0.01
batch_size = 20

[[variants]]
name = "quick"
stop = { epochs = 1 }
network = { hidden = [8] }
hyperparameters = { learning_rate = 0.1, batch_size = 20 }
"""

SEARCH = """title = "Which rate"
text = "A search tries rates."
question = "Which one is best?"
answer = "The largest."
predict = "Which one is best?"
correct = "the largest"

[search]
vary = ["learning_rate=0.01,0.1"]
sampler = "grid"
trials = 20
epochs = 1
runs_per_trial = 2
choices = ["the smallest", "the largest"]
network = { hidden = [8] }
hyperparameters = { batch_size = 20 }
"""


def lesson_file(folder: Path, text: str = TEXT, name: str = "01-two-rates.toml") -> Path:
    """Write a lesson, and return where it is."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
