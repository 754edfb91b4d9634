"""The session: the settings, the data set and the run, and what a change does to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.arrays import LabeledImages
from core.datasets.dataset import Dataset
from core.errors import RunFileError
from core.network.resizing import can_become
from core.saving.replaced_runs import KeptRun
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.settings.presets import DEFAULT_PRESET, Preset
from core.training.starting_state import StartingState
from gui.threads.closing import close_parts
from gui.threads.replaceable_thread import ReplaceableThread
from gui.training.commands import Command
from gui.training.dataset_choice import DatasetChoice
from gui.training.mailbox import FineTuning
from gui.training.pace import FULL_SPEED
from gui.training.reopening import Reopening
from gui.training.state import State
from gui.training.training_run import Origin, TrainingRun

TRAINING = "training"
_SETTLING_MS = 150
"""So that a slider dragged through a hundred layer sizes resizes the network once or twice."""


class Session(QObject):
    """Decides whether a change of the settings changes the run live, or begins a new one.

    Attributes
    ----------
    config
        The settings in force, or those of the next step or run.
    keeps_learned
        Whether a change of the hidden layers resizes the network while it learns; otherwise it
        begins a new run.
    data, run
        The data set, and the present run, None before the first; each has signals of its own.
    reopening
        The way back to the runs that were replaced.

    Signals
    -------
    config_changed(RunConfig)
        See `config`.
    state_changed(State)
        What the session is doing has changed.
    run_started(TrainingRun)
        A new run has replaced the one before.
    run_opened(message)
        The run that has just started is the one that was to be opened; with a message, it cannot be
        resumed, and a new one has begun with its weights.
    run_replaced(TrainingRun)
        This one gave way to the run that has just started, and can be reopened by its id.
    """

    config_changed = Signal(object)
    state_changed = Signal(object)
    run_started = Signal(object)
    run_opened = Signal(str)
    run_replaced = Signal(object)

    def __init__(self, folders: Mapping[str, Path] | None = None) -> None:
        super().__init__()
        self.config = RunConfig(
            network=DEFAULT_PRESET.network, hyperparameters=DEFAULT_PRESET.hyperparameters
        )
        self.state = State.NO_DATA
        self.run: TrainingRun | None = None
        self.reopening = Reopening(self)
        self.reopening.wanted.connect(self.open_run)
        self.keeps_learned, self._has_learned = True, False
        self._running_config, self._steps_per_second = self.config, FULL_SPEED
        self._runs = ReplaceableThread[TrainingRun](self)
        self.data = DatasetChoice(folders or {}, self)
        self.data.started.connect(self._on_load_started)
        self.data.ended.connect(self._on_load_ended)
        self.data.chosen.connect(self._begin_with_dataset)
        self._settling = QTimer(self, interval=_SETTLING_MS, singleShot=True)
        self._settling.timeout.connect(self._rebuild_now)

    @Slot(object)
    def open_run(self, kept: KeptRun) -> None:
        """Resume a run, or begin with its weights alone; its data set is loaded if need be."""
        if (present := self.data.dataset) is not None and kept.learned_from(present):
            self._resume(kept, present)
        else:
            self.data.call_with(kept.config.dataset, partial(self._resume, kept))

    def use_config(self, config: RunConfig) -> None:
        """Begin a new run with these settings; its data set is loaded if need be."""
        self.data.call_with(config.dataset, partial(self._replace_run, config))

    def choose_preset(self, preset: Preset) -> None:
        """Begin a new run with a preset's network and hyperparameters."""
        network, hyperparameters = preset.network, preset.hyperparameters
        self._set_config(replace(self.config, network=network, hyperparameters=hyperparameters))
        self._start_run()

    def restart(self) -> None:
        """Begin again from the seed, with the weights that the run began with, and wait."""
        self.pause()
        if self.run is not None:
            self._start_run(self.run.start_for(self.config.network))

    @Slot(object)
    def _begin_with_dataset(self, dataset: Dataset) -> None:
        self._replace_run(self.config, dataset)

    def begin_from(self, start: StartingState) -> None:
        """Begin a run with this network and the other settings of the present one, and wait."""
        self.pause()
        self._set_config(replace(self.config, network=start.network.shape_in(self.config.network)))
        self._start_run(start)

    def _resume(self, kept: KeptRun, dataset: Dataset) -> None:
        self.pause()
        origin: Origin = kept
        message = ""
        try:
            kept.check(dataset)
        except RunFileError as error:
            origin = StartingState(kept.load().network, kept.source)
            message = f"{error} Training begins with its weights."
        self.reopening.replaced.take(kept)
        self._replace_run(kept.config, dataset, origin, message)

    @Slot()
    def _on_load_started(self) -> None:
        self.pause()
        self._set_state(State.LOADING)

    @Slot()
    def _on_load_ended(self) -> None:
        self._set_state(State.NO_DATA if self.run is None else State.PAUSED)

    def set_hyperparameters(self, hyperparameters: Hyperparameters) -> None:
        """Use these from the next step on."""
        self._set_config(replace(self.config, hyperparameters=hyperparameters))
        if self.run is not None:
            self.run.mailbox.set_hyperparameters(hyperparameters)

    def set_network(self, network: NetworkConfig) -> None:
        """Use this network once no further change has followed for a moment.

        Where only the hidden layers differ, the present network is resized if
        :attr:`keeps_learned` and if it has learned something; otherwise a new run begins.
        """
        self._rebuild(replace(self.config, network=network))

    def set_validation(self, images: int) -> None:
        """Begin a new run that holds out this many images, after a moment likewise."""
        self._rebuild(replace(self.config, validation=images))

    def set_seed(self, seed: int) -> None:
        """Begin a new run from this seed, after a moment likewise."""
        self._rebuild(replace(self.config, seed=seed))

    def _rebuild(self, config: RunConfig) -> None:
        if config != self.config:
            self._set_config(config)
            self._settling.start()

    @Slot()
    def _rebuild_now(self) -> None:
        self._settling.stop()
        if self.run is not None and self._can_change_live(self.run):
            self._running_config = self.config
            self.run.mailbox.set_network(self.config.network)
        else:
            self._start_run()

    def _can_change_live(self, run: TrainingRun) -> bool:
        running, wanted = self._running_config, self.config
        return (
            self.keeps_learned
            and self._has_learned
            and not run.has_failed
            and can_become(running.network, wanted.network)
            and (running.seed, running.validation) == (wanted.seed, wanted.validation)
        )

    def _set_config(self, config: RunConfig) -> None:
        self.config = config
        self.config_changed.emit(config)

    def play(self) -> None:
        """Train until paused."""
        self._train(Command.PLAY)

    def pause(self) -> None:
        """Stop after the present step."""
        if self.run is not None and self.state is State.RUNNING:
            self.run.mailbox.post(Command.PAUSE)
            self._set_state(State.PAUSED)

    def step(self) -> None:
        """Train on one batch, then pause."""
        self._train(Command.STEP)

    def train_epoch(self) -> None:
        """Train to the end of the present epoch, then pause."""
        self._train(Command.EPOCH)

    def _train(self, command: Command | FineTuning) -> None:
        if self._settling.isActive():
            self._rebuild_now()
        if self.run is not None and self.run.has_failed:
            self._start_run(self.run.start_for(self.config.network))
        if self.run is not None and self.state in (State.PAUSED, State.RUNNING):
            self.run.divergence = None
            self._has_learned = True
            self._set_state(State.RUNNING)
            self.run.mailbox.post(command)

    def fine_tune(self, own: LabeledImages) -> None:
        """Fine-tune the run's network on these images, too, then pause; see `TrainingRun`."""
        self.pause()
        self._train(FineTuning(own, self.reopening.replaced))

    def set_speed(self, steps_per_second: float = FULL_SPEED) -> None:
        """Make at most this many steps a second, in this run and those to come."""
        self._steps_per_second = steps_per_second
        if self.run is not None:
            self.run.mailbox.set_speed(steps_per_second)

    def go_back(self, learning_rate: float | None = None) -> None:
        """Return to the last good state if training diverged; None keeps its learning rate."""
        if self.run is None or self.run.divergence is None:
            return
        good, self.run.divergence = self.run.divergence.good, None
        hyperparameters = good.hyperparameters
        if learning_rate is not None:
            hyperparameters = replace(hyperparameters, learning_rate=learning_rate)
        self.run.mailbox.post(Command.GO_BACK)
        self._set_config(replace(self.config, network=good.network))
        self._running_config = self.config
        self.set_hyperparameters(hyperparameters)

    def _start_run(self, start: StartingState | None = None) -> None:
        """Replace the run by one of the present settings; it trains at once if the old one did."""
        if self.data.dataset is not None:
            self._replace_run(self.config, self.data.dataset, start)

    def _replace_run(
        self, config: RunConfig, dataset: Dataset, origin: Origin = None, message: str | None = None
    ) -> None:
        """Begin a run; with a message, which may be empty, it is one that was to be opened."""
        self._settling.stop()
        config = replace(config, dataset=dataset.name)  # of own data, only reading tells the rest
        if config != self.config:
            self._set_config(config)
        self._running_config = config
        self._has_learned = origin is not None or self.state is State.RUNNING
        before = self.run
        if before is not None:
            self.reopening.keep(before)
        run = TrainingRun(config, dataset, origin, self._steps_per_second)
        for rests in (run.paused, run.stopped, run.failed, run.diverged, run.fine_tuned):
            rests.connect(self._on_paused)
        self.run = run
        self._runs.start(run)
        if self.state is State.RUNNING:
            run.mailbox.post(Command.PLAY)
        elif self.state is State.NO_DATA:
            self._set_state(State.PAUSED)
        self.run_started.emit(run)
        if message is not None:
            self.run_opened.emit(message)
        if before is not None and before.has_work and not before.has_failed:
            self.run_replaced.emit(before)

    @Slot()
    def _on_paused(self) -> None:
        if self.state is State.RUNNING:
            self._set_state(State.PAUSED)

    def _set_state(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def parts(self) -> dict[str, Callable[[int], bool]]:
        """Return what has to end before the session can; see :mod:`gui.threads.closing`."""
        return {"loading data": self.data.close, TRAINING: self._runs.close}

    def close(self) -> bool:
        """Stop all threads and wait for them; return whether all have ended."""
        self._settling.stop()
        unfinished, self.run = close_parts(self.parts()), None
        return not unfinished
