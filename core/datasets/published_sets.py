"""The data sets that are published as four files of the same names and shapes as MNIST's."""

from __future__ import annotations

from dataclasses import dataclass

from core.datasets.idx import IdxFile
from core.datasets.npz_array import NpzArray
from core.settings.data_source import ReadySet

Files = tuple[IdxFile, IdxFile, IdxFile, IdxFile]
"""Training images, training labels, test images, test labels."""

NpzArrays = tuple[NpzArray, NpzArray, NpzArray, NpzArray]
"""In the order of :data:`Files`."""


@dataclass(frozen=True)
class PublishedSet:
    """Describes a data set of four files: how it is named, found, downloaded and verified.

    Attributes
    ----------
    name, title
        As in settings and files, and as people see it.
    files
        The four files, with images of 28×28.
    arrays
        The same in NumPy's format, as others keep it.
    subfolders
        Where the files may be within a folder, such as torchvision's; ``""`` is the folder itself.
    mirrors
        Where the files are published, as addresses ending in a slash, in order of preference.
    """

    name: ReadySet
    title: str
    files: Files
    arrays: NpzArrays
    subfolders: tuple[str, ...]
    mirrors: tuple[str, ...]


MNIST = PublishedSet(
    name="mnist",
    title="MNIST",
    files=(
        IdxFile(
            name="train-images-idx3-ubyte",
            shape=(60_000, 28, 28),
            checksum="ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            published_sha256="440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            published_size=9_912_422,
        ),
        IdxFile(
            name="train-labels-idx1-ubyte",
            shape=(60_000,),
            checksum="65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            published_sha256="3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            published_size=28_881,
        ),
        IdxFile(
            name="t10k-images-idx3-ubyte",
            shape=(10_000, 28, 28),
            checksum="0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            published_sha256="8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            published_size=1_648_877,
        ),
        IdxFile(
            name="t10k-labels-idx1-ubyte",
            shape=(10_000,),
            checksum="ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            published_sha256="f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            published_size=4_542,
        ),
    ),
    arrays=(
        NpzArray("mnist.npz", "x_train"),
        NpzArray("mnist.npz", "y_train"),
        NpzArray("mnist.npz", "x_test"),
        NpzArray("mnist.npz", "y_test"),
    ),
    subfolders=("", "MNIST/raw", "raw", "mnist"),
    mirrors=(
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ),
)
