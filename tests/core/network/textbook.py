"""A network as the textbooks write it, columns as samples, in float64: one image at a time."""

import numpy as np

F = {
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "leaky-relu": (
        lambda z: np.where(z > 0, z, 0.01 * z),
        lambda z: np.where(z > 0, 1.0, 0.01),
    ),
    "sigmoid": (
        lambda z: 1 / (1 + np.exp(-z)),
        lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
    ),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "identity": (lambda z: z, np.ones_like),
    "elu": (
        lambda z: np.where(z > 0, z, np.exp(z) - 1),
        lambda z: np.where(z > 0, 1, np.exp(z)),
    ),
}


class Textbook:
    """Everything that a forward and a backward pass compute; lists are indexed by the layer."""

    def __init__(self, network, image, label, l2=0.0):
        self.W = [None, *(layer.W.T.astype(float) for layer in network.layers)]
        self.b = [None, *(layer.b.astype(float) for layer in network.layers)]
        L = len(network.layers)
        self.Z, self.A = [None], [image / 255]
        for l in range(1, L + 1):
            z = self.W[l] @ self.A[l - 1] + self.b[l]
            self.Z.append(z)
            self.A.append(F[network.activations[l - 1]][0](z) if l < L else None)
        softmax = network.output == "softmax"
        e = np.exp(self.Z[L])
        a = e / e.sum() if softmax else e / (1 + e)
        self.A[L] = a
        self.Y = np.eye(len(a))[label]
        wrong = 0 if softmax else (1 - self.Y) @ np.log(1 - a)
        self.penalty = l2 / 2 * sum((W**2).sum() for W in self.W[1:])
        self.loss = -(self.Y @ np.log(a)) - wrong
        self.dZ, self.dA, self.slope = ([None] * (L + 1) for _ in range(3))
        self.dZ[L] = a - self.Y
        for l in range(L - 1, 0, -1):
            self.dA[l] = self.W[l + 1].T @ self.dZ[l + 1]
            self.slope[l] = F[network.activations[l - 1]][1](self.Z[l])
            self.dZ[l] = self.dA[l] * self.slope[l]
        self.dW_of_loss = [None, *(np.outer(self.dZ[l], self.A[l - 1]) for l in range(1, L + 1))]
        self.dW = [None, *(self.dW_of_loss[l] + l2 * self.W[l] for l in range(1, L + 1))]
