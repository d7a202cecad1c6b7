"""What the figures come to: one culprit, several, many, this program, the disk, or nothing that can be told."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.conclusion import NAMED, Case, conclude
from aios_gui.alerts.model.incident import FindingKind
from aios_gui.alerts.model.ledger import Program
from aios_gui.alerts.model.processes import OWN_NAME, ProcessRow, Usage
from aios_gui.alerts.model.rules import Measure
from aios_gui.heartbeat.model.beat import Cause

MB = 2**20
MS100 = 100_000_000


def program(
    name: str,
    cpu: float | None = None,
    memory: int | None = None,
    grown: int | None = None,
    io: float | None = None,
    pids: tuple[int, ...] = (7,),
) -> Program:
    members = tuple(Usage(ProcessRow(pid, 1.0, name, memory_bytes=memory), cpu) for pid in pids)
    return Program(name, members, cpu, memory, grown, io)


def over(name: str, cpu: float, cpu_over: float, io: float = 0.0, **row: Any) -> Program:
    member = Usage(ProcessRow(7, 1.0, name, **row))
    return Program(name, (member,), cpu, io_bytes_per_s=io, cpu_over_percent=cpu_over, io_over_bytes_per_s=io)


def cpu_case(*now: Program, busy: float | None = 100.0, **more: Any) -> Case:
    return Case(Measure.CPU, 80.0, now, cores=2, busy_percent=busy, **more)


def test_one_that_did_half_of_it_is_to_blame() -> None:
    found = conclude(cpu_case(program("vi", 5.0), program("cargo", 187.0, pids=(1, 2, 3, 4))))
    assert found.kind is FindingKind.ONE_PROCESS
    assert found.facts == {"name": "cargo", "cpu_percent": 187.0, "processes": 4}
    assert [each.name for each in found.culprits] == ["cargo"]  # the other had no part in it


def test_for_how_long_it_did_is_told_where_it_did_so_since_it_was_calm() -> None:
    lasting: dict[str, Any] = {"now_s": 30.0, "going_on_s": 40.0}
    assert conclude(cpu_case(program("cargo", 187.0), **lasting)).facts["for_s"] == 40.0
    lasting["now_s"] = 10.0
    assert "for_s" not in conclude(cpu_case(program("cargo", 187.0), **lasting)).facts


def test_who_is_beyond_the_usual_is_to_blame_before_who_always_does_more() -> None:
    found = conclude(cpu_case(over("server", 92.0, 0.0), over("hog", 60.0, 60.0)))
    assert found.kind is FindingKind.ONE_PROCESS
    assert [each.name for each in found.culprits] == ["hog"]
    # Where hardly anything is beyond the usual, it is the usual that is too much.
    found = conclude(cpu_case(over("server", 150.0, 0.0), over("vi", 5.0, 5.0)))
    assert [each.name for each in found.culprits] == ["server", "vi"]


def test_who_is_gone_or_did_it_by_others_is_told_so() -> None:
    gone = Program("make", (Usage(ProcessRow(7, 1.0, "make"), 9.0, gone=True),), 190.0)
    assert conclude(cpu_case(gone)).facts["gone"] == 1
    shell = program("sh", 3.0).with_ended(program("sh", 187.0, io=7e6))
    assert conclude(cpu_case(shell)).facts["ended_children"] == 1
    shell = program("sh", 100.0).with_ended(program("sh", 90.0, io=7e6))
    assert "ended_children" not in conclude(cpu_case(shell)).facts
    stall: dict[str, int | float | str] = {"lateness_ns": 10**9, "resource": "io"}
    found = conclude(Case(Measure.LATENESS, 50.0, (shell,), hiccup=stall))
    assert found.facts["ended_children"] == 1, "what they did of what was short counts"


def test_up_to_four_that_did_most_of_it_are_to_blame_together() -> None:
    found = conclude(cpu_case(program("a", 70.0), program("b", 60.0), program("c", 20.0)))
    assert found.kind is FindingKind.SEVERAL_PROCESSES
    assert found.facts == {"programs": 2, "cpu_percent": 130.0}


def test_many_that_did_a_little_are_many() -> None:
    found = conclude(cpu_case(*[program(f"p{number}", 10.0) for number in range(18)]))
    assert found.kind is FindingKind.MANY_SMALL
    assert len(found.culprits) == NAMED
    assert "unseen_percent" not in found.facts


def test_what_no_process_accounts_for_went_to_some_that_were_not_seen() -> None:
    found = conclude(cpu_case(program("a", 10.0)))
    assert found.kind is FindingKind.MANY_SMALL
    assert found.facts["unseen_percent"] == 190.0


def test_this_program_is_told_apart() -> None:
    gone = Usage(ProcessRow(8, 1.0, OWN_NAME), 9.0, gone=True)
    own = replace(each := program(OWN_NAME, 180.0), members=(*each.members, gone))
    assert conclude(cpu_case(own)).kind is FindingKind.THIS_PROGRAM
    other = Usage(ProcessRow(7, 1.0, OWN_NAME), 9.0, origin=3)
    assert conclude(cpu_case(replace(own, members=(other,)))).kind is FindingKind.ONE_PROCESS


def test_what_is_over_is_over_and_who_was_at_it_before_is_named() -> None:
    found = conclude(cpu_case(program("vi", 1.0), busy=8.0, since=(program("make", 90.0),), since_s=50.0))
    assert found.kind is FindingKind.OVER_ALREADY
    assert [each.name for each in found.culprits] == ["make"]
    assert [each.name for each in found.movers] == ["make"]


def test_memory_that_grew_since_it_was_calm_is_told_first() -> None:
    case = Case(
        Measure.MEMORY,
        85.0,
        (program("big", 0.0, 4_000 * MB), program("leak", 3.0, 900 * MB)),
        (program("leak", 3.0, 900 * MB, 800 * MB), program("big", 0.0, 4_000 * MB, MB)),
        60.0,
    )
    found = conclude(case)
    assert found.kind is FindingKind.MEMORY_GROWN
    assert found.facts["name"] == "leak"
    assert found.facts["grown_bytes"] == 800 * MB
    assert [each.name for each in found.culprits] == ["leak", "big"]


def test_a_program_whose_memory_grew_has_one_count_of_processes() -> None:
    since = program("leak", 3.0, 900 * MB, 800 * MB, pids=tuple(range(7, 31)))
    now = program("leak", 3.0, 950 * MB, pids=tuple(range(7, 24)))
    found = conclude(Case(Measure.MEMORY, 85.0, (now,), (since,), 60.0))
    assert (found.facts["processes"], found.culprits[0].processes) == (17, 17)
    assert found.facts["memory_bytes"] == found.culprits[0].memory_bytes == 950 * MB


@pytest.mark.parametrize(
    ("sizes", "kind"),
    [
        ((900, 50, 50), FindingKind.ONE_PROCESS),
        ((200, 200, 200, 200, 100), FindingKind.SEVERAL_PROCESSES),
        ((100,) * 20, FindingKind.MANY_SMALL),
        ((), FindingKind.UNKNOWN),
    ],
)
def test_memory_that_did_not_grow_is_told_by_who_holds_it(sizes: tuple[int, ...], kind: FindingKind) -> None:
    now = tuple(program(f"p{number}", 0.0, size * MB) for number, size in enumerate(sizes))
    assert conclude(Case(Measure.MEMORY, 85.0, now)).kind is kind


def test_a_full_disk_names_who_writes() -> None:
    case = Case(Measure.DISK_FREE, 2.0, (program("dd", 4.0, io=50.0 * MB),), known={Measure.DISK_FREE: 1.4})
    found = conclude(case)
    assert found.kind is FindingKind.DISK_FULL
    assert found.facts == {"free_percent": 1.4, "name": "dd", "io_bytes_per_s": 50 * MB, "processes": 1}


def test_a_busy_disk_names_who_used_it_however_busy_the_cores_are() -> None:
    now = (program("dd", 190.0, io=50.0 * MB),)
    known: dict[str, float] = {Measure.DISK_BUSY: 99.04}
    found = conclude(Case(Measure.DISK_BUSY, 95.0, now, busy_percent=100.0, known=known))
    assert found.kind is FindingKind.DISK_BUSY
    assert (found.facts["busy_percent"], found.facts["name"]) == (99.0, "dd")


def test_a_disk_that_is_idle_again_is_told_by_who_used_it_since_all_was_calm() -> None:
    before = (program("backup", 1.0, io=70.0 * MB),)
    found = conclude(Case(Measure.DISK_BUSY, 95.0, (program("idle", 0.0),), before, known={}))
    assert (found.facts["busy_percent"], found.facts["name"]) == (95.0, "backup")
    assert found.culprits == before


def hiccup(cause: Cause, part: str, **more: object) -> Case:
    facts = {
        "lateness_ns": MS100,
        "cause": int(cause),
        part: MS100 * 97 // 100,
        "culprit": "json.dumps line 3",
    }
    now = (program("cargo", 190.0, io=90.0 * MB),)
    return Case(Measure.LATENESS, 50.0, now, cores=2, busy_percent=100.0, hiccup=facts, **more)  # type: ignore[arg-type]


def test_a_late_beat_is_told_by_its_cause() -> None:
    waited = conclude(hiccup(Cause.RUN_QUEUE, "run_queue_ns"))
    assert waited.kind is FindingKind.NO_FREE_CORE
    assert waited.facts["share_percent"] == 97.0
    assert waited.facts["name"] == "cargo"
    own = conclude(hiccup(Cause.SELF_INFLICTED, "self_inflicted_ns"))
    assert own.kind is FindingKind.THIS_PROGRAM
    assert own.facts["function"] == "json.dumps line 3"
    assert own.culprits == ()
    assert conclude(hiccup(Cause.FROZEN, "frozen_ns")).kind is FindingKind.FROZEN
    stolen = conclude(hiccup(Cause.STOLEN, "stolen_ns"))
    assert (stolen.kind, stolen.culprits, stolen.facts["resource"]) == (FindingKind.STOLEN, (), "cpu")
    # Where the system does not tell the cause, who took more than half of the machine tells it.
    assert conclude(hiccup(Cause.UNKNOWN, "frozen_ns")).facts["name"] == "cargo"
    little = replace(hiccup(Cause.UNKNOWN, "frozen_ns"), now=(program("cargo", 60.0),))
    assert conclude(little).kind is FindingKind.UNKNOWN


def test_frozen_while_all_waited_for_the_disk_is_the_disk() -> None:
    found = conclude(
        hiccup(Cause.FROZEN, "frozen_ns", evidence={"io_full_stalled_ns": MS100, "io_stalled_ns": MS100})
    )
    assert found.kind is FindingKind.DISK_BUSY
    assert (found.facts["name"], found.facts["resource"], found.facts["stalled_ns"]) == ("cargo", "io", MS100)
    assert (
        conclude(
            hiccup(
                Cause.FROZEN, "frozen_ns", evidence={"io_full_stalled_ns": MS100 // 3, "io_stalled_ns": MS100}
            )
        ).kind
        is FindingKind.FROZEN
    )
    short = conclude(
        hiccup(
            Cause.FROZEN,
            "frozen_ns",
            evidence={"memory_full_stalled_ns": MS100, "io_full_stalled_ns": MS100 - 1},
        )
    )
    assert (short.kind, short.facts["resource"]) == (FindingKind.MEMORY_SHORT, "memory")


@pytest.mark.parametrize(
    ("programs", "named"),
    [
        ((over("hog", 60.0, 60.0), over("vi", 49.0, 49.0)), ["hog"]),
        ((over("vi", 49.0, 49.0),), []),
        ((over("vi", 180.0, 180.0), over("jackd", 70.0, 70.0, real_time=True)), ["jackd", "vi"]),
        ((), []),
    ],
)
def test_none_is_named_for_a_stall_who_used_less_than_half_of_it(
    programs: tuple[Program, ...], named: list[str]
) -> None:
    facts: dict[str, int | float | str] = {
        "lateness_ns": 10**8,
        "cause": int(Cause.RUN_QUEUE),
        "run_queue_ns": 10**8,
    }
    found = conclude(Case(Measure.LATENESS, 50.0, programs, cores=2, hiccup=facts))
    assert (found.kind, found.facts["resource"]) == (FindingKind.NO_FREE_CORE, "cpu")
    assert [each.name for each in found.culprits] == named


def test_many_that_held_it_up_together_are_told_to_be_many() -> None:
    facts: dict[str, int | float | str] = {"lateness_ns": MS100, "cause": int(Cause.RUN_QUEUE)}
    many = tuple(over(f"p{number}", 30.0, 30.0) for number in range(5))
    found = conclude(Case(Measure.LATENESS, 50.0, many, cores=2, hiccup=facts))
    assert found.culprits == ()
    assert (found.facts["programs"], found.facts["together_percent"]) == (5, 150.0)


def test_who_has_most_of_the_machine_all_the_time_is_named_where_none_is_beyond_the_usual() -> None:
    facts: dict[str, int | float | str] = {
        "lateness_ns": 10**8,
        "cause": int(Cause.RUN_QUEUE),
        "run_queue_ns": 10**8,
    }
    always = (program("render", 150.0), program("vi", 60.0))
    found = conclude(Case(Measure.LATENESS, 50.0, (over("render", 0.0, 0.0),), always, cores=2, hiccup=facts))
    assert [each.name for each in found.culprits] == ["render"]


def test_a_stall_that_the_kernel_told_of_is_told_by_its_resource() -> None:
    facts: dict[str, int | float | str] = {"lateness_ns": 10**9, "resource": "io"}
    case = Case(
        Measure.LATENESS, 0.0, (over("dd", 4.0, 4.0, 5e7),), hiccup=facts, evidence={"io_stalled_ns": 10**9}
    )
    found = conclude(case)
    assert (found.kind, found.facts["name"], found.facts["io_bytes_per_s"]) == (
        FindingKind.DISK_BUSY,
        "dd",
        50_000_000,
    )


def test_a_stall_for_memory_names_who_took_it_though_it_has_given_it_back() -> None:
    facts: dict[str, int | float | str] = {"lateness_ns": 5 * 10**8, "resource": "memory"}
    browser = replace(program("browser", 20.0, 4000 * MB, 40 * MB), new_bytes=60 * MB)
    burst = replace(program("sh", 1.0, 5 * MB, 0), new_bytes=9000 * MB)
    found = conclude(Case(Measure.LATENESS, 0.0, (browser, burst), hiccup=facts))
    assert [each.name for each in found.culprits] == ["sh", "browser"]


def test_a_late_beat_of_which_nothing_is_known_is_told_by_how_busy_the_machine_is() -> None:
    assert conclude(Case(Measure.MISSED, 1.0, busy_percent=99.0)).kind is FindingKind.NO_FREE_CORE
    assert conclude(Case(Measure.MISSED, 1.0, busy_percent=9.0)).kind is FindingKind.UNKNOWN


def test_any_other_measure_is_told_by_what_is_short() -> None:
    now = (program("dd", 4.0, io=50.0 * MB),)
    pressed = Case("custom:queue", 1.0, now, evidence={"io_pressure_10s_percent": 40.0})
    assert conclude(pressed).kind is FindingKind.DISK_BUSY
    assert conclude(Case("custom:queue", 1.0, now)).kind is FindingKind.UNKNOWN
    assert conclude(Case(Measure.OWN_MEMORY, 1.0, now)).kind is FindingKind.THIS_PROGRAM


FIGURES = st.none() | st.floats(0, 1e12) | st.sampled_from([0.0, 1e300])
PROGRAMS = st.lists(
    st.builds(
        program,
        st.sampled_from(["a", "b", "c"]),
        FIGURES,
        st.none() | st.integers(0, 10**15),
        st.none() | st.integers(-(10**12), 10**12),
        FIGURES,
    ),
    max_size=8,
).map(tuple)
MEASURES = st.sampled_from([*Measure, "custom:x"])
HICCUPS = st.dictionaries(
    st.sampled_from(["lateness_ns", "cause", "run_queue_ns", "self_inflicted_ns", "frozen_ns", "culprit"]),
    st.integers(0, 10**12) | st.just("odd"),
)


@given(MEASURES, PROGRAMS, PROGRAMS, FIGURES, HICCUPS)
def test_whatever_the_figures_there_is_a_conclusion(
    measure: str,
    now: tuple[Program, ...],
    since: tuple[Program, ...],
    busy: float | None,
    facts: dict[str, int | float | str],
) -> None:
    found = conclude(Case(measure, 80.0, now, since, 60.0, 40.0, 2, busy, {}, facts))
    assert found.kind in FindingKind
    assert len(found.culprits) <= NAMED
    assert len(found.movers) <= NAMED
