"""What programs did over a span: beyond their usual, also those that are gone, and in bounded memory."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.ledger import FINE, MOST, Ledger, Program
from aios_gui.alerts.model.processes import OWN_KEY, ProcessRow, ProcessTable

S = 1_000_000_000


def row(pid: int, name: str, cpu_s: float = 0.0, parent: int = 1, memory: int = 0, io: int = 0) -> ProcessRow:
    return ProcessRow(pid, 1.0, name, parent, cpu_s, 0.0, memory, io, (), 0)


class Days:
    """A ledger of a machine with two cores, told every so often what each process had used until then."""

    def __init__(self, *rows: ProcessRow, clock_s: float = 0.0) -> None:
        self.ledger = Ledger(2)
        self.at_s = 0.0
        self.ledger.add(ProcessTable(0, {each.pid: each for each in rows}, clock_s=clock_s))

    def later(self, seconds: float, *rows: ProcessRow, learn: bool = True, complete: bool = True) -> None:
        self.at_s += seconds
        found = {each.pid: each for each in rows}
        self.ledger.add(ProcessTable(round(self.at_s * S), found, complete=complete), learn=learn)

    def named(self, start_s: float, end_s: float, length_s: float | None = None) -> dict[str, Program]:
        span = self.ledger.span(round(start_s * S), round(end_s * S), length_s)
        return {each.name: each for each in span.programs}


def test_over_a_span_counts_what_was_done_in_it() -> None:
    days = Days(row(7, "first"), row(8, "second"))
    for number in range(1, 4):
        days.later(10, row(7, "first", 10.0 * number), row(8, "second"))
    for number in range(1, 7):
        days.later(10, row(7, "first", 30.0), row(8, "second", 10.0 * number))
    found = days.named(0, 90)
    assert [round(found[name].cpu_percent or 0) for name in ("first", "second")] == [33, 67]
    assert set(days.named(41, 89)) == {"second"}


def test_what_is_always_so_is_not_over_the_usual_and_a_burst_is() -> None:
    days = Days(row(7, "steady"), row(8, "hog"), row(1, "init"))
    for number in range(1, 31):
        days.later(10, row(7, "steady", 4.0 * number), row(8, "hog"), row(1, "init"))
    days.later(5, row(7, "steady", 122.0), row(8, "hog", 0.2), row(1, "init"), learn=False)
    found = days.named(304.85, 305, 0.15)
    assert found["steady"].cpu_over_percent == 0
    assert 130 < (found["hog"].cpu_over_percent or 0) < 134
    assert 130 < (found["hog"].cpu_percent or 0) < 134


def test_what_began_a_moment_ago_and_goes_on_did_not_make_a_short_stall() -> None:
    days = Days(row(7, "fresh"), row(8, "hog"))
    for number in range(1, 6):
        days.later(1, row(7, "fresh", float(number)), row(8, "hog"))
    days.later(0.6, row(7, "fresh", 5.4), row(8, "hog", 0.4), learn=False)
    found = days.named(5.35, 5.6, 0.2)
    assert (found["fresh"].cpu_over_percent, found["hog"].cpu_over_percent) == (0.0, 200.0)
    # Over a long span it did what it did.
    assert (days.named(0, 5.6)["fresh"].cpu_over_percent or 0) > 90


def test_what_was_not_read_for_a_while_did_it_in_all_of_that_time() -> None:
    days = Days(row(1, "init"), row(7, "steady"), row(8, "hog"))
    for second in range(10, 70, 10):
        days.later(10, row(1, "init"), row(7, "steady", second * 0.04), row(8, "hog"))
    read_ns, rows = 60 * S, {7: row(7, "steady", 2.4), 8: row(8, "hog")}
    for second in range(62, 70, 2):
        days.ledger.add(
            ProcessTable(second * S, {1: row(1, "init"), **rows}, stale=dict.fromkeys(rows, read_ns)),
            whole=False,
        )
    days.at_s = 68.0
    days.later(1, row(1, "init"), row(7, "steady", 2.76), row(8, "hog", 0.3))
    named = days.named(68.7, 69, 0.3)
    assert named["hog"].cpu_over_percent == pytest.approx(100, abs=5)
    assert (named["steady"].cpu_over_percent or 0) < 10, "0.36 s, but in nine seconds"


def test_a_stall_teaches_nothing() -> None:
    days = Days(row(8, "hog"))
    for number in range(1, 9):
        days.later(1, row(8, "hog", 0.5 * number), learn=False)
    assert (days.named(7.5, 8, 0.5)["hog"].cpu_over_percent or 0) == 100


def test_a_stall_that_was_over_when_a_table_was_taken_is_told_by_what_came_before_it() -> None:
    days = Days(row(8, "hog"))
    days.later(10, row(8, "hog"))
    days.later(2, row(8, "hog", 1.4), learn=False)
    days.later(1, row(8, "hog", 1.45), learn=False)
    span = days.ledger.span(round(11.2 * S), round(11.99 * S), 0.79, 13 * S)
    assert (span.programs[0].cpu_over_percent or 0) > 170


def test_many_processes_of_a_program_count_together_however_little_each_did() -> None:
    days = Days(row(2, "sh"), *(row(pid, "hog", parent=2) for pid in range(10, 20)))
    days.later(1, row(2, "sh"), *(row(pid, "hog", 0.01, parent=2) for pid in range(10, 20)))
    hog = days.named(0, 1)["hog"]
    assert (round(hog.cpu_percent or 0), hog.processes) == (10, 10)


def test_what_a_program_did_and_what_ended_children_of_it_did_is_one_and_told_apart() -> None:
    days = Days(row(7, "make"))
    days.later(1, ProcessRow(7, 1.0, "make", 1, 0.25, 1.5, 0, 0, (), 0))
    make = days.named(0, 1)["make"]
    assert make.by_ended is not None
    assert (make.cpu_percent, make.by_ended.cpu_percent) == (175.0, 150.0)


def test_with_the_first_table_a_program_is_known_by_what_it_did_since_it_began() -> None:
    days = Days(row(7, "server", 300.0), row(8, "new", 2.0), clock_s=1001.0)
    days.later(10, row(7, "server", 303.0), row(8, "new", 4.0))
    found = days.named(9.9, 10, 0.1)
    assert found["server"].cpu_over_percent == 0
    assert (found["new"].cpu_over_percent or 0) > 1000


def test_who_is_gone_is_told_to_be_gone() -> None:
    days = Days(row(1, "init"), row(7, "hog", parent=1))
    days.later(10, row(1, "init"), row(7, "hog", 9.0))
    days.later(10, row(1, "init"))
    assert days.named(0, 20)["hog"].gone
    days = Days(row(7, "hog"))
    days.later(10, row(7, "hog", 9.0))
    assert not days.named(0, 10)["hog"].gone


def test_who_began_with_a_span_is_new_also_where_the_tables_of_its_begin_are_left_out() -> None:
    def old(used_s: float) -> ProcessRow:
        return row(7, "old", used_s)

    def fresh(used_s: float) -> ProcessRow:
        return ProcessRow(8, 1_093.0, "fresh", 1, used_s, 0.0, 0, 0, (), 0)

    ledger = Ledger(2)
    for at_s, rows in (
        (90, (old(0.0),)),
        (100, (old(10.0), fresh(7.0))),
        (110, (old(20.0), fresh(17.0))),
        (120, (old(30.0), fresh(27.0))),
    ):
        ledger.add(ProcessTable(at_s * S, {each.pid: each for each in rows}, clock_s=1_000.0 + at_s))
    found = {each.name: each.is_new for each in ledger.span(98 * S, 120 * S).programs}
    assert found == {"old": False, "fresh": True}


def test_two_of_one_name_that_have_nothing_in_common_are_two() -> None:
    shells = (row(2, "bash"), row(3, "cron"))
    days = Days(*shells, row(7, "python3", parent=2), row(8, "python3", parent=3))
    days.later(10, *shells, row(7, "python3", 9.0, 2), row(8, "python3", 1.0, 3))
    span = days.ledger.span(0, 10 * S)
    assert sorted((each.key, each.processes) for each in span.programs) == [
        (("python3", 2), 1),
        (("python3", 3), 1),
    ]


def test_own_processes_go_by_the_own_name() -> None:
    ledger = Ledger(2)
    for at_s in (0, 1):
        rows = {9: row(9, "python3", at_s), 7: row(7, "vi", memory=5)}
        ledger.add(ProcessTable(at_s * S, rows), frozenset((9,)))
    (program,) = ledger.span(0, S).programs
    assert program.key == OWN_KEY
    for programs in ((), (program,)):
        held = {each.key: each.memory_bytes for each in ledger.holders(programs)}
        assert held == {OWN_KEY: 0, ("vi", 7): 5}


def test_the_processes_of_a_program_are_never_more_than_there_are_and_hold_all_of_its_memory() -> None:
    days, used_s = Days(), dict.fromkeys(range(10, 20), 0.0)
    for number in range(40):
        for pid in used_s:  # by turns one of them does something worth keeping, and all others a little
            used_s[pid] += 0.03 if pid % 10 == number % 10 else 0.01
        rows = (row(pid, "browser", each_s, parent=2, memory=5) for pid, each_s in used_s.items())
        days.later(10, row(2, "sh"), *rows)
    browser = days.named(0, 400)["browser"]
    assert (browser.processes, browser.memory_bytes) == (10, 50)
    held = days.ledger.holders(days.ledger.span(390 * S, 400 * S).programs)
    assert sorted((each.name, each.processes, each.memory_bytes) for each in held) == [
        ("browser", 10, 50),
        ("sh", 1, 0),
    ]


def test_what_a_child_of_this_program_did_last_is_its_own_too() -> None:
    own = ProcessRow(9, 1.0, "python3", 1, 1.0, 0.0, 0, 0, (), 0)
    child, later = row(10, "python3", 5.0, parent=9), replace(own, ended_children_s=7.0)
    ledger = Ledger(2)
    ledger.add(ProcessTable(0, {9: own}), frozenset((9,)))
    ledger.add(ProcessTable(10 * S, {9: own, 10: child}), frozenset((9, 10)))
    ledger.add(ProcessTable(20 * S, {9: later}), frozenset((9,)))
    (program,) = ledger.span(0, 20 * S).programs
    assert (program.key, program.cpu_percent) == (OWN_KEY, 35.0)


def test_of_what_is_not_kept_by_name_the_sum_is_known() -> None:
    rows = [row(pid, f"p{pid}") for pid in range(1, 20)]
    days = Days(*rows)
    days.later(1, *(row(each.pid, each.name, 0.01) for each in rows))
    span = days.ledger.span(0, S)
    assert span.programs == ()
    assert round(span.rest_cpu_s, 2) == 0.19


def test_days_of_it_take_no_more_room_than_an_hour_and_lose_nothing() -> None:
    days = Days(row(7, "hog"))
    for number in range(1, 3001):
        days.later(10, row(7, "hog", 5.0 * number))
    assert len(days.ledger.covering(0, 30_000 * S)) < FINE + 60
    assert days.named(0, 30_000)["hog"].cpu_percent == 50.0
    assert len(days.ledger.covering(29_900 * S, 30_000 * S)) == 10


def test_processes_that_come_and_go_all_day_take_the_room_of_their_program() -> None:
    shell = row(2, "sh")
    days = Days(shell)
    for pid in range(100, 1100):
        first_s = 1.0 if pid % 2 else 0.01
        days.later(10, shell, row(pid, "cc", 1.5, parent=2), row(pid + 1, "cc", first_s, parent=2))
    assert max(len(each.used) for each in days.ledger.covering(0, 10_000 * S)) <= 4
    compiler = days.named(0, 10_000)["cc"]
    assert compiler.processes == 1001
    assert compiler.cpu_percent == pytest.approx(14.96)


LIVES = st.lists(
    st.tuples(st.integers(0, 79), st.integers(1, 40), st.booleans(), st.sampled_from((1.0, 0.0005))),
    max_size=30,
)


@given(LIVES)
def test_each_process_counts_once_however_they_come_and_go(lives: list[tuple[int, int, bool, float]]) -> None:
    shell = row(2, "sh")
    days = Days(shell)
    for step in range(80):
        alive = [
            ProcessRow(pid, 1.0, "cc", 2, first_s + age, 0.5 * has_children * age, 0, 0, (), 0)
            for pid, (begin, length, has_children, first_s) in enumerate(lives, 100)
            if 0 <= (age := step - begin) < length
        ]
        days.later(10, shell, *alive)
    compiler = days.named(0, 800).get("cc")
    # Who did next to nothing at first is known from when on it did more.
    kept_s = [
        (first_s == 1.0) + (1 + 0.5 * has_children) * (min(length, 80 - begin) - 1)
        for begin, length, has_children, first_s in lives
    ]
    assert (compiler.processes if compiler else 0) == sum(each > 0 for each in kept_s)
    assert ((compiler.cpu_percent or 0.0) if compiler else 0.0) == pytest.approx(sum(kept_s) / 8)


def test_who_was_not_read_is_not_taken_for_gone() -> None:
    shell = row(2, "sh")

    def compilers(used_s: float, other_used_s: float) -> tuple[ProcessRow, ...]:
        return row(100, "cc", used_s, parent=2), row(101, "cc", other_used_s, parent=2)

    days = Days(shell, *compilers(0.0, 0.0))
    days.later(10, shell, *compilers(5.0, 6.0))
    for _table in range(60):
        days.later(10, shell, complete=False)
    days.later(10, shell, *compilers(5.0, 6.0))
    days.later(10, shell, *compilers(9.0, 6.0))
    assert days.named(0, 630)["cc"].processes == 2


def test_programs_that_come_and_go_are_forgotten() -> None:
    init = row(1, "init", parent=0)
    days = Days(init)
    for number in range(1, 200):
        make, pid = row(100 * number, "make", 1.0), 100 * number + 1
        days.later(10, init, make, row(pid, "cc", 4.0, make.pid))
    intervals = days.ledger.covering(0, 2_000 * S)
    assert max(len(each.usual) for each in intervals) <= 2


def test_of_old_times_only_what_did_something_all_the_time_is_known_as_usual() -> None:
    names = [f"p{pid}" for pid in range(10, 20)]
    days = Days(row(7, "steady"))
    for number in range(1, 500):
        rest = (row(pid, name, 0.05 * number) for pid, name in enumerate(names, 10))
        days.later(10, row(7, "steady", 4.0 * number), *rest)
    intervals = days.ledger.covering(0, 4_990 * S)
    assert len(intervals[-1].usual) == 11
    assert max(len(each.usual) for each in intervals[2:] if each.seconds > 10) == 1
    assert (days.named(600, 4_000)["steady"].cpu_over_percent or 0) < 0.01
    assert all((days.named(600, 4_000)[name].cpu_over_percent or 0) < 1 for name in names)


def test_of_a_storm_of_processes_only_the_foremost_are_kept_and_the_sum_of_the_rest() -> None:
    rows = [row(pid, f"p{pid}") for pid in range(1, 500)]
    days = Days(*rows)
    days.later(100, *(row(each.pid, each.name, each.pid / 100, io=10**6 * (each.pid == 3)) for each in rows))
    span = days.ledger.span(0, 100 * S)
    assert len(span.programs) <= 3 * MOST
    assert {"p499", "p498", "p3"} <= {each.name for each in span.programs}
    assert round(sum((each.cpu_percent or 0) for each in span.programs) + span.rest_cpu_s) == 1248


AMOUNTS = st.floats(0, 1e6)


@given(
    st.lists(st.tuples(st.floats(0, 20), AMOUNTS, st.integers(0, 10**12), st.booleans()), max_size=12),
    st.floats(1e-3, 60),
)
def test_whatever_the_figures_none_is_negative_or_beyond_the_machine(
    steps: list[tuple[float, float, int, bool]], length_s: float
) -> None:
    days = Days(row(7, "a"))
    for seconds, cpu_s, io, learn in steps:
        days.later(seconds, row(7, "a", cpu_s, io=io), learn=learn)
    for program in (*days.named(0, 1e3).values(), *days.named(0, 1e3, length_s).values()):
        assert 0 <= (program.cpu_percent or 0) <= 200 + 1e-6
        assert (program.cpu_over_percent or 0) >= 0
        assert (program.io_over_bytes_per_s or 0) >= 0
