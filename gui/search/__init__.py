"""The window of searches: what to try, and what was found."""
