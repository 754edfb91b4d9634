"""What the bar across the top shows of a run."""

import gc
import weakref
from dataclasses import replace

import pytest
from PySide6.QtGui import QAction

from core.history.recorder import HistoryRecorder
from core.history.spread import SMOOTHED_IMAGES
from core.network.network import Network
from core.settings.config import NetworkConfig
from gui.window.transport_bar import TransportBar
from tests.gui.snapshots import snapshot


@pytest.fixture
def bar(qtbot):
    bar = TransportBar(*(QAction(name) for name in ("reset", "play", "step", "epoch")))
    qtbot.addWidget(bar)
    return bar


def test_the_loss_is_the_mean_over_the_last_images(bar):
    """Batches of 3,000, then one of 1,000, a quarter of the last 4,000."""
    recorder = HistoryRecorder()
    for _ in range(20):
        recorder.record_step(5.0, 0.5, 0.0, 3_000)
    recorder.record_step(1.0, 0.5, 0.0, SMOOTHED_IMAGES - 3_000)
    bar.show_snapshot(replace(snapshot(0), step=21, history=recorder.history))
    assert bar.loss.text() == "4.500"


def test_the_speed_is_of_the_last_second(bar):
    run = snapshot(10)
    for tenth in range(30):
        images = 1_000 * tenth if tenth < 15 else 15_000 + 2_000 * (tenth - 15)
        bar.show_snapshot(replace(run, step=tenth, images_seen=images, time=tenth / 10))
    assert bar.speed.text() == "20,000"


def test_no_network_is_kept_to_work_out_the_speed(bar):
    network = Network.from_config(NetworkConfig(hidden=(3,)))
    held = weakref.ref(network)
    bar.show_snapshot(replace(snapshot(1), network=network))
    del network
    gc.collect()
    assert held() is None
