"""How the network learns: the loop, gradients of batches, optimizers, and when to stop."""
