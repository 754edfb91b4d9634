"""Source lines beside a formula: they are found, at the place that is named."""

from pathlib import Path

import pytest

from core.maths.source_line import body_lines, equation_lines, lines_between
from core.network import activations, losses
from core.network.dense import Dense
from core.network.losses import output_gradient
from core.training.optimizers import Adam

ROOT = Path(__file__).parents[3]


def rows_of(found):
    """Return the lines at the named place of the file, without indentation."""
    rows = (ROOT / found.file).read_text("utf-8").split("\n")
    count = found.text.count("\n") + 1
    return [row.strip() for row in rows[found.number - 1 : found.number - 1 + count]]


@pytest.mark.parametrize(
    ("found", "file", "first", "last"),
    [
        (
            equation_lines(Dense.forward, "Z[l] = A[l-1] @ W[l] + b[l]"),
            "core/network/dense.py",
            "# Z[l] = A[l-1] @ W[l] + b[l]",
            "Z += self.b",
        ),
        (
            equation_lines(Dense.input_gradient, "dA[l-1] = dZ[l] @ W[l].T"),
            "core/network/dense.py",
            "# dA[l-1] = dZ[l] @ W[l].T",
            "return matmul(dZ, self.W.T, dA_before, scratch)",
        ),
        (body_lines(output_gradient), "core/network/losses.py", "A -= Y", "A /= n"),
        (
            lines_between(losses, "np.exp(Z, out=Z)", "Z /= total"),
            "core/network/losses.py",
            "np.exp(Z, out=Z)",
            "Z /= total",
        ),
        (
            lines_between(Adam._update, "v *=", "v +="),
            "core/training/optimizers.py",
            "v *= BETA_2",
            None,
        ),
    ],
)
def test_the_rows_are_in_the_file_where_they_are_said_to_be(found, file, first, last):
    assert found.file == file
    assert [row.strip() for row in found.text.split("\n")] == rows_of(found)
    assert found.text.startswith(first)
    assert last is None or found.text.endswith(last)


def test_source_lines_end_before_a_statement_with_a_body():
    def passes(A, mask):
        # A = 2 A
        A *= 2
        if mask:
            A *= mask

    assert equation_lines(passes, "A = 2 A").text == "# A = 2 A\nA *= 2"


def test_a_function_without_statements_is_shown_whole():
    found = body_lines(activations.identity)
    assert found.text.startswith("def identity")
    assert "dZ = dA" in found.text
    assert [row.strip() for row in found.text.split("\n")] == rows_of(found)


def test_a_missing_file_is_an_error():
    with pytest.raises(LookupError, match="forward"):
        equation_lines(Dense.forward, "Z = W A")
    with pytest.raises(LookupError, match="losses"):
        lines_between(losses, "np.exp(Z, out=Z)", "no such row")
