"""Location of the files of earlier versions (see tests/data/README.md)."""

from pathlib import Path

DATA = Path(__file__).parent / "data"
VERSION_0_1 = DATA / "version-0.1.0"
