"""The left column: hyperparameters, layers, and the settings of a new run."""
