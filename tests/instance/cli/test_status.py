"""`status`: one line on how it is, and a status that scripts can go by."""

import json
from pathlib import Path

import pytest

from aios_gui import cli
from aios_gui.heartbeat.model.states import EngineState, Mode
from aios_gui.instance.cli.status import now_facts, waybar_facts
from aios_gui.instance.model.now import now_of
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.resident import Resident
from aios_gui.system.paths import find_paths
from aios_gui.text import figures
from tests.defaults import DEFAULTS
from tests.fakes import WALL, recorded_beat, write_run


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = cli.main(["status", *arguments])
    return status, capsys.readouterr().out.strip()


def test_where_nothing_runs_it_says_since_when(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys) == (2, "Not running")
    write_run(find_paths().store, [recorded_beat(0)], mode="window")
    last = figures.clock_time(WALL)
    assert run(capsys) == (2, f"Not running since {last}")
    assert run(capsys, "--format", "short") == (2, f"○ Not running since {last}")
    status, out = run(capsys, "--json")
    assert (status, json.loads(out)["condition"], json.loads(out)["cpu"]) == (2, "stopped", None)


def test_what_runs_is_asked(capsys: pytest.CaptureFixture[str], aios_home: Path) -> None:
    resident = Resident(find_paths(), DEFAULTS, Mode.SERVICE)
    resident.start()
    try:
        assert run(capsys) == (0, "Starting · No hiccup so far")
        assert run(capsys, "--format", "{condition}, CPU {cpu}, {unseen}") == (0, "starting, CPU –, 0")
        _status, out = run(capsys, "--format", "waybar")
        assert json.loads(out)["class"] == "inactive"
        assert len(out.splitlines()) == 1
    finally:
        resident.engine.stop()
        resident.shutdown()


@pytest.mark.parametrize("text", ["polybar", "{colour}"])
def test_what_is_no_format_is_refused(capsys: pytest.CaptureFixture[str], text: str) -> None:
    assert cli.main(["status", "--format", text]) == 2
    assert "there" in capsys.readouterr().err


def test_facts_of_nothing_are_unknown_and_plain_json() -> None:
    snapshot = Snapshot(state=EngineState.LOST)
    facts = now_facts(now_of(snapshot, WALL), snapshot, WALL)
    assert facts["sentence"] == "No contact with the recorder"
    assert facts["unseen"] is facts["hiccups"] is None
    json.dumps(facts, allow_nan=False)


def test_what_a_process_is_called_is_no_markup_in_a_bar() -> None:
    beat = recorded_beat(0, cpu_percent=97.0, breached=("cpu",))
    snapshot = Snapshot(
        state=EngineState.RUNNING, beat=beat, top_process="<b>a&b</b>", top_process_percent=97.0
    )
    facts = waybar_facts(now_of(snapshot, beat.wall_ns), snapshot, beat.wall_ns)
    assert facts["text"] == "CPU at 97 %, over 80 %: &lt;b&gt;a&amp;b&lt;/b&gt;"
    assert "<" not in facts["tooltip"]
