"""Files of earlier versions open with everything that they hold."""

import shutil

import numpy as np

from core.my_digits.my_digits import MyDigits
from core.my_digits.my_digits_exchange import import_npz
from core.runs.run_library import RunLibrary
from core.saving.run_file import load_run, save_run
from core.settings.config import Hyperparameters
from core.settings.settings_text import read_settings
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset
from tests.earlier_files import VERSION_0_1

RUN = VERSION_0_1 / "run.npz"


def test_a_saved_run_opens_with_its_changes_and_metrics():
    saved = load_run(RUN)
    assert saved.config.network.hidden == (6,)
    assert saved.config.validation == 50
    assert saved.present_config.network.hidden == (8, 4)
    assert saved.present_config.hyperparameters == Hyperparameters(
        optimizer="adam", learning_rate=0.005, batch_size=20, dropout=0.1
    )
    assert [layer.W.shape for layer in saved.network.layers] == [(784, 8), (8, 4), (4, 10)]
    assert 0 < saved.thresholds[0] < 1
    assert saved.thresholds == saved.thresholds[:1] * 10  # one for all classes
    checkpoint = saved.training.checkpoint
    assert (checkpoint.step, checkpoint.epoch) == (32, 5)
    assert [change.step for change in checkpoint.changes] == [0, 12, 17, 23]
    assert set(checkpoint.optimizer_state) == {"m", "v"}


def test_a_saved_run_continues_and_is_saved_again(tmp_path):
    trainer = Trainer.resume(load_run(RUN), tiny_dataset())
    assert trainer.step_count == 32
    assert len(trainer.history.batch_loss) == 32
    assert list(trainer.history.evaluation_step) == [0, 1, 2, 4, 5, 10, 15, 22, 30]
    for _ in range(10):
        trainer.step()
    save_run(tmp_path / "run.npz", trainer.saved())
    again = load_run(tmp_path / "run.npz")
    assert again.training.checkpoint.step == 42
    np.testing.assert_array_equal(again.network.parameters, trainer.network.parameters)


def test_an_autosaved_copy_opens():
    saved = load_run(VERSION_0_1 / "autosave.npz")
    assert saved.training.checkpoint.epoch == 1
    assert saved.network_config.hidden == (6,)


def test_the_records_of_runs_open_with_names_notes_and_curves(tmp_path):
    path = tmp_path / "runs.sqlite"
    shutil.copy(VERSION_0_1 / "runs.sqlite", path)
    library = RunLibrary(path)
    records = library.records()
    assert [(record.name, record.note) for record in records] == [
        ("Zwei Schichten, lr 0,02", ""),
        ("Run 2", "the second one"),
    ]
    for record in records:
        assert record.steps == 4
        assert len(library.curves(record.id).loss) == 4
    library.close()


def test_settings_that_were_copied_can_be_pasted():
    settings = read_settings((VERSION_0_1 / "settings.toml").read_text(encoding="utf-8"))
    assert settings == load_run(RUN).present_config


def test_my_digits_are_loaded_from_their_folder_and_from_an_export(tmp_path):
    kept = MyDigits(VERSION_0_1 / "my-digits")
    assert [item.digit for item in kept.items] == [1, 7, 7]
    assert kept.problems == ()
    mine = MyDigits(tmp_path / "mine")
    report = import_npz(mine, VERSION_0_1 / "my-digits.npz")
    assert report.added == 3
    assert [item.fingerprint for item in mine.items] == [item.fingerprint for item in kept.items]
