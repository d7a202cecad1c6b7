"""Tab leads to everything in a panel that can be used."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from aios_gui.ui.incidents.panel import IncidentsPanel
from aios_gui.ui.live.panel import LivePanel
from aios_gui.ui.warmup.panel import WarmupPanel
from tests.ui.tabbing import never_reached


def test_in_live(panel: LivePanel, qtbot: QtBot) -> None:
    assert never_reached(panel, qtbot) == []


def test_in_warm_up(warmup: WarmupPanel, qtbot: QtBot) -> None:
    assert never_reached(warmup, qtbot) == []


def test_with_incidents_without_any_and_at_the_rules(
    incidents: IncidentsPanel, make_incidents: Callable[..., IncidentsPanel], qtbot: QtBot
) -> None:
    assert never_reached(incidents, qtbot) == []
    incidents.show_rules()
    assert never_reached(incidents, qtbot) == []
    incidents.show_incidents()
    incidents._context.open_history().incidents = []
    nothing = make_incidents()
    nothing.filters.search.setText("nothing is called this")
    nothing.filters.settle()
    assert never_reached(nothing, qtbot) == []
