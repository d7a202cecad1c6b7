"""Sentences: every fact has one, and text from outside cannot break out of it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.rules import OffReason
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import Event, EventKind, RecordedBeat
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.model.snapshot import BrokenPart, Snapshot
from aios_gui.instance.words import (
    cause_phrase,
    event_sentence,
    gap_sentence,
    parts_sentence,
    store_sentence,
)
from aios_gui.record.model.health import StoreHealth
from aios_gui.text import figures

S = 1_000_000_000
NOW_NS = 1_700_000_000 * S
BEAT = RecordedBeat(1, 5, NOW_NS - S // 2, 24_000, 140_000, 0, 0, True, Cause.NONE, (), False, 17.0, 42.0)
RUNNING = Snapshot(state=EngineState.RUNNING, beat=BEAT, calm_since_ns=NOW_NS - 11_520 * S)


def hiccup(**facts: float | str) -> Event:
    return Event(EventKind.HICCUP, NOW_NS, 5, {"lateness_ns": 380_000_000, "missed": 0, **facts})


def test_a_hiccup_names_its_cause() -> None:
    cases: list[tuple[dict[str, int | float | str], str]] = [
        ({"cause": int(Cause.RUN_QUEUE)}, "no free core"),
        ({"cause": int(Cause.FROZEN)}, "frozen from outside"),
        ({"cause": int(Cause.SELF_INFLICTED)}, "this program itself"),
        ({"cause": int(Cause.SELF_INFLICTED), "culprit": "ui.paint line None"}, "this program itself"),
        ({"cause": 99}, "cause unknown"),
        ({}, "cause unknown"),
    ]
    for facts, blame in cases:
        assert event_sentence(hiccup(**facts)) == f"Hiccup of 380 ms: {blame}"


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


def test_a_gap_over_midnight_ends_on_a_day_that_is_named() -> None:
    day_ns = 86_400 * S
    over = gap_sentence(Gap(GapKind.SUSPENDED, NOW_NS - 3 * day_ns, NOW_NS), NOW_NS)
    within = gap_sentence(Gap(GapKind.SUSPENDED, NOW_NS - 3 * day_ns, NOW_NS - 3 * day_ns + S), NOW_NS)
    assert (over.count(figures.clock_time(NOW_NS, 1)), within.count("-")) == (1, 2)


def test_clock_set_back_differs_from_clock_set_forward() -> None:
    back = gap_sentence(Gap(GapKind.CLOCK_JUMP, NOW_NS, NOW_NS - 3600 * S))
    forward = gap_sentence(Gap(GapKind.CLOCK_JUMP, NOW_NS, NOW_NS + 3600 * S))
    assert "back by 1 h" in back
    assert "forward by 1 h" in forward


def test_gap_tells_of_beats_that_could_not_be_written() -> None:
    sentence = gap_sentence(Gap(GapKind.NOT_RECORDED, NOW_NS, NOW_NS + S, 1_200))
    assert sentence.endswith("; 1,200 beats could not be written")
    begin, end = re.findall(r"\d+:\d+:\d+", sentence)
    assert begin != end, "a second apart, not from a minute to the same minute"


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


def test_every_cause_has_words() -> None:
    assert len({cause_phrase(cause) for cause in Cause}) == len(Cause)


@pytest.mark.parametrize("reason", [*OffReason, "eclipse"])
def test_a_measure_that_is_not_asked_is_named(reason: str) -> None:
    facts: dict[str, int | float | str] = {"measure": "queue", "reason": reason, "error": "OSError: gone"}
    sentence = event_sentence(Event(EventKind.MEASURE_OFF, 0, None, facts))
    assert "“queue”" in sentence
    assert ("OSError: gone" in sentence) == (reason in ("failed", "no_number", "eclipse"))
