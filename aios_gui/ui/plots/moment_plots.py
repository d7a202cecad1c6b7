"""What plots are, for those who tell of a moment of them: what can be asked there, what is read and what is marked."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QWidget

from aios_gui.ui.plots.painting import Span


class MomentPlots(QFrame):
    """Plots on one time axis. What is asked of a moment is only signalled."""

    moment_asked = Signal(float, str)
    """Who ran then, s since the epoch, by the plot of the quantity of this key."""
    note_wanted = Signal()
    """A new one on what is marked or read."""
    marked_changed = Signal()
    note_asked = Signal(object)
    """The one of this number."""
    leave_asked = Signal()
    live_asked = Signal()
    """Back to the newest moment."""
    menu_asked = Signal(QPoint, object)
    """For a plot, at a place of the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marked: tuple[float, float] | None = None
        """From when to when, s since the epoch, a person has marked a span."""

    def mark(self, span_s: tuple[float, float] | None) -> None:
        """Mark a span, or no more."""
        if span_s != self.marked:
            self.marked = span_s
            self.marked_changed.emit()

    def point_at(self, at_s: float | None) -> None:
        """Read the plots at a moment, or no more."""
        raise NotImplementedError

    def moment_read(self) -> float | None:
        """The moment that is read."""
        raise NotImplementedError

    def notes_read(self) -> list[Span]:
        """The notes at the moment that is read."""
        raise NotImplementedError

    def focused_plot(self) -> QWidget | None:
        """The plot that has the keyboard."""
        raise NotImplementedError
