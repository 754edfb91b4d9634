import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from core.errors import Cancelled, ConfigError, DigitscopeError, RunFileError
from core.films.film_writer import check_film, write_film
from core.films.frames import MOST_UNITS, Look, drawing_frames, weights_frames
from core.films.scenes import Scene, scenes_of_run
from core.network.network import Network
from core.settings.config import NetworkConfig
from tests.core.training.small_runs import make_trainer, run

LOOK = Look(240)
IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[8:20, 13:15] = 255


@pytest.fixture(scope="module")
def saved():
    trainer = run(make_trainer(network=NetworkConfig(hidden=(40,)), is_filmed=True), 6)
    trainer.change(network=trainer.network_config.with_hidden((3,)))
    return run(trainer, 6).saved()


@pytest.fixture(scope="module")
def scenes(saved):
    return scenes_of_run(saved)


def pixels(image):
    return np.asarray(image.convert("RGB")).astype(int)


# --- scenes -------------------------------------------------------------------------------------


def test_scenes_are_the_moments_and_the_newest_network(saved, scenes):
    assert [scene.step for scene in scenes] == [*range(7), *range(6, 13)]
    assert scenes[-1].network is saved.network
    assert scenes[0].when == "Step 0 · epoch 0.00"
    assert (scenes[0].shape, scenes[-1].shape) == ("784-40-10", "784-3-10")


def test_a_run_without_a_film_is_refused(saved):
    for other in (replace(saved, film=()), saved.weights_alone()):
        with pytest.raises(RunFileError, match="holds no film"):
            scenes_of_run(other)


# --- frames -------------------------------------------------------------------------------------


def scene_of(network):
    return Scene(network, 0, 0.0)


def changed(scene, change):
    """Return a scene whose network differs as `change` makes it."""
    network = Network(scene.network.sizes)
    network.parameters[:] = scene.network.parameters
    change(network)
    return scene_of(network)


def test_all_frames_have_one_scale(scenes):
    """If weights grow later, the first frame is paler."""

    def grow(network):
        network.parameters *= 8

    first, grown = scenes[0], changed(scenes[0], grow)
    alone = pixels(weights_frames([first], LOOK)(first))
    with_larger = pixels(weights_frames([first, grown], LOOK)(first))
    assert np.abs(with_larger - 255).sum() < 0.5 * np.abs(alone - 255).sum()


def test_only_the_units_with_the_largest_outgoing_weights_are_drawn(scenes):
    def prefer_first(network):
        network.layers[1].W[:MOST_UNITS] = 1
        network.layers[1].W[MOST_UNITS:] = 0

    def erase(units):
        def change(network):
            prefer_first(network)
            network.layers[0].W[:, units] = 0

        return changed(scenes[0], change)

    draw = weights_frames([changed(scenes[0], prefer_first)], LOOK)
    whole, others, first = map(draw, (changed(scenes[0], prefer_first), erase(39), erase(0)))
    np.testing.assert_array_equal(pixels(whole), pixels(others))
    assert not np.array_equal(pixels(whole), pixels(first))


def test_the_predicted_digit_has_the_longest_bar_in_the_accent_color(scenes):
    accent = np.array([0x00, 0x72, 0xB2])
    for scene in (scenes[0], scenes[-1]):
        frame = pixels(drawing_frames(IMAGE, LOOK)(scene))
        rows = (frame == accent).all(axis=2).sum(axis=1)
        best = int(scene.network.predict(IMAGE.reshape(1, -1))[0].argmax())
        height = LOOK.size[1]
        room = height - 240 // 18 - 3 * (240 // 36)
        assert abs(rows.argmax() - (240 // 36 + (best + 0.5) * room / 10)) < room / 20


def test_the_drawing_is_in_the_frame(scenes):
    with_ink = pixels(drawing_frames(IMAGE, LOOK)(scenes[0]))
    blank = pixels(drawing_frames(np.zeros_like(IMAGE), LOOK)(scenes[0]))
    left = slice(0, 90)
    assert with_ink[:, left].sum() < blank[:, left].sum()


def test_dark_is_dark(scenes):
    light, dark = (
        pixels(weights_frames(scenes, Look(240, theme))(scenes[0])) for theme in ("light", "dark")
    )
    assert light.mean() > 150 > 80 > dark.mean()


# --- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_all_scenes_are_in_the_file_and_the_last_stays(tmp_path, scenes, suffix):
    path = tmp_path / f"film{suffix}"
    write_film(path, scenes, drawing_frames(IMAGE, LOOK), LOOK, speed=10)
    with Image.open(path) as film:
        seconds = []
        for place in range(film.n_frames):
            film.seek(place)
            film.load()
            seconds.append(film.info["duration"])
        assert film.info["loop"] == 0
    assert sum(seconds) == 100 * (len(scenes) - 1) + 2_000
    assert seconds[-1] >= 2_000


def test_what_is_shown_is_what_is_written(tmp_path, scenes):
    path = tmp_path / "film.webp"
    draw = weights_frames(scenes, LOOK)
    write_film(path, scenes, draw, LOOK)
    with Image.open(path) as film:
        film.seek(3)
        np.testing.assert_array_equal(pixels(film), pixels(draw(scenes[3])))


def test_a_strip_has_eight_moments_the_first_and_the_last_among_them(tmp_path, scenes):
    path = tmp_path / "strip.png"
    draw = drawing_frames(IMAGE, LOOK)
    write_film(path, scenes, draw, LOOK)
    with Image.open(path) as strip:
        content = pixels(strip)
    width, height = LOOK.size
    assert content.shape[:2] == (2 * height, 4 * width)
    np.testing.assert_array_equal(content[:height, :width], pixels(draw(scenes[0])))
    np.testing.assert_array_equal(content[height:, 3 * width :], pixels(draw(scenes[-1])))


def test_the_same_film_is_the_same_bytes(tmp_path, scenes):
    for suffix in (".gif", ".webp", ".png"):
        paths = [tmp_path / f"{name}{suffix}" for name in "ab"]
        for path in paths:
            write_film(path, scenes[:5], weights_frames(scenes[:5], LOOK), LOOK)
        assert paths[0].read_bytes() == paths[1].read_bytes()


def test_progress_counts_the_frames_and_cancels(tmp_path, scenes):
    seen = []

    def progress(done, total):
        seen.append((done, total))
        if done == 3:
            raise Cancelled

    path = tmp_path / "film.gif"
    with pytest.raises(Cancelled):
        write_film(path, scenes, drawing_frames(IMAGE, LOOK), LOOK, progress=progress)
    assert seen == [(done, len(scenes)) for done in (1, 2, 3)]
    assert not path.exists()


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_it_can_be_cancelled_after_the_last_frame(tmp_path, scenes, suffix):
    """Encoding takes longer than drawing: who cancels then finds the file as it was."""
    path = tmp_path / f"film{suffix}"
    path.write_bytes(b"before")
    calls = []

    def progress(done, total):
        calls.append(done)
        if calls.count(total) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_film(path, scenes[:3], drawing_frames(IMAGE, LOOK), LOOK, progress=progress)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_another_extension_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"use \.gif"):
        check_film(tmp_path / "film.avi")


def test_without_its_package_mp4_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(DigitscopeError, match="imageio-ffmpeg is not installed"):
        check_film(tmp_path / "film.mp4")
