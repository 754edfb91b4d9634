"""The tabs under the curves: a row for each, in three groups, with its title and factory.

A new tab is a row, its factory, and a :class:`gui.widgets.tab_view.TabView` in a file of its own,
which says what it shows. Factories import late, because the views take as long to import and to
make as the rest of the window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.my_digits.my_digits import MyDigits
from core.runs.run_library import RunLibrary
from gui.compare.side_by_side import SideBySide
from gui.files.run_files import RunFiles
from gui.film.shown_moment import ShownMoment
from gui.pad.my_digits_controller import MyDigitsController
from gui.prediction.edited_network import EditedNetwork
from gui.prediction.prediction_model import PredictionModel
from gui.runs.comparing import Comparing
from gui.training.giving_way import GivingWay
from gui.training.session import Session
from gui.widgets.tab_view import TabView

if TYPE_CHECKING:
    from gui.window.picture_controller import PictureController
    from gui.window.search_controller import SearchController


@dataclass(frozen=True)
class TabParts:
    """What a tab may be connected with when it is made."""

    session: Session
    shown: ShownMoment
    way: GivingWay
    edited: EditedNetwork
    prediction: PredictionModel
    my_digits: MyDigits
    my_digits_controller: MyDigitsController
    library: RunLibrary
    comparing: Comparing
    side_by_side: SideBySide
    files: RunFiles
    search: SearchController
    pictures: PictureController


@dataclass(frozen=True)
class Tab:
    """One tab.

    Attributes
    ----------
    name
        By which lessons open it; its page's objectName is this with ``_tab`` after it.
    title, tool_tip
        On the tab.
    make
        Called when the tab is first opened: makes the view and connects it.
    """

    name: str
    title: str
    tool_tip: str
    make: Callable[[TabParts], TabView]


def _weights(parts: TabParts) -> TabView:
    from gui.weights.weights_panel import WeightsPanel

    view = WeightsPanel(parts.edited)
    view.digit_chosen.connect(parts.my_digits_controller.place_test_image)
    return view


def _flow(parts: TabParts) -> TabView:
    from gui.flow.flow_feed import FlowFeed
    from gui.flow.flow_panel import FlowPanel

    view = FlowPanel()
    FlowFeed(parts.session, view, view)
    return view


def _layers(_parts: TabParts) -> TabView:
    from gui.layers.layers_view import LayersView

    return LayersView()


def _mistakes(parts: TabParts) -> TabView:
    from gui.mistakes.mistakes_view import MistakesView

    view = MistakesView()
    view.user_waits.connect(parts.way.note)
    view.digit_chosen.connect(parts.my_digits_controller.place_test_image)
    return view


def _compare(parts: TabParts) -> TabView:
    from gui.compare.compare_view import CompareView

    view = CompareView(parts.side_by_side)
    view.test_set.user_waits.connect(parts.way.note)
    view.digit_chosen.connect(parts.my_digits_controller.place_test_image)
    return view


def _maths(parts: TabParts) -> TabView:
    from gui.maths.maths_feed import MathsFeed
    from gui.maths.maths_view import MathsView

    view = MathsView()
    MathsFeed(parts.session, parts.shown, view, parts.prediction, view)
    return view


def _runs(parts: TabParts) -> TabView:
    from gui.runs.runs_view import RunsView

    view = RunsView(parts.library, parts.side_by_side.why_not)
    parts.comparing.show_in(view)
    view.compare_wanted.connect(parts.side_by_side.compare)
    reopening = parts.session.reopening
    view.open_wanted.connect(parts.files.open_file)
    view.reopen_wanted.connect(reopening.reopen)
    reopening.changed.connect(view.show_kept)
    view.show_kept(reopening.replaced.runs)
    return view


def _search(parts: TabParts) -> TabView:
    from gui.search.search_view import SearchView

    view = SearchView(parts.library)
    parts.comparing.overlay_from(view.overlays_changed)
    parts.search.follow_in(view)
    view.use_wanted.connect(parts.session.use_config)
    return view


def _data(parts: TabParts) -> TabView:
    from gui.data.augmentation_feed import AugmentationFeed
    from gui.data.data_view import DataView

    view = DataView()
    AugmentationFeed(parts.session, view.column, view)
    view.image_opened.connect(parts.my_digits_controller.place_training_image)
    return view


def _my_digits(parts: TabParts) -> TabView:
    from gui.pad.my_digits_panel import MyDigitsPanel

    view = MyDigitsPanel(parts.my_digits)
    parts.my_digits_controller.show_in(view)
    return view


def _sheet(parts: TabParts) -> TabView:
    from gui.sheet.sheet_view import SheetView

    view = SheetView(parts.my_digits)
    parts.pictures.show_in(view)
    view.kept.connect(parts.my_digits_controller.show_predictions)
    return view


_LOOK_INSIDE = (
    Tab("weights", "Weights", "What each unit looks for", _weights),
    Tab("flow", "Flow", "How your drawing flows through the network, and all activations", _flow),
    Tab(
        "layers",
        "Layers",
        "Per-layer health: distributions, gradients, dead or saturated units",
        _layers,
    ),
    Tab("maths", "Maths", "Every number of one step: forward, backward and the update", _maths),
)
_RESULTS = (
    Tab("mistakes", "Mistakes", "Which digits are confused", _mistakes),
    Tab("compare", "Compare", "Two moments, or two runs, side by side", _compare),
    Tab("runs", "Runs", "All runs, to compare them", _runs),
    Tab("search", "Search", "What searches for good settings found", _search),
)
_DATA = (
    Tab("data", "Data", "The training images, their classes, and what augmentation does", _data),
    Tab("my_digits", "My digits", "Your own drawings, to train on", _my_digits),
    Tab("sheet", "Sheet", "The digits of a picture, each with its prediction", _sheet),
)
GROUPS = (_LOOK_INSIDE, _RESULTS, _DATA)
TABS = tuple(tab for group in GROUPS for tab in group)
PART_OF = {"activations": "flow", "nearest": "data", "augmentation": "data", "classes": "data"}
"""Names that open a part of another tab."""
