"""Findings, evidence and actions in words: every kind has a sentence, whatever figures it comes with."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.action import ActionKind, ActionResult, ActionState, Why
from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind
from aios_gui.alerts.words import incidents as incident_words
from aios_gui.alerts.words.findings import (
    evidence_name,
    evidence_of,
    evidence_value,
    finding_sentence,
    unread_phrases,
)
from aios_gui.text.catalogue import use_language

MB = 2**20
SENTENCES: list[tuple[FindingKind, dict[str, Any], str]] = [
    (
        FindingKind.ONE_PROCESS,
        {"name": "cargo", "cpu_percent": 187.0, "processes": 4, "for_s": 40.0},
        "cargo (4 processes) kept 1.9 cores busy for 40 s",
    ),
    (FindingKind.ONE_PROCESS, {"name": "db", "memory_bytes": 900 * MB, "processes": 1}, "db holds 900 MB"),
    (
        FindingKind.SEVERAL_PROCESSES,
        {"programs": 2, "cpu_percent": 130.0},
        "a and b together kept 1.3 cores busy",
    ),
    (
        FindingKind.SEVERAL_PROCESSES,
        {"programs": 3, "memory_bytes": 300 * MB},
        "a, b and c hold 300 MB together",
    ),
    (
        FindingKind.MANY_SMALL,
        {"programs": 40, "cpu_percent": 190.0, "unseen_percent": 120.0},
        (
            "Many processes together kept 1.9 cores busy, none of them much; "
            "1.2 cores went to processes that ended before they could be seen"
        ),
    ),
    (
        FindingKind.THIS_PROGRAM,
        {"share_percent": 96.0, "lateness_ns": 1, "function": "json.dumps line 3"},
        "96 % of the delay was this program's own doing",
    ),
    (FindingKind.THIS_PROGRAM, {}, "It was this program itself"),
    (
        FindingKind.NO_FREE_CORE,
        {"share_percent": 97.0, "name": "cargo", "cpu_percent": 180.0, "processes": 1},
        "97 % of the delay was waiting for a free core; cargo kept 1.8 cores busy",
    ),
    (FindingKind.NO_FREE_CORE, {}, "No core was free"),
    (
        FindingKind.NO_FREE_CORE,
        {"resource": "cpu"},
        "No core was free; no program used more of it than it usually does",
    ),
    (
        FindingKind.NO_FREE_CORE,
        {"resource": "cpu", "programs": 30, "together_percent": 160.0},
        (
            "No core was free; many programs together kept 1.6 cores busy, "
            "none of them enough to cause it alone"
        ),
    ),
    (
        FindingKind.NO_FREE_CORE,
        {"share_percent": 95.0, "name": "sh", "cpu_percent": 190.0, "ended_children": 1},
        (
            "95 % of the delay was waiting for a free core; sh kept 1.9 cores busy; "
            "by processes that it had started, and that have ended"
        ),
    ),
    (
        FindingKind.DISK_BUSY,
        {"resource": "io", "stalled_ns": 400_000_000},
        ("Programs waited for the disk for 400 ms; no program used more of it than it usually does"),
    ),
    (
        FindingKind.DISK_BUSY,
        {"resource": "io", "stalled_ns": 400_000_000, "name": "dd", "io_bytes_per_s": 50 * 2**20, "gone": 1},
        ("Programs waited for the disk for 400 ms; dd read and wrote 50 MB a second; it has ended since"),
    ),
    (
        FindingKind.MEMORY_SHORT,
        {"stalled_ns": 2_000_000_000, "name": "leak", "grown_bytes": 2**30, "memory_bytes": 2**31},
        "Programs waited for memory for 2 s; leak grew by 1 GB, to 2 GB",
    ),
    (
        FindingKind.MEMORY_SHORT,
        {"stalled_ns": 2_000_000_000},
        "Programs waited for memory for 2 s; no program used more of it than it usually does",
    ),
    (
        FindingKind.FROZEN,
        {"share_percent": 99.0},
        (
            "For 99 % of the delay AIOS Heartbeat itself was suspended, as by a signal, a debugger or a paused "
            "virtual machine; the machine may have been fine"
        ),
    ),
    (
        FindingKind.MEMORY_GROWN,
        {"name": "leak", "grown_bytes": 600 * MB, "memory_bytes": 900 * MB, "processes": 2, "span_s": 60.0},
        "leak grew by 600 MB within 1 min, to 900 MB in 2 processes",
    ),
    (
        FindingKind.DISK_BUSY,
        {"io_pressure_percent": 61.0, "name": "dd", "io_bytes_per_s": 90 * MB},
        "Something waited for the disk 61 % of the time; dd read and wrote 90 MB a second",
    ),
    (
        FindingKind.DISK_BUSY,
        {"io_pressure_percent": 0.0, "busy_percent": 98.6, "name": "dd", "io_bytes_per_s": 90 * MB},
        "The busiest disk was active 99 % of the time; dd read and wrote 90 MB a second",
    ),
    (FindingKind.DISK_FULL, {"free_percent": 1.4}, "1.4 % of the disk is free"),
    (FindingKind.DISK_FULL, {}, "The disk is almost full"),
    (
        FindingKind.OVER_ALREADY,
        {"busy_percent": 8.0},
        "It was over before it could be looked into: CPU was back at 8.0 %; since it was calm, a has used most",
    ),
    (FindingKind.UNKNOWN, {}, "No process stood out"),
]
ABC = (Culprit("a", 1), Culprit("b", 2), Culprit("c", 3))


def test_the_conclusion_is_a_sentence() -> None:
    for kind, facts, sentence in SENTENCES:
        assert finding_sentence(Finding(kind, facts, ABC)) == sentence


def test_programs_of_one_name_are_named_once() -> None:
    alike = (Culprit("python", 1), Culprit("cargo", 2), Culprit("python", 3))
    finding = Finding(FindingKind.SEVERAL_PROCESSES, {"programs": 3, "cpu_percent": 130.0}, alike)
    assert finding_sentence(finding) == "python (2 programs) and cargo together kept 1.3 cores busy"


def test_the_function_that_held_up_the_beat_is_evidence() -> None:
    finding = Finding(
        FindingKind.THIS_PROGRAM, {"function": "json.dumps line 3"}, evidence={"busy_percent": 8.0}
    )
    assert [(evidence_name(name), value) for name, value in evidence_of(finding).items()] == [
        ("Function that was running", "json.dumps line 3"),
        ("CPU of the machine", 8.0),
    ]


def test_a_table_that_was_not_to_be_had_is_told() -> None:
    said = finding_sentence(Finding(FindingKind.UNKNOWN, partial=True))
    assert said == "The system did not tell in time which processes ran"


def test_time_that_the_host_took_is_told_beside() -> None:
    finding = Finding(FindingKind.NO_FREE_CORE, evidence={"steal_percent": 30.0})
    assert finding_sentence(finding) == (
        "No core was free; 30 % of the CPU time went to others on the host of this virtual machine"
    )


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (FindingKind.ONE_PROCESS, {"name": "db", "memory_bytes": 1e9}),
        (FindingKind.ONE_PROCESS, {"name": "db", "cpu_percent": 190.0}),
        (FindingKind.MEMORY_GROWN, {"name": "db", "memory_bytes": 1e9, "grown_bytes": 1e8, "span_s": 60}),
    ],
)
def test_in_chinese_processes_are_counted_where_there_are_several(
    kind: FindingKind, facts: dict[str, Any]
) -> None:
    use_language("zh_CN")
    alone, several = (finding_sentence(Finding(kind, facts | {"processes": count})) for count in (1, 4))
    assert "个进程" not in alone
    assert "4 个进程" in several


FACTS = st.dictionaries(
    st.sampled_from(sorted({name for _, facts, _ in SENTENCES for name in facts})),
    st.integers(-(10**18), 10**18) | st.floats() | st.text(string.printable + "\x00\udcff<", max_size=50),
)


@given(st.sampled_from(FindingKind), FACTS, st.booleans(), st.lists(st.text(max_size=300), max_size=3))
def test_whatever_a_record_holds_there_is_one_printable_line(
    kind: FindingKind, facts: dict[str, int | float | str], partial: bool, names: list[str]
) -> None:
    culprits = tuple(Culprit(name, 1) for name in names)
    said = finding_sentence(Finding(kind, facts, culprits, partial=partial))
    assert said.isprintable()
    assert said


def test_evidence_has_a_name_and_a_figure() -> None:
    assert (evidence_name("busy_percent"), evidence_value("busy_percent", 99.5)) == (
        "CPU of the machine",
        "100 %",
    )
    assert evidence_value("since_calm_s", 61.0) == "1 min"
    assert evidence_name("io_full_stalled_ns") == "Everything waited for the disk"
    assert evidence_value("cpu_stalled_ns", 525_384_000) == "525 ms"
    assert evidence_value("switches_per_s", 64_000) == "64,000"
    assert evidence_name("of_a_newer\x1bone") == "of a newer one"
    assert evidence_value("refused", "x\x00y") == "x y"


def test_what_could_not_be_read_says_why() -> None:
    culprit = Culprit("a", 1, unread=("io:denied", "command:zombie", "memory", "odd\x1b:error"))
    assert unread_phrases(culprit) == [
        "disk: not allowed",
        "command: it has ended, and its parent has not noticed",
        "memory",
        "odd: the system failed",
    ]


def test_every_reason_has_words() -> None:
    for why in list(Why):
        said = incident_words.action_detail(ActionResult("run:x", ActionState.REFUSED, str(why)))
        assert said
        assert said != why


def test_every_action_has_a_name() -> None:
    for kind in list(ActionKind):
        said = incident_words.action_name(f"{kind}:<b>\x1b" if kind.takes_argument else str(kind))
        assert said.isprintable()
        assert said != str(kind)
        assert incident_words.action_name("of_a_newer_one:x") == "of_a_newer_one:x"


def test_what_was_done_can_be_taken_back_where_the_record_says_how() -> None:
    assert incident_words.can_take_back(ActionResult("renice:x", ActionState.DONE, "", 1, "[]"))
    assert not incident_words.can_take_back(ActionResult("renice:x", ActionState.UNDONE, "", 1, "[]"))
    assert not incident_words.can_take_back(ActionResult("notify", ActionState.DONE))
    assert incident_words.action_detail(ActionResult("run:x", ActionState.DONE, "a\nb")) == "a b"


def test_in_chinese_three_programs_are_parted_as_chinese_parts_them() -> None:
    three = tuple(Culprit(name, number) for number, name in enumerate(("cargo", "rustc", "ld"), 1))
    found = Finding(FindingKind.SEVERAL_PROCESSES, {"programs": 3, "cpu_percent": 190.0}, three)
    assert finding_sentence(found).startswith("cargo, rustc and ld ")
    use_language("zh_CN")
    assert "cargo、rustc 和 ld" in finding_sentence(found)
