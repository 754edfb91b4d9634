"""Records that hold arrays are compared by identity, not by content.

Comparing their fields would compare arrays, for which NumPy returns an array. That is an error, but
only if all earlier fields of two records are equal.
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ARRAYS = re.compile(
    r"\b(NDArray|Floats|Images|Labels|_Array|Network|Evaluation|Checkpoint|Snapshot)\b"
)
FILES = [
    path for folder in ("core", "gui", "cli") for path in sorted((ROOT / folder).rglob("*.py"))
]


def compared_by_arrays(source):
    """Return the dataclasses in `source` that compare fields which are, or hold, arrays."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ClassDef):
            continue
        decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
        is_compared = any(d.startswith("dataclass") and "eq=False" not in d for d in decorators)
        fields = [ast.unparse(field) for field in node.body if isinstance(field, ast.AnnAssign)]
        if is_compared and any(
            ARRAYS.search(field.split("=")[0])
            and "Callable" not in field
            and "compare=False" not in field
            for field in fields
        ):
            yield node.name


def test_no_record_compares_arrays():
    found = {path: list(compared_by_arrays(path.read_text(encoding="utf-8"))) for path in FILES}
    assert {path.name: names for path, names in found.items() if names} == {}


def test_a_record_that_compares_arrays_is_detected():
    source = "@dataclass(frozen=True)\nclass Reading:\n    confidence: Floats"
    assert list(compared_by_arrays(source)) == ["Reading"]
    assert list(compared_by_arrays(source.replace("True", "True, eq=False"))) == []
    left_out = source + " = field(compare=False)"
    assert list(compared_by_arrays(left_out)) == []
