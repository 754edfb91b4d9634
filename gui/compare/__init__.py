"""The Compare tab: two moments of a run, or two runs, side by side."""
