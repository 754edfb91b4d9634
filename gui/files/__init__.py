"""The window's files: saved, autosaved and recovered runs, exports, and folders of data sets."""
