"""Train a network on generated digits, evaluate it on the test set, and save the run."""

import tempfile
from pathlib import Path

from core.datasets.loading import load_dataset
from core.saving.run_file import load_run, save_run
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.trainer import Trainer

# Drawn the first time, which takes some ten seconds. "mnist" finds or downloads MNIST.
dataset = load_dataset("strokes")

config = RunConfig(
    network=NetworkConfig(hidden=(64, 32), activations=("relu",)),
    hyperparameters=Hyperparameters(learning_rate=0.1, batch_size=64),
    seed=0,  # the same seed and settings give the same weights, bit for bit
)
trainer = Trainer(config, dataset)

# A step trains on one mini-batch. Between two steps, trainer.change() takes other settings.
while trainer.epoch < 3:
    trainer.step()
    if trainer.position == 0:  # an epoch has just ended
        test = trainer.read_test_set()
        print(f"epoch {trainer.epoch}: test loss {test.loss:.3f}, accuracy {test.accuracy:.1%}")

# The weights of layer 1 are (fan_in, fan_out): rows of the input times W, plus b.
first = trainer.network.layers[0]
print("W of the first layer:", first.W.shape, " b:", first.b.shape)

# A saved run resumes where it was: with its optimizer, its order of the images, its history.
file = Path(tempfile.mkdtemp()) / "run.npz"
save_run(file, trainer.saved())
resumed = Trainer.resume(load_run(file), dataset)
resumed.step()
print(f"saved as {file}, resumed: step {resumed.step_count}")
