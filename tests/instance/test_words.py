"""Sentences: every fact has one, and text from outside cannot break out of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.incident import IncidentBrief, Silence
from aios_gui.alerts.model.rules import Level, OffReason
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import Event, EventKind, RecordedBeat
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.model.snapshot import BrokenPart, Snapshot
from aios_gui.instance.model.throttle import ThrottleReason
from aios_gui.instance.words import (
    cause_phrase,
    cell_phrase,
    event_sentence,
    gap_sentence,
    last_hiccup_sentence,
    parts_sentence,
    standing,
    state_sentence,
    store_sentence,
    throttle_sentence,
)
from aios_gui.record.model.health import StoreHealth
from aios_gui.record.model.hour import Hour

S = 1_000_000_000
NOW_NS = 1_700_000_000 * S
BEAT = RecordedBeat(1, 5, NOW_NS - S // 2, 24_000, 140_000, 0, 0, True, Cause.NONE, (), False, 17.0, 42.0)
RUNNING = Snapshot(state=EngineState.RUNNING, beat=BEAT, calm_since_ns=NOW_NS - 11_520 * S)


@pytest.mark.parametrize(
    ("snapshot", "sentence"),
    [
        (RUNNING, "Calm for 3 h 12 min"),
        (replace(RUNNING, calm_since_ns=NOW_NS + S), "Calm for 1 s"),
        (Snapshot(), "Starting"),
        (replace(RUNNING, state=EngineState.WARMING), "Warming up"),
        (replace(RUNNING, state=EngineState.PAUSED), "Paused"),
        (replace(RUNNING, state=EngineState.LOST), "No contact with the recorder"),
        (replace(RUNNING, beat=None), "Waiting for the first beat"),
        (replace(RUNNING, beat=replace(BEAT, wall_ns=NOW_NS - 9 * S)), "No beat for 9 s"),
        (replace(RUNNING, beat=replace(BEAT, failed=True)), "The CPU and memory figures cannot be read"),
        (replace(RUNNING, beat=replace(BEAT, cpu_percent=93.0, breached=("cpu",))), "CPU at 93 %, over 80 %"),
        (
            replace(RUNNING, beat=replace(BEAT, memory_percent=91.0, breached=("memory",))),
            "Memory at 91 %, over 85 %",
        ),
        (
            replace(RUNNING, beat=replace(BEAT, breached=("cpu", "memory"))),
            "CPU at 17 % and memory at 42 %, both over their thresholds",
        ),
        (
            replace(RUNNING, hour=Hour(100, duration_ns=100 * 131_000_000)),
            "Beats took 131 ms on average, over 100 ms",
        ),
        (replace(RUNNING, store=StoreHealth(False, 3, "full")), "Beating, but nothing is being recorded"),
        (
            replace(RUNNING, hour=Hour(100, failed=100, alerting=100, over=1)),
            "Degraded: score 0.30 over the last hour",
        ),
    ],
)
def test_state(snapshot: Snapshot, sentence: str) -> None:
    assert state_sentence(snapshot, NOW_NS) == sentence


def brief(
    number: int, level: Level = Level.CRITICAL, seen: bool = False, quiet: bool = False
) -> IncidentBrief:
    silence = Silence.MUTED if quiet else Silence.NONE
    start_ns = NOW_NS - number * 60 * S
    return IncidentBrief(number, "swap", "swap_percent", level, start_ns, 95.0, 90.0, 1, silence, seen)


def test_an_open_incident_is_told_the_one_first_that_nobody_has_seen() -> None:
    seen, new, quiet = brief(5, seen=True), brief(6, Level.WARNING), brief(7, quiet=True)
    told = state_sentence(replace(RUNNING, open_incidents=(seen, new, quiet)), NOW_NS)
    assert told == "Swap over 90 % for 6 min"
    assert state_sentence(replace(RUNNING, open_incidents=(seen, quiet)), NOW_NS).endswith("for 5 min")
    assert state_sentence(replace(RUNNING, open_incidents=(quiet,)), NOW_NS).startswith("Calm")


def test_slow_interval_is_not_taken_for_silence() -> None:
    slow = replace(RUNNING, interval_ns=60 * S, beat=replace(BEAT, wall_ns=NOW_NS - 59 * S))
    assert state_sentence(slow, NOW_NS).startswith("Calm")


def hiccup(**facts: float | str) -> Event:
    return Event(EventKind.HICCUP, NOW_NS, 5, {"lateness_ns": 380_000_000, "missed": 0, **facts})


@pytest.mark.parametrize(
    ("facts", "blame"),
    [
        ({"cause": int(Cause.RUN_QUEUE)}, "no free core"),
        ({"cause": int(Cause.FROZEN)}, "frozen from outside"),
        ({"cause": int(Cause.SELF_INFLICTED)}, "this program itself"),
        (
            {"cause": int(Cause.SELF_INFLICTED), "culprit": "paint\x1b[2J\n"},
            "this program itself, in paint [2J",
        ),
        ({"cause": 99}, "cause unknown"),
        ({}, "cause unknown"),
    ],
)
def test_last_hiccup_names_its_cause(facts: dict[str, int | float | str], blame: str) -> None:
    sentence = last_hiccup_sentence(replace(RUNNING, last_hiccup=hiccup(**facts)), NOW_NS)
    assert sentence.startswith("Last stutter ")
    assert sentence.endswith(f", 380 ms: {blame}")


def test_no_hiccup_is_said_too() -> None:
    assert last_hiccup_sentence(RUNNING) == "No stutter so far"


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "lateness_ns",
                "missed",
                "cause",
                "culprit",
                "stack",
                "stuck_ns",
                "path",
                "error",
                "interval_ns",
                "unrecorded_beats",
            ]
        ),
        st.one_of(st.integers(0, 10**15), st.text(max_size=300), st.floats(0, 1e12)),
    )
)
def test_every_event_is_one_printable_line_whatever_its_facts(facts: dict[str, int | float | str]) -> None:
    for kind in EventKind:
        sentence = event_sentence(Event(kind, NOW_NS, None, facts))
        assert sentence
        assert sentence.isprintable()


def test_stuck_beat_names_the_innermost_function() -> None:
    stack = "run (engine.py:1)\nread (held_file.py:9)"
    sentence = event_sentence(Event(EventKind.STUCK, NOW_NS, 1, {"stuck_ns": 4 * S, "stack": stack}))
    assert sentence == "A beat has been stuck for 4 s, in read"


@pytest.mark.parametrize("kind", list(GapKind))
def test_every_gap_has_a_sentence_with_its_length(kind: GapKind) -> None:
    sentence = gap_sentence(Gap(kind, NOW_NS, NOW_NS + 420 * S), NOW_NS)
    assert "7 min" in sentence


def test_clock_set_back_differs_from_clock_set_forward() -> None:
    back = gap_sentence(Gap(GapKind.CLOCK_JUMP, NOW_NS, NOW_NS - 3600 * S))
    forward = gap_sentence(Gap(GapKind.CLOCK_JUMP, NOW_NS, NOW_NS + 3600 * S))
    assert "back by 1 h" in back
    assert "forward by 1 h" in forward


def test_gap_tells_of_beats_that_could_not_be_written() -> None:
    sentence = gap_sentence(Gap(GapKind.NOT_RECORDED, NOW_NS, NOW_NS + S, 1_200))
    assert sentence.endswith("; 1,200 beats could not be written")


def test_store_health() -> None:
    assert store_sentence(StoreHealth()) == "Every beat is recorded"
    assert store_sentence(StoreHealth(False, 0, "disk full\n")) == "Not recording: disk full"
    assert (
        store_sentence(StoreHealth(False, 1, ""))
        == "Not recording: the record cannot be written; 1 beat not recorded"
    )
    assert store_sentence(StoreHealth(True, 2)) == "Recording again; 2 beats not recorded"
    silent = store_sentence(StoreHealth(False, silent_since_ns=NOW_NS))
    assert silent.startswith("Not recording since ")
    assert silent.endswith(": the recorder does not answer")


def test_a_part_that_failed_is_named() -> None:
    facts: dict[str, int | float | str] = {"part": "rules", "error": "KeyError: 'x'", "broken": 0}
    assert (
        event_sentence(Event(EventKind.PART_FAILED, 0, None, facts))
        == "The part “rules” of the program failed and is tried again: KeyError: 'x'"
    )
    broken = "The part “rules” of the program does not work: KeyError: 'x'"
    assert event_sentence(Event(EventKind.PART_FAILED, 0, None, facts | {"broken": 1})) == broken
    assert parts_sentence((BrokenPart("rules", "KeyError: 'x'"),)) == broken
    assert parts_sentence(()) == ""


def test_every_cell_and_cause_has_words() -> None:
    assert len({cell_phrase(cell) for cell in Severity}) == len(Severity)
    assert len({cause_phrase(cause) for cause in Cause}) == len(Cause)


@pytest.mark.parametrize("reason", [*OffReason, "eclipse"])
def test_a_measure_that_is_not_asked_is_named(reason: str) -> None:
    facts: dict[str, int | float | str] = {"measure": "queue", "reason": reason, "error": "OSError: gone"}
    sentence = event_sentence(Event(EventKind.MEASURE_OFF, 0, None, facts))
    assert "“queue”" in sentence
    assert ("OSError: gone" in sentence) == (reason in ("failed", "no_number", "eclipse"))


def test_why_it_goes_easy() -> None:
    assert throttle_sentence(ThrottleReason.NONE) == ""
    assert throttle_sentence(ThrottleReason.BUSY) == "Refreshing more slowly: the machine is busy"
    assert "costs" in throttle_sentence(ThrottleReason.OWN_COST)


def test_how_it_stands() -> None:
    assert standing(Snapshot()) == ""
    assert standing(Snapshot(hour=Hour(3600, duration_ns=3600 * 25_000))) == "Score 1.00"
    poor = Hour(3600, missed=100, failed=1000, alerting=720, over=1, duration_ns=3600 * 550_000_000)
    level = Level.CRITICAL
    cpu = IncidentBrief(1, "cpu", "cpu_percent", level, 1, 97.0, 80.0, 1, Silence.NONE, False)
    briefs = cpu, replace(cpu, id=2), replace(cpu, id=3, silence=Silence.MUTED)
    assert standing(Snapshot(hour=poor, open_incidents=briefs)) == "Score 0.48 · 2 incidents open"
