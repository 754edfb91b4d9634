"""What tests of pictures share."""

import pytest

from core.ink.normalization import normalize_drawing
from core.inspection.prediction import predict
from core.pictures.digits_in_picture import digits_in
from core.saving.shipped import load_shipped_network


@pytest.fixture(scope="session")
def read():
    """Return what the ready-made network predicts for the only digit of a picture, and its box."""
    network = load_shipped_network().network

    def read(pixels):
        (found,) = digits_in(pixels)
        return predict(network, normalize_drawing(found.ink)).digit, found.box

    return read
