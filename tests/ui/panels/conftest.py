"""What tests of panels get: a machine that has run for a while, and each panel over it."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from aios_gui.ui.controller import Controller
from aios_gui.ui.panel import PanelContext
from aios_gui.ui.panels.incidents import IncidentsPanel
from aios_gui.ui.panels.live import LivePanel
from aios_gui.ui.panels.warmup import WarmupPanel
from aios_gui.ui.sources import LocalSource
from tests.ui.fakes import FakeResident
from tests.ui.panels.incidents_made import a_week
from tests.ui.panels.warmth import NOW_NS, a_warm_snapshot
from tests.ui.plots.fakes import NOW, FakeRecord, Machine, day_of_beats, gap_at


@pytest.fixture
def machine() -> Machine:
    """A machine with two hours of beats, a stall and a sleep."""
    made = Machine(NOW)
    made.remember(day_of_beats(NOW, 7200, stalls=(0.95,), gap=(0.96, 0.97)))
    made.record.gaps.append(gap_at(NOW - 7200 + 0.96 * 7200, NOW - 7200 + 0.97 * 7200))
    return made


@pytest.fixture
def panel(machine: Machine, qtbot: QtBot) -> Iterator[LivePanel]:
    """The Live panel of that machine, shown and filled."""
    made = LivePanel(machine.context(), machine.now_ns)
    qtbot.addWidget(made)
    made.resize(1196, 724)
    made.show()
    with qtbot.waitSignal(made.source.loaded):
        made.activate()
    # The tests decide when it looks at the feed.
    made._timer.stop()
    yield made
    made.close()


@pytest.fixture
def warm_resident() -> FakeResident:
    """Services whose heartbeat is warm and rehearsed."""
    return FakeResident(a_warm_snapshot(NOW_NS))


@pytest.fixture
def record() -> FakeRecord:
    """What has been recorded: nothing so far."""
    return FakeRecord()


@pytest.fixture
def make_warmup(record: FakeRecord, qtbot: QtBot) -> Iterator[Callable[[Controller], WarmupPanel]]:
    """Builds Warm-up panels, shown and filled; the tests decide when they look at the feed."""
    made: list[WarmupPanel] = []

    def build(controller: Controller) -> WarmupPanel:
        context = PanelContext(
            controller.feed, record.open, controller.theme, lambda: controller.settings, controller
        )
        panel = WarmupPanel(context)
        made.append(panel)
        panel.resize(1196, 724)
        panel.show()
        closed = record.closed
        panel.activate()
        panel._timer.stop()
        qtbot.waitUntil(lambda: record.closed > closed)
        return panel

    yield build
    for panel in made:
        if isValid(panel):
            panel.close()
            panel.deleteLater()


@pytest.fixture
def warmup(
    make_controller: Callable[..., Controller],
    warm_resident: FakeResident,
    make_warmup: Callable[[Controller], WarmupPanel],
) -> WarmupPanel:
    """The Warm-up panel of a heartbeat of this process."""
    return make_warmup(make_controller(LocalSource(warm_resident)))


@pytest.fixture
def make_incidents(machine: Machine, qtbot: QtBot) -> Iterator[Callable[[Controller], IncidentsPanel]]:
    """Builds Incidents panels over the record of the machine, shown and filled; the tests decide when they look."""
    made: list[IncidentsPanel] = []

    def build(controller: Controller) -> IncidentsPanel:
        context = PanelContext(
            controller.feed, machine.record.open, controller.theme, lambda: controller.settings, controller
        )
        panel = IncidentsPanel(context, machine.now_ns)
        made.append(panel)
        panel.resize(1196, 724)
        panel.show()
        panel.activate()
        panel._timer.stop()
        qtbot.waitUntil(lambda: not panel.source.reading)
        return panel

    yield build
    for panel in made:
        if isValid(panel):
            panel.close()
            panel.deleteLater()


@pytest.fixture
def incidents(
    machine: Machine,
    make_controller: Callable[..., Controller],
    make_incidents: Callable[[Controller], IncidentsPanel],
) -> IncidentsPanel:
    """The Incidents panel of a heartbeat of this process, with a week of incidents."""
    machine.record.incidents = a_week(machine.now_ns(), machine.record.hiccups[0].wall_ns)
    return make_incidents(make_controller(LocalSource(FakeResident())))
