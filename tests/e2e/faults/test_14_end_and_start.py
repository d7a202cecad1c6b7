"""Asked to end in every way, flooded with signals, started twice and ten times at once, started after a crash."""

import json
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetLatest
from aios_gui.instance.lock import read_instance
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import (
    SERVICE,
    at_once,
    complete,
    heartbeat,
    home_at,
    linux,
    nothing_escaped,
    whole,
    window,
)
from tests.processes import COMMAND, NO_DESKTOP, ROOT, beats_of, run_command, service, wait_until


def ends_cleanly(folder: Path, name: str) -> None:
    paths = home_at(folder)
    with heartbeat(paths) as running:
        running.wait_for_beats(5)
        if name:
            running.send(signal.Signals[name])
        else:
            assert run_command("quit", AIOS_HOME=str(folder)).returncode == 0
        made = running.ended()
    assert not Path(f"{paths.store}-wal").exists(), "closed properly"
    assert not paths.instance_file.exists()
    complete(paths, made)
    nothing_escaped(paths)


def test_asked_to_end_it_ends_cleanly_with_its_last_line(tmp_path: Path) -> None:
    signals = () if sys.platform == "win32" else ("SIGTERM", "SIGINT", "SIGHUP")
    at_once(*(partial(ends_cleanly, tmp_path / f"asked-{name}", name) for name in ("", *signals)))


@linux
@pytest.mark.parametrize("kind", ["service", "window"])
def test_a_flood_of_signals_ends_it_once_and_in_order(paths: Paths, kind: str) -> None:
    start = window if kind == "window" else heartbeat
    with start(paths) as running:
        running.wait_until_it_beats()
        for _each in range(200):
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGWINCH, signal.SIGCONT):
                os.kill(running.process.pid, number)
        made = running.ended()
    assert not paths.instance_file.exists()
    if kind == "service":
        complete(paths, made)
    whole(paths)
    nothing_escaped(paths)


@linux
def test_a_session_that_logs_off_takes_its_leader_and_its_terminal_with_it(paths: Paths) -> None:
    """The shell that started it is gone, its terminal closed and its output read by no one."""
    shell = '"$@" & wait'
    command = ["sh", "-c", shell, "sh", *COMMAND, *SERVICE]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **NO_DESKTOP}, start_new_session=True, stdout=subprocess.PIPE
    ) as leader:
        wait_until(lambda: len(beats_of(paths)) >= 3, "the first beats")
        info = read_instance(paths)
        assert info is not None
        leader.kill()
        assert leader.stdout is not None
        leader.stdout.close()
        os.killpg(leader.pid, signal.SIGHUP)
    wait_until(lambda: not paths.instance_file.exists(), "its end")
    wait_until(lambda: not Path(f"/proc/{info.pid}").exists(), "its process is gone")
    beats = whole(paths)
    complete(paths, len(beats))
    nothing_escaped(paths)


def test_a_second_start_says_who_runs(paths: Paths) -> None:
    with service(paths, "--interval", "0.1") as first:
        first.wait_for_beats(1)
        with service(paths) as second:
            status, _, err = second.end()
        assert status == 2
        assert str(first.process.pid) in err
        assert "Traceback" not in err
        first.wait_for_beats(3)


@pytest.mark.parametrize("starts", [4, pytest.param(10, marks=pytest.mark.long)])
def test_of_those_that_start_at_once_one_beats_and_the_others_say_so(paths: Paths, starts: int) -> None:
    with ExitStack() as stack:
        all_at_once = [stack.enter_context(heartbeat(paths)) for _each in range(starts)]
        wait_until(
            lambda: sum(each.process.poll() is None for each in all_at_once) == 1, "all but one have ended"
        )
        (first,) = [each for each in all_at_once if each.process.poll() is None]
        first.wait_until_it_beats()
        for other in all_at_once:
            if other is not first:
                status, _out, err = other.end()
                assert status == 2
                assert "Traceback" not in err
        assert ChannelClient(paths, 5.0).execute(GetLatest()).pid == first.process.pid
        complete(paths, first.quit())
    assert len({beat.session for beat in beats_of(paths)}) == 1
    nothing_escaped(paths)


@linux
def test_a_lock_and_a_note_of_a_crash_whose_number_another_process_has_now(paths: Paths) -> None:
    with heartbeat(paths) as running:
        running.wait_until_it_beats()
        running.kill()
        running.process.communicate()
    with subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE) as other:
        note = json.loads(paths.instance_file.read_text())
        paths.instance_file.write_text(json.dumps(note | {"pid": other.pid}))
        with heartbeat(paths) as running:
            running.wait_until_it_beats()
            complete(paths, running.quit())
        assert other.poll() is None, "what has its number now is left alone"
        other.communicate(b"\n")
    nothing_escaped(paths)
