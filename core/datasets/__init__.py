"""Labeled digits: MNIST, found or downloaded, and digits drawn by a generator."""
