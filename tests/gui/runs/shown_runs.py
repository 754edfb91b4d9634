"""The Runs tab over a library, as tests look at it."""

from core.colors import LIGHT
from gui.runs.run_columns import NAME
from gui.runs.runs_view import RunsView


def show_runs(qtbot, library):
    """Return the view of a library's runs, shown."""
    view = RunsView(library)
    qtbot.addWidget(view)
    view.resize(690, 330)
    view.apply_theme(LIGHT)
    view.show()
    return view


def names(view):
    """The names of the runs that are listed, from above."""
    rows = view.table.filter.rowCount()
    return [view.table.filter.index(row, NAME).data() for row in range(rows)]
