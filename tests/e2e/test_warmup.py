"""`warmup` in a process of its own: alone it warms itself, beside an instance that one."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.states import EngineState
from aios_gui.heartbeat.model.warmup import WarmupReason
from aios_gui.heartbeat.warmup.steps import BEAT_STEPS, STEPS
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetSnapshot, Pause
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.system.paths import find_paths
from tests.processes import answered, run_command, service, wait_until

PATIENCE_S = 30
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run_command("warmup", *arguments)


def snapshot() -> Snapshot:
    """While it loads what it warms up, it may answer late."""
    return ChannelClient(find_paths(), PATIENCE_S).execute(GetSnapshot()).snapshot


def test_alone_it_warms_itself_and_says_that_this_does_not_last(aios_home: Path) -> None:
    answer = run()
    assert answer.stderr == ""
    assert answer.returncode in (0, 1), "a busy machine may not settle"
    for step in BEAT_STEPS:
        assert step.title in answer.stdout
    assert "20 beats, 100 ms apart" in answer.stdout
    assert "nothing of this stays warm" in answer.stdout
    assert list(aios_home.iterdir()) == [], "nothing is written"


def test_alone_as_json_it_has_the_keys_that_scripts_rely_on() -> None:
    answer = run("--json")
    facts = json.loads(answer.stdout)
    wanted = {
        "state",
        "steps",
        "beats",
        "cold_ms",
        "warm",
        "source",
        "before_ms",
        "after_ms",
        "capped",
        "first_ms",
    }
    assert wanted <= set(facts)
    assert (facts["state"], facts["source"]) == ("warm", "here")
    assert [step["name"] for step in facts["steps"]] == [step.name for step in BEAT_STEPS]
    assert all(set(step) == {"name", "state", "ms", "error"} for step in facts["steps"])
    assert len(facts["first_ms"]) == 10
    assert answer.returncode == (1 if facts["capped"] else 0)


@pytest.mark.parametrize("paused", [True, pytest.param(False, marks=pytest.mark.long)])
def test_beside_a_service_it_warms_that_one(paused: bool) -> None:
    paths = find_paths()
    with service(paths, "--interval", "0.2") as running:
        running.wait_for_beats(2)
        wait_until(lambda: snapshot().warm_up.report, "the warm-up at the start")
        if paused:
            ChannelClient(paths).execute(Pause())
            wait_until(lambda: snapshot().state is EngineState.PAUSED, "the pause")
        answer = run("--json")
        facts = json.loads(answer.stdout)
        assert (facts["source"], facts["pid"], facts["mode"]) == ("resident", running.process.pid, "service")
        assert [step["name"] for step in facts["steps"]] == list(STEPS)
        assert facts["warm"]["p50_ms"] > 0
        assert len(facts["first_ms"]) == 10
        report = snapshot().warm_up.report
        assert report is not None
        assert report.reason is WarmupReason.ASKED
        assert facts["cold_ms"] == report.cold_ns / 1e6
        told = answered("warmup").stdout
        assert str(running.process.pid) in told
        assert "stays warm" in told
        running.ask_to_end()
        assert running.end()[0] == 0


@posix_only
def test_a_service_out_of_reach_is_an_error_in_a_line() -> None:
    paths = find_paths()
    with service(paths, "--interval", "0.05") as running:
        running.wait_for_beats(2)
        running.send(signal.SIGSTOP)
        try:
            answer = run()
            # Now, since it would write its note again.
            paths.instance_file.unlink()
            without_note = run("--json")
        finally:
            running.send(signal.SIGCONT)
        assert (answer.returncode, answer.stdout) == (2, "")
        assert answer.stderr.startswith("aios-heartbeat: the instance that runs was not warmed up")
        assert answer.stderr.count("\n") == 1
        assert (without_note.returncode, without_note.stdout) == (2, "")
        assert "cannot be reached" in without_note.stderr
        running.ask_to_end()
        assert running.end()[0] == 0
