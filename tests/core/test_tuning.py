from core.tuning import ThreadTuner


class Chooser:
    """Stands for workers, and notes what their threads are chosen for; a step takes 1 s then."""

    def __init__(self):
        self.chosen = []

    def tune(self, step, parts, result):
        self.chosen.append((step(), parts, result()))
        return 1.0


def run(tuner, steps, seconds=1.0, work="work", parts=2):
    """Make steps that take so long each, as a trainer does; return how often tuning was due."""
    due = 0
    for _ in range(steps):
        if tuner.is_due(work):
            due += 1
            tuner.tune(work, lambda: work, parts, lambda: f"bits of {work}")
        tuner.note_step(seconds)
    return due


def test_threads_are_chosen_once_for_each_kind_of_work():
    workers = Chooser()
    tuner = ThreadTuner(workers)
    assert run(tuner, 300, work="a", parts=1) == 1
    assert run(tuner, 300, work="b", parts=2) == 1
    assert run(tuner, 1, work="a", parts=1) == 1
    assert workers.chosen == [
        ("a", 1, "bits of a"),
        ("b", 2, "bits of b"),
        ("a", 1, "bits of a"),
    ]


def test_they_are_chosen_anew_when_steps_have_become_much_slower():
    tuner = ThreadTuner(Chooser())
    assert run(tuner, 200, seconds=1) == 1
    assert run(tuner, 200, seconds=2) == 0
    assert run(tuner, 120, seconds=4) >= 1


def test_many_fast_steps_do_not_hide_slow_ones():
    """It takes no longer to notice them after a long run than after a short one."""
    tuner = ThreadTuner(Chooser())
    run(tuner, 10_000, seconds=1)
    assert run(tuner, 120, seconds=4) >= 1


def test_a_few_slow_steps_are_no_reason():
    tuner = ThreadTuner(Chooser())
    run(tuner, 100)
    for _ in range(20):
        assert run(tuner, 1, seconds=30) == 0
        assert run(tuner, 49) == 0


def test_without_workers_there_is_nothing_to_choose():
    tuner = ThreadTuner(None)
    assert run(tuner, 200, seconds=1) == 0
    assert run(tuner, 200, seconds=100) == 0
