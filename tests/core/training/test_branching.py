"""Branches: runs that begin at a moment of another."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.errors import RunFileError
from core.saving.replay import Replay
from core.saving.run_file import load_run, save_run
from core.training.branching import branch_at
from core.training.film import rounded
from core.training.starting_state import Parent
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset
from tests.core.saving.damaged_runs import rewritten
from tests.core.training.small_runs import make_trainer, run

DATASET = tiny_dataset()
ID = "0123456789abcdef" * 2


@pytest.fixture(scope="module")
def parent():
    """A run of 180 images an epoch, in batches of 60, that changed twice."""
    trainer = make_trainer(
        DATASET, validation=20, is_filmed=True, batch_size=60, optimizer="adam", learning_rate=0.01
    )
    trainer.id = ID
    run(trainer, 4)
    trainer.change(replace(trainer.hyperparameters, learning_rate=0.02))
    run(trainer, 1)
    trainer.change(network=trainer.network_config.with_hidden((12,)))
    run(trainer, 3)
    return trainer


def branch(parent, step, is_filmed=False, **changes):
    """Return a branch's trainer; `changes` are of its hyperparameters."""
    start, config = branch_at(parent.saved(), step, "run.npz")
    config = replace(config, hyperparameters=replace(config.hyperparameters, **changes))
    return Trainer(config, DATASET, start=start, is_filmed=is_filmed)


def test_at_the_newest_step_network_and_optimizer_are_the_same_bits(parent):
    begun = branch(parent, 8)
    assert begun.start.source == "run.npz, step 8"
    assert begun.start.parent == Parent(ID, 8, 2 + 2 / 3, parent.seconds)
    assert_array_equal(begun.network.parameters, parent.network.parameters)
    assert begun.optimizer.steps == parent.optimizer.steps == 8
    for name, vector in parent.optimizer.state.items():
        assert vector.any()
        assert_array_equal(begun.optimizer.state[name], vector)
    assert (begun.step_count, begun.epoch) == (0, 0)
    assert begun.present_config == parent.present_config


def test_another_optimizer_begins_with_no_memory(parent):
    begun = branch(parent, 8, optimizer="momentum")
    assert_array_equal(begun.network.parameters, parent.network.parameters)
    assert begun.start.memory is None
    assert begun.optimizer.steps == 0
    assert not begun.optimizer.state["v"].any()


def test_an_earlier_step_has_the_network_of_the_film_and_the_settings_of_then(parent):
    begun = branch(parent, 2)
    moment = parent.moments.film.moments[2]
    assert moment.step == 2
    assert_array_equal(begun.network.parameters, moment.parameters)
    assert not begun.start.parent.is_rounded
    assert begun.start.memory is None
    assert begun.hyperparameters.learning_rate == 0.01
    assert branch(parent, 4).hyperparameters.learning_rate == 0.02


def test_an_earlier_step_of_a_file_is_rounded(parent, tmp_path):
    path = tmp_path / "run.npz"
    save_run(path, parent.saved())
    start, _ = branch_at(load_run(path), 2, path.name)
    weights = parent.moments.film.moments[2].parameters
    assert_array_equal(start.network.parameters, rounded(weights))
    assert (start.network.parameters != weights).any()
    assert start.parent.is_rounded


def test_of_two_networks_of_a_step_it_is_the_later(parent):
    assert branch(parent, 5).network.sizes == (784, 12, 10)


def test_the_best_network_is_exact_wherever_it_is_named(parent):
    best = parent.moments.best
    assert best.step in (3, 6)
    for step in (None, best.step):
        begun = branch(parent, step)
        assert_array_equal(begun.network.parameters, best.network.parameters)
        assert (rounded(best.network.parameters) != best.network.parameters).any()
        assert not begun.start.parent.is_rounded
        assert begun.start.parent.step == best.step
        assert begun.start.parent.epochs == best.epoch
        assert 0 < begun.start.parent.seconds < parent.seconds


def test_the_best_may_be_the_newest():
    trainer = run(make_trainer(DATASET, validation=20, batch_size=90, optimizer="adam"), 2)
    assert trainer.moments.best.step == 2
    start, _config = branch_at(trainer.saved(), None, "run.npz")
    assert start.memory.steps == 2


@pytest.mark.parametrize(("step", "nearest"), [(9, "7 and 8"), (10**14, "7 and 8")])
def test_a_step_that_is_not_there_names_the_nearest_two(parent, step, nearest):
    with pytest.raises(RunFileError, match=f"no network at step {step}.* at steps {nearest}"):
        branch_at(parent.saved(), step, "run.npz")


def test_the_nearest_may_lie_on_either_side(parent):
    saved = parent.saved()
    film = tuple(moment for moment in saved.film if moment.step < 3)
    best = replace(saved.best, step=6)
    with pytest.raises(RunFileError, match="nearest are at steps 2 and 6"):
        branch_at(replace(saved, film=film, best=best), 4, "run.npz")


def test_without_a_film_there_is_the_newest_step():
    saved = run(make_trainer(DATASET), 3).saved()
    assert branch_at(saved, 3, "run.npz")[0].parent.id is None
    with pytest.raises(RunFileError, match="only that at step 3; a run of train --film has more"):
        branch_at(saved, 2, "run.npz")
    with pytest.raises(RunFileError, match="no best network"):
        branch_at(saved, None, "run.npz")
    with pytest.raises(RunFileError, match="--from takes it"):
        branch_at(saved.weights_alone(), 3, "run.npz")


@pytest.mark.parametrize("step", [8, 2, None])
def test_its_file_carries_its_exact_start(parent, tmp_path, step):
    """It replays, resumes and goes back to the same bits, with what the optimizer remembers."""
    trainer, path = run(branch(parent, step), 4), tmp_path / "branch.npz"
    save_run(path, trainer.saved())
    saved = load_run(path)
    assert saved.start.parent == trainer.start.parent
    assert_array_equal(saved.start.network.parameters, trainer.start.network.parameters)
    replay = Replay(saved, DATASET)
    run(replay, replay.steps)
    assert replay.is_same()
    resumed = run(Trainer.resume(saved, DATASET), 3)
    assert_array_equal(resumed.network.parameters, run(trainer, 3).network.parameters)
    save_run(path, resumed.saved())
    again = load_run(path)
    assert_array_equal(again.start.network.parameters, trainer.start.network.parameters)
    assert again.start.parent == trainer.start.parent


def test_without_the_optimizers_memory_a_branch_is_another_run(parent):
    """Else the test above would not see that it is missing in the file."""
    trainer = branch(parent, 8)
    other = Trainer(trainer.config, DATASET, start=replace(trainer.start, memory=None))
    run(trainer, 1)
    run(other, 1)
    assert not np.array_equal(trainer.network.parameters, other.network.parameters)


def test_a_branch_of_a_branch_remembers_its_own_parent(parent, tmp_path):
    trainer, path = run(branch(parent, 8), 2), tmp_path / "branch.npz"
    trainer.id = ID[::-1]
    begun = branch(trainer, 2)
    assert begun.start.parent.id == ID[::-1]
    assert begun.optimizer.steps == 10
    save_run(path, run(begun, 1).saved())
    assert load_run(path).training.checkpoint.optimizer_steps == 11


@pytest.mark.parametrize("step", ["film", "newest", "best"])
def test_a_branch_knows_how_far_it_is_from_its_first_ancestor(parent, tmp_path, step):
    trainer = branch(parent, 2, is_filmed=True)
    first = trainer.start.parent.total
    assert first == (2, pytest.approx(2 / 3), trainer.start.parent.seconds)
    run(trainer, 5)
    begun = branch(trainer, {"film": 3, "newest": 5, "best": None}[step])
    of_parent = begun.start.parent
    assert of_parent.before == first
    assert of_parent.total.steps == 2 + of_parent.step
    assert of_parent.total.epochs == first.epochs + of_parent.epochs
    assert of_parent.total.seconds == first.seconds + of_parent.seconds
    path = tmp_path / "branch.npz"
    save_run(path, run(begun, 1).saved())
    assert load_run(path).start.parent == of_parent


def test_a_file_that_does_not_say_so_begins_at_its_parents_start(parent, tmp_path):
    path = tmp_path / "branch.npz"
    save_run(path, run(branch(parent, 2), 1).saved())
    path.write_bytes(
        rewritten(path.read_bytes(), lambda facts: facts["start"]["parent"].pop("before"))
    )
    assert load_run(path).start.parent.total.steps == 2
