"""How training images are distorted: off, a proven mixture, or one's own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.settings.augmentation import DEFAULT_AUGMENTATION, NO_AUGMENTATION, Augmentation
from gui.widgets.choice import Choice
from gui.widgets.form import Form
from gui.widgets.scales import ELASTICITIES, ROTATIONS, SCALES, SHEARS, SHIFTS, SMOOTHNESSES
from gui.widgets.value_slider import ValueSlider

_OFF, _DEFAULT, _OWN = "Off", "Default", "Own"
_MODES = (
    (_OFF, _OFF, "Every epoch shows the images as they are"),
    (_DEFAULT, _DEFAULT, "A mixture that suits handwritten digits"),
    (_OWN, _OWN, "Set each strength yourself"),
)
_STRENGTHS = (
    ("shift", "Shift, pixels", SHIFTS, "How far an image moves at most, each way"),
    ("rotation", "Rotation, degrees", ROTATIONS, "How far it turns at most, either way"),
    ("scale", "Scale", SCALES, "How much larger or smaller it gets at most: 0.1 is a tenth"),
    ("shear", "Slant", SHEARS, "How far it leans at most: 1 is 45 degrees"),
    ("elastic", "Elastic, pixels", ELASTICITIES, "How far its pixels wander, as on a rubber sheet"),
    (
        "smoothness",
        "Smoothness, pixels",
        SMOOTHNESSES,
        "How far apart pixels are that still wander together: small crumples, large bends",
    ),
)


class AugmentationSettings(QWidget):
    """A choice, and six sliders that are there while images are distorted.

    Signals
    -------
    augmentation_changed(Augmentation)
        By the user's hand.
    """

    augmentation_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._shown = NO_AUGMENTATION
        self._is_own = False
        self._mode = Choice("augmentation_combo", _MODES)
        self._mode.chosen.connect(self._on_mode_chosen)
        self._sliders: dict[str, ValueSlider] = {}
        strengths = QVBoxLayout()
        strengths.setContentsMargins(0, 0, 0, 0)
        for name, title, values, tool_tip in _STRENGTHS:
            slider = ValueSlider(title, values, f"{name}_slider", tool_tip)
            slider.value_changed.connect(partial(self._on_strength_changed, name))
            self._sliders[name] = slider
            strengths.addWidget(slider)
        self._strengths = QWidget()
        self._strengths.setLayout(strengths)

        form = Form()
        form.add("Distort", self._mode, "Whether training images are distorted at random")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(form)
        layout.addWidget(self._strengths)
        self.show_augmentation(NO_AUGMENTATION)

    @property
    def summary(self) -> str:
        """What is on, in a word."""
        mode: str = self._mode.currentData()
        return "" if mode == _OFF else mode.lower()

    def show_augmentation(self, augmentation: Augmentation) -> None:
        """Show the strengths that are in force."""
        if augmentation != self._shown:
            # Someone else has set them: a preset, say.
            self._is_own = False
            self._shown = augmentation
        if self._is_own:
            mode = _OWN
        elif not augmentation.is_on:
            mode = _OFF
        else:
            mode = _DEFAULT if augmentation == DEFAULT_AUGMENTATION else _OWN
        self._mode.set_value(mode)
        self._strengths.setVisible(mode != _OFF)
        for name, slider in self._sliders.items():
            slider.set_value(getattr(augmentation, name))

    @Slot(object)
    def _on_mode_chosen(self, mode: str) -> None:
        if mode == _OFF:
            self._set(NO_AUGMENTATION, is_own=False)
        elif mode == _DEFAULT or not self._shown.is_on:
            self._set(DEFAULT_AUGMENTATION, is_own=mode == _OWN)
        else:
            self._set(self._shown, is_own=True)

    def _on_strength_changed(self, name: str, value: float) -> None:
        self._set(replace(self._shown, **{name: value}), is_own=True)

    def _set(self, augmentation: Augmentation, is_own: bool) -> None:
        self._shown, self._is_own = augmentation, is_own
        self.augmentation_changed.emit(augmentation)
