"""Running a command: a list of arguments, no shell, what it is told, what it says, and an end in time."""

import os
import signal
import sys
import threading
from pathlib import Path

import psutil
import pytest

from aios_gui.alerts.actions import run
from aios_gui.alerts.actions.commands import RunningCommands
from aios_gui.alerts.actions.request import ActionOutcome
from aios_gui.alerts.model.action import ActionState
from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind
from tests.alerts.actions.fakes import Acting, asked, found, python, request_of
from tests.processes import wait_until

HOSTILE = "a\x1b[31m\x00=cmd|' /C calc'!A0 $(touch x) `id` ; rm -rf ~"


def test_it_is_told_of_the_incident_by_its_environment() -> None:
    code = "import os; print(*(os.environ['AIOS_' + n] for n in ('RULE','LEVEL','VALUE','CULPRIT','CULPRIT_PID')))"
    outcome = run.do(request_of(python(code), found("cargo")), Acting().ports)
    assert (outcome.state, outcome.detail) == (ActionState.DONE, "cpu critical 99 cargo 7")


def test_without_a_finding_it_is_told_of_nobody() -> None:
    told = run.variables(request_of("run:x", None))
    assert told["AIOS_CULPRIT"] == told["AIOS_FINDING"] == ""


def test_no_shell_ever_sees_what_a_process_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    finding = Finding(FindingKind.ONE_PROCESS, {}, (Culprit(HOSTILE, 7),))
    outcome = run.do(
        request_of(python("import os; print(os.environ['AIOS_CULPRIT'])") + " $(id) ;", finding),
        Acting().ports,
    )
    assert outcome.state is ActionState.DONE
    assert "rm -rf" in outcome.detail
    assert outcome.detail.isprintable()
    assert list(tmp_path.iterdir()) == []


def test_what_it_says_is_kept_shortened_and_harmless() -> None:
    code = "import sys; sys.stdout.write('a\\x1b[31m\\n' * 200_000); sys.stderr.write('end'); sys.exit(3)"
    outcome = run.do(request_of(python(code), None), Acting().ports)
    assert outcome.state is ActionState.FAILED
    assert outcome.detail.startswith("3: a [31m a")
    assert len(outcome.detail) < 600
    assert outcome.detail.isprintable()


CHILD = "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])"


def started_by(code: str, file: Path) -> str:
    """A command that starts a child, writes its number to a file, and then does what ``code`` says."""
    # The file is there whole or not at all.
    return python(
        f"import os, subprocess, sys, time; {CHILD}; open({str(file) + '~'!r}, 'w').write(str(child.pid));"
        f"os.rename({str(file) + '~'!r}, {str(file)!r}); {code}"
    )


def outcome_of(command: str, limit_s: float) -> ActionOutcome:
    """What comes of a command, which must not take as long as its child would."""
    outcomes: list[ActionOutcome] = []
    thread = threading.Thread(
        target=lambda: outcomes.append(run.do(request_of(command, None), Acting().ports, limit_s)),
        daemon=True,
    )
    thread.start()
    wait_until(lambda: bool(outcomes), "it came back")
    thread.join()
    return outcomes[0]


def ended(pid: int) -> bool:
    return not psutil.pid_exists(pid) or _is_zombie(pid)


def test_one_that_does_not_end_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    acting = Acting()
    command = started_by("time.sleep(60)", file)
    results: list[ActionOutcome] = []
    thread = threading.Thread(
        target=lambda: results.append(run.do(request_of(command, None), acting.ports, 4.0))
    )
    thread.start()
    wait_until(file.exists, "it has started a child")
    thread.join()
    assert [each.state for each in results] == [ActionState.TIMED_OUT]
    pid = int(file.read_text())
    wait_until(lambda: ended(pid), "its child has ended")


def test_a_child_that_holds_the_output_is_ended_though_the_command_has_ended(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    outcome = outcome_of(started_by("print('done', flush=True)", file), 3.0)
    assert (outcome.state, outcome.detail) == (ActionState.DONE, "done")
    pid = int(file.read_text())
    wait_until(lambda: ended(pid), "its child has ended")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no groups to leave")
def test_a_child_that_left_the_group_keeps_no_command_after_it_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "COMMAND_LIMIT_S", 2.0)
    file = tmp_path / "pid"
    acting = Acting()
    # By a shell, which on a busy machine is there within the limit more surely than Python.
    leaving = f"run:sh -c 'setsid sleep 60 & echo $! > {file}; echo left'"
    after = python("print('after')")
    try:
        results = acting.act(asked(leaving, after), None)
    finally:
        os.kill(int(file.read_text()), signal.SIGKILL)
    assert [(each.state, each.detail) for each in results.values()] == [
        (ActionState.DONE, "left"),
        (ActionState.DONE, "after"),
    ]


def _is_zombie(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_command_that_is_not_there_is_told() -> None:
    outcome = run.do(request_of("run:no-such-program-here", None), Acting().ports)
    assert outcome.state is ActionState.FAILED
    assert "no-such-program-here" in outcome.detail
    assert run.do(request_of("run:'open", None), Acting().ports).state is ActionState.FAILED


def test_the_end_of_the_program_ends_it() -> None:
    acting = Acting()
    acting.worker.do(asked(python("import time; time.sleep(60)")), None)
    wait_until(lambda: acting.ports.commands.count == 1, "it runs")
    acting.worker.stop(10.0)
    assert acting.worker.is_idle
    (first, last) = (each.actions[0].state for each in acting.answers)
    assert (first, last) == (ActionState.RUNNING, ActionState.FAILED)
    with pytest.raises(OSError, match="ending"):
        acting.ports.commands.run([sys.executable], dict(os.environ), 1.0)


def test_nothing_is_left_of_one_that_has_ended() -> None:
    commands = RunningCommands()
    assert commands.run([sys.executable, "-c", ""], dict(os.environ), 30.0) == (0, b"")
    assert commands.count == 0
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
