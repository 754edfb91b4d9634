"""Thousands of damaged and hostile files: each is refused in one clear message, or is a valid run.

The environment variable DIGITSCOPE_FUZZ=20 multiplies their number by 20.
"""

import json
import random
from copy import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DigitscopeError, RunFileError
from core.history.history import History
from core.saving.run_file import load_run, save_run
from core.training.saved_run import SavedRun
from core.training.trainer import Trainer
from tests.core.damaged_files import TIMES, DamagedFileReader
from tests.core.saving import damaged_runs
from tests.core.saving.damaged_runs import DAMAGES, DATASET

DAMAGED, RANDOM, SETTINGS = 8 * 850, 500, 500
"""Numbers of files that are damaged, that are random bytes, and that have other values in their
configuration; each field also gets each of the values of NASTY."""

IMAGES = np.random.default_rng(0).integers(0, 256, (2, 784)).astype(np.uint8)


def assert_good(run, path):
    """Predict with the run, look at its metrics, and resume it, and begin it again, for a step."""
    assert isinstance(run, SavedRun)
    assert np.isfinite(run.network.parameters).all()
    with np.errstate(all="ignore"):  # weights may be too large for any network
        assert run.network.predict(IMAGES).shape == (2, 10)
        for moment in run.film:
            assert moment.make_network().predict(IMAGES).shape == (2, 10)
        if run.start is not None:
            assert run.start.network.predict(IMAGES).shape == (2, 10)
    if path is not None:
        save_run(path, run)
        np.testing.assert_array_equal(load_run(path).network.parameters, run.network.parameters)
    if run.training is None:
        return
    with np.errstate(all="ignore"):
        history = History.of(run.training.history, run.training.evaluation_seconds)
        assert len(history.epoch_accuracies) == run.training.checkpoint.epoch
        assert len(history.epoch_loss_parts) == 2
        assert run.training.checkpoint.epoch >= len(history.epoch_validation_accuracies)
    if sum(run.config.network.hidden) > 64:
        return  # initializing such a run takes a while
    with np.errstate(over="ignore"):  # so may initial weights be
        try:
            trainer = Trainer.resume(run, DATASET)
            trainer.step()
            if run.start is not None:
                Trainer(run.config, DATASET, start=run.start).step()
        except DigitscopeError:  # of other images, say, or it diverges
            return
    assert trainer.step_count == run.training.checkpoint.step + 1


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return damaged_runs.real_runs(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def reader(tmp_path):
    reader = DamagedFileReader(tmp_path / "run.npz", load_run, RunFileError, assert_good)
    yield reader
    reader.report()


def test_more_than_ten_thousand_files_are_tried(runs):
    """The tests below count their files."""
    fields = len(list(paths_in(facts_of(runs))))
    assert DAMAGED + RANDOM + SETTINGS + fields * len(NASTY) >= 10_000


def test_real_files_are_read(runs, reader):
    """So that refusals in the other tests are due to the damage."""
    for name, content in runs.items():
        assert reader.read(content, name), name


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_files(runs, reader, damage):
    """Real files with changed bytes, members, headers and values."""
    rng = random.Random(damage.__name__)
    each = DAMAGED * TIMES // len(DAMAGES)
    originals = [(name, content, damaged_runs.parts_of(content)) for name, content in runs.items()]
    for number in range(each):
        name, content, parts = rng.choice(originals)
        reader.read(damage(rng, content, parts), f"{damage.__name__} {number} of {name}")
    assert reader.tried == each
    assert reader.refused > each / 4


def test_bombs(runs, reader):
    """Small files that would take much memory or time."""
    for label, content in damaged_runs.bombs(damaged_runs.parts_of(runs["adam"])):
        assert not reader.read(content, label), label
    assert reader.tried == 23


def test_random_bytes(reader):
    @settings(max_examples=RANDOM * TIMES, deadline=None, database=None, derandomize=TIMES == 1)
    @given(st.binary(max_size=600), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06"]))
    def read(content, mark):
        assert not reader.read(mark + content, "random bytes")

    read()
    assert reader.tried >= RANDOM * TIMES


# --- the configuration --------------------------------------------------------------------------

NASTY = (
    None, True, False, 0, -1, 1, 2.5, 1e308, 1e-320, float("nan"), float("inf"), -float("inf"),
    2**31, 2**63, -(2**64), 10**400, "", "1", "relu", "\ud800", "\x00\x1b[2J\n", "x" * 5_000, [],
    [0], [[0, {}]], ["relu"] * 3, [[[]]], {}, {"": 0}, {"hidden": [4096] * 8}, {"a": {"b": {}}},
)  # fmt: skip

ANY_VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(0, 10).map(lambda power: 10**10**power if power < 4 else power)
    | st.floats()
    | st.text(max_size=60)
    | st.text(min_size=1, max_size=2).map(lambda text: text * 3_000)
    | st.sampled_from(NASTY),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


def facts_of(runs):
    return damaged_runs.config_of(runs["resized"])


def paths_in(facts, path=()):
    """Yield the path to each value in `facts`, and to each group."""
    yield path
    items = facts.items() if isinstance(facts, dict) else ()
    if isinstance(facts, list):
        items = enumerate(facts)
    for name, value in items:
        yield from paths_in(value, (*path, name))


def replaced(facts, path, value):
    """Return `facts` with another value at the path; what lies beside the path is shared."""
    if not path:
        return value
    name, *rest = path
    changed = copy(facts)
    changed[name] = replaced(facts[name], rest, value) if rest else value
    return changed


def test_every_setting_with_impossible_values(runs, reader):
    facts, parts = facts_of(runs), damaged_runs.parts_of(runs["resized"])
    paths = list(paths_in(facts))
    for path in paths:
        for value in NASTY:
            text = json.dumps(replaced(facts, path, value))
            reader.read(damaged_runs.with_config(parts, text), f"{path} {value!r:.60}")
    assert reader.tried == len(paths) * len(NASTY)
    assert reader.refused > 0.8 * reader.tried


def test_the_start_of_a_branch_with_impossible_values(runs, reader):
    facts, parts = damaged_runs.config_of(runs["branch"]), damaged_runs.parts_of(runs["branch"])
    paths = [("start", *path) for path in paths_in(facts["start"])]
    assert ("start", "parent", "is_rounded") in paths
    for path in paths:
        for value in NASTY:
            text = json.dumps(replaced(facts, path, value))
            reader.read(damaged_runs.with_config(parts, text), f"{path} {value!r:.60}")
    assert reader.refused > 0.6 * reader.tried


def test_settings_with_any_values(runs, reader):
    facts = facts_of(runs)
    parts = damaged_runs.parts_of(runs["resized"])
    paths = list(paths_in(facts))

    @settings(max_examples=SETTINGS * TIMES, deadline=None, database=None, derandomize=TIMES == 1)
    @given(st.lists(st.tuples(st.sampled_from(paths[1:]), ANY_VALUE), min_size=1, max_size=3))
    def read(changes):
        new = facts
        for path, value in changes:
            try:
                new = replaced(new, path, value)
            except (KeyError, IndexError, TypeError):
                continue  # its parent was replaced before
        reader.read(damaged_runs.with_config(parts, json.dumps(new)), f"{changes!r:.200}")

    read()
    assert reader.tried >= SETTINGS * TIMES
