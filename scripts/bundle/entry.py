"""The bundle's program: main.py, which also serves as the program of its child processes."""

import multiprocessing
import sys

from main import main

if __name__ == "__main__":
    # In a bundle, a child process runs the same program again: without this, it would open
    # another window, whose child would open another.
    multiprocessing.freeze_support()
    sys.exit(main())
