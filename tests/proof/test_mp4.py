import subprocess

import imageio_ffmpeg

from core.films.film_writer import write_film
from core.films.frames import Look, weights_frames
from core.films.scenes import Scene
from tests.core.training.small_runs import make_trainer


def test_an_mp4_has_all_frames_and_stays_at_the_last(tmp_path):
    look, path = Look(240), tmp_path / "film.mp4"
    scenes = [Scene(make_trainer(seed=seed).network, seed, 0.0) for seed in range(7)]
    write_film(path, scenes, weights_frames(scenes, look), look, speed=10)
    described = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-i", path], capture_output=True, text=True, check=False
    ).stderr
    assert "240x160" in described
    assert "10 fps" in described
    frames, _ = imageio_ffmpeg.count_frames_and_secs(str(path))
    assert frames == 7 - 1 + 20
