"""Reads networks that other programs have trained."""
