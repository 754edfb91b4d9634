"""The network, its training, its data and its files: NumPy and no Qt."""
