"""`hiccups` as a function, over a record with stalls that a beat saw, that the watch saw, and of an earlier version."""

import json
import re
import time
from datetime import datetime

import pytest

from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind, HiccupFinding
from aios_gui.heartbeat.model.beat import Cause, LatenessSplit
from aios_gui.heartbeat.model.items import Event, EventKind, hiccup_event
from aios_gui.heartbeat.model.stall import SeenBy, Stall
from aios_gui.system.paths import Paths, find_paths
from tests.fakes import HOUR, MS, S, recorded_beat, write_run
from tests.processes import run_here

NOW = time.time_ns() // S * S
BETWEEN = Stall(
    NOW - 60 * S, 400 * MS, SeenBy.WATCH, 17, 0, LatenessSplit(380 * MS, 0, 20 * MS, Cause.RUN_QUEUE)
)
LATE = Stall(
    NOW - 30 * S,
    2 * S,
    SeenBy.BEAT,
    42,
    2,
    LatenessSplit(0, 2 * S, 0, Cause.SELF_INFLICTED, "json.encoder line 7\x1b[31m"),
)
TOLD = Event(
    EventKind.RESOURCE_STALL,
    NOW - 45 * S,
    None,
    {"lateness_ns": 800 * MS, "missed": 0, "seen_by": "kernel", "resource": "io", "stalled_ns": 800 * MS},
)
EARLIER = Event(EventKind.HICCUP, NOW - 2 * HOUR, 3, {"lateness_ns": 90 * MS, "missed": 0, "cause": 99})
FOUND = HiccupFinding(
    NOW - 60 * S,
    17,
    Finding(
        FindingKind.NO_FREE_CORE,
        {"resource": "cpu", "share_percent": 95.0, "name": "cc1", "cpu_percent": 190.0, "gone": 1},
        (Culprit("cc1", 4711, 190.0, None, 5.0, parent="make", gone=True),),
    ),
)


@pytest.fixture
def _stalls(aios_home: object) -> None:
    write_run(find_paths().store, [EARLIER, hiccup_event(BETWEEN), hiccup_event(LATE), TOLD, FOUND])


@pytest.mark.usefixtures("_stalls")
def test_as_json_each_has_its_begin_its_length_and_what_saw_it(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run_here(capsys, "hiccups", "--json")
    assert (status, err) == (0, "")
    earlier, between, told, late = json.loads(out)
    assert (told["seen_by"], told["resource"], told["length_ms"]) == ("kernel", "io", 800.0)
    assert datetime.fromisoformat(between["at"]).timestamp() == (NOW - 60 * S - 400 * MS) / 1e9
    assert (between["length_ms"], between["seen_by"], between["resource"]) == (400.0, "watch", "cpu")
    assert (between["run_queue_ms"], between["frozen_ms"], between["function"]) == (380.0, 20.0, None)
    assert between["conclusion"] == (
        "95 % of the delay was waiting for a free core; cc1 kept 1.9 cores busy; it has ended since"
    )
    (culprit,) = between["culprits"]
    assert culprit == {
        "name": "cc1",
        "pid": 4711,
        "parent": "make",
        "cpu_percent": 190.0,
        "io_bytes_per_s": 5.0,
        "gone": True,
        "ended_children": False,
    }
    assert (late["conclusion"], late["culprits"]) == (None, [])
    assert (late["seen_by"], late["resource"], late["missed"]) == ("beat", "self", 2)
    assert (earlier["seen_by"], earlier["resource"], earlier["frozen_ms"]) == ("beat", "unknown", None)


@pytest.mark.usefixtures("_stalls")
def test_in_words_a_line_each_oldest_first_and_nothing_hostile(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run_here(capsys, "hiccups")
    assert (status, err) == (0, "")
    earlier, between, told, late = out.splitlines()
    assert "programs waited for the disk; the heartbeat did not stall" in told
    assert "90 ms" in earlier
    assert "400 ms" in between
    assert "waiting for a free core; cc1 kept 1.9 cores busy" in between
    assert "this program itself" in late
    assert "\x1b" not in out


@pytest.mark.usefixtures("_stalls")
def test_of_a_range_only_those_within_it(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _err = run_here(capsys, "hiccups", "--range", "1h", "--json")
    assert status == 0
    assert len(json.loads(out)) == 3


@pytest.mark.usefixtures("aios_home")
def test_where_there_are_none_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_here(capsys, "hiccups") == (0, "nothing is recorded in this range\n", "")
    assert run_here(capsys, "hiccups", "--json")[1] == "[]\n"


def test_of_a_range_that_is_hardly_recorded_it_does_not_just_say_that_there_were_none(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    began_ns = time.time_ns() - 900 * S
    write_run(paths.store, [recorded_beat(seq, began_ns + seq * S) for seq in range(901)], began_ns)
    for asked in ("15m", "all"):
        assert run_here(capsys, "hiccups", "--range", asked)[1] == "no hiccups in this range\n"
    out = run_here(capsys, "hiccups", "--range", "1h")[1]
    assert re.fullmatch(r"no hiccups in this range, of which 2\d\.\d\d % is recorded\n", out)
    assert run_here(capsys, "hiccups", "--range", "2001-01-01")[1] == "nothing is recorded in this range\n"


@pytest.mark.parametrize(
    ("since_s", "told"),
    [
        (1800, r"no hiccups in this range"),
        (3 * 3600, r"no hiccups in this range, of which [45]\d\.\d\d % is recorded"),
    ],
    ids=["not due yet", "overdue"],
)
def test_until_the_next_beat_is_due_nothing_is_missing(
    paths: Paths, capsys: pytest.CaptureFixture[str], since_s: int, told: str
) -> None:
    """At a beat an hour, the last one may well be older than the range that is asked for."""
    last_ns = time.time_ns() - since_s * S
    beats = [recorded_beat(seq, last_ns - (5 - seq) * HOUR) for seq in range(6)]
    write_run(paths.store, beats, beats[0].wall_ns, interval_ns=HOUR)
    span = "15m" if since_s < 3600 else f"{datetime.fromtimestamp(last_ns / S - 3600):%Y-%m-%dT%H:%M:%S}.."
    assert re.fullmatch(f"{told}\n", run_here(capsys, "hiccups", "--range", span)[1])
