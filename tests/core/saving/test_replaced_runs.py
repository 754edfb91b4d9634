"""Runs that were replaced are kept whole: five of them, in memory or on disk, to the bit."""

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from core.errors import RunFileError
from core.saving import replaced_runs
from core.saving.replaced_runs import KeptRun, ReplacedRuns
from core.saving.run_file import load_run, save_run
from core.settings.config import NetworkConfig
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer, run

RICH = {
    "optimizer": "adam",
    "validation": 50,
    "batch_size": 40,
    "learning_rate": 0.01,
    "dropout": 0.2,
    "l2": 1e-4,
}


def kept(steps, **settings):
    return KeptRun(run(make_trainer(**settings), steps).saved())


def steps_of(store):
    return [each.moment[0] for each in store.runs]


def test_they_are_kept_newest_first():
    store = ReplacedRuns()
    for steps in (1, 2, 3):
        store.put(kept(steps))
    assert steps_of(store) == [3, 2, 1]


def test_five_are_kept():
    store = ReplacedRuns()
    for steps in range(1, 8):
        store.put(kept(steps))
    assert steps_of(store) == [7, 6, 5, 4, 3]


def test_the_older_go_to_disk_where_memory_has_no_room(tmp_path):
    runs = [kept(steps) for steps in (1, 2, 3)]
    store = ReplacedRuns(runs[1].nbytes + runs[2].nbytes, tmp_path)
    for each in runs:
        store.put(each)
    assert steps_of(store) == [3, 2, 1]
    assert [each.nbytes > 0 for each in store.runs] == [True, True, False]
    assert store.nbytes <= store._budget


def test_one_that_is_too_large_for_memory_is_on_disk_alone(tmp_path):
    small, large = kept(1), kept(1, network=NetworkConfig(hidden=(400,)))
    store = ReplacedRuns(small.nbytes, tmp_path)
    store.put(small)
    store.put(large)
    assert large.nbytes == 0
    assert small.nbytes > 0
    assert large.load().config == large.config


def test_two_threads_may_read_one_at_once(tmp_path):
    run = kept(2)
    run.move_to_disk(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        loaded = list(pool.map(lambda _: run.load().network.parameters, range(20)))
    for parameters in loaded:
        np.testing.assert_array_equal(parameters, loaded[0])


def test_nothing_is_left_on_disk_and_what_is_there_has_no_name(tmp_path):
    store = ReplacedRuns(0, tmp_path)
    store.put(kept(2))
    assert list(tmp_path.iterdir()) == []
    assert store.runs[0].load().training.checkpoint.step == 2


def test_a_disk_that_is_full_drops_the_run_and_no_other(tmp_path, monkeypatch, caplog):
    first, second = kept(1), kept(2)
    store = ReplacedRuns(second.nbytes, tmp_path)
    store.put(first)

    def fail(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(replaced_runs, "write_run", fail)
    store.put(second)
    assert steps_of(store) == [2]
    assert "No space left" in caplog.text


@pytest.mark.parametrize("budget", [2**28, 0], ids=["memory", "disk"])
def test_what_is_resumed_goes_on_to_the_bit(tmp_path, budget):
    """Weights, optimizer, order, noise, metrics, the layers' records and the best network."""
    trainer = run(make_trainer(**RICH), 23)
    store = ReplacedRuns(budget, tmp_path)
    store.put(KeptRun(trainer.saved()))
    assert (store.nbytes == 0) == (budget == 0)
    resumed = Trainer.resume(store.runs[0].load(), tiny_dataset())
    for each in (trainer, resumed):
        run(each, 17)
    np.testing.assert_array_equal(resumed.network.parameters, trainer.network.parameters)
    for name, array in trainer.optimizer.state.items():
        np.testing.assert_array_equal(resumed.optimizer.state[name], array)
    np.testing.assert_array_equal(resumed.order, trainer.order)
    for name, values in trainer.history.values().items():
        np.testing.assert_array_equal(resumed.history.values()[name], values)
    assert len(resumed.layer_statistics.records) == len(trainer.layer_statistics.records)
    assert resumed.moments.best.step == trainer.moments.best.step
    assert resumed.moments.best.accuracy == trainer.moments.best.accuracy


def test_it_needs_the_images_it_learned_from():
    each = kept(2)
    each.check(tiny_dataset())
    with pytest.raises(RunFileError, match="other images"):
        each.check(tiny_dataset(300))
    weights = KeptRun(run(make_trainer(), 1).saved().weights_alone())
    with pytest.raises(RunFileError, match="without the state"):
        weights.check(tiny_dataset())


def test_a_run_is_found_by_its_id_until_it_is_taken():
    store, first, second = ReplacedRuns(), kept(1), kept(2)
    store.put(first)
    store.put(second)
    assert store.find(first.id) is first
    store.take(first)
    assert store.find(first.id) is None
    assert store.runs == (second,)


def test_the_id_stays_with_the_run(tmp_path):
    trainer = run(make_trainer(), 1)
    assert trainer.saved().id is None
    first = KeptRun(trainer.saved())
    resumed = Trainer.resume(first.load(), tiny_dataset())
    assert resumed.saved().id == first.id
    save_run(tmp_path / "run.npz", resumed.saved())
    assert load_run(tmp_path / "run.npz").id == first.id


def test_many_threads_put_at_once(tmp_path):
    runs = [kept(steps) for steps in range(1, 9)]
    store = ReplacedRuns(2 * runs[0].nbytes, tmp_path)
    threads = [threading.Thread(target=store.put, args=(each,)) for each in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.runs) == 5
    assert store.nbytes <= store._budget
    assert all(each.load().training.checkpoint.step == each.moment[0] for each in store.runs)


def test_what_is_kept_keeps_no_trainer():
    trainer = run(make_trainer(**RICH), 5)
    alive = weakref.ref(trainer)
    store = ReplacedRuns()
    store.put(KeptRun(trainer.saved()))
    gc.disable()
    try:
        del trainer
        assert alive() is None
    finally:
        gc.enable()
