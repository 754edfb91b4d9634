"""Writes curves and networks in the formats of other programs."""
