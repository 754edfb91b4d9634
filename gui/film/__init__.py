"""The film of a run in the window: the time slider, and the moment that all views show."""
