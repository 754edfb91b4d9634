"""The window's files: saved, autosaved and recovered runs, exports, and the MNIST folder."""
