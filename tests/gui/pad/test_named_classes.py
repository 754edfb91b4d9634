"""The pad with a network that tells other things apart than digits."""

import numpy as np
import pytest

from core.arrays import DIGITS
from core.datasets.dataset import Dataset
from core.inspection.flow import trace, trace_unit
from core.inspection.prediction import predict
from core.settings.data_source import OwnData, classes_of
from core.training.evaluation import evaluate
from gui.flow.flow_words import unit_words
from gui.maths.maths_controls import MathsControls
from gui.mistakes.digit_gallery import DigitGallery
from gui.prediction.active_network import Source
from gui.sheet.sheet_view import SheetView
from gui.weights.top_images import TopActivations, TopImages
from tests.core.digits import tiny_dataset
from tests.core.inspection.patterns import noisy_patterns
from tests.core.pictures.sheets import sheet_of
from tests.gui.driving import child, messages

ANIMALS = OwnData("/data/animals", ("cat", "dog", "a horse with a long name"), False, False)
TWO = OwnData("/data/two", ("on", "off"), False, False)


def draw(window):
    ink = np.zeros((280, 280), np.uint8)
    ink[60:220, 60:80] = ink[60:220, 200:220] = 255
    window.pad_panel.pad.place(ink)


def use(qtbot, window, session, dataset):
    with qtbot.waitSignal(session.run_started):
        session.data.use(dataset)
    qtbot.waitUntil(lambda: window.display.snapshot is not None)
    window.active_network.use(Source.RUN)


@pytest.mark.parametrize("source", [ANIMALS, TWO, "fashion-mnist"])
def test_the_answer_is_a_name_and_the_drawing_one_image(qtbot, window, session, source):
    use(qtbot, window, session, noisy_patterns(source, 90))
    draw(window)
    qtbot.waitUntil(lambda: window.prediction.prediction is not None)
    names = classes_of(source)
    prediction = window.prediction.prediction
    assert len(window.prediction.predictions) == 1  # two strokes, which digits would be cut at
    assert len(prediction.probabilities) == len(names)
    assert window.pad_panel.answer.digit.text() in (*names, "?")
    assert window.pad_panel.answer.bars.classes == names
    window.pad_panel.grab()


def test_the_hint_says_what_can_be_drawn(qtbot, window, session):
    use(qtbot, window, session, noisy_patterns(TWO, 90))
    assert "on, off" in window.pad_panel.pad._hint
    use(qtbot, window, session, tiny_dataset())
    assert window.pad_panel.pad._hint == "Draw a digit here"


def test_the_bars_of_a_blank_pad_have_the_names(qtbot, window, session):
    use(qtbot, window, session, noisy_patterns(TWO, 90))
    assert window.pad_panel.answer.bars.classes == ("on", "off")
    use(qtbot, window, session, tiny_dataset())
    assert window.pad_panel.answer.bars.classes == DIGITS


def test_a_sheet_has_no_labels_from_a_network_of_other_things(qtbot, window, session):
    """Or they could be kept in My digits, as the digits whose places the classes have."""
    window.tabs.open("sheet")
    view = window.findChild(SheetView)
    window.active_network.use(Source.RUN)
    view.show_sheet(sheet_of(2, 5))
    qtbot.waitUntil(lambda: view.model.labels is not None)
    keep = child(view, "keep_button")
    assert keep.isEnabled()
    use(qtbot, window, session, noisy_patterns(ANIMALS, 90))
    qtbot.waitUntil(lambda: view.model.labels is None)
    assert not keep.isEnabled()
    assert not view.model.unsure
    assert {view.model.index(row).data() for row in range(10)} == {""}
    assert "does not read" in view.summary.text()
    use(qtbot, window, session, tiny_dataset())
    qtbot.waitUntil(lambda: view.model.labels is not None)


def test_my_digits_keeps_digits_only(qtbot, window, session):
    use(qtbot, window, session, noisy_patterns(ANIMALS, 90))
    draw(window)
    qtbot.waitUntil(lambda: window.prediction.prediction is not None)
    window.actions_.correct[1].trigger()
    assert "digits only" in child(window, "pad_remark").text()
    assert not len(window.my_digits_controller._my_digits)


def test_every_tab_copes_with_a_change_of_classes(qtbot, window, session):
    """While a drawing is on the pad, with a run that takes steps."""
    draw(window)
    for dataset in (noisy_patterns(ANIMALS, 90), tiny_dataset(), noisy_patterns(TWO, 90)):
        assert isinstance(dataset, Dataset)
        use(qtbot, window, session, dataset)
        session.step()
        qtbot.waitUntil(lambda: window.display.snapshot.step == 1)
        for index in range(window.tabs.count()):
            window.tabs.setCurrentIndex(index)
            window.grab()
    assert set(messages(window)) <= {"New run started."}


def test_what_the_views_say_has_the_names(qtbot, window, session):
    """In the flow, the weights, the maths and the mistakes; no number stands for a class."""
    dataset = noisy_patterns(ANIMALS, 90)
    use(qtbot, window, session, dataset)
    session.step()
    qtbot.waitUntil(lambda: window.display.snapshot.step == 1)
    network, names = window.display.snapshot.network, dataset.classes
    images, labels = dataset.test_images[:1], dataset.test_labels[:1]
    flow, last = trace(network, images[0]), len(network.layers)
    maths = MathsControls()
    maths.show_classes(names)
    tiles = TopImages()
    tiles.show_images(TopActivations(np.arange(1), images, labels, np.ones(1), names))
    gallery = DigitGallery()
    gallery.resize(300, 200)
    gallery.name_classes(names)
    gallery.show_digits(np.arange(1), evaluate(network, images, labels), dataset.test)
    dog = predict(network, images[0].reshape(28, 28))
    said = {
        "flow": " ".join(unit_words(flow, last, 1, trace_unit(flow, last, 1))),
        "maths": maths._digit.itemText(2),
        "weights": tiles.words(0).replace(names[labels[0]], "dog"),
        "mistakes": gallery.words(0).replace(names[labels[0]], "dog"),
        "prediction": dog.name.replace(names[dog.digit], "dog"),
    }
    for view, words in said.items():
        assert "dog" in words, view
        assert "digit" not in words, view


def test_digits_train_no_network_of_other_things(qtbot, window, session):
    use(qtbot, window, session, noisy_patterns(ANIMALS, 90))
    window.my_digits_controller._my_digits.add(np.full((280, 280), 255, np.uint8), 3)
    window.actions_.learn_mine.trigger()
    assert any("a network that reads digits" in said for said in messages(window))
