"""The worker behind the Startup panel: in order, one at a time, and nothing is left when the window goes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

import psutil
import pytest
from pytestqt.qtbot import QtBot

from aios_gui.autostart import smoke_test
from aios_gui.autostart.login_start import LoginStart, keep_login_start
from aios_gui.autostart.model import AutostartError, SetupResult
from aios_gui.autostart.service import AutostartService
from aios_gui.autostart.smoke_test import SmokeTest, launch
from aios_gui.instance.smoke_test_probe import ChannelProbe
from aios_gui.system.atomic_file import make_private
from aios_gui.system.paths import Paths
from aios_gui.ui.startup.panel import StartupPanel
from aios_gui.ui.startup.worker import LONGEST_S, AutostartWorker
from tests.autostart.fake_mechanisms import PROGRAM, FakeMechanism, FakeSmokeTest
from tests.defaults import DEFAULTS
from tests.ui.startup.driving import looked


def test_window_that_closes_while_a_test_start_runs_leaves_no_process(
    paths: Paths,
    mechanism: FakeMechanism,
    make_panel: Callable[..., StartupPanel],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    # It never beats, and has to be told twice to end.
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    mechanism.command = (
        sys.executable,
        "-c",
        stubborn if os.name == "posix" else "import time; time.sleep(600)",
    )
    started: list[subprocess.Popen[bytes]] = []

    def note(command: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        started.append(launch(command, environ))
        return started[-1]

    monkeypatch.setattr(smoke_test, "launch", note)
    panel = make_panel(
        lambda: AutostartService(paths, PROGRAM, [mechanism], lambda found: SmokeTest(found, ChannelProbe()))
    )
    panel.registered.test.click()
    qtbot.waitUntil(lambda: bool(started))
    (process,) = started
    assert psutil.pid_exists(process.pid)
    panel.close()
    assert process.returncode is not None
    assert not psutil.pid_exists(process.pid)


def test_second_thing_does_not_wait_and_is_not_done(
    panel: StartupPanel, mechanism: FakeMechanism, smoke_test: FakeSmokeTest, qtbot: QtBot
) -> None:
    smoke_test.held = True
    panel.head.button.click()
    panel.set_up()
    panel.worker.do(lambda service, on_report, _cancelled: service.remove(on_report))
    with qtbot.waitSignal(panel.worker.ended):
        smoke_test.go.set()
    assert smoke_test.runs == 1
    assert mechanism.command


def test_what_is_asked_during_a_look_is_looked_at_once_more(
    panel: StartupPanel, mechanism: FakeMechanism, qtbot: QtBot
) -> None:
    looked(panel, qtbot)
    before = len(mechanism.asked_on)
    panel.look()
    panel.look()
    panel.look()
    qtbot.waitUntil(lambda: len(mechanism.asked_on) == before + 2)
    qtbot.waitUntil(lambda: not panel.worker._looking)


def test_nothing_is_answered_after_the_end(
    make_service: Callable[[], AutostartService], panel: StartupPanel, qtbot: QtBot
) -> None:
    worker = AutostartWorker(make_service)
    answers: list[object] = []
    worker.looked.connect(answers.append)
    worker.look(panel._context.settings())
    worker.close()
    worker.close()
    worker.look(panel._context.settings())
    worker.do(lambda service, on_report, _cancelled: service.remove(on_report))
    looked(panel, qtbot)
    assert answers == []
    worker.deleteLater()


def test_error_of_the_system_is_its_words(
    panel: StartupPanel, mechanism: FakeMechanism, qtbot: QtBot
) -> None:
    def refuse(*_arguments: object) -> SetupResult:
        raise AutostartError("no bus")

    with qtbot.waitSignal(panel.worker.ended) as signal:
        panel.worker.do(refuse)
    assert signal.args is not None
    assert signal.args[0].error == "no bus"


def test_mechanism_that_is_unknown_is_refused_in_words(panel: StartupPanel, qtbot: QtBot) -> None:
    settings = panel._context.settings()
    with qtbot.waitSignal(panel.worker.ended) as signal:
        panel.worker.do(
            lambda service, on_report, cancelled: service.try_registered(
                settings, on_report, "nonsense", cancelled
            )
        )
    assert signal.args is not None
    assert signal.args[0].error == "this system has no such way"


class Refreshed:
    """A worker that looks again only where there is reason to; its clock goes as it is told."""

    def __init__(self, make_service: Callable[[], AutostartService], qtbot: QtBot) -> None:
        self.now_s = 0.0
        self.worker = AutostartWorker(make_service, clock_s=lambda: self.now_s)
        self.answers: list[object] = []
        self.worker.looked.connect(self.answers.append)
        self._qtbot = qtbot

    def after(self, seconds: float) -> int:
        """How many looks there were once it was asked to refresh after some time."""
        self.now_s += seconds
        self.worker.refresh(DEFAULTS)
        self._qtbot.waitUntil(lambda: not self.worker._looking)
        return len(self.answers)


@pytest.fixture
def refreshed(make_service: Callable[[], AutostartService], qtbot: QtBot) -> Iterator[Refreshed]:
    made = Refreshed(make_service, qtbot)
    yield made
    made.worker.close()
    made.worker.deleteLater()


def test_it_is_asked_again_only_after_a_change_or_a_minute(
    refreshed: Refreshed, mechanism: FakeMechanism
) -> None:
    assert refreshed.after(0) == 1
    asked = len(mechanism.asked_on)
    assert refreshed.after(3) == 1
    assert len(mechanism.asked_on) == asked
    mechanism.command = PROGRAM.window  # by hand, while the panel is shown
    assert refreshed.after(3) == 2
    assert refreshed.after(LONGEST_S - 1) == 2
    assert refreshed.after(1) == 3


def test_start_by_the_system_is_seen_at_once(refreshed: Refreshed, paths: Paths) -> None:
    assert refreshed.after(0) == 1
    make_private(paths.data)
    keep_login_start(paths, LoginStart(1, 2, 3))
    assert refreshed.after(3) == 2
