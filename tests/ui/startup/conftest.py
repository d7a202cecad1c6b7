"""What tests of the Startup panel get: fake mechanisms, a service over them, and the panel."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from aios_gui.autostart.service import AutostartService
from aios_gui.system.paths import Paths
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.startup.panel import StartupPanel
from tests.autostart.fake_mechanisms import PROGRAM, FakeMechanism, FakeSmokeTest, service_mechanism
from tests.ui.fakes import Show, context_of


@pytest.fixture
def mechanism() -> FakeMechanism:
    """The one that suits the system best."""
    return FakeMechanism()


@pytest.fixture
def headless() -> FakeMechanism:
    """Another mechanism, for the service alone, which this system does not have."""
    return service_mechanism(available=False)


@pytest.fixture
def smoke_test() -> FakeSmokeTest:
    """What a test start shows."""
    return FakeSmokeTest()


@pytest.fixture
def make_service(
    paths: Paths, mechanism: FakeMechanism, headless: FakeMechanism, smoke_test: FakeSmokeTest
) -> Callable[[], AutostartService]:
    """Makes the service over the two mechanisms."""

    def make() -> AutostartService:
        return AutostartService(paths, PROGRAM, [mechanism, headless], smoke_test.make, {})

    return make


@pytest.fixture
def make_panel(
    controller: Controller, make_service: Callable[[], AutostartService], show: Show, qtbot: QtBot
) -> Callable[..., StartupPanel]:
    """Builds panels, shown and filled; the tests decide when they look again."""

    def build(service: Callable[[], AutostartService] = make_service) -> StartupPanel:
        panel = show(StartupPanel(context_of(controller), service))
        panel.head.there_is_a_tray = lambda: True
        panel.activate()
        panel._timer.stop()
        qtbot.waitUntil(lambda: panel._snapshot is not None or bool(panel._unread))
        return panel

    return build


@pytest.fixture
def panel(make_panel: Callable[..., StartupPanel]) -> StartupPanel:
    """The Startup panel of a system where nothing is registered so far."""
    return make_panel()
