"""The commands and options of the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from cli.argument_values import branch_point, names, positive, window_size
from cli.data_choice import add_dataset, add_own_data_options
from cli.film_arguments import add_film_options
from cli.run_options import add_data_dir_and_report, add_report, add_run_options
from cli.search_arguments import add_search_options
from cli.which_network import add_which_network
from core.export.safetensors_file import LAYOUT_NAMES
from core.importing.network_file import SUFFIXES
from core.importing.never_opened import NEVER_OPENED
from core.printable_text import printable
from core.program import VERSION, program_name
from core.settings.config import MAX_THREADS, OUTPUT_NAMES
from core.settings.data_source import DIGIT_SETS

_THAT_TRAIN = ("train", "lr-test", "replay", "claims", "search")
_THAT_USE_NETWORKS = ("evaluate", "predict", "export", "import", "film")
_COMMANDS = frozenset((*_THAT_TRAIN, *_THAT_USE_NETWORKS))
_OPENED = (".toml", *SUFFIXES, *NEVER_OPENED)
"""The files that the window opens, and those of which it says why it never does."""

_MAX_REASON = 400
_LONGEST = 24 * 3600
"""Most seconds of training before a screenshot."""


class OneLineParser(argparse.ArgumentParser):
    """Reports bad arguments in one line, with exit status 2."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, without the usage text."""
        reason = printable(message, _MAX_REASON)
        self.exit(2, f"{self.prog}: {reason} (--help lists the options)\n")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; the parsed ``command`` is None for the window."""
    parser = OneLineParser(
        prog=program_name(),
        description="Watch a neural network, written in NumPy, learn to read digits. "
        "Without a command, the window opens: with a saved run if a FILE.npz is named, "
        "with the settings, the lesson or the classroom of a FILE.toml, or with the network of "
        "another program, a FILE.safetensors or a FILE.onnx.",
    )
    parser.add_argument("--version", action="version", version=f"Digitscope {VERSION}")
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="a folder that holds the data set"
    )
    _add_screenshot_options(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_train(commands.add_parser("train", help="train a network without the window"))
    _add_lr_test(commands.add_parser("lr-test", help="find out which learning rates are good"))
    _add_evaluate(commands.add_parser("evaluate", help="test a saved network"))
    _add_predict(commands.add_parser("predict", help="read the digits of pictures"))
    _add_replay(commands.add_parser("replay", help="repeat a saved run from its log"))
    _add_export(commands.add_parser("export", help="write a saved run in other formats"))
    _add_import(commands.add_parser("import", help="import a network that another program trained"))
    add_film_options(commands.add_parser("film", help="show in a film how a saved run learned"))
    _add_claims(commands.add_parser("claims", help="measure what three documents claim"))
    add_search_options(commands.add_parser("search", help="try many settings, and find good ones"))
    return parser


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line; ``main.py FILE`` opens the window with that file."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    # argparse would take a file for a command.
    files = (
        []
        if _COMMANDS.intersection(words)
        else [word for word in words if word.lower().endswith(_OPENED)][:1]
    )
    parsed = build_parser().parse_args([word for word in words if word not in files])
    if parsed.command is None:
        parsed.file = Path(files[0]) if files else None
    return parsed


def _add_screenshot_options(parser: argparse.ArgumentParser) -> None:
    shot = parser.add_argument_group("pictures of the window")
    shot.add_argument(
        "--screenshot",
        type=Path,
        metavar="FILE.png",
        help="train, draw a digit, save a screenshot, quit",
    )
    shot.add_argument(
        "--view",
        action="append",
        metavar="NAME",
        help="with --screenshot FOLDER: a picture of this view instead, NAME.png in the folder "
        "(may be repeated; 'all': every view)",
    )
    shot.add_argument(
        "--seconds",
        type=positive(float, _LONGEST),
        default=8.0,
        metavar="N",
        help="seconds of training (8)",
    )
    shot.add_argument(
        "--size",
        type=window_size,
        default=(1280, 800),
        metavar="WxH",
        help="size of the window (1280x800)",
    )
    parser.add_argument(
        "--theme", choices=("light", "dark"), help="light or dark, instead of the system's setting"
    )


def _add_train(parser: argparse.ArgumentParser) -> None:
    add_dataset(parser, "train a new run on this data set")
    parser.add_argument(
        "--resume",
        type=Path,
        metavar="FILE.npz",
        help="continue a saved run, bit for bit, for --epochs more",
    )
    parser.add_argument(
        "--branch",
        type=branch_point,
        metavar="FILE.npz@STEP",
        help="begin a new run with the network that a saved run had after STEP steps, or with its "
        "best (@best); data set and settings are that run's unless other options change them",
    )
    add_own_data_options(parser)
    add_data_dir_and_report(parser)
    add_run_options(parser)
    _add_from(parser)
    parser.add_argument("--save", type=Path, metavar="FILE.npz", help="save the run here")
    parser.add_argument(
        "--weights-only",
        action="store_true",
        help="save only the network: a third of the size, but the run cannot be resumed",
    )
    parser.add_argument(
        "--film",
        action="store_true",
        help="save the run's film, too: its network at up to 100 moments, rounded to 16 bits",
    )
    parser.add_argument(
        "--half-precision",
        action="store_true",
        help="with --weights-only: the smallest file, of one network (the last, or the best if "
        "patience ended the run), its weights rounded to 16 bits",
    )
    _add_threads(parser)


def _add_from(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        type=Path,
        metavar="FILE",
        help="begin with the network of this file instead of random weights: a saved run, "
        "safetensors, ONNX, or NumPy arrays of another program (.npz); its layers are the run's",
    )


def _add_threads(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--threads",
        type=positive(int, MAX_THREADS),
        metavar="N",
        help="number of threads (measured if omitted; the result is the same bits)",
    )


def _add_lr_test(parser: argparse.ArgumentParser) -> None:
    add_dataset(parser, "test a new run on this data set")
    parser.add_argument("--resume", type=Path, metavar="FILE.npz", help="test a saved run")
    parser.set_defaults(branch=None)
    add_own_data_options(parser)
    add_data_dir_and_report(parser)
    add_run_options(parser)
    _add_from(parser)
    _add_threads(parser)


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.npz", help="a saved run")
    what = parser.add_mutually_exclusive_group()
    add_dataset(what, "evaluate on the test set of this (of a run on own data: of these)")
    what.add_argument(
        "--pen",
        type=Path,
        metavar="FILE.unipen",
        help="evaluate on pen recordings, plain or .gz, replayed on the drawing pad",
    )
    add_which_network(parser)
    add_own_data_options(parser)
    add_data_dir_and_report(parser)


def _add_predict(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Reads the handwritten digits of pictures. The report has the list 'pictures': each with "
        "its 'file', 'width', 'height', and 'digits' in reading order; each of these with 'digit', "
        "'class' (its name; of digits the same), 'confidence' (0 to 1), 'sure' (whether it is "
        "certain, as on the pad) and 'box' "
        "('left', 'top', 'right', 'bottom', in pixels of the upright picture, the last two not "
        "included). A picture that cannot be read has an 'error'."
    )
    parser.add_argument(
        "pictures",
        type=Path,
        nargs="+",
        metavar="PICTURE",
        help="a picture file; a folder stands for the pictures in it, - for standard input",
    )
    parser.add_argument(
        "--network", type=Path, metavar="FILE.npz", help="a saved run (the ready-made network)"
    )
    add_which_network(parser)
    add_report(parser)


def _add_replay(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.npz", help="a saved run")
    add_dataset(parser, "where the run's own data are now, if they have moved")
    add_own_data_options(parser)
    add_data_dir_and_report(parser)
    _add_threads(parser)


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.npz", help="a saved run")
    parser.add_argument(
        "target",
        type=Path,
        metavar="OUT",
        help="the extension sets the format: .csv the curves, .onnx or .safetensors the network, "
        ".toml the settings",
    )
    parser.add_argument(
        "--layout",
        choices=LAYOUT_NAMES,
        help="of a .safetensors file: W1, b1, ... for A @ W + b (digitscope, the default), or the "
        "names and shapes that load_state_dict of a torch.nn.Sequential takes (torch)",
    )
    add_which_network(parser)


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Reads a fully connected network that another program trained, from safetensors, ONNX or "
        "NumPy arrays, and saves it as a run that evaluate, predict, export and the window take. "
        "The report has 'source', 'sizes', 'activations', 'output', 'output_assumed' (whether the "
        "file does not say), 'mean' and 'scale'."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a .safetensors, .onnx or .npz")
    parser.add_argument("target", type=Path, metavar="OUT.npz", help="save the network here")
    parser.add_argument(
        "--activation",
        type=names,
        metavar="NAMES",
        help="of the hidden layers, if FILE does not say: one for all or one for each, such as "
        "relu,tanh",
    )
    parser.add_argument(
        "--output",
        choices=OUTPUT_NAMES,
        help="what follows the last layer, if FILE does not say (softmax)",
    )
    parser.add_argument(
        "--mean",
        type=float,
        default=0.0,
        metavar="M",
        help="with --scale: the other program feeds its network (pixels - M) / S, for pixels from "
        "0 (background) to 1 (ink), like torchvision's Normalize((0.1307,), (0.3081,)); default 0",
    )
    parser.add_argument("--scale", type=float, default=1.0, metavar="S", help="see --mean (1)")
    add_report(parser)


def _add_claims(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dataset", choices=DIGIT_SETS, default="mnist")
    add_data_dir_and_report(parser)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="test only these claims")
    parser.add_argument(
        "--quick", action="store_true", help="train each network for one epoch, without verdicts"
    )
