"""A list of choices that the wheel of the mouse scrolls past, which would otherwise choose something else."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox


class Choice(QComboBox):
    """The wheel goes to the page."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
