"""The test start: what is registered, started for real, seen to beat, and gone without a trace afterwards."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pytest

from aios_gui.autostart import smoke_test
from aios_gui.autostart.mechanisms import this_program
from aios_gui.autostart.mechanisms.desktop_file import AutostartFolders, DesktopFile
from aios_gui.autostart.model import (
    AutostartError,
    AutostartOptions,
    AutostartState,
    AutostartStatus,
    SetupReport,
    SetupStep,
    SmokeTestOutcome,
    SmokeTestResult,
)
from aios_gui.autostart.setup import try_registered
from aios_gui.autostart.smoke_test import SmokeTest, launch
from aios_gui.autostart.words import failure_sentence, smoke_test_sentence
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.heartbeat.model.warmup import StepState
from aios_gui.instance.smoke_test_probe import ChannelProbe
from aios_gui.text.catalogue import use_language
from tests.processes import wait_until
from tests.systems import loads_while_it_asks

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows knows no groups of processes")


class Started(NamedTuple):
    """A process that a test start has started, and the home it was given."""

    process: subprocess.Popen[bytes]
    home: Path


class Launching(DesktopFile):
    """A mechanism that launches what it is told."""

    def __init__(self, *command: str) -> None:
        self.command = command

    def registered(self) -> tuple[str, ...]:
        return self.command


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Started]:
    """The processes that test starts have started, and their homes."""
    found: list[Started] = []

    def note(command: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        found.append(Started(launch(command, environ), Path(environ["AIOS_TRIAL"])))
        return found[-1].process

    monkeypatch.setattr(smoke_test, "launch", note)
    return found


def smoke_test_of(mechanism: DesktopFile, **options: Any) -> SmokeTest:
    return SmokeTest(mechanism, ChannelProbe(), **options)


def assert_gone(started: list[Started]) -> None:
    (only,) = started
    assert only.process.returncode is not None
    assert not only.home.exists()
    assert "aios-trial-" in only.home.name


@pytest.mark.parametrize(
    "mode", [LaunchMode.HEADLESS, pytest.param(LaunchMode.WINDOW, marks=loads_while_it_asks)]
)
def test_registered_program_is_seen_to_beat_and_gone_again(
    mode: LaunchMode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    home = tmp_path / "mine"
    program = this_program({"AIOS_HOME": str(home)})
    mechanism = DesktopFile(program, AutostartFolders(tmp_path / "autostart"))
    mechanism.enable(AutostartOptions(mode, delay_s=3000, spread_s=3000))
    result = smoke_test_of(mechanism, limit_s=120.0).run()
    assert (result.outcome, result.message) == (SmokeTestOutcome.BEATS, "")
    assert result.headless is (mode is LaunchMode.HEADLESS)
    assert result.shown == ("" if mode is LaunchMode.HEADLESS else "window")
    assert result.first_beat_ns is not None
    assert result.first_beat_ns > 0
    # The registered home is that of the instance that runs.
    assert not home.exists()
    assert list(temporary.iterdir()) == []


def test_what_cannot_be_started_is_told() -> None:
    result = smoke_test_of(Launching("/nowhere/aios-gui")).run()
    assert result.outcome is SmokeTestOutcome.NOT_STARTED
    assert "/nowhere/aios-gui" in str(result.message)


def test_what_ends_by_itself_is_told_with_its_last_words(started: list[Started]) -> None:
    mechanism = Launching(
        sys.executable, "-c", "import sys; print('x' * 100_000, '\\nwhy', file=sys.stderr); sys.exit(7)"
    )
    result = smoke_test_of(mechanism).run()
    assert (result.outcome, result.status) == (SmokeTestOutcome.ENDED, 7)
    assert str(result.message).endswith("why")
    assert len(str(result.message)) < 3000
    assert_gone(started)


def test_the_home_of_a_trial_that_was_killed_goes_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dead_pid: int
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / f"aios-trial-{dead_pid}-abc" / "data").mkdir(parents=True)
    smoke_test_of(Launching(sys.executable, "-c", "")).run()
    assert list(tmp_path.iterdir()) == []


def test_what_never_beats_is_told_in_time(started: list[Started]) -> None:
    mechanism = Launching(sys.executable, "-c", "import sys; sys.stdin.read()")
    assert smoke_test_of(mechanism, limit_s=0.05).run().outcome is SmokeTestOutcome.SILENT
    assert_gone(started)


class WhenThere(threading.Event):
    """Set once a file holds something."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def wait(self, timeout: float | None = None) -> bool:
        return (self._file.exists() and bool(self._file.read_text())) or super().wait(timeout)


@posix_only
def test_what_will_not_end_is_ended_with_all_that_it_started(tmp_path: Path, started: list[Started]) -> None:
    note = tmp_path / "child"
    stubborn = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(note)!r}, 'w').write(str(child.pid))\n"
        "time.sleep(600)\n"
    )
    mechanism = Launching(sys.executable, "-c", stubborn)
    assert smoke_test_of(mechanism).run(WhenThere(note)).outcome is SmokeTestOutcome.CANCELLED
    assert_gone(started)
    wait_until(lambda: has_ended(int(note.read_text())), "the end of the child")


def has_ended(process: int) -> bool:
    try:
        return bool(psutil.Process(process).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_cancelling_ends_it_at_once(started: list[Started]) -> None:
    mechanism = Launching(sys.executable, "-c", "import sys; sys.stdin.read()")
    cancelled = threading.Event()
    cancelled.set()
    assert smoke_test_of(mechanism).run(cancelled).outcome is SmokeTestOutcome.CANCELLED
    assert_gone(started)


def test_service_manager_of_this_process_is_not_told_of_a_trial() -> None:
    program = "import os, sys; sys.exit('NOTIFY_SOCKET' in os.environ)"
    result = smoke_test_of(
        Launching(sys.executable, "-c", program), environ={**os.environ, "NOTIFY_SOCKET": "/run/x"}
    ).run()
    assert (result.outcome, result.status) == (SmokeTestOutcome.ENDED, 0)


def test_nothing_and_nonsense_cannot_be_launched() -> None:
    for command in ([], ["a\0b"]):
        with pytest.raises(AutostartError):
            launch(command, {})


def test_test_start_is_a_step_that_says_why_it_failed(started: list[Started]) -> None:
    told: list[SetupReport] = []
    mechanism = Launching(sys.executable, "-c", "import sys; sys.exit('no display')")
    result = try_registered(smoke_test_of(mechanism), AutostartStatus("x", AutostartState.ON), told.append)
    assert [(report.step, report.state) for report in told] == [
        (SetupStep.TRIAL, StepState.RUNNING),
        (SetupStep.TRIAL, StepState.FAILED),
    ]
    assert result.failed is not None
    assert "no display" in failure_sentence(result.failed)
    assert_gone(started)


def test_test_start_that_beats(monkeypatch: pytest.MonkeyPatch, started: list[Started]) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    mechanism = Launching(*this_program({}).service, "--at-login")
    status = AutostartStatus("x", AutostartState.ON)
    result = try_registered(smoke_test_of(mechanism), status, lambda report: None)
    assert (result.failed, result.status) == (None, status)
    assert_gone(started)


def test_a_sentence_ends_as_its_language_has_it() -> None:
    cancelled = SmokeTestResult(SmokeTestOutcome.CANCELLED)
    assert smoke_test_sentence(cancelled) == "The test start was cancelled."
    use_language("zh_CN")
    assert smoke_test_sentence(cancelled).endswith("。")
