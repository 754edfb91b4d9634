"""The main window: its layout, its tabs, and its messages."""
