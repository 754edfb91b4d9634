"""The engine: network, training, data and files, in NumPy and without Qt."""
