"""What a panel of the window is, and what it may use."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from aios_gui.instance.feed import Feed
from aios_gui.record.model.timerange import TimeRange, View
from aios_gui.settings.model import Settings
from aios_gui.ui.theme import Theme

if TYPE_CHECKING:
    from aios_gui.ui.shell.controller import Controller


@dataclass(frozen=True, slots=True)
class Place:
    """``panel`` is a key of the registry. A span of time and a moment are by the wall clock, ns; 0 for none.

    ``incident`` is a number, 0 where only the moment is known; ``rule`` and ``template`` (of a report) are names, and
    ``against`` is what a report compares the span with.
    """

    panel: str
    start_ns: int = 0
    end_ns: int = 0
    at_ns: int = 0
    incident: int = 0
    rule: str = ""
    template: str = ""
    against: TimeRange | None = None


def place_of(panel: str, view: View) -> Place:
    """The place of a view in a panel."""
    return Place(panel, view.span.start_ns, view.span.end_ns, view.at_ns)


@dataclass(frozen=True, slots=True)
class PanelContext:
    """What a panel may use.

    ``feed`` and ``open_history`` stay the same objects when the window changes from one source to another:
    the feed then answers None, which means: read the record again. Open it and close it again.
    """

    feed: Feed
    open_history: Callable[[], Any]
    theme: Theme
    settings: Callable[[], Settings]
    controller: Controller

    @property
    def refresh_hz(self) -> float:
        """How often to look at the feed while shown; less than set while it is throttled."""
        return self.controller.throttle.refresh_hz

    def show_example(self) -> None:
        """Have a made-up hiccup recorded, and lead to it."""
        from aios_gui.instance.commands import Demonstrate

        self.controller.send(Demonstrate())
        self.controller.place_asked.emit(Place("incidents", at_ns=time.time_ns()))


class Panel(QWidget):
    """One page of the window. Timers run only between ``activate`` and ``deactivate``.

    At the end of the program it is closed: its ``closeEvent`` ends what it has running.
    """

    key = ""

    def title(self) -> str:
        """Its name in the user's language."""
        return ""

    def retranslate(self) -> None:
        """The language has changed: set every text again."""

    def update_all(self) -> None:
        """Paint every widget again: those that paint themselves look up their colours then."""
        for child in self.findChildren(QWidget):
            child.update()

    def activate(self) -> None:
        """The panel has come into view."""

    def deactivate(self) -> None:
        """The panel has gone from view, or the window has: stop all timers."""

    def open_ground(self) -> QWidget:
        """What an offer may lie over, in its lower right corner, without covering what a person opened."""
        return self

    def go_to(self, place: Place) -> None:
        """Somebody is led to a place of this panel, which is in view."""


@dataclass(frozen=True, slots=True)
class PanelEntry:
    """A line of the registry in ``ui.panels``. One that is ``apart`` stands at the bottom of the rail."""

    key: str
    icon: str
    title: Callable[[], str]
    make: Callable[[PanelContext], Panel]
    apart: bool = False


def later(path: str) -> Callable[[PanelContext], Panel]:
    """Makes the panel at ``path``, "module:Class"; the module is imported then, so plots load when first shown."""

    def make(context: PanelContext) -> Panel:
        module, name = path.split(":")
        panel: Panel = getattr(import_module(module), name)(context)
        return panel

    return make
