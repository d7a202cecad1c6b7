"""The test start: what is registered, started for real, seen to beat, and gone without a trace afterwards."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

import psutil
import pytest

from aios_gui.autostart.mechanisms import this_program
from aios_gui.autostart.mechanisms.desktop_file import AutostartFolders, DesktopFile
from aios_gui.autostart.mechanisms.launching import launch
from aios_gui.autostart.model.autostart import AutostartError, State, Status, Wish
from aios_gui.autostart.model.setup import SetupReport, SetupStep, TrialOutcome
from aios_gui.autostart.trial import Trial
from aios_gui.autostart.tryout import try_out
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.heartbeat.model.warmup import StepState
from tests.processes import wait_until
from tests.systems import loads_while_it_asks

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows knows no groups of processes")


class Launching(DesktopFile):
    """A mechanism that launches what it is told."""

    def __init__(self, *command: str) -> None:
        self.command = command
        self.process: subprocess.Popen[bytes] | None = None
        self.home = ""

    def launch(self, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        self.home = environ["AIOS_TRIAL"]
        self.process = launch(self.command, environ)
        return self.process


def assert_gone(mechanism: Launching) -> None:
    assert mechanism.process is not None
    assert mechanism.process.returncode is not None
    assert not Path(mechanism.home).exists()
    assert "aios-trial-" in mechanism.home


@pytest.mark.parametrize(
    "face", [LaunchMode.HEADLESS, pytest.param(LaunchMode.WINDOW, marks=loads_while_it_asks)]
)
def test_registered_program_is_seen_to_beat_and_gone_again(
    face: LaunchMode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    home = tmp_path / "mine"
    program = this_program({"AIOS_HOME": str(home)})
    mechanism = DesktopFile(program, AutostartFolders(tmp_path / "autostart"))
    mechanism.enable(Wish(face, delay_s=3000, spread_s=3000))
    result = Trial(mechanism).run()
    assert (result.outcome, result.said) == (TrialOutcome.BEATS, "")
    assert result.headless is (face is LaunchMode.HEADLESS)
    assert result.shown == ("" if face is LaunchMode.HEADLESS else "window")
    assert result.first_beat_ns is not None
    assert result.first_beat_ns > 0
    # The registered home is that of the instance that runs.
    assert not home.exists()
    assert list(temporary.iterdir()) == []


def test_what_cannot_be_started_is_told() -> None:
    result = Trial(Launching("/nowhere/aios-gui")).run()
    assert result.outcome is TrialOutcome.NOT_STARTED
    assert "/nowhere/aios-gui" in result.said


def test_what_ends_by_itself_is_told_with_its_last_words() -> None:
    mechanism = Launching(
        sys.executable, "-c", "import sys; print('x' * 100_000, '\\nwhy', file=sys.stderr); sys.exit(7)"
    )
    result = Trial(mechanism).run()
    assert (result.outcome, result.status) == (TrialOutcome.ENDED, 7)
    assert result.said.endswith("why")
    assert len(result.said) < 3000
    assert_gone(mechanism)


def test_what_never_beats_is_told_in_time() -> None:
    mechanism = Launching(sys.executable, "-c", "import sys; sys.stdin.read()")
    assert Trial(mechanism, limit_s=0.05).run().outcome is TrialOutcome.SILENT
    assert_gone(mechanism)


class WhenThere(threading.Event):
    """Set once a file holds something."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def wait(self, timeout: float | None = None) -> bool:
        return (self._file.exists() and bool(self._file.read_text())) or super().wait(timeout)


@posix_only
def test_what_will_not_end_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    note = tmp_path / "child"
    stubborn = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(note)!r}, 'w').write(str(child.pid))\n"
        "time.sleep(600)\n"
    )
    mechanism = Launching(sys.executable, "-c", stubborn)
    assert Trial(mechanism).run(WhenThere(note)).outcome is TrialOutcome.CANCELLED
    assert_gone(mechanism)
    wait_until(lambda: has_ended(int(note.read_text())), "the end of the child")


def has_ended(process: int) -> bool:
    try:
        return bool(psutil.Process(process).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_cancelling_ends_it_at_once() -> None:
    mechanism = Launching(sys.executable, "-c", "import sys; sys.stdin.read()")
    cancelled = threading.Event()
    cancelled.set()
    assert Trial(mechanism).run(cancelled).outcome is TrialOutcome.CANCELLED
    assert_gone(mechanism)


def test_service_manager_of_this_process_is_not_told_of_a_trial() -> None:
    program = "import os, sys; sys.exit('NOTIFY_SOCKET' in os.environ)"
    result = Trial(Launching(sys.executable, "-c", program), {**os.environ, "NOTIFY_SOCKET": "/run/x"}).run()
    assert (result.outcome, result.status) == (TrialOutcome.ENDED, 0)


def test_nothing_and_nonsense_cannot_be_launched() -> None:
    for command in ([], ["a\0b"]):
        with pytest.raises(AutostartError):
            launch(command, {})


def test_steps_of_a_test_start_are_told_as_they_end_and_what_failed_says_why() -> None:
    told: list[SetupReport] = []
    mechanism = Launching(sys.executable, "-c", "import sys; sys.exit('no display')")
    result = try_out(Trial(mechanism), Status("desktop_file", State.ON), told.append)
    assert [(report.step, report.state) for report in told[:3]] == [
        (SetupStep.START, StepState.RUNNING),
        (SetupStep.START, StepState.DONE),
        (SetupStep.FIRST_BEAT, StepState.RUNNING),
    ]
    assert [report.state for report in result.reports] == [
        StepState.DONE,
        StepState.FAILED,
        StepState.WAITING,
        StepState.DONE,
    ]
    assert result.failed is not None
    assert "no display" in result.failed.error
    assert result.reports[-1].trial is not None
    never = try_out(Trial(Launching("/nowhere/x")), Status("desktop_file", State.ON), told.append)
    assert never.failed is not None
    assert never.failed.step is SetupStep.START


def test_steps_of_a_test_start_that_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    mechanism = Launching(*this_program({}).service, "--at-login")
    result = try_out(Trial(mechanism), Status("desktop_file", State.ON), lambda report: None)
    assert {report.state for report in result.reports} == {StepState.DONE}
    assert result.failed is None
    assert_gone(mechanism)
