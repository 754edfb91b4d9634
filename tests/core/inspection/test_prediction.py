import numpy as np
import pytest

from core.inspection import prediction as module
from core.inspection.prediction import predict, predict_all
from core.network.network import Network

IMAGE = np.zeros((28, 28), np.uint8)


def predicts(**probabilities):
    """A network that gives the digits of the names, d0 to d9, these probabilities."""
    network = Network((784, 10))
    network.layers[0].b[:] = -50
    for name, probability in probabilities.items():
        network.layers[0].b[int(name[1])] = np.log(probability)
    return network


def test_a_prediction_is_the_mean_for_the_image_and_its_moved_copies():
    """Where the image is, one of its pixels counts for a 4; where it is moved to, none does."""
    network = predicts(d4=0.25, d9=0.75)
    network.layers[0].W[14 * 28 + 14, 4] = 5 * np.log(9)
    image = IMAGE.copy()
    image[14, 14] = 255
    prediction = predict(network, image)
    assert prediction.digit == 4
    assert prediction.confidence == pytest.approx(0.75)
    assert prediction.is_finite
    np.testing.assert_array_equal(
        prediction.probabilities, network.predict(image.reshape(1, -1))[0]
    )
    assert prediction.probability == prediction.probabilities[4] > 0.99


def test_predictions_of_several_images_are_those_of_each():
    network = predicts(d4=0.75, d9=0.25)
    network.layers[0].W[:, 9] = 0.01
    bright = IMAGE + np.uint8(255)
    predictions = predict_all(network, [IMAGE, bright], (0.8,) * 10)
    assert [prediction.digit for prediction in predictions] == [4, 9]
    assert [prediction.is_certain for prediction in predictions] == [False, True]
    assert predictions[0].confidence == pytest.approx(0.75)
    for prediction, image in zip(predictions, [IMAGE, bright], strict=True):
        assert prediction.image is image
        np.testing.assert_allclose(
            prediction.probabilities, predict(network, image).probabilities, rtol=1e-6
        )


@pytest.mark.parametrize(("threshold", "is_certain"), [(0.74, True), (0.76, False)])
def test_it_is_certain_from_the_threshold_on(threshold, is_certain):
    thresholds = (1.0,) * 4 + (threshold,) + (0.0,) * 5  # those of other digits do not matter
    assert predict(predicts(d4=0.75, d9=0.25), IMAGE, thresholds).is_certain is is_certain


def test_what_is_not_one_digit_is_never_certain():
    prediction = predict(predicts(d4=1), IMAGE, (0.5,) * 10, is_one_digit=False)
    assert not prediction.is_certain
    assert prediction.digit == 4


def test_a_diverged_network_has_no_prediction_and_raises_no_warning():
    network = predicts(d4=1)
    network.parameters[:] = np.nan
    prediction = predict(network, IMAGE)
    assert not prediction.is_finite
    assert np.isnan(prediction.explanation.saliency).all()


def test_an_explanation_is_computed_once_and_only_on_demand(monkeypatch):
    explained, explain = [], module.explain
    monkeypatch.setattr(module, "explain", lambda *args: explained.append(args) or explain(*args))
    prediction = predict(predicts(d4=0.75, d9=0.25), IMAGE)
    assert not explained
    assert prediction.explanation is prediction.explanation
    assert len(explained) == 1
