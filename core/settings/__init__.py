"""What one can choose for a run: the settings, the presets, and both as text."""
