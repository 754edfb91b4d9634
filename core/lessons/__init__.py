"""Guided experiments: their files, and running them."""
