import json
import math

from cli.targets import write_report


def test_a_report_is_json_whatever_a_network_gives(tmp_path):
    """Other programs refuse the NaN that Python writes."""
    path = tmp_path / "report.json"
    write_report(path, loss=math.nan, losses=(1.5, -math.inf), name="NaN")

    def refuse(constant):
        raise ValueError(constant)

    found = json.loads(path.read_text(), parse_constant=refuse)
    assert found == {"loss": None, "losses": [1.5, None], "name": "NaN"}
