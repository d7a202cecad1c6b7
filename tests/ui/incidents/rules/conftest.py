"""What tests of the rule editor get: the page over settings of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from aios_gui.settings.model import Settings
from aios_gui.ui.incidents.rules.page import RulesPage
from aios_gui.ui.shell.controller import Controller
from tests.ui.fakes import FakeResident, Show, context_of, local_source

MakePage = Callable[..., RulesPage]


@pytest.fixture
def resident() -> FakeResident:
    """The services that the rules are put in force in."""
    return FakeResident()


@pytest.fixture
def make_page(
    make_controller: Callable[..., Controller], resident: FakeResident, show: Show
) -> Iterator[MakePage]:
    """Builds pages, shown at a rule; no child is started before a test asks."""
    made: list[RulesPage] = []

    def build(settings: Settings | None = None, rule: str = "cpu") -> RulesPage:
        controller = make_controller(local_source(resident), settings=settings)
        page = RulesPage(context_of(controller))
        made.append(page)
        page.retranslate()
        show(page)
        page.open_at(rule)
        page.replay._timer.stop()
        return page

    yield build
    for page in made:
        if isValid(page):
            page.close_down()


@pytest.fixture
def page(make_page: MakePage, qtbot: QtBot) -> RulesPage:
    """The page with the default rules, active so that it takes keys also without a window manager."""
    made = make_page()
    with qtbot.waitActive(made):
        made.activateWindow()
    return made
