"""For how long a rule is to alert nobody: the choices, as a menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from aios_gui.alerts.model.incident import Mute
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _

_HOUR_NS = 3_600_000_000_000
FOR_EVER_NS = 2**62 - 1
"""As late as a mute can end: until somebody unmutes it."""
_NEARLY_NS = 2**61
HOURS = (1, 8, 24, None)


class MuteMenu(QObject):
    """``asked`` brings the mute of a rule, or its end."""

    asked = Signal(object)

    def __init__(self, now_ns: Callable[[], int], parent: QWidget) -> None:
        super().__init__(parent)
        self._now_ns = now_ns
        self.menu = QMenu(parent)

    def fill(self, rule: str, until_ns: int) -> None:
        """Offer the lengths for a rule, and an end where it is muted until ``until_ns`` (0: it is not)."""
        self.menu.clear()
        for hours in HOURS:
            self.menu.addAction(_length(hours), partial(self._mute, rule, hours))
        if until_ns:
            self.menu.addSeparator()
            self.menu.addAction(_("Unmute"), lambda: self.asked.emit(Mute(rule, 0)))

    def _mute(self, rule: str, hours: int | None) -> None:
        until_ns = FOR_EVER_NS if hours is None else self._now_ns() + hours * _HOUR_NS
        self.asked.emit(Mute(rule, until_ns))


def _length(hours: int | None) -> str:
    if hours is None:
        return _("Until unmuted")
    if hours == 24:
        return _("For a day")
    return _("For {span}").format(span=figures.span(hours * _HOUR_NS))


def muted_sentence(until_ns: int, now_ns: int) -> str:
    """How long a rule is muted."""
    if until_ns > _NEARLY_NS:
        return _("The rule is muted until somebody unmutes it.")
    return _("The rule is muted until {time}.").format(time=figures.clock_time(until_ns, now_ns))
