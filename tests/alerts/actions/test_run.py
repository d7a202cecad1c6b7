"""Running a command: a list of arguments, no shell, what it is told, what it says, and an end in time."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from aios_gui.alerts.actions import run
from aios_gui.alerts.actions.commands import RunningCommands
from aios_gui.alerts.model.action import ActionState
from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind
from tests.alerts.actions.fakes import Acting, asked, deed_of, found
from tests.processes import wait_until

HOSTILE = "a\x1b[31m\x00=cmd|' /C calc'!A0 $(touch x) `id` ; rm -rf ~"


def python(code: str) -> str:
    """A command as its system writes it."""
    command = [sys.executable, "-c", code]
    return "run:" + (subprocess.list2cmdline if sys.platform == "win32" else shlex.join)(command)


def test_it_is_told_of_the_incident_by_its_environment() -> None:
    code = "import os; print(*(os.environ['AIOS_' + n] for n in ('RULE','LEVEL','VALUE','CULPRIT','CULPRIT_PID')))"
    outcome = run.do(deed_of(python(code), found("cargo")), Acting().means)
    assert (outcome.state, outcome.detail) == (ActionState.DONE, "cpu critical 99 cargo 7")


def test_without_a_finding_it_is_told_of_nobody() -> None:
    told = run.variables(deed_of("run:x", None))
    assert told["AIOS_CULPRIT"] == told["AIOS_FINDING"] == ""


def test_no_shell_ever_sees_what_a_process_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    finding = Finding(FindingKind.ONE_PROCESS, {}, (Culprit(HOSTILE, 7),))
    outcome = run.do(
        deed_of(python("import os; print(os.environ['AIOS_CULPRIT'])") + " $(id) ;", finding), Acting().means
    )
    assert outcome.state is ActionState.DONE
    assert "rm -rf" in outcome.detail
    assert outcome.detail.isprintable()
    assert list(tmp_path.iterdir()) == []


def test_what_it_says_is_kept_shortened_and_harmless() -> None:
    code = "import sys; sys.stdout.write('a\\x1b[31m\\n' * 200_000); sys.stderr.write('end'); sys.exit(3)"
    outcome = run.do(deed_of(python(code), None), Acting().means)
    assert outcome.state is ActionState.FAILED
    assert outcome.detail.startswith("3: a [31m a")
    assert len(outcome.detail) < 600
    assert outcome.detail.isprintable()


def test_one_that_does_not_end_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    code = (
        "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"open({str(file)!r}, 'w').write(str(child.pid)); time.sleep(60)"
    )
    outcome = run.do(deed_of(python(code), None), Acting().means, 2.0)
    assert outcome.state is ActionState.TIMED_OUT
    if file.exists():
        pid = int(file.read_text())
        wait_until(lambda: not psutil.pid_exists(pid) or _is_zombie(pid), "its child has ended")


def _is_zombie(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_command_that_is_not_there_is_told() -> None:
    outcome = run.do(deed_of("run:no-such-program-here", None), Acting().means)
    assert outcome.state is ActionState.FAILED
    assert "no-such-program-here" in outcome.detail
    assert run.do(deed_of("run:'open", None), Acting().means).state is ActionState.FAILED


def test_the_end_of_the_program_ends_it() -> None:
    acting = Acting()
    acting.desk.do(asked(python("import time; time.sleep(60)")), None)
    wait_until(lambda: acting.means.commands._running, "it runs")
    acting.desk.stop(10.0)
    assert acting.desk.is_idle
    (first, last) = (each.actions[0].state for each in acting.answers)
    assert (first, last) == (ActionState.RUNNING, ActionState.FAILED)
    with pytest.raises(OSError, match="ending"):
        acting.means.commands.start([sys.executable], dict(os.environ))


def test_nothing_is_left_of_one_that_has_ended() -> None:
    commands = RunningCommands()
    process = commands.start([sys.executable, "-c", ""], dict(os.environ))
    process.wait()
    assert process.stdout is not None
    process.stdout.close()
    commands.ended(process)
    commands.stop()
    commands.stop()


@pytest.mark.parametrize(
    ("command", "system", "arguments"),
    [
        ("clean --all 'my files'", "linux", ["clean", "--all", "my files"]),
        ('"C:\\My Tools\\clean.exe" --all', "win32", ["C:\\My Tools\\clean.exe", "--all"]),
        ("C:\\bin\\clean.exe x", "win32", ["C:\\bin\\clean.exe", "x"]),
    ],
)
def test_a_command_is_taken_apart_as_its_system_writes_it(
    command: str, system: str, arguments: list[str]
) -> None:
    assert run.arguments_of(command, system) == arguments


def test_an_empty_command_is_refused() -> None:
    with pytest.raises(ValueError, match="no command"):
        run.arguments_of("''", "linux")
    with pytest.raises(ValueError, match="no command"):
        run.arguments_of('""', "win32")
