"""Data augmentation: off, a proven mixture, or custom strengths."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.settings.augmentation import DEFAULT_AUGMENTATION, NO_AUGMENTATION, Augmentation
from gui.widgets.choice import Choice
from gui.widgets.form import Form
from gui.widgets.layouts import column
from gui.widgets.scales import ELASTICITIES, ROTATIONS, SCALES, SHEARS, SHIFTS, SMOOTHNESSES
from gui.widgets.value_slider import ValueSlider

_OFF, _DEFAULT, _CUSTOM = "Off", "Default", "Custom"
_MODES = (
    (_OFF, _OFF, "Train on the images as they are"),
    (_DEFAULT, _DEFAULT, "A proven mixture for handwritten digits"),
    (_CUSTOM, _CUSTOM, "Set each strength yourself"),
)
_STRENGTHS = (
    ("shift", "Shift, pixels", SHIFTS, "The farthest an image moves, in each direction"),
    ("rotation", "Rotation, degrees", ROTATIONS, "The farthest it turns, either way"),
    ("scale", "Scale", SCALES, "The most it grows or shrinks, as a share of its size"),
    ("shear", "Slant", SHEARS, "The farthest it leans: 1 is 45 degrees"),
    ("elastic", "Elastic, pixels", ELASTICITIES, "How far its pixels shift, as on a rubber sheet"),
    (
        "smoothness",
        "Smoothness, pixels",
        SMOOTHNESSES,
        "How far apart pixels still shift together: small values crumple, large ones bend",
    ),
)


class AugmentationSettings(QWidget):
    """A choice, and six sliders that are shown unless it is off.

    Parameters
    ----------
    prefix
        Begins the objectNames of all controls, where the window shows them more than once.

    Signals
    -------
    augmentation_changed(Augmentation)
        By the user's hand.
    """

    augmentation_changed = Signal(object)

    def __init__(self, prefix: str = "") -> None:
        super().__init__()
        self._shown = NO_AUGMENTATION
        self._is_custom = False
        self._mode = Choice(f"{prefix}augmentation_combo", _MODES)
        self._mode.chosen.connect(self._on_mode_chosen)
        self._sliders: dict[str, ValueSlider] = {}
        strengths = QVBoxLayout()
        strengths.setContentsMargins(0, 0, 0, 0)
        for name, title, values, tool_tip in _STRENGTHS:
            slider = ValueSlider(title, values, f"{prefix}{name}_slider", tool_tip)
            slider.value_changed.connect(partial(self._on_strength_changed, name))
            self._sliders[name] = slider
            strengths.addWidget(slider)
        self._strengths = QWidget()
        self._strengths.setLayout(strengths)

        form = Form()
        form.add("Augment", self._mode, "How training images are changed at random")
        self.setLayout(column(form, self._strengths))
        self.show_augmentation(NO_AUGMENTATION)

    @property
    def summary(self) -> str:
        """The mode in one word."""
        mode: str = self._mode.currentData()
        return mode.lower()

    def show_augmentation(self, augmentation: Augmentation) -> None:
        """Show the strengths in force."""
        if augmentation != self._shown:
            # Set from elsewhere, such as by a preset.
            self._is_custom = False
            self._shown = augmentation
        if self._is_custom:
            mode = _CUSTOM
        elif not augmentation.is_on:
            mode = _OFF
        else:
            mode = _DEFAULT if augmentation == DEFAULT_AUGMENTATION else _CUSTOM
        self._mode.set_value(mode)
        self._strengths.setVisible(mode != _OFF)
        for name, slider in self._sliders.items():
            slider.set_value(getattr(augmentation, name))

    @Slot(object)
    def _on_mode_chosen(self, mode: str) -> None:
        if mode == _OFF:
            self._set(NO_AUGMENTATION, is_custom=False)
        elif mode == _DEFAULT or not self._shown.is_on:
            self._set(DEFAULT_AUGMENTATION, is_custom=mode == _CUSTOM)
        else:
            self._set(self._shown, is_custom=True)

    def _on_strength_changed(self, name: str, value: float) -> None:
        self._set(replace(self._shown, **{name: value}), is_custom=True)

    def _set(self, augmentation: Augmentation, is_custom: bool) -> None:
        self._shown, self._is_custom = augmentation, is_custom
        self.augmentation_changed.emit(augmentation)
