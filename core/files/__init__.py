"""Files and folders: read safely, written whole or not at all."""
