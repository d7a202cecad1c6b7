"""The worker behind the Startup panel: in order, one at a time, and nothing is left when the window goes."""

import os
import sys
from collections.abc import Callable

import psutil
import pytest
from pytestqt.qtbot import QtBot

from aios_gui.autostart.model.autostart import AutostartError
from aios_gui.autostart.model.setup import SetupResult
from aios_gui.autostart.service import Clerk
from aios_gui.autostart.trial import Trial
from aios_gui.system.paths import Paths
from aios_gui.ui.startup.panel import StartupPanel
from aios_gui.ui.startup.worker import Registrar
from tests.ui.startup.driving import looked
from tests.ui.startup.ways import PROGRAM, FakeTrial, FakeWay


def test_window_that_closes_while_a_test_start_runs_leaves_no_process(
    paths: Paths, way: FakeWay, make_panel: Callable[..., StartupPanel], qtbot: QtBot
) -> None:
    # It never beats, and has to be told twice to end.
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    way.launched = (sys.executable, "-c", stubborn if os.name == "posix" else "import time; time.sleep(600)")
    way.registered = (*PROGRAM.window, "--at-login")
    panel = make_panel(lambda: Clerk(paths, PROGRAM, [way], os.environ, Trial))
    panel.registered.test.click()
    qtbot.waitUntil(lambda: way.process is not None)
    process = way.process
    assert process is not None
    assert psutil.pid_exists(process.pid)
    panel.close()
    assert process.returncode is not None
    assert not psutil.pid_exists(process.pid)


def test_second_thing_waits_for_nobody_and_is_not_done(
    panel: StartupPanel, way: FakeWay, trial: FakeTrial, qtbot: QtBot
) -> None:
    trial.held = True
    panel.head.button.click()
    panel.set_up()
    panel.registrar.do(lambda clerk, tell, _cancelled: clerk.remove(tell))
    with qtbot.waitSignal(panel.registrar.ended):
        trial.go.set()
    assert trial.runs == 1
    assert way.registered


def test_what_is_asked_during_a_look_is_looked_at_once_more(
    panel: StartupPanel, way: FakeWay, qtbot: QtBot
) -> None:
    looked(panel, qtbot)
    before = len(way.asked_on)
    panel.look()
    panel.look()
    panel.look()
    qtbot.waitUntil(lambda: len(way.asked_on) == before + 2)
    qtbot.waitUntil(lambda: not panel.registrar._looking)


def test_nothing_is_answered_after_the_end(
    make_clerk: Callable[[], Clerk], panel: StartupPanel, qtbot: QtBot
) -> None:
    registrar = Registrar(make_clerk)
    answers: list[object] = []
    registrar.looked.connect(answers.append)
    registrar.look(panel._context.settings())
    registrar.close()
    registrar.close()
    registrar.look(panel._context.settings())
    registrar.do(lambda clerk, tell, _cancelled: clerk.remove(tell))
    looked(panel, qtbot)
    assert answers == []
    registrar.deleteLater()


def test_error_of_the_system_is_its_words(panel: StartupPanel, way: FakeWay, qtbot: QtBot) -> None:
    def refuse(*_arguments: object) -> SetupResult:
        raise AutostartError("no bus")

    with qtbot.waitSignal(panel.registrar.ended) as signal:
        panel.registrar.do(refuse)
    assert signal.args is not None
    assert signal.args[0].error == "no bus"


@pytest.mark.parametrize("method", ["allow", "try_out"])
def test_way_that_is_unknown_is_refused_in_words(panel: StartupPanel, method: str, qtbot: QtBot) -> None:
    settings = panel._context.settings()
    with qtbot.waitSignal(panel.registrar.ended) as signal:
        panel.registrar.do(
            lambda clerk, tell, cancelled: getattr(clerk, method)(settings, tell, cancelled, "nonsense")
        )
    assert signal.args is not None
    assert signal.args[0].error == "this system has no such way"
