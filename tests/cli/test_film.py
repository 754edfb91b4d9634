import numpy as np
import pytest
from PIL import Image

from tests.cli.test_resume import RUN, assert_one_line

pytestmark = pytest.mark.usefixtures("small_data")


@pytest.fixture
def filmed(run, tmp_path):
    file = tmp_path / "run.npz"
    run(*RUN, "--epochs", "1", "--film", "--save", file)
    return file


def test_a_film_of_the_weights(run, filmed, tmp_path):
    target = tmp_path / "film.gif"
    status, out, _ = run("film", filmed, target, "--width", "240", "--speed", "20")
    assert status == 0
    assert "moments" in out
    with Image.open(target) as film:
        assert film.size == (240, 160)
        assert film.n_frames > 3
        assert film.info["duration"] == 50


def test_a_strip_of_how_an_image_is_read_in_the_dark(run, filmed, tmp_path):
    target = tmp_path / "strip.png"
    assert run("film", filmed, target, "--image", "0", "--theme", "dark")[0] == 0
    with Image.open(target) as strip:
        assert strip.size[0] > strip.size[1]
        assert np.asarray(strip.convert("L")).mean() < 80


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("film.txt",), "needs the extension of a film"),
        (("film.gif", "--width", "20"), "not from 240 to 1,920"),
        (("missing/film.gif",), "no folder"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(run, filmed, tmp_path, options, problem):
    name, *others = options
    assert_one_line(run("film", filmed, tmp_path / name, *others), problem)
    assert not (tmp_path / name).exists()


def test_an_image_that_is_not_there_is_named(run, filmed, tmp_path):
    status, _, err = run("film", filmed, tmp_path / "film.gif", "--image", "99999")
    assert status == 2
    assert "no test image 99,999" in err


def test_a_run_without_a_film_says_how_to_get_one(run, tmp_path):
    file = tmp_path / "run.npz"
    run(*RUN, "--epochs", "1", "--save", file)
    assert_one_line(run("film", file, tmp_path / "film.gif"), "with --film")
