"""Small data sets of several formats, written as other programs do."""

import gzip
import struct

import numpy as np
from PIL import Image

RNG = np.random.default_rng(0)
LABELS = np.tile(np.arange(3), 20)
"""Of 60 images, 20 of each class, mixed."""


def images(n=60, side=28):
    """Dark images with something light in the middle, uint8 (n, side, side)."""
    made = np.zeros((n, side, side), np.uint8)
    inner = slice(side // 4, -(side // 4))
    made[:, inner, inner] = RNG.integers(0, 256, made[:, inner, inner].shape)
    made[:, side // 2, side // 2] = 255
    return made


IMAGES = images()


def idx(values):
    """The content of an IDX file."""
    header = struct.pack(f">4B{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    return header + values.astype(np.uint8).tobytes()


def write_idx(folder, prefix, part="train", pixels=IMAGES, labels=LABELS, zips=False):
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in ((f"images-idx{pixels.ndim}", pixels), ("labels-idx1", labels)):
        content = gzip.compress(idx(values)) if zips else idx(values)
        path = folder / f"{prefix}{part}-{name}-ubyte{'.gz' if zips else ''}"
        path.write_bytes(content)


def csv_rows(pixels=IMAGES, labels=LABELS):
    return [
        ",".join(map(str, [label, *image.ravel().tolist()]))
        for image, label in zip(pixels, labels, strict=True)
    ]


def write_pictures(folder, classes=("apple", "fig", "pear"), each=7, make=None):
    """Write PNG files into a subfolder for each class."""
    for name in classes:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(each):
            pixels = images(1)[0] if make is None else make(name, number)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
