"""Saved runs, damaged randomly and deliberately, for tests of their readers."""

import io
import json
import struct
import warnings
import zipfile
import zlib
from dataclasses import replace

import numpy as np

from core.saving.run_file import save_run
from core.settings.config import OPTIMIZER_NAMES, Hyperparameters, NetworkConfig, RunConfig
from core.training.branching import branch_at
from core.training.starting_state import StartingState
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import run

DATASET = tiny_dataset(train=40, test=10)

HELD_OUT = 8

EXTREMES = (0, 1, 2, 20, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)

HEADERS = (
    "",
    "{",
    "{}",
    "None",
    "(" * 3_000,
    "[" * 9_000,
    "{'descr': '<f4', 'fortran_order': False, 'shape': " + "(" * 90 + ")" * 90 + "}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (10L,), }",
    "{'descr': '<f4', 'fortran_order': 1, 'shape': (10,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': 10, }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1.0,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (True,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "9" * 4_400 + ",), }",
    "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (10,), 'more': 1}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (0x1for 2,)}",
    "{'descr': '\\d', 'fortran_order': False, 'shape': ()}",
    "{'descr': '\\ud800', 'fortran_order': False, 'shape': ()}",
    "{'descr': __import__('os').getpid(), 'fortran_order': False, 'shape': ()}",
)
"""Headers unlike those that NumPy writes."""

TYPES = (
    "'<f4'", "'>f4'", "'<f8'", "'<f2'", "'|O'", "'O'", "'<i4'", "'>i4'", "'<i8'", "'|u1'", "'a5'",
    "'<U10'", "'>U10'", "'<U0'", "'<U2000000'", "'<U2147483647'", "'|S5'", "'|V4'", "'<M8[s]'",
    "'(10,10)f4'", "'(1000000,1000000)f8'", "'f4,f4'", "'<c8'", "'nonsense'", "None", "4", "()",
    "[('a', '<f4')]", "[('a', '|O')]", "[('a', [('b', [('c', '<f4')])])]",
    "[('a', '<f4', (9999,))]",
    "('<f4', (2, 2))", "{'names': ['a'], 'formats': ['<f4']}",
)  # fmt: skip

SHAPES = (
    "()", "(0,)", "(1,)", "(10,)", "(-1,)", "(-10, -10)", "(784, 3)", "(3, 784)",
    "(0, 9999999999)", "(4294967296,)", "(9223372036854775807,)", "(4611686018427387904, 4)",
    "(99999999999999999999,)",
    "(65536, 65536, 65536, 65536)", "(" + "1, " * 70 + ")",
)  # fmt: skip


# --- real ones ----------------------------------------------------------------------------------


def real_runs(folder):
    """Return the content of files as this version and earlier versions write them."""
    runs = {}

    def keep(name, saved, **options):
        save_run(folder / "run.npz", saved, **options)
        runs[name] = (folder / "run.npz").read_bytes()

    for optimizer in OPTIMIZER_NAMES:
        keep(optimizer, run(_trainer((3,), optimizer), 4).saved())
    before = run(_trainer((3,), "sgd"), 1)
    start = StartingState(before.network, "other.onnx")
    keep("from given weights", run(Trainer(before.config, DATASET, start=start), 2).saved())
    branch, of_branch = branch_at(run(_trainer((3,), "adam"), 2).saved(), 2, "run.npz")
    keep("branch", run(Trainer(of_branch, DATASET, start=branch), 1).saved())
    trainer = run(_trainer((4, 3), "adam"), 2)
    keep("before the first step", _trainer((), "adam").saved())
    trainer.change(replace(trainer.hyperparameters, learning_rate=0.002, epochs=9))
    run(trainer, 1)
    trainer.change(network=trainer.network_config.with_hidden((5,)))
    keep("resized", run(trainer, 3).saved())
    keep("filmed", _filmed().saved())
    keep("weights alone", trainer.saved().weights_alone())
    keep("half precision", trainer.saved().weights_alone(), half_precision=True)
    runs["version 4"] = rewritten(without_best(runs["resized"]), as_version_4)
    runs["version 1"] = rewritten(without_best(runs["weights alone"]), as_version_1)
    return runs


def without_best(content):
    """Return the file in the format from before it held a best network."""
    parts = [part for part in parts_of(content) if not part[0].startswith("best_")]
    return rewritten(packed(parts), as_version_5)


def as_version_5(facts):
    facts["version"] = 5
    del facts["best"], facts["ended_by_patience"]
    facts.get("training", {}).pop("lowest_loss", None)


def _filmed():
    """Return a trainer with a film of networks of two shapes."""
    trainer = run(_trainer((4,), "sgd", is_filmed=True), 2)
    trainer.change(network=trainer.network_config.with_hidden((3,)))
    return run(trainer, 1)


def _trainer(hidden, optimizer, is_filmed=False):
    settings = Hyperparameters(batch_size=16, optimizer=optimizer, learning_rate=0.01)
    network = NetworkConfig(hidden=hidden)
    config = RunConfig("strokes", network, settings, seed=3, validation=HELD_OUT)
    return Trainer(config, DATASET, is_filmed=is_filmed)


def as_version_4(facts):
    facts["version"] = 4
    del facts["training"]["seconds"], facts["training"]["evaluation_seconds"]


def as_version_1(facts):
    facts["version"] = 1
    del facts["threshold"], facts["run"]["hyperparameters"], facts["run"]["validation"]


def parts_of(content):
    """Return a file's members: name and content."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def packed(parts, method=zipfile.ZIP_STORED):
    """Return a file with these members; two may have the same name."""
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", method) as archive:
        warnings.simplefilter("ignore")
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return stream.getvalue()


def config_of(content):
    """Return the facts that a file's configuration states."""
    return json.loads(str(np.load(io.BytesIO(dict(parts_of(content))["config.npy"]))))


def with_config(parts, text):
    """Return a file of these members with another text for its configuration."""
    data = text.encode("utf-32-le", "surrogatepass")
    member = npy(f"{{'descr': '<U{len(data) // 4}', 'fortran_order': False, 'shape': ()}}", data)
    return packed([("config.npy", member), *(part for part in parts if part[0] != "config.npy")])


def rewritten(content, edit):
    """Return the file with its configuration edited in place by `edit`."""
    facts = config_of(content)
    edit(facts)
    return with_config(parts_of(content), json.dumps(facts))


def npy(header, data, version=(1, 0)):
    """Return an array's file with any header."""
    text = header.encode("utf-8", "surrogatepass") + b"\n"
    return b"\x93NUMPY" + bytes(version) + struct.pack("<H", len(text)) + text + data


# --- damage: each takes a random.Random, the whole file and its members -------------------------


def flip(rng, content, parts):
    """Change a few bytes anywhere."""
    damaged = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    return bytes(damaged)


def flip_structure(rng, content, parts):
    """Change a few bytes of the zip's own headers, or of an array's."""
    damaged = bytearray(content)
    marks = (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"\x93NUMPY")
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = content.find(rng.choice(marks), rng.randrange(len(content)))
        damaged[min(max(at, 0) + rng.randrange(64), len(damaged) - 1)] = rng.randrange(256)
    return bytes(damaged)


def falsify(rng, content, parts):
    """Write extreme numbers over fields of the zip's headers: method, sizes, places, counts."""
    damaged = bytearray(content)
    at = content.rfind(b"PK\x05\x06")
    directory = struct.unpack_from("<L", content, at + 16)[0]
    for _ in range(rng.choice((1, 1, 2, 3))):
        entry = content.find(b"PK\x01\x02", rng.randrange(directory, at))
        local = content.find(b"PK\x03\x04", rng.randrange(directory))
        place, offsets, size = rng.choice((
            (entry, (20, 24, 42), 4), (entry, (6, 8, 10, 28, 30, 32, 34), 2),
            (local, (18, 22), 4), (local, (4, 6, 8, 26, 28), 2), (at, (12, 16), 4),
            (at, (4, 8, 10, 20), 2),
        ))  # fmt: skip
        if place >= 0:
            value = rng.choice((*EXTREMES, 8, 12, 14, 93, 95, 99, len(content)))
            field = (value & (2 ** (8 * size) - 1)).to_bytes(size, "little")
            place += rng.choice(offsets)
            damaged[place : place + size] = field
    return bytes(damaged)


def truncate(rng, content, parts):
    """Cut it short, at either end."""
    keep = rng.randrange(len(content))
    return content[:keep] if rng.random() < 0.7 else content[keep:]


def splice(rng, content, parts):
    """Leave out, repeat, move, or put in a piece."""
    a, b = sorted(rng.randrange(len(content)) for _ in range(2))
    b = min(b, a + rng.choice((1, 16, 512, 8_192)))
    piece = rng.choice((b"", content[a:b] * 2, rng.randbytes(b - a), bytes(b - a), content))
    return content[:a] + piece + content[b:]


def shuffle_members(rng, content, parts):
    """Leave out, repeat, rename, exchange, nest or add members, and compress some of it."""
    parts = list(parts)
    for _ in range(rng.choice((1, 1, 2, 3))):
        i, j = rng.randrange(len(parts)), rng.randrange(len(parts))
        name, data = parts[i]
        other = rng.choice((parts[j][0], name.upper(), f"a/{name}", "\x1b[2J\n", "é" * 200, ""))
        action = rng.randrange(6)
        if action == 0 and len(parts) > 1:
            del parts[i]
        elif action == 1:
            parts.insert(j, (name, rng.choice((data, parts[j][1], b""))))
        elif action == 2:
            parts[i] = (other, data)
        elif action == 3:
            parts[i] = (name, parts[j][1])
        elif action == 4:
            parts[i] = (name, content)
        else:
            parts += [(f"{name}{n}", b"") for n in range(rng.choice((1, 50)))]
    methods = (zipfile.ZIP_STORED,) * 5 + (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
    return packed(parts, rng.choice(methods))


def change_header(rng, content, parts):
    """Give an array another header, with correct checksums."""
    parts = list(parts)
    i = rng.choice((0, rng.randrange(len(parts))))
    name, data = parts[i]
    start = 10 + struct.unpack_from("<H", data, 8)[0]
    header = rng.choice(HEADERS)
    if rng.random() < 0.7:
        order = rng.choice(("False", "False", "True"))
        kind, shape = rng.choice(TYPES), rng.choice(SHAPES)
        header = f"{{'descr': {kind}, 'fortran_order': {order}, 'shape': {shape}, }}"
    version = rng.choice(((1, 0),) * 6 + ((2, 0), (3, 0), (0, 9), (255, 255)))
    parts[i] = (name, npy(header, rng.choice((data[start:], data[start:] * 3, b"")), version))
    return packed(parts)


def change_values(rng, content, parts):
    """Put impossible values into arrays, with correct checksums."""
    parts = list(parts)
    for _ in range(rng.choice((1, 1, 3))):
        i = rng.randrange(len(parts))
        name, data = parts[i]
        start = 10 + struct.unpack_from("<H", data, 8)[0]
        if len(data) - start >= 8:
            item = rng.choice((
                np.float32(rng.choice((np.nan, np.inf, -np.inf, 3e38, -3e38, 1e-45, 0))).tobytes(),
                np.int64(rng.choice((-1, 0, 1, 2**63 - 1, -(2**63), 10**6))).tobytes(),
                rng.randbytes(8),
            ))  # fmt: skip
            at = rng.randrange(start, len(data) - 7) // 4 * 4
            changed = data[:at] + item + data[at + len(item) :]
            parts[i] = (name, changed[: len(data)] + rng.choice((b"", b"", b"", b"more")))
    return packed(parts)


DAMAGES = (
    flip, flip_structure, falsify, truncate, splice, shuffle_members, change_header, change_values,
)  # fmt: skip


# --- bombs --------------------------------------------------------------------------------------


def bombs(parts):
    """Yield the description and content of small files that claim, or inflate to, much."""
    size = 100_000_000
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({size // 4},), }}"
    for label, method in (("bzip2", zipfile.ZIP_BZIP2), ("LZMA", zipfile.ZIP_LZMA)):
        for name in ("config.npy", "W1.npy"):
            yield f"{name} inflates by {label}", _inflating(parts, name, header, method, size)
    for name in ("config.npy", "W1.npy", "order.npy"):
        yield f"{name} inflates to gigabytes", _deflated_gigabytes(parts, name)
    yield "many members", _with_many_members(packed(parts))
    facts = json.loads(str(np.load(io.BytesIO(dict(parts)["config.npy"]))))
    images = 2_000_000
    facts["training"]["images"] = images
    order = npy(
        f"{{'descr': '<i4', 'fortran_order': False, 'shape': ({images},), }}",
        np.arange(images, dtype=np.int32).tobytes(),
    )
    others = [(name, order if name == "order.npy" else data) for name, data in parts[:-1]]
    yield "many images", with_config(others, json.dumps(facts))
    facts["training"]["images"] = len(DATASET.train_labels) - HELD_OUT
    for field, filling in (
        ("changes", '[0,{"l2":0}],'),
        ("changes", '[0,{"network":{}}],'),
        ("changes", '"Āā",'),
        ("evaluation_seconds", '{"":1},'),
        ("dataset_checksum", '{"":' * 200 + "1" + "}" * 200 + ","),
        ("hidden", "9,"),
        ("activations", '"relu",'),
    ):
        place = {"training": facts["training"] | {field: "HERE"}}
        if field not in facts["training"]:
            place = {"run": {"network": {field: "HERE"}}}
        yield f"a crowd of {filling:.20} for {field}", _crowded(parts, facts | place, filling)
    facts["training"]["dataset_checksum"] = "HERE"
    yield "a larger crowd", _crowded(parts, facts, '{"":' * 200 + "1" + "}" * 200 + ",", 3_000_000)
    facts["training"]["dataset_checksum"] = ""
    for nest in ("[" * 900_000, '{"a":' * 100_000, "[" * 900 + "]" * 900):
        yield "a deep nest", with_config(parts, nest)
        text = json.dumps(facts | {"threshold": "HERE", "version": "HERE"})
        yield "a deep nest inside", with_config(parts, text.replace('"HERE"', nest))


def _with_many_members(content, times=6_000):
    """Repeat the table of contents, which makes 138,000 members."""
    *_, size, start, _ = struct.unpack("<4s4H2LH", content[-22:])
    end = content[-22:-10] + struct.pack("<LLH", size * times, start, 0)
    return content[:start] + content[start:-22] * times + end


def _crowded(parts, facts, filling, characters=1_490_000):
    """Put a list of this many characters where the facts say HERE."""
    crowd = f"[{filling * (characters // len(filling))}"[:-1] + "]"
    return with_config(parts, json.dumps(facts).replace('"HERE"', crowd))


def _inflating(parts, name, header, method, size):
    data = npy(header, bytes(size))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part, content in parts:
            is_it = part == name
            archive.writestr(part, data if is_it else content, method if is_it else None)
    small = bytearray(stream.getvalue())
    place = small.rfind(name.encode()) - 46 + 24  # its size in the table of contents
    small[place : place + 4] = struct.pack("<L", 1_000)
    return bytes(small)


def _deflated_gigabytes(parts, name):
    """Put a deflated member of 3 GB into the file, made of one deflated block repeated."""
    size, block = 3_000_000_000, 10_000_000
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    header = f"{{'descr': '<i4', 'fortran_order': False, 'shape': ({size // 4},), }}"
    start = deflate.compress(npy(header, b"")) + deflate.flush(zlib.Z_FULL_FLUSH)
    zeros = deflate.compress(bytes(block)) + deflate.flush(zlib.Z_FULL_FLUSH)
    data = start + zeros * (size // block) + deflate.flush()
    content = packed([*((p, c) for p, c in parts if p != name), (name, data)])
    # Mark it as deflated, with its inflated size, in both of its headers.
    damaged = bytearray(content)
    local = content.rfind(b"PK\x03\x04", 0, content.rfind(data))
    entry = content.rfind(b"PK\x01\x02")
    for method_at, size_at in ((local + 8, local + 22), (entry + 10, entry + 24)):
        damaged[method_at : method_at + 2] = struct.pack("<H", zipfile.ZIP_DEFLATED)
        damaged[size_at : size_at + 4] = struct.pack("<L", size)
    return bytes(damaged)
