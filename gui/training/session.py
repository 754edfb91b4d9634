"""What the window shows, and the only object that talks to the threads.

Widgets call the session's methods when the user wants something; the session changes its state
and signals; widgets draw what the signals bring.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from core.datasets.dataset import Dataset
from core.errors import RunFileError
from core.network.network import Network
from core.network.resizing import can_become
from core.settings.config import DatasetName, Hyperparameters, NetworkConfig, RunConfig
from core.settings.presets import DEFAULT_PRESET, Preset
from core.training.divergence import TrainingDivergedError
from core.training.moments import ReplacedRuns
from core.training.saved_run import SavedRun
from gui.threads.closing import close_parts
from gui.training.commands import Request
from gui.training.dataset_choice import DatasetChoice
from gui.training.training_runner import TrainingRunner
from gui.training.training_thread import FULL_SPEED

FRAME_MS = 33
TRAINING = "training"
_SETTLING_MS = 150
"""A slider that is dragged through a hundred layer sizes changes the network once or twice, or
starts one run, and not a hundred."""


class State(Enum):
    """What the session is doing."""

    NO_DATA = auto()
    LOADING = auto()
    PAUSED = auto()
    RUNNING = auto()


class Session(QObject):
    """The configuration, the data set, and the present run.

    Attributes
    ----------
    config
        The settings that are in force, or will be at the next step or run.
    keeps_learned
        Whether a change of the hidden layers changes the network while it learns; else it begins a
        new run.

    Signals
    -------
    config_changed(RunConfig)
        The settings that are in force, or will be at the next step or run.
    state_changed(State)
        See :class:`State`.
    run_started
        A new run has replaced the one before; what was drawn of that is history.
    snapshot_taken(Snapshot)
        At most once a frame.
    loading_started(title)
        A data set is being found, downloaded or generated.
    loading_progressed(done, total)
        Of the data set that is being found, downloaded or generated.
    loading_failed(message)
        The data set that was asked for could not be had; the one before stays.
    loading_cancelled
        At the user's wish; the data set before stays.
    dataset_changed(Dataset)
        Another one is loaded.
    mnist_offered
        The first start found no MNIST on this machine.
    folder_proved(Path), folder_refused(Path)
        The folder that was chosen holds MNIST; that in which MNIST was looked for first does not.
    stopped(reason)
        Training has paused, because it has reached what the hyperparameters ask for.
    diverged(TrainingDivergedError)
        Training stopped by itself.
    failed(message)
        The training thread ended by an error.
    run_opened(message)
        The run that has just started is the one that was to be opened; with a message, it cannot go
        on, and a new one has begun with its weights.
    inspected(StepState)
        What was asked for by :meth:`inspect`.
    saved(path, step)
        The run is in this file, as it was after so many steps.
    save_failed(path, message)
        It could not be written, and goes on.
    """

    config_changed = Signal(object)
    state_changed = Signal(object)
    run_started = Signal()
    snapshot_taken = Signal(object)
    loading_started = Signal(str)
    loading_progressed = Signal(object, object)
    loading_failed = Signal(str)
    loading_cancelled = Signal()
    dataset_changed = Signal(object)
    mnist_offered = Signal()
    folder_proved = Signal(object)
    folder_refused = Signal(object)
    stopped = Signal(str)
    diverged = Signal(object)
    failed = Signal(str)
    run_opened = Signal(str)
    inspected = Signal(object)
    saved = Signal(object, int)
    save_failed = Signal(object, str)

    def __init__(self, data_dir: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.config = RunConfig(
            network=DEFAULT_PRESET.network, hyperparameters=DEFAULT_PRESET.hyperparameters
        )
        self.state = State.NO_DATA
        self.dataset: Dataset | None = None
        self.keeps_learned = True
        self._told = self.config
        self._has_learned = False
        self._divergence: TrainingDivergedError | None = None
        self._when_loaded: Callable[[Dataset], None] | None = None

        self._runner = TrainingRunner(self)
        self._runner.paused.connect(self._end_training)
        self._runner.stopped.connect(self._on_stopped)
        self._runner.diverged.connect(self._on_diverged)
        self._runner.failed.connect(self._on_failed)
        self._runner.inspected.connect(self.inspected)
        self._runner.saved.connect(self.saved)
        self._runner.save_failed.connect(self.save_failed)
        self._choice = DatasetChoice(data_dir, self)
        self._choice.started.connect(self._on_load_started)
        self._choice.progressed.connect(self.loading_progressed)
        self._choice.loaded.connect(self._on_loaded)
        self._choice.cancelled.connect(self._on_load_cancelled)
        self._choice.failed.connect(self._on_load_failed)
        self._choice.mnist_offered.connect(self.mnist_offered)
        self._choice.folder_proved.connect(self.folder_proved)
        self._choice.folder_refused.connect(self.folder_refused)

        self._frames = QTimer(self, interval=FRAME_MS)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._on_frame)
        self._frames.start()
        self._settling = QTimer(self, interval=_SETTLING_MS, singleShot=True)
        self._settling.timeout.connect(self._rebuild_now)

    # --- data ----------------------------------------------------------------------------

    def load_first(self) -> None:
        """Load MNIST if this machine has it, else the built-in digits."""
        self._choice.load_first()

    def choose_dataset(self, name: DatasetName, data_dir: Path | None = None) -> None:
        """Load a data set and begin a new run with it; MNIST is downloaded where need be.

        `data_dir` is where to look for MNIST first, from now on if it is there.
        """
        self._when_loaded = None
        self._choice.choose(name, data_dir)

    def use_dataset(self, dataset: Dataset) -> None:
        """Begin a new run with a data set that is already in memory."""
        self.dataset = dataset
        self._set_config(replace(self.config, dataset=dataset.name))
        self.dataset_changed.emit(dataset)
        self._start_run()

    def open_run(self, saved: SavedRun, is_copy: bool = False) -> None:
        """Go on with a saved run, or from its weights alone; its data set is loaded if need be.

        `is_copy`: which is in no file of the user's.
        """
        self._with_dataset(saved.config.dataset, partial(self._go_on, saved, is_copy))

    def use_config(self, config: RunConfig) -> None:
        """Begin a new run with these settings; its data set is loaded if need be."""
        self._with_dataset(config.dataset, partial(self._begin, config))

    def _with_dataset(self, name: DatasetName, then: Callable[[Dataset], None]) -> None:
        """Do something with a data set, at once if it is the present one, else once it is here."""
        dataset = None if self.state is State.LOADING else self.dataset
        if dataset is not None and dataset.name == name:
            then(dataset)
        else:
            self.choose_dataset(name)
            self._when_loaded = then

    def _begin(self, config: RunConfig, dataset: Dataset) -> None:
        self._set_config(config)
        self._replace_run(dataset)

    def _go_on(self, saved: SavedRun, is_copy: bool, dataset: Dataset) -> None:
        self.pause()
        origin: Network | SavedRun = saved
        message = ""
        try:
            saved.training_on(dataset)
        except RunFileError as error:
            origin = saved.network
            message = f"{error} Its weights are here: training begins with them."
        self._set_config(saved.present_config)
        self._replace_run(dataset, origin, is_in_file=not is_copy)
        self.run_opened.emit(message)

    def save(self, path: Path, is_copy: bool = False) -> bool:
        """Have the run written to `path`, between two steps; return whether there is one to write.

        A run that has failed is none. `is_copy`: the path is no file of the user's.
        """
        return self._runner.save(path, is_copy)

    @property
    def replaced(self) -> ReplacedRuns:
        """The runs that others took the place of before their steps were in a file."""
        return self._runner.replaced

    def inspect(self) -> None:
        """Have a copy made of all that decides the next step, once the present one is made."""
        self._runner.inspect()

    def cancel_loading(self) -> None:
        """Give up what :meth:`choose_dataset` began."""
        self._choice.cancel()

    @Slot(str)
    def _on_load_started(self, title: str) -> None:
        self.pause()
        self._set_state(State.LOADING)
        self.loading_started.emit(title)

    @Slot(object)
    def _on_loaded(self, dataset: Dataset) -> None:
        self._set_state(State.PAUSED)
        then, self._when_loaded = self._when_loaded, None
        if then is not None:
            self.dataset = dataset
            self.dataset_changed.emit(dataset)
            then(dataset)
            return
        self.use_dataset(dataset)

    @Slot()
    def _on_load_cancelled(self) -> None:
        self._set_state(State.PAUSED if self._runner.has_run else State.NO_DATA)
        self.loading_cancelled.emit()

    @Slot(str)
    def _on_load_failed(self, message: str) -> None:
        self._set_state(State.PAUSED if self._runner.has_run else State.NO_DATA)
        self.loading_failed.emit(message)

    # --- the configuration ---------------------------------------------------------------

    def set_hyperparameters(self, hyperparameters: Hyperparameters) -> None:
        """Use these from the next step on."""
        self._set_config(replace(self.config, hyperparameters=hyperparameters))
        self._runner.set_hyperparameters(hyperparameters)

    def set_network(self, network: NetworkConfig) -> None:
        """Use this network as soon as no further change follows at once.

        Where it differs in its hidden layers alone, the present one turns into it if it
        :attr:`keeps_learned`, and has learned something; else a new run begins.
        """
        self._rebuild(replace(self.config, network=network))

    def set_validation(self, images: int) -> None:
        """Begin a new run that holds out so many images, when no further change follows."""
        self._rebuild(replace(self.config, validation=images))

    def set_seed(self, seed: int) -> None:
        """Begin a new run from this seed, likewise."""
        self._rebuild(replace(self.config, seed=seed))

    def choose_preset(self, preset: Preset) -> None:
        """Begin a new run with a preset's network and hyperparameters."""
        self._set_config(
            replace(self.config, network=preset.network, hyperparameters=preset.hyperparameters)
        )
        self._start_run()

    def _rebuild(self, config: RunConfig) -> None:
        if config != self.config:
            self._set_config(config)
            self._settling.start()

    @Slot()
    def _rebuild_now(self) -> None:
        self._settling.stop()
        network, told = self.config.network, self._told
        is_live = (
            self.keeps_learned
            and self._has_learned
            and not self._runner.has_failed
            and can_become(told.network, network)
            and (told.seed, told.validation) == (self.config.seed, self.config.validation)
        )
        if is_live:
            self._told = self.config
            self._runner.set_network(network)
        else:
            self._start_run()

    def _set_config(self, config: RunConfig) -> None:
        self.config = config
        self.config_changed.emit(config)

    # --- the run -------------------------------------------------------------------------

    def toggle_playing(self) -> None:
        """Play when paused, pause when running."""
        if self.state is State.RUNNING:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """Train until told otherwise."""
        self._run(Request.PLAY)

    def pause(self) -> None:
        """Stop after the step that is being made."""
        if self.state is State.RUNNING:
            self._runner.request(Request.PAUSE)
            self._set_state(State.PAUSED)

    def step(self) -> None:
        """Train on one batch, then pause."""
        self._run(Request.STEP)

    def set_speed(self, steps_per_second: float = FULL_SPEED) -> None:
        """Make no more steps a second than these, in this run and those to come."""
        self._runner.set_speed(steps_per_second)

    def train_epoch(self) -> None:
        """Train to the end of the present epoch, then pause."""
        self._run(Request.EPOCH)

    def reset(self) -> None:
        """Begin again from the seed, and wait."""
        self.pause()
        self._start_run()

    def go_back(self, learning_rate: float | None = None) -> None:
        """After a divergence, return to the last good state, with another learning rate or its own.

        Does nothing if training did not diverge.
        """
        error, self._divergence = self._divergence, None
        if error is None:
            return
        hyperparameters = error.good.hyperparameters
        if learning_rate is not None:
            hyperparameters = replace(hyperparameters, learning_rate=learning_rate)
        self._runner.request(Request.GO_BACK)
        self._set_config(replace(self.config, network=error.good.network))
        self._told = self.config
        self.set_hyperparameters(hyperparameters)

    def _run(self, request: Request) -> None:
        if self._settling.isActive():
            self._rebuild_now()
        if self._runner.has_failed:
            self._start_run()
        if self.state in (State.PAUSED, State.RUNNING):
            self._divergence = None
            self._has_learned = True
            self._set_state(State.RUNNING)
            self._runner.request(request)

    def start_from(self, config: RunConfig, dataset: Dataset, network: Network) -> None:
        """Begin a run that learns from `dataset`, with the weights of `network`, and wait.

        The data set of the runs after it stays the present one.
        """
        self.pause()
        self._set_config(replace(config, dataset=dataset.name, validation=0))
        self._replace_run(dataset, network)

    @Slot()
    def _start_run(self) -> None:
        """Replace the run by one of the present configuration; it plays on if the old one did."""
        if self.dataset is not None:
            self._replace_run(self.dataset)

    def _replace_run(
        self,
        dataset: Dataset,
        origin: Network | SavedRun | None = None,
        is_in_file: bool = False,
    ) -> None:
        self._settling.stop()
        self._divergence = None
        self._told = self.config
        self._has_learned = origin is not None
        self._runner.start(self.config, dataset, origin, is_in_file)
        if self.state is State.RUNNING:
            self._has_learned = True
            self._runner.request(Request.PLAY)
        elif self.state is State.NO_DATA:
            self._set_state(State.PAUSED)
        self.run_started.emit()

    @Slot()
    def _end_training(self) -> None:
        if self.state is State.RUNNING:
            self._set_state(State.PAUSED)

    @Slot(str)
    def _on_stopped(self, reason: str) -> None:
        self._on_frame()  # so that whoever hears of it knows how far the run is
        self._end_training()
        self.stopped.emit(reason)

    @Slot(object)
    def _on_diverged(self, error: TrainingDivergedError) -> None:
        self._divergence = error
        self._end_training()
        self.diverged.emit(error)

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        self._end_training()
        self.failed.emit(message)

    @Slot()
    def _on_frame(self) -> None:
        snapshot = self._runner.take_snapshot()
        if snapshot is not None:
            self.snapshot_taken.emit(snapshot)

    # --- the end -------------------------------------------------------------------------

    def _set_state(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def parts(self) -> dict[str, Callable[[int], bool]]:
        """Return what has to end before the session can; see :mod:`gui.threads.closing`."""
        return {"loading data": self._choice.close, TRAINING: self._runner.close}

    def close(self) -> bool:
        """Stop all threads and wait for them; return whether all have ended."""
        self._frames.stop()
        self._settling.stop()
        return not close_parts(self.parts())
