from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from core.network.network import Network
from core.settings.config import NetworkConfig
from core.training.film import Film, FilmMoment, is_in_order, rounded, with_moment
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer, run

CONFIG = NetworkConfig(hidden=(2,))


def moment(step, is_pinned=False, changes=1, size=10):
    return FilmMoment(step, changes, 0.0, 0.0, CONFIG, np.zeros(size, np.float16), is_pinned)


def filmed(last, film=None, pinned=()):
    """Return the film of a run of `last` steps; steps in `pinned` are sides of changes."""
    film = Film(most=20) if film is None else film
    for step in range(last + 1):
        if step in pinned or film.is_due(step):
            film.add(moment(step, step in pinned))
    return film


def steps(film):
    return [each.step for each in film.moments]


# --- which moments are kept ---------------------------------------------------------------------


def test_the_first_steps_are_all_kept():
    assert steps(filmed(12, Film())) == list(range(13))


def test_moments_are_dense_at_the_start_and_thin_out():
    kept = steps(filmed(100_000))
    assert len(kept) == 20
    assert kept[0] == 0
    assert kept[-1] >= 75_000  # the next would be a third later
    distances = np.diff(np.log(np.array(kept) + 2))
    assert distances.max() < 3 * distances.mean()


def test_sides_of_changes_stay_when_others_go():
    kept = steps(filmed(100_000, pinned=(5_001, 5_017, 70_003)))
    assert {5_001, 5_017, 70_003} <= set(kept)
    assert len(kept) == 20


def test_a_network_too_large_for_the_film_is_not_tried_at_every_step():
    film = Film(most_bytes=10)
    tried = []
    for step in range(200):
        if film.is_due(step):
            film.add(moment(step))
            tried.append(step)
    assert film.moments == ()
    assert len(tried) < 60


def test_thousands_of_changes_leave_other_moments():
    film = filmed(100_000, pinned=range(50_001, 53_000, 3))
    assert len(film.moments) == 20
    assert steps(film)[0] == 0
    assert 0 < sum(each.is_pinned for each in film.moments) <= 11


def test_of_large_networks_fewer_moments_are_taken():
    small, large = Film(), Film(most_bytes=400)  # of 20 bytes each: 20
    taken = {small: 0, large: 0}
    for film in taken:
        for step in range(5_000):
            if film.is_due(step):
                film.add(moment(step))
                taken[film] += 1
    assert taken[large] < 0.4 * taken[small]
    assert len(large.moments) > 15


def test_the_oldest_are_rounded_once_memory_is_short():
    """In full precision, ten numbers take 40 bytes."""
    film = Film(most_bytes=100)
    for step in range(4):
        film.add(replace(moment(step), parameters=np.full(10, 1 / 3, np.float32)))
    assert [(each.step, each.is_rounded) for each in film.moments] == [
        (0, True),
        (1, True),
        (2, True),
        (3, False),
    ]
    for each in film.moments:
        np.testing.assert_allclose(each.parameters, 1 / 3, rtol=2**-11)
    film.add(replace(moment(4), parameters=np.zeros(10, np.float32)))
    film.add(replace(moment(5), parameters=np.zeros(10, np.float32)))
    assert len(film.moments) == 5
    assert all(each.is_rounded for each in film.moments)


def test_the_memory_has_a_limit():
    film = Film(most_bytes=100)
    for step in range(9):
        film.add(moment(step))  # of 20 bytes each
    assert len(film.moments) == 5
    assert (steps(film)[0], steps(film)[-1]) == (0, 8)
    film.add(moment(9, size=1_000))
    assert not film.moments


def test_the_same_moment_is_kept_once():
    film = Film()
    film.add(moment(3))
    film.add(moment(3, is_pinned=True))
    film.add(moment(3, changes=2))
    assert [each.place for each in film.moments] == [(3, 1), (3, 2)]
    assert film.moments[0].is_pinned


def test_what_came_after_is_forgotten():
    film = filmed(100)
    assert not film.is_due(50)
    film.forget_after((40, 1))
    assert steps(film)[-1] <= 40
    assert film.is_due(50)


def test_a_tuple_that_was_read_does_not_change():
    film = filmed(10)
    before, length = film.moments, len(film.moments)
    film.add(moment(11))
    assert len(before) == length
    assert len(film.moments) == length + 1


# --- networks -----------------------------------------------------------------------------------


def test_weights_are_rounded_to_three_digits():
    weights = np.random.default_rng(0).normal(0, 0.1, 1_000).astype(np.float32)
    np.testing.assert_allclose(rounded(weights), weights, rtol=2**-11, atol=1e-7)
    assert rounded(np.float32([1e9, -1e9])).tolist() == [65_504, -65_504]


@pytest.mark.parametrize("hidden", [(3,), (1_024,)])  # rows, and columns in memory
def test_a_moment_gives_its_network_back(hidden):
    trainer = make_trainer(network=NetworkConfig(hidden=hidden), is_filmed=True)
    run(trainer, 2)
    network = trainer.moments.film.moments[-1].make_network()
    assert isinstance(network, Network)
    for layer, original in zip(network.layers, trainer.network.layers, strict=True):
        np.testing.assert_allclose(layer.W, original.W, rtol=1e-3, atol=1e-7)
    with pytest.raises(ValueError, match="read-only"):
        network.parameters[0] = 1


# --- a run with a film --------------------------------------------------------------------------


def test_only_a_filmed_run_has_one():
    assert run(make_trainer(), 2).saved().film == ()


def test_training_is_the_same_with_a_film():
    with_film, without = run(make_trainer(is_filmed=True), 9), run(make_trainer(), 9)
    np.testing.assert_array_equal(with_film.network.parameters, without.network.parameters)


def test_both_sides_of_a_resize_are_kept():
    trainer = run(make_trainer(network=NetworkConfig(hidden=(4,)), is_filmed=True), 3)
    trainer.change(network=trainer.network_config.with_hidden((3,)))
    before, after = trainer.moments.film.moments[-2:]
    assert (before.step, after.step) == (3, 3)
    assert (before.network.hidden, after.network.hidden) == ((4,), (3,))
    assert before.is_pinned
    assert after.is_pinned


def test_a_changed_setting_pins_the_moment():
    trainer = run(make_trainer(is_filmed=True), 3)
    trainer.change(replace(trainer.hyperparameters, learning_rate=0.01))
    run(trainer, 2)
    assert [each.step for each in trainer.moments.film.moments if each.is_pinned] == [3]


def test_going_back_forgets_the_film_since():
    trainer = run(make_trainer(is_filmed=True), 4)
    back = trainer.checkpoint()
    run(trainer, 5)
    trainer.restore(back)
    assert [each.step for each in trainer.moments.film.moments] == [0, 1, 2, 3, 4]
    run(trainer, 1)
    assert trainer.moments.film.moments[-1].step == 5


def test_a_resumed_run_continues_its_film():
    trainer = run(make_trainer(is_filmed=True), 4)
    resumed = run(Trainer.resume(trainer.saved(), tiny_dataset(), is_filmed=True), 3)
    run(trainer, 3)
    assert len(resumed.moments.film.moments) == 8
    for one, other in zip(resumed.moments.film.moments, trainer.moments.film.moments, strict=True):
        assert one.place == other.place
        np.testing.assert_array_equal(one.parameters, other.parameters)


def test_a_snapshot_shows_an_earlier_moment():
    trainer = run(make_trainer(network=NetworkConfig(hidden=(4,)), is_filmed=True), 3)
    trainer.change(replace(trainer.hyperparameters, learning_rate=0.01))
    trainer.change(network=trainer.network_config.with_hidden((3,)))
    run(trainer, 6)
    snapshot = take_snapshot(trainer)
    earlier = snapshot.at(snapshot.film[2])
    assert (earlier.step, earlier.config.network.hidden) == (2, (4,))
    assert earlier.network.sizes == (784, 4, 10)
    assert earlier.learning_rate != snapshot.learning_rate == 0.01
    assert earlier.images_seen == 2 * trainer.hyperparameters.batch_size
    assert all(record.step <= 2 for record in earlier.layer_records)
    assert snapshot.step == 9


def test_moments_are_in_order():
    film = filmed(50).moments
    assert is_in_order(film)
    assert all(not is_in_order((later, earlier)) for earlier, later in pairwise(film))


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_moment_that_is_shown_is_among_those_of_its_film(is_kept):
    """Also after the film has rounded it, or let go of it."""
    shown = moment(2)
    film = tuple(moment(step) for step in (0, 1, 2, 3) if is_kept or step != 2)
    found = with_moment(film, shown)
    assert [each.step for each in found] == [0, 1, 2, 3]
    assert found[2] is shown
