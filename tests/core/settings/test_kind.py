import pytest

from core.errors import ConfigError
from core.settings.config import RunConfig
from core.settings.kind import KINDS, kind_of
from core.settings.settings_text import read_settings, settings_text


def test_a_kind_that_is_said_counts():
    for kind in KINDS:
        assert kind_of({"kind": kind, "variants": []}) == kind
        assert kind_of({"kind": kind}, kind) == kind


def test_files_of_earlier_versions_are_what_is_wanted_or_what_their_keys_show():
    assert kind_of({"title": "x"}, "lesson") == "lesson"
    assert kind_of({"seed": 1}, "settings") == "settings"
    assert kind_of({"network": {}, "search": {}}) == "lesson"
    assert kind_of({"dataset": "mnist", "hyperparameters": {}}) == "settings"
    with pytest.raises(ConfigError, match=r'first line kind = "settings" or kind = "lesson" or'):
        kind_of({"title": "x", "dataset": "mnist"})


@pytest.mark.parametrize("said", ["lessons", "", 3, ["lesson"], {"a": 1}])
def test_an_unknown_kind_is_refused(said):
    with pytest.raises(ConfigError, match=r"'kind' should be one of \"settings\", \"lesson\", "):
        kind_of({"kind": said})


def test_a_file_at_the_wrong_door_is_told_the_right_one():
    with pytest.raises(ConfigError, match=r"a classroom, not a lesson\. .*File > Open enters it"):
        kind_of({"kind": "classroom"}, "lesson")
    with pytest.raises(ConfigError, match=r"a lesson, not settings\. .*File > Open opens it"):
        read_settings('kind = "lesson"\ntitle = "x"')


def test_settings_say_their_kind():
    text = settings_text(RunConfig())
    first = next(line for line in text.splitlines() if not line.startswith("#"))
    assert first == 'kind = "settings"'
    assert read_settings(text.replace(first, "")) == read_settings(text)
