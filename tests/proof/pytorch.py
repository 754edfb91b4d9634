"""The run of one of our trainers, in PyTorch."""

from functools import partial

import torch
from torch.nn import functional as F

torch.set_num_threads(1)

ACTIVATIONS = {
    "relu": torch.relu,
    "leaky-relu": lambda Z: F.leaky_relu(Z, negative_slope=0.01),
    "elu": F.elu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "identity": lambda Z: Z,
}


def mean_binary_cross_entropy(Z, labels):
    """Summed over the ten outputs of an image, and averaged over the images."""
    Y = F.one_hot(labels, Z.shape[1]).to(Z.dtype)
    return F.binary_cross_entropy_with_logits(Z, Y, reduction="sum") / len(Z)


LOSSES = {"softmax": F.cross_entropy, "sigmoid": mean_binary_cross_entropy}

OPTIMIZERS = {
    "sgd": lambda groups, rate, _: torch.optim.SGD(groups, rate),
    "momentum": torch.optim.SGD,
    "nesterov": partial(torch.optim.SGD, nesterov=True),
    "adam": lambda groups, rate, momentum: torch.optim.Adam(groups, rate, (momentum, 0.999)),
}
"""Functions from parameter groups, learning rate and momentum to an optimizer."""


class Twin:
    """Starts with a trainer's parameters, settings and images, and shares no code with it.

    PyTorch's linear layers hold W transposed, so plain products are used here. Its weight decay
    adds l2·W to the gradient, as ours does; the biases are in a group without it.
    """

    def __init__(self, trainer):
        settings, network = trainer.hyperparameters, trainer.config.network
        layers = trainer.network.layers
        self.weights = [torch.tensor(layer.W, requires_grad=True) for layer in layers]
        self.biases = [torch.tensor(layer.b, requires_grad=True) for layer in layers]
        groups = [
            {"params": self.weights, "weight_decay": settings.l2},
            {"params": self.biases, "weight_decay": 0.0},
        ]
        self.optimizer = OPTIMIZERS[settings.optimizer](
            groups, settings.learning_rate, settings.momentum
        )
        self._activations = [ACTIVATIONS[name] for name in network.layer_activations]
        self._loss = LOSSES[network.output]
        self._images = torch.tensor(trainer.dataset.train_images).to(torch.float64) / 255
        self._labels = torch.tensor(trainer.dataset.train_labels).long()

    def step(self, batch):
        """Train on these images; return their loss, without the penalty."""
        self.optimizer.zero_grad()
        A = self._images[batch]
        for W, b, f in zip(self.weights, self.biases, [*self._activations, None], strict=True):
            Z = A @ W + b
            A = f(Z) if f else Z
        loss = self._loss(A, self._labels[batch])
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def parameters(self):
        """W and b of each layer, in the order of our flat vector."""
        pairs = zip(self.weights, self.biases, strict=True)
        return torch.cat([array.detach().ravel() for pair in pairs for array in pair]).numpy()


def next_batch(trainer):
    """The images that the trainer's next step will use."""
    start = trainer.position
    return trainer.order[start : start + trainer.hyperparameters.batch_size].copy()
