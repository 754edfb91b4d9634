import os

import pytest

from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.settings.settings_text import settings_text
from core.toml_files.settings_file import settings_in
from core.toml_files.toml_file import MAX_BYTES, MAX_LINES, load_toml
from core.toml_files.toml_reader import TomlFileError

CONFIG = RunConfig(
    "mnist", NetworkConfig((12, 7)), Hyperparameters(learning_rate=0.25, epochs=3), 7, 500
)


@pytest.fixture
def write(tmp_path):
    def write(content):
        path = tmp_path / "any.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_settings_are_read_from_a_file(write):
    file = load_toml(write(settings_text(CONFIG)))
    assert file.kind == "settings"
    assert settings_in(file) == CONFIG
    earlier = settings_text(CONFIG).replace('kind = "settings"\n', "")
    assert settings_in(load_toml(write(earlier))) == CONFIG


@pytest.mark.parametrize(
    ("old", "new", "line_of", "says"),
    [
        ("learning_rate = 0.25", "learning_rat = 1", "[hyperparameters]", "'learning_rate'"),
        ("seed = 7", "seed = 7.5", "seed", "'seed' should be a whole number"),
        ("seed = 7", "sed = 7", "sed", "Did you mean 'seed'"),
        ("seed = 7", "seed = -1", "seed", "seed"),
        ('dataset = "mnist"', 'dataset = "emnist"', "dataset", '"mnist+strokes"'),
        ('kind = "settings"', 'kind = "set"', "kind", "'kind' should be one of"),
    ],
)
def test_what_is_wrong_with_settings_has_its_line(write, old, new, line_of, says):
    text = settings_text(CONFIG).replace(old, new)
    with pytest.raises(TomlFileError) as caught:
        settings_in(load_toml(write(text)))
    assert says in str(caught.value)
    assert text.splitlines()[caught.value.line - 1].startswith((line_of, new))


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"", None, "it is empty"),
        (b"kind = 'lesson'\nx = \xff", 2, "not text in UTF-8"),
        (b"kind = 'lesson'\nx = 'y\n", 2, "not valid TOML"),
        (b"\n" * MAX_LINES, None, "something else"),
        (b"#" * (MAX_BYTES + 1), None, "at most 100 kB"),
        (b"x = " + b"[" * 20_000, 1, "not valid TOML"),
        (b"kind = 'classroom'", 1, "a classroom, not a lesson"),
    ],
)
def test_what_is_no_such_file_is_refused(write, content, line, says):
    path = write(content)
    with pytest.raises(TomlFileError, match=says) as caught:
        load_toml(path, "lesson")
    assert caught.value.line == line
    assert "\n" not in str(caught.value)


def test_a_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(TomlFileError, match="it is a pipe"):
        load_toml(tmp_path / "pipe.toml")


@pytest.mark.parametrize("value", [f"0x{'f' * 6_000}", f"[1, {2**63}]", f"{{a = -{2**64}}}"])
@pytest.mark.parametrize("name", ["seed", "title", "search"])
def test_no_number_has_too_many_digits(write, name, value):
    """Python cannot write the largest as text, as errors do."""
    with pytest.raises(TomlFileError, match="too many digits") as caught:
        load_toml(write(f'kind = "lesson"\n\n{name} = {value}\n'))
    assert caught.value.line == 3


@pytest.mark.parametrize("nest", ["a." * 3_000 + "b = 1", f"a = {'[' * 50}{']' * 50}"])
def test_deep_nests_are_refused(write, nest):
    with pytest.raises(TomlFileError, match="nested too deeply") as caught:
        load_toml(write(f'kind = "lesson"\n{nest}\n'))
    assert caught.value.line == 2
