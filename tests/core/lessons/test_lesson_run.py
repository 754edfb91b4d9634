import numpy as np
import pytest

from core.errors import Cancelled
from core.lessons.lesson import Lesson, Stop, Variant
from core.lessons.lesson_run import LessonRun
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.threads.workers import Workers
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset

NETWORK = NetworkConfig((8,))


def variant(name="a", rate=0.1, batch=20, **changes):
    """200 images in steps of 20: 10 steps an epoch."""
    hyperparameters = Hyperparameters(learning_rate=rate, batch_size=batch)
    return Variant(name, NETWORK, hyperparameters, **{"stop": Stop(steps=8), **changes})


def lesson(*variants, together=True):
    return Lesson("t", "t", "q", "a", variants, together=together)


def run_to_the_end(run):
    while not run.is_over:
        run.step()


@pytest.mark.parametrize("together", [True, False])
def test_each_variant_trains_as_it_would_alone(together):
    dataset = tiny_dataset()
    variants = variant(), variant("b", 0.02), variant("c", seed=3, validation=50)
    with LessonRun(lesson(*variants, together=together), dataset) as run:
        run_to_the_end(run)
    for each, state in zip(variants, run.states(), strict=True):
        config = RunConfig("strokes", NETWORK, each.hyperparameters, each.seed, each.validation)
        trainer = Trainer(config, dataset)
        for _ in range(8):
            trainer.step()
        losses = trainer.history.steps.spread("batch_loss")
        np.testing.assert_array_equal(state.curves.loss, losses.smoothed(losses))
        assert state.accuracy == trainer.history.test_accuracy[-1]
        assert (state.share, state.diverged_at, state.remark) == (1.0, None, "")


def test_one_after_the_other_the_second_waits_for_the_first():
    run = LessonRun(lesson(variant(), variant("b"), together=False), tiny_dataset())
    for _ in range(4):
        run.step()
    assert [state.share for state in run.states()] == [0.5, 0]
    assert run.states()[1].curves is None
    run_to_the_end(run)
    assert [state.share for state in run.states()] == [1, 1]


def test_together_runs_with_many_steps_keep_pace_with_runs_of_few():
    few, many = variant(stop=Stop(steps=2)), variant("b", stop=Stop(epochs=2))
    run = LessonRun(lesson(few, many), tiny_dataset())
    apart = []
    while not run.is_over:
        run.step()
        shares = [state.share for state in run.states()]
        apart.append(abs(shares[0] - shares[1]))
    assert max(apart) <= 0.5  # a step of the variant with two
    few_state, many_state = run.states()
    assert (few_state.curves.course.step[-1], many_state.curves.course.step[-1]) == (2, 20)
    assert many_state.curves.course.epoch[-1] == 2


def test_an_epoch_with_a_last_batch_that_is_not_full_ends_with_it():
    run = LessonRun(lesson(variant(batch=64, stop=Stop(epochs=1))), tiny_dataset())
    run_to_the_end(run)
    assert run.states()[0].curves.course.step[-1] == 4  # 64, 64, 64 and 8 images


def test_divergence_is_a_result_and_the_others_go_on():
    run = LessonRun(lesson(variant(rate=1000.0), variant("b")), tiny_dataset())
    run_to_the_end(run)
    wild, tame = run.states()
    assert wild.diverged_at is not None
    assert wild.share == 1
    assert len(wild.curves.loss) == wild.diverged_at < 8
    assert "learning rate" in wild.remark
    assert (tame.diverged_at, len(tame.curves.loss)) == (None, 8)


def test_a_variant_ends_when_its_own_settings_stop_it():
    hyperparameters = Hyperparameters(batch_size=20, epochs=1)
    short = Variant("a", NETWORK, hyperparameters, Stop(epochs=5))
    run = LessonRun(lesson(short), tiny_dataset())
    run_to_the_end(run)
    assert run.states()[0].curves.course.epoch[-1] == 1


def test_states_do_not_change_afterwards():
    run = LessonRun(lesson(variant()), tiny_dataset())
    run.step()
    (state,) = run.states()
    before = state.curves.loss.copy()
    run_to_the_end(run)
    np.testing.assert_array_equal(state.curves.loss, before)
    assert state.share == 1 / 8


def test_it_stops_when_its_progress_callback_cancels():
    def stop(_done, _total):
        raise Cancelled

    run = LessonRun(lesson(variant()), tiny_dataset(), stop)
    with pytest.raises(Cancelled):
        run.step()


def test_workers_end_with_the_run():
    made = []

    def make_workers():
        made.append(Workers(1))
        return made[-1]

    variants = variant(), variant("b", stop=Stop(steps=1))
    with LessonRun(lesson(*variants), tiny_dataset(), make_workers=make_workers) as run:
        for _ in range(3):
            run.step()
        first, second = made
        assert first.run(str, [1, 2]) == ["1", "2"]
        with pytest.raises(RuntimeError, match="shutdown"):
            second._pool.submit(int)  # its variant is over
    for workers in made:
        with pytest.raises(RuntimeError, match="shutdown"):
            workers._pool.submit(int)
