"""Labeled digits: MNIST, found or downloaded, and digits written by a generator."""
