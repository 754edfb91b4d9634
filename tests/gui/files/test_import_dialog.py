"""What the dialog asks about a network of another program, and what comes of the answers."""

import pytest
from numpy.testing import assert_array_equal
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from core.export.safetensors_file import write_safetensors
from core.importing.network_file import read_network_file
from core.training.evaluation import evaluate
from core.wording import percent
from gui.files.import_dialog import ImportDialog
from tests.gui.driving import child, choose, click, pick, type_into
from tests.gui.files.foreign_file import DATA, MEAN, SCALE, assert_same, save_as_torch, trained


@pytest.fixture
def theirs(tmp_path):
    """A file that says neither the activations nor the output."""
    path = tmp_path / "theirs.safetensors"
    save_as_torch(path, trained().network)
    return path


@pytest.fixture
def opened(qtbot):
    """Return a function that opens the dialog about a file."""
    window = QWidget()
    qtbot.addWidget(window)

    def opened(path, dataset=DATA):
        dialog = ImportDialog(path, read_network_file(path), dataset, window)
        dialog.show()
        return dialog

    return opened


def texts(dialog):
    return [text for each in dialog.findChildren(QLabel) for text in each.text().split("\n")]


def result(dialog):
    return child(dialog, "import_result").text()


def used(qtbot, dialog):
    """Press "Use for the pad" as soon as that is possible; return the network."""
    qtbot.waitUntil(dialog.use_for_pad.isEnabled)
    with qtbot.waitSignal(dialog.pad_wanted) as wanted:
        click(dialog, "import_pad_button")
    assert not dialog.isVisible()
    return wanted.args[0].network


def test_a_wrong_guess_is_seen_and_the_right_one_predicts_as_the_other_program(
    qtbot, opened, theirs
):
    dialog = opened(theirs)
    assert "784-16-8-10, 12,786 parameters" in texts(dialog)
    assert "Safetensors, weights as (out, in)" in texts(dialog)
    choose(dialog, "import_activation_combo", "sigmoid")
    qtbot.waitUntil(lambda: "Most likely the input or an activation" in result(dialog))
    choose(dialog, "import_activation_combo", "tanh")
    pick(dialog, "import_input_combo", 1)
    network = trained().network
    accuracy = evaluate(network, DATA.test_images, DATA.test_labels).accuracy
    assert accuracy > 0.9
    says = f"Test accuracy: {percent(accuracy)} of 100 images."
    qtbot.waitUntil(lambda: result(dialog) == says)
    assert_same(used(qtbot, dialog), network)


def test_only_the_answers_of_now_count(qtbot, opened, theirs):
    """Nobody can take the network of answers that were just changed."""
    dialog = opened(theirs)
    choose(dialog, "import_activation_combo", "tanh")  # while the network of ReLU is made
    pick(dialog, "import_input_combo", 1)
    assert not dialog.use_for_pad.isEnabled()
    assert not dialog.start_run.isEnabled()
    assert_same(used(qtbot, dialog), trained().network)


def test_what_the_file_says_is_not_asked(qtbot, opened, tmp_path):
    path, trainer = tmp_path / "mine.safetensors", trained()
    write_safetensors(path, trainer.network, trainer.config)
    dialog = opened(path)
    for name in ("import_activation_combo", "import_output_combo"):
        assert not dialog.findChildren(QWidget, name)
    assert "Tanh (as the file says)" in texts(dialog)
    assert "Softmax (as the file says)" in texts(dialog)
    assert_array_equal(used(qtbot, dialog).parameters, trainer.network.parameters)


def test_each_layer_may_have_an_activation_of_its_own(qtbot, opened, theirs):
    dialog = opened(theirs)
    high = dialog.height()
    assert not child(dialog, "import_activation_1_combo").isVisible()
    choose(dialog, "import_activation_combo", "elu")
    choose(dialog, "import_activation_combo", None)
    assert dialog.height() > high
    choose(dialog, "import_activation_2_combo", "sigmoid")
    choose(dialog, "import_output_combo", "sigmoid")
    network = used(qtbot, dialog)
    assert (network.activations, network.output) == (("elu", "sigmoid"), "sigmoid")


def test_another_mean_and_scale_can_be_typed(qtbot, opened, theirs):
    dialog = opened(theirs)
    choose(dialog, "import_activation_combo", "tanh")
    choose(dialog, "import_input_combo", None)
    type_into(dialog, "import_scale_field", "0")
    qtbot.waitUntil(lambda: "scale of 0 are not possible" in result(dialog))
    assert not dialog.use_for_pad.isEnabled()
    assert dialog.isVisible()  # Return ended the number and no more
    type_into(dialog, "import_mean_field", str(MEAN))
    type_into(dialog, "import_scale_field", str(SCALE))
    assert_same(used(qtbot, dialog), trained().network)


def test_the_inputs_are_those_that_programs_use(qtbot, opened, theirs):
    dialog = opened(theirs)
    found = []
    for index in range(4):
        pick(dialog, "import_input_combo", index)
        found.append((dialog.form.mean, dialog.form.scale))
    assert found == [(0, 1), (MEAN, SCALE), (0.5, 0.5), (0, 1 / 255)]
    qtbot.waitUntil(dialog.use_for_pad.isEnabled)


def test_every_control_has_a_name_for_screen_readers(qtbot, opened, theirs):
    dialog = opened(theirs)
    for name in ("activation_combo", "output_combo", "input_combo", "mean_field", "scale_field"):
        assert child(dialog, f"import_{name}").accessibleName()
    qtbot.waitUntil(dialog.use_for_pad.isEnabled)


def test_return_presses_the_button_that_has_the_focus(qtbot, opened, theirs):
    dialog = opened(theirs)
    qtbot.waitUntil(dialog.use_for_pad.isEnabled)
    QTest.keyClick(child(dialog, "import_input_combo"), Qt.Key.Key_Return)
    assert dialog.isVisible()
    with qtbot.waitSignal(dialog.pad_wanted):
        QTest.keyClick(dialog.use_for_pad, Qt.Key.Key_Return)


def test_without_training_data_there_is_no_run_to_start(qtbot, opened, theirs):
    dialog = opened(theirs, dataset=None)
    qtbot.waitUntil(lambda: "as soon as there is training data" in result(dialog))
    assert dialog.use_for_pad.isEnabled()
    assert not dialog.start_run.isEnabled()
    dialog.show_dataset(DATA)
    qtbot.waitUntil(lambda: "Test accuracy" in result(dialog))
    with qtbot.waitSignal(dialog.run_wanted) as wanted:
        click(dialog, "import_run_button")
    assert wanted.args[0].source == "theirs.safetensors"
