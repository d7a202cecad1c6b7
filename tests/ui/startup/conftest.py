"""What tests of the Startup panel get: fake ways, a clerk over them, and the panel."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from aios_gui.autostart.mechanisms.mechanism import Mechanism
from aios_gui.autostart.service import Clerk
from aios_gui.system.paths import Paths
from aios_gui.ui.panel import PanelContext
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.startup.panel import StartupPanel
from tests.ui.startup.ways import PROGRAM, FakeTrial, FakeWay, service_way


@pytest.fixture
def way() -> FakeWay:
    """The way that suits the system best."""
    return FakeWay()


@pytest.fixture
def service() -> FakeWay:
    """Another way, for the service alone, which this system does not have."""
    return service_way(available=False)


@pytest.fixture
def trial() -> FakeTrial:
    """What a test start shows."""
    return FakeTrial()


@pytest.fixture
def make_clerk(paths: Paths, way: FakeWay, service: FakeWay, trial: FakeTrial) -> Callable[[], Clerk]:
    """Makes the clerk over the two ways."""

    def make() -> Clerk:
        ways: list[Mechanism] = [way, service]
        return Clerk(paths, PROGRAM, ways, {}, trial.make)  # type: ignore[arg-type]

    return make


@pytest.fixture
def make_panel(
    controller: Controller, make_clerk: Callable[[], Clerk], qtbot: QtBot
) -> Iterator[Callable[..., StartupPanel]]:
    """Builds panels, shown and filled, and closes them; the tests decide when they look again."""
    made: list[StartupPanel] = []

    def build(clerk: Callable[[], Clerk] = make_clerk) -> StartupPanel:
        context = PanelContext(
            controller.feed,
            controller.open_history,
            controller.theme,
            lambda: controller.settings,
            controller,
        )
        panel = StartupPanel(context, clerk)
        made.append(panel)
        panel.resize(1196, 724)
        panel.show()
        panel.activate()
        panel._timer.stop()
        qtbot.waitUntil(lambda: panel._picture is not None or bool(panel._unread))
        return panel

    yield build
    for panel in made:
        if isValid(panel):
            panel.close()
            panel.deleteLater()


@pytest.fixture
def panel(make_panel: Callable[..., StartupPanel]) -> StartupPanel:
    """The Startup panel of a system where nothing is registered so far."""
    return make_panel()
