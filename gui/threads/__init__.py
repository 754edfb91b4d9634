"""The window's threads and jobs, its garbage collector, and how all of it ends."""
