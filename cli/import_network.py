"""``main.py import``."""

from __future__ import annotations

import argparse

from cli.output import say
from cli.targets import check_target, write_report
from core.importing.foreign_network import ForeignNetwork, as_network, network_config
from core.importing.network_file import read_network_file
from core.saving.run_file import save_run
from core.settings.config import NetworkConfig, RunConfig
from core.settings.data_source import source_with
from core.training.saved_run import SavedRun


def import_network(arguments: argparse.Namespace) -> int:
    """Save the network of another program as a run, and return the exit status.

    Raises
    ------
    DigitscopeError
        If the file cannot be read, does not hold such a network, or does not say enough, or the run
        cannot be written.
    """
    check_target(arguments.target, (arguments.file, arguments.report))
    check_target(arguments.report, (arguments.file,))
    foreign = read_network_file(arguments.file)
    given = arguments.activation, arguments.output
    network = as_network(foreign, *given, arguments.mean, arguments.scale)
    config = network_config(foreign, *given)
    dataset = source_with(config.classes, arguments.file.absolute())
    save_run(arguments.target, SavedRun(RunConfig(dataset, config), network))
    if arguments.report is not None:
        write_report(
            arguments.report,
            source=foreign.source,
            sizes=foreign.sizes,
            activations=config.layer_activations,
            output=config.output,
            classes=config.classes,
            output_assumed=_is_assumed(foreign, arguments),
            mean=arguments.mean,
            scale=arguments.scale,
        )
    functions = ", ".join((*config.layer_activations, config.output))
    say(f"{arguments.file} ({foreign.source}): {config}, with {functions}")
    _say_what_was_assumed(foreign, config, arguments)
    say(f"Saved as {arguments.target}")
    return 0


def _is_assumed(foreign: ForeignNetwork, arguments: argparse.Namespace) -> bool:
    return foreign.output is None and arguments.output is None


def _say_what_was_assumed(
    foreign: ForeignNetwork, config: NetworkConfig, arguments: argparse.Namespace
) -> None:
    if _is_assumed(foreign, arguments):
        say(f"The file does not say what follows the last layer: {config.output} is assumed.")
    if (arguments.mean, arguments.scale) == (0, 1):
        say("Its input is treated as pixels from 0 (background) to 1 (ink).")
    else:
        say(
            f"Folded into layer 1: (pixels - {arguments.mean:g}) / {arguments.scale:g}, for pixels "
            "from 0 (background) to 1 (ink)."
        )
