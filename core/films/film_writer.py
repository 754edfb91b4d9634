"""Writes a film into a file: GIF, WebP, animated PNG or MP4, or a strip of some of its moments."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import numpy as np
from PIL import Image

from core.errors import ConfigError, DigitscopeError
from core.files.atomic_file import write_atomically
from core.films.frames import Draw, Look
from core.films.scenes import Scene
from core.program import how_to_add
from core.progress import Progress, no_progress
from core.wording import counted

SUFFIXES = (".gif", ".webp", ".png", ".mp4")
"""What a film may be written as. A .png is a strip of pictures."""

DEFAULT_SPEED, LEAST_SPEED, MOST_SPEED = 8.0, 0.5, 25.0
"""Moments per second."""

_LAST_SECONDS = 2.0
"""For which the last frame stays."""

_STRIP_COLUMNS, _STRIP_ROWS = 4, 2
_COLORS = 256
"""Of a GIF."""


def write_film(
    path: Path,
    scenes: list[Scene],
    draw: Draw,
    look: Look,
    speed: float = DEFAULT_SPEED,
    progress: Progress = no_progress,
) -> None:
    """Draw all scenes, and write them in the format that the extension of `path` names.

    A .gif or .webp repeats endlessly, and an .mp4 does not; each stays at its last frame for two
    seconds. A .png holds eight moments, spread evenly over the scenes. The same
    scenes give the same bytes each time, but for MP4, which depends on the encoder's version.

    Parameters
    ----------
    scenes
        At least one.
    speed
        Scenes per second.
    progress
        Called after each frame with the frames done and their number; may raise Cancelled, and no
        file is written then.

    Raises
    ------
    ConfigError
        If the extension is another.
    DigitscopeError
        If the file cannot be written, or the package for .mp4 is missing; an existing file stays
        unchanged.
    """
    check_film(path)
    suffix = path.suffix.lower()
    if suffix == ".png":
        scenes = _spread(scenes)

    def write(stream: IO[bytes]) -> None:
        _encode(stream, suffix, scenes, draw, look, speed, progress)
        progress(len(scenes), len(scenes))  # encoding takes long, too: the last chance to cancel

    write_atomically(path, write)


def _encode(
    stream: IO[bytes],
    suffix: str,
    scenes: list[Scene],
    draw: Draw,
    look: Look,
    speed: float,
    progress: Progress,
) -> None:
    """Draw the frames one by one, and encode each as soon as the format allows."""
    frames, durations = _drawn(scenes, draw, progress), _durations(len(scenes), speed)
    if suffix == ".png":
        _strip(list(frames)).save(stream, "PNG", optimize=True)
    elif suffix == ".mp4":
        _write_mp4(stream, frames, len(scenes), look, speed)
    elif suffix == ".gif":
        _save_gif(stream, frames, _palette(draw(scenes[0]), draw(scenes[-1])), durations)
    else:
        _save_webp(stream, list(frames), durations)


def check_film(path: Path) -> None:
    """Raise what :func:`write_film` would because of the extension, before anything is drawn."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ConfigError(
            f"'{path}' needs the extension of a film: use {', '.join(SUFFIXES[:-1])} or "
            f"{SUFFIXES[-1]}. A .png is a strip of pictures."
        )
    if suffix == ".mp4":
        _ffmpeg()


def _drawn(scenes: list[Scene], draw: Draw, progress: Progress) -> Iterator[Image.Image]:
    for done, scene in enumerate(scenes, start=1):
        yield draw(scene)
        progress(done, len(scenes))


def _durations(frames: int, speed: float) -> list[int]:
    """Return for how many milliseconds each frame is shown; a GIF counts in tens of them."""
    each = round(100 / speed) * 10
    return [*([each] * (frames - 1)), max(each, round(1000 * _LAST_SECONDS))]


def _palette(first: Image.Image, last: Image.Image) -> Image.Image:
    """Return one for all frames: with one for each, colors would flicker. The last has the most."""
    sample = Image.fromarray(np.concatenate([np.asarray(first), np.asarray(last)]))
    return sample.quantize(_COLORS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _save_gif(
    stream: IO[bytes], frames: Iterator[Image.Image], palette: Image.Image, durations: list[int]
) -> None:
    # Pillow holds all frames until the end, so each is reduced to the palette as it comes: to a
    # third of its size.
    indexed = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    _save(stream, "GIF", indexed, durations, disposal=1, optimize=False)


def _save_webp(stream: IO[bytes], frames: list[Image.Image], durations: list[int]) -> None:
    _save(stream, "WEBP", frames, durations, lossless=True, quality=20, method=0)


def _save(
    stream: IO[bytes], kind: str, frames: list[Image.Image], durations: list[int], **options: Any
) -> None:
    first, *others = frames
    first.save(
        stream, kind, save_all=True, append_images=others, duration=durations, loop=0, **options
    )


def _spread(scenes: list[Scene]) -> list[Scene]:
    """Return as many scenes as fit on a strip, the first and the last among them."""
    most = min(len(scenes), _STRIP_COLUMNS * _STRIP_ROWS)
    return [scenes[place] for place in np.rint(np.linspace(0, len(scenes) - 1, most)).astype(int)]


def _strip(frames: list[Image.Image]) -> Image.Image:
    """Return the frames in rows, to be read as a text is."""
    width, height = frames[0].size
    columns = min(len(frames), _STRIP_COLUMNS)
    strip = Image.new("RGB", (columns * width, -(-len(frames) // columns) * height))
    strip.paste(frames[0].crop((0, 0, 1, 1)).resize(strip.size))  # the background
    for place, frame in enumerate(frames):
        strip.paste(frame, (place % columns * width, place // columns * height))
    return strip


# --- MP4 ----------------------------------------------------------------------------------------


def _ffmpeg() -> Any:
    """Return the package that brings ffmpeg."""
    try:
        return import_module("imageio_ffmpeg")
    except ImportError as error:
        raise DigitscopeError(
            "MP4 cannot be written: the optional package imageio-ffmpeg is not installed. "
            f"{how_to_add('video')} Or write a .gif or a .webp."
        ) from error


def _write_mp4(
    stream: IO[bytes], frames: Iterator[Image.Image], count: int, look: Look, speed: float
) -> None:
    """Have ffmpeg write a file of its own, and copy it."""
    ffmpeg = _ffmpeg()
    repeats = max(1, round(_LAST_SECONDS * speed)) - 1  # of the last of the `count` frames
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "film.mp4"
        writer = ffmpeg.write_frames(
            str(target), look.size, fps=speed, macro_block_size=2, quality=8
        )
        writer.send(None)
        try:
            for frame in frames:
                pixels = np.ascontiguousarray(frame)
                writer.send(pixels)
            for _ in range(repeats):
                writer.send(pixels)
            writer.close()  # which hides whether ffmpeg has failed
            written, _ = ffmpeg.count_frames_and_secs(str(target))
        except (OSError, RuntimeError) as error:
            raise _incomplete(count + repeats, folder) from error
        finally:
            writer.close()
        if written != count + repeats:
            raise _incomplete(count + repeats, folder)
        stream.write(target.read_bytes())


def _incomplete(frames: int, folder: str) -> DigitscopeError:
    return DigitscopeError(
        f"ffmpeg could not write all {counted(frames, 'frame')}. Free some space in "
        f"'{Path(folder).parent}', where it works, or write a .gif instead. Nothing was changed."
    )
