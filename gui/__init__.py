"""The window: it draws what `core` does, and hands it what the user wants."""
