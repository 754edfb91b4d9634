"""All runs so far: recorded, listed, compared."""
