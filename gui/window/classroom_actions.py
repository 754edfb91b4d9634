"""Which actions go with the controls that a classroom leaves out."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QMenu, QMenuBar

from core.classroom.classroom import SETTINGS
from gui.widgets.actions import Actions


def limit_actions(
    actions: Actions, controls: Collection[str], tabs: Collection[str], parts: Collection[str]
) -> None:
    """Show the actions of these controls and tabs alone; a hidden one has no shortcut either.

    Parameters
    ----------
    parts
        What of :data:`gui.window.window_layout.PARTS` is shown.
    """
    has_views = "curves" in parts or "tabs" in parts
    has_left = not {"settings", "lessons", "search"}.isdisjoint(parts)
    has_pad = "pad" in parts
    for is_shown, own in (
        ("play" in controls, [actions.play]),
        ("step" in controls, [actions.step]),
        ("epoch" in controls, [actions.epoch]),
        ("restart" in controls, [actions.reset]),
        ("restart" in controls and has_pad, [actions.start_fresh]),
        ("seed" in controls, [actions.new_seed]),
        ("learning_rate" in controls, [actions.faster, actions.slower]),
        ("hidden" in controls, [actions.add_layer, actions.remove_layer]),
        ("dataset" in controls, [actions.use_mnist, actions.use_strokes, actions.use_mixture]),
        ("dataset" in controls, [actions.use_fashion, actions.use_kuzushiji]),
        ("dataset" in controls, [actions.choose_folder]),
        ("dataset" in controls, [actions.open_data_folder, actions.open_data_file]),
        (set(SETTINGS) <= set(controls), [actions.paste_settings]),
        (has_pad, [actions.undo, actions.clear, actions.paste, actions.example]),
        (has_pad, [actions.read_picture, *actions.correct]),
        ("my_digits" in tabs, [actions.learn_mine]),
        ("curves" in parts, [actions.log_scale, actions.export_curves, actions.export_film]),
        (has_views, [actions.fill, actions.present, actions.save_picture, actions.copy_picture]),
        (has_left, [actions.settings_shown]),
        ("lessons" in parts, [actions.lessons]),
    ):
        for action in own:
            action.setVisible(is_shown)


def hide_empty_menus(bar: QMenuBar) -> None:
    """Hide the menus of which no entry is shown, and show all others."""
    for menu in reversed(bar.findChildren(QMenu)):  # those within others first
        entries = [action for action in menu.actions() if not action.isSeparator()]
        if entries:
            menu.menuAction().setVisible(any(action.isVisible() for action in entries))
