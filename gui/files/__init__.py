"""What the window keeps in files: saved, autosaved and recovered runs, and exports."""
