"""Digits on their way into a folder or out of one: with a dialog that can cancel it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QApplication, QProgressDialog, QWidget

from core.errors import Cancelled, DigitscopeError
from core.my_digits.incoming import ExchangeReport
from core.progress import Progress
from core.wording import numeral


def run_exchange(
    parent: QWidget, work: Callable[[Progress], ExchangeReport], doing: str, done: str
) -> tuple[str, Sequence[str]]:
    """Add digits somewhere; return a line on the result, and one for each problem.

    Parameters
    ----------
    parent
        The dialog lies over its window, from half a second on.
    work
        Adds all digits, or none if it is cancelled or fails.
    doing, done
        What that is called, as "Importing…" and "Imported".
    """
    dialog = QProgressDialog(doing, "Cancel", 0, 0, parent)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setMinimumDuration(500)

    def progress(count: int, total: int) -> None:
        dialog.setMaximum(total)
        if count == dialog.value():  # else setValue sees to what the user does
            QApplication.processEvents(
                QEventLoop.ProcessEventsFlag.AllEvents
                if dialog.isVisible()  # and keeps the user away from the window
                else QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents
            )
        dialog.setValue(count)
        if dialog.wasCanceled():
            raise Cancelled

    try:
        report = work(progress)
    except Cancelled:
        return "Cancelled. Nothing was changed.", ()
    except DigitscopeError as error:
        return str(error), ()
    finally:
        dialog.close()
        dialog.deleteLater()
    return _describe(report, done), report.refused + report.left_out


def _describe(report: ExchangeReport, done: str) -> str:
    parts = [f"{done} {numeral(report.added)}"]
    if report.already_there:
        parts.append(f"{numeral(report.already_there)} already there")
    for faults, what in ((report.refused, "refused"), (report.left_out, "left out")):
        if faults:
            names = ", ".join(fault.split(":")[0] for fault in faults[:2])
            more = ", …" if len(faults) > 2 else ""
            parts.append(f"{numeral(len(faults))} {what} ({names}{more})")
    return ", ".join(parts) + "."
