"""Check the gradient from backpropagation against finite differences."""

import numpy as np

from core.datasets.loading import load_dataset
from core.network.layers import layer_views
from core.network.network import Network
from core.network.workspace import Workspace

STEP = 1e-5

dataset = load_dataset("strokes")
images, labels = dataset.train_images[:20], dataset.train_labels[:20]
rng = np.random.default_rng(0)

# In float64: in float32, a difference this small would be lost in rounding.
network = Network((784, 16, 10), ("tanh",), dtype=np.float64)
network.parameters[:] = 0.1 * rng.standard_normal(network.parameters.size)

# The arrays that a pass over these images writes to. A[0] holds the pixels, scaled to 0…1.
work = Workspace.allocate(network.sizes, len(images), np.float64)
work.load(images)

# Backpropagation: one forward and one backward pass give the slope of every weight and bias.
gradient = np.empty_like(network.parameters)
network.forward_backward(work, labels, len(images))
network.gradient(work, layer_views(gradient, network.sizes))

# Finite differences: move one parameter a little each way, and see what the loss does.
print("parameter  backpropagation  finite differences")
for i in rng.choice(np.flatnonzero(gradient), 8, replace=False):
    losses = []
    for step in (STEP, -STEP):
        network.parameters[i] += step
        network.forward(work)
        losses.append(network.loss(work, labels).mean())
        network.parameters[i] -= step
    difference = (losses[0] - losses[1]) / (2 * STEP)
    print(f"{i:9}  {gradient[i]:15.9f}  {difference:18.9f}")
