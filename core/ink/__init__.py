"""Strokes of a pen, and how they become an image of 28×28 pixels."""
