"""Loss and accuracy: the live run, other runs, marks, and the same as a figure for a file."""
