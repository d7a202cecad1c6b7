"""The templates there are, the user's own among them, as a child lists them: loading them here would take too long."""

from __future__ import annotations

import json
import logging

import msgspec
from PySide6.QtCore import QObject, Signal

from aios_gui.text.plain import plain
from aios_gui.ui.widgets.own_process import Ended, OwnProcess

_log = logging.getLogger(__name__)
TEMPLATE = "reports.template"
"""The setting that names the one of scheduled reports."""
INCIDENT, AGAINST, TESTS = "incident", "against", "tests"
"""What a template may need beside a span."""


class TemplateOffer(msgspec.Struct, frozen=True):
    """A template as ``report --list --json`` has it; ``needs`` is a word of this module, or None."""

    name: str
    title: str
    question: str | None
    range: str
    needs: str | None
    own: bool


class Templates(QObject):
    """``read`` comes once they are known, in the language that was spoken when they were asked for."""

    read = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.offers: dict[str, TemplateOffer] = {}
        self.fault = ""
        """What is wrong with a template of the user's, or why there are none."""
        self.child = OwnProcess(self)
        self.child.ended.connect(self._on_ended)

    def load(self) -> None:
        """Ask for them again."""
        self.child.start(["report", "--list", "--json"])

    @property
    def scheduled(self) -> dict[str, str]:
        """The titles of those that can be written by schedule, by their names."""
        return {each.name: each.title for each in self.offers.values() if not each.needs}

    def title_of(self, name: str) -> str:
        """What a template is called; its name where it is not known."""
        offer = self.offers.get(name)
        return offer.title if offer is not None else plain(name, 40)

    def _on_ended(self, end: Ended) -> None:
        self.fault = end.message
        if end.succeeded:
            try:
                found = msgspec.convert(json.loads(end.text), list[TemplateOffer])
                self.offers = {each.name: each for each in found}
            except ValueError as error:  # msgspec's errors are ValueErrors
                _log.warning("the list of templates was not understood: %s", error)
        self.read.emit()
