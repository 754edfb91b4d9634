import json
import math
from pathlib import Path

import pytest

from cli.targets import check_target, write_report
from core.errors import ConfigError


def test_a_report_is_json_whatever_a_network_gives(tmp_path):
    """Other programs refuse the NaN that Python writes."""
    path = tmp_path / "report.json"
    write_report(path, loss=math.nan, losses=(1.5, -math.inf), name="NaN")

    def refuse(constant):
        raise ValueError(constant)

    found = json.loads(path.read_text(), parse_constant=refuse)
    assert found == {"loss": None, "losses": [1.5, None], "name": "NaN"}


def test_the_standard_output_is_no_target(tmp_path, monkeypatch):
    """A file of this name could be named to no other program."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"'-' stands for the standard output"):
        check_target(Path("-"), [])
