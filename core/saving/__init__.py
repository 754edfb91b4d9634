"""A run as a file: written, opened, and trained once more from its log."""
