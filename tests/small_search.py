"""``main.py search`` on few generated digits: ``python -m tests.small_search OPTIONS``."""

from __future__ import annotations

import sys

from main import main
from tests.endurance.program import draw_few

if __name__ == "__main__":
    draw_few(600)
    sys.exit(main(["search", *sys.argv[1:]]))
