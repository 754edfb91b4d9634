import resource
import subprocess

import imageio_ffmpeg
import pytest

from core.errors import DigitscopeError
from core.films.film_writer import write_film
from core.films.frames import Look, weights_frames
from core.films.scenes import Scene
from tests.core.training.small_runs import make_trainer

LOOK = Look(240)


@pytest.fixture(scope="module")
def scenes():
    return [Scene(make_trainer(seed=seed).network, seed, 0.0) for seed in range(7)]


def test_an_mp4_has_all_frames_and_stays_at_the_last(tmp_path, scenes):
    path = tmp_path / "film.mp4"
    write_film(path, scenes, weights_frames(scenes, LOOK), LOOK, speed=10)
    described = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-i", path], capture_output=True, text=True, check=False
    ).stderr
    assert "240x160" in described
    assert "10 fps" in described
    frames, _ = imageio_ffmpeg.count_frames_and_secs(str(path))
    assert frames == 7 - 1 + 20


@pytest.mark.parametrize("speed", [0.5, 3.7, 25.0])
def test_every_speed_has_all_frames(tmp_path, scenes, speed):
    write_film(tmp_path / "film.mp4", scenes, weights_frames(scenes, LOOK), LOOK, speed)


def test_an_mp4_that_ffmpeg_could_not_finish_is_no_film(tmp_path, scenes):
    """Its end is written last; that this failed shows only in the exit status, which is hidden."""
    path = tmp_path / "film.mp4"
    draw = weights_frames(scenes, LOOK)
    write_film(path, scenes, draw, LOOK)
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) - 200, limits[1]))
    try:
        with pytest.raises(DigitscopeError, match="could not write all 22 frames"):
            write_film(path, scenes, draw, LOOK)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before
