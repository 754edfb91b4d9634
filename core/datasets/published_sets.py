"""The data sets that are published as four files of the same names and shapes as MNIST's."""

from __future__ import annotations

from dataclasses import dataclass

from core.datasets.idx import IdxFile
from core.datasets.npz_array import NpzArray
from core.settings.data_source import DataSource, ReadySet, data_title

Files = tuple[IdxFile, IdxFile, IdxFile, IdxFile]
"""Training images, training labels, test images, test labels."""

NpzArrays = tuple[NpzArray, NpzArray, NpzArray, NpzArray]
"""In the order of :data:`Files`."""


@dataclass(frozen=True)
class PublishedSet:
    """Describes a data set of four files: how it is named, found, downloaded and verified.

    Attributes
    ----------
    name
        As in settings and files.
    files
        The four files, with images of 28×28.
    arrays
        The same in NumPy's format, as some keep it; None if nobody does.
    subfolders
        Where the files may be within a folder, such as torchvision's; ``""`` is the folder itself.
    mirrors
        Where the files are published, as addresses ending in a slash, in order of preference.
    """

    name: ReadySet
    files: Files
    arrays: NpzArrays | None
    subfolders: tuple[str, ...]
    mirrors: tuple[str, ...]

    @property
    def title(self) -> str:
        """As people see it."""
        return data_title(self.name)


_SHAPES: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("train-images-idx3-ubyte", (60_000, 28, 28)),
    ("train-labels-idx1-ubyte", (60_000,)),
    ("t10k-images-idx3-ubyte", (10_000, 28, 28)),
    ("t10k-labels-idx1-ubyte", (10_000,)),
)


def _files(*known: tuple[str, str, int]) -> Files:
    """Return the four files, of which the checksum, published SHA-256 and size are `known`."""
    a, b, c, d = (
        IdxFile(name, shape, checksum, published_sha256, published_size)
        for (name, shape), (checksum, published_sha256, published_size) in zip(
            _SHAPES, known, strict=True
        )
    )
    return a, b, c, d


MNIST = PublishedSet(
    name="mnist",
    files=_files(
        (
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            9_912_422,
        ),
        (
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            28_881,
        ),
        (
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            1_648_877,
        ),
        (
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            4_542,
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

# The publisher's README and torchvision give MD5s of the .gz files; Keras and torchvision's
# prototypes give these SHA-256s of the same files.
FASHION_MNIST = PublishedSet(
    name="fashion-mnist",
    files=_files(
        (
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            26_421_880,
        ),
        (
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            29_515,
        ),
        (
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            4_422_102,
        ),
        (
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            5_148,
        ),
    ),
    arrays=None,
    subfolders=("", "FashionMNIST/raw", "raw", "fashion-mnist", "fashion"),
    mirrors=(
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "https://fashion-mnist.s3.eu-central-1.amazonaws.com/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ),
)

# The SHA-256s of the .gz files are those of torchvision's prototypes. Of what is in them, and of
# the .npz files, nobody gives more than an MD5.
KUZUSHIJI_MNIST = PublishedSet(
    name="kuzushiji-mnist",
    files=_files(
        (
            "92be26ec9822e900ac425d0a0aa84ced",
            "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
            18_165_135,
        ),
        (
            "949e75301f8813e0dc5800dcc320fc52",
            "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
            29_497,
        ),
        (
            "bf305b8cd328700fbc17f5acbc2856d2",
            "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
            3_041_136,
        ),
        (
            "9f55f451c0988b028eccdf7d5cc265ab",
            "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
            5_120,
        ),
    ),
    arrays=(
        NpzArray("kmnist-train-imgs.npz", "arr_0", "a183fbc01ed9a345513b145673d3d0bb"),
        NpzArray("kmnist-train-labels.npz", "arr_0", "b0e1d240e8afec72b50437fc3bc5908a"),
        NpzArray("kmnist-test-imgs.npz", "arr_0", "dace6de62ca8b90843cc45366337d02e"),
        NpzArray("kmnist-test-labels.npz", "arr_0", "3ae489a79983d0fe386152684e3b5412"),
    ),
    subfolders=("", "KMNIST/raw", "raw", "kuzushiji-mnist", "kmnist"),
    mirrors=(
        "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
    ),
)

PUBLISHED_SETS: dict[DataSource, PublishedSet] = {
    published.name: published for published in (MNIST, FASHION_MNIST, KUZUSHIJI_MNIST)
}
"""All that there are, by their names."""
