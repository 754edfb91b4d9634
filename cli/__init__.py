"""The command line: training and evaluating without a window."""
