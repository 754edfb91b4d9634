"""The data sets: real MNIST, and digits drawn by a generator."""
