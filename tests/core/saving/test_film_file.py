import json
from dataclasses import replace

import numpy as np
import pytest

from core.errors import RunFileError
from core.saving.run_file import load_run, save_run
from core.settings.config import NetworkConfig
from core.training.film import MOST_MOMENTS, rounded
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from tests.core.training.small_runs import make_trainer, run


@pytest.fixture
def filmed():
    trainer = run(make_trainer(network=NetworkConfig(hidden=(4,)), is_filmed=True), 3)
    trainer.change(network=trainer.network_config.with_hidden((1_024,)))  # columns in memory
    return run(trainer, 2)


@pytest.fixture
def path(filmed, tmp_path):
    save_run(tmp_path / "run.npz", filmed.saved())
    return tmp_path / "run.npz"


def test_a_film_comes_back_as_it_was(filmed, path):
    film, back = filmed.saved().film, load_run(path).film
    assert [each.step for each in back] == [0, 1, 2, 3, 3, 4, 5]
    for one, other in zip(film, back, strict=True):
        np.testing.assert_array_equal(rounded(one.parameters), other.parameters)
        assert (one.is_rounded, other.is_rounded) == (False, True)
        for name in ("step", "changes", "epochs", "seconds", "network", "is_pinned"):
            assert getattr(one, name) == getattr(other, name)


def test_plain_numpy_reads_a_moment(filmed, path):
    with np.load(path) as arrays:
        last = arrays["film_6"]
        np.testing.assert_allclose(
            last[: 784 * 1_024].reshape(784, 1_024), arrays["W1"], rtol=1e-3, atol=1e-7
        )


def test_weights_alone_have_no_film(filmed, tmp_path):
    save_run(tmp_path / "run.npz", filmed.saved().weights_alone())
    assert load_run(tmp_path / "run.npz").film == ()


def test_moments_have_their_settings_where_the_log_of_changes_is_cut(tmp_path, monkeypatch):
    """A moment counts the changes before it, and the file has only the newest."""
    monkeypatch.setattr("core.saving.training_state_file.MOST_CHANGES", 3)
    trainer = make_trainer(is_filmed=True)
    for rate in (0.1, 0.2, 0.3, 0.4, 0.5):
        trainer.change(replace(trainer.hyperparameters, learning_rate=rate))
        run(trainer, 1)
    save_run(tmp_path / "run.npz", trainer.saved())
    saved = load_run(tmp_path / "run.npz")
    snapshot = take_snapshot(Trainer.resume(saved, trainer.dataset, is_filmed=True))
    last_settings = [snapshot.at(each).config.hyperparameters for each in saved.film[-2:]]
    assert [each.learning_rate for each in last_settings] == [0.4, 0.5]


def damage(path, change=None, **arrays):
    """Write the file again with another list of moments, or other arrays."""
    with np.load(path) as archive:
        members = dict(archive)
    facts = json.loads(str(members["config"]))
    if change is not None:
        change(facts["film"])
    members["config"] = np.array(json.dumps(facts))
    np.savez(path, **{**members, **arrays})


def swap(film):
    film[0], film[1] = film[1], film[0]


def beyond_the_end(film):
    film[-1]["step"] = 6


def too_many(film):
    film *= MOST_MOMENTS


def of_another_output(film):
    film[0]["network"]["output"] = "sigmoid"


def of_another_shape(film):
    film[0]["network"]["hidden"] = [5]


def before_the_settings(film):
    film[0]["changes"] = 0


def endless(film):
    film[0]["epochs"] = float("inf")


@pytest.mark.parametrize(
    "change",
    [
        swap,
        beyond_the_end,
        too_many,
        of_another_output,
        of_another_shape,
        before_the_settings,
        endless,
    ],
)
def test_a_film_that_no_run_has_is_refused(path, change):
    load_run(path)
    damage(path, change)
    with pytest.raises(RunFileError, match=r"cannot be read as a run|damaged"):
        load_run(path)


def test_weights_that_are_no_numbers_are_refused(path):
    damage(path, film_0=np.full(784 * 4 + 4 + 50, np.nan, np.float16))
    with pytest.raises(RunFileError, match="NaN or infinite"):
        load_run(path)
