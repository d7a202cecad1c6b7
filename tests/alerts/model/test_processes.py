"""Two process tables compared: whatever comes, goes, or goes backwards, no figure is negative or beyond the machine."""

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.processes import ProcessRow, ProcessTable, Usage, family, usages

S = 1_000_000_000


def table(at_s: float, *rows: ProcessRow, complete: bool = True) -> ProcessTable:
    return ProcessTable(round(at_s * S), {row.pid: row for row in rows}, complete=complete)


def row(
    pid: int, cpu_s: float | None = 0.0, name: str = "make", parent: int = 1, **more: object
) -> ProcessRow:
    figures: dict[str, object] = {
        "ended_children_s": 0.0,
        "io_bytes": 0,
        "hard_faults": 0,
        "ended_children_io_bytes": 0,
        **more,
    }
    return ProcessRow(pid, 1.0, name, parent, cpu_s, **figures)  # type: ignore[arg-type]


def test_cpu_memory_data_and_pages_are_what_grew_in_between() -> None:
    before = table(0, row(7, 10.0, memory_bytes=100, io_bytes=1_000, hard_faults=1))
    after = table(2, row(7, 11.0, memory_bytes=150, io_bytes=5_000, hard_faults=4))
    (usage,) = usages(before, after, 2)
    assert (usage.cpu_s, usage.grown_bytes, usage.io_bytes, usage.hard_faults) == (1.0, 50, 4_000, 3)
    assert not usage.is_new


def test_what_did_nothing_is_left_out() -> None:
    assert usages(table(0, row(7, 3.0)), table(1, row(7, 3.0)), 2) == []


def test_what_was_not_there_before_began_with_nothing() -> None:
    (usage,) = usages(table(0), table(1, row(7, 0.5, memory_bytes=10)), 2)
    assert usage.is_new
    assert (usage.cpu_s, usage.grown_bytes) == (0.5, 10)


def test_where_the_first_table_has_an_end_it_is_not_known_what_is_new() -> None:
    assert usages(table(0, complete=False), table(1, row(7, 500.0)), 2) == []


def test_another_process_with_the_same_number_is_a_new_one() -> None:
    before = table(0, ProcessRow(7, 1.0, "make", 1, 90.0))
    (usage,) = usages(before, table(1, ProcessRow(7, 2.0, "make", 1, 0.25)), 2)
    assert usage.is_new
    assert usage.cpu_s == 0.25


def test_a_child_that_ended_did_what_its_parent_waited_for() -> None:
    before = table(0, row(7, name="sh"), row(8, 3.0, "cc1", 7, io_bytes=10))
    after = table(2, row(7, 0.1, "sh", ended_children_s=4.5, ended_children_io_bytes=90))
    own, child = usages(before, after, 2)
    assert (own.row.name, own.cpu_s, own.io_bytes) == ("sh", 0.1, 0)
    # Of four and a half seconds three were used before.
    assert (child.row.name, child.cpu_s, child.io_bytes, child.gone, child.parent_name) == (
        "cc1",
        1.5,
        80,
        True,
        "sh",
    )


def test_children_that_came_and_went_unseen_are_told_of_their_parent() -> None:
    own, children = usages(table(0, row(7, name="sh")), table(1, row(7, name="sh", ended_children_s=0.9)), 2)
    assert own.cpu_s == 0.0
    assert (children.row.pid, children.cpu_s, children.ended_children, children.gone) == (7, 0.9, True, False)


def test_a_whole_family_that_ended_counts_to_who_is_left() -> None:
    before = table(0, row(5, name="top"), row(7, 1.0, "sh", 5), row(8, 3.0, "cc1", 7))
    after = table(2, row(5, name="top", ended_children_s=5.0))
    found = usages(before, after, 2)
    # Four of five seconds are from before; two names ended, so that it is not known which of them it was.
    assert [(each.row.name, each.cpu_s, each.ended_children) for each in found] == [
        ("top", 0.0, False),
        ("top", 1.0, True),
    ]


def test_who_had_long_done_nothing_when_it_ended_did_not_do_it() -> None:
    before = table(0, row(7, name="sh"), row(8, 3.0, "cc1", 7))
    after = table(2, row(7, name="sh", ended_children_s=4.5))
    for active, name, ended_children in ((frozenset((8,)), "cc1", False), (frozenset((7,)), "sh", True)):
        _own, child = usages(before, after, 2, active)
        assert (child.row.name, child.cpu_s, child.ended_children) == (name, 1.5, ended_children)


def test_what_was_not_read_for_a_while_may_have_used_more_than_fits_between_the_tables() -> None:
    rows = {7: row(7, name="sh"), 8: row(8, 1.0, "cc1", 7)}
    before = ProcessTable(8 * S, rows, stale={8: 2 * S})
    _own, child = usages(before, table(9, row(7, name="sh", ended_children_s=14.0)), 2)
    assert (child.cpu_s, child.since_ns) == (13.0, 2 * S)
    _own, child = usages(before, table(9, row(7, name="sh", ended_children_s=50.0)), 2)
    assert child.cpu_s == 14.0, "two cores for seven seconds"


def test_a_counter_that_went_back_tells_nothing() -> None:
    before = table(0, row(7, 9.0, io_bytes=900))
    (usage,) = usages(before, table(1, row(7, 1.0, io_bytes=1)), 2)
    assert usage.cpu_s is None
    assert usage.io_bytes is None


def test_no_time_between_two_tables_tells_nothing() -> None:
    assert usages(table(1, row(7, 1.0)), table(1, row(7, 2.0)), 2) == []


def test_a_program_is_what_the_same_process_started_and_init_starts_each_alone() -> None:
    tables = [
        table(
            at,
            row(2, name="bash"),
            *(row(pid, at, "python3", parent) for pid, parent in ((7, 2), (8, 7), (9, 2), (10, 1))),
        )
        for at in (0, 1)
    ]
    keys = {each.row.pid: each.key for each in usages(tables[0], tables[1], 9)}
    assert keys[7] == keys[8] == keys[9] == ("python3", 2)
    assert keys[10] == ("python3", 10)


def test_a_family_is_all_that_a_process_has_started() -> None:
    assert family({2: 1, 3: 2, 4: 3, 5: 1, 6: 6}, 2) == {2, 3, 4}
    # Not one that says it started itself, in a circle with another.
    assert family({8: 9, 9: 8}, 2) == {2}


ROWS = st.builds(
    ProcessRow,
    st.integers(1, 6),
    st.sampled_from([1.0, 2.0]),
    st.sampled_from(["make", "cc1", ""]),
    st.integers(0, 6),
    st.none() | st.floats(0, 100),
    st.none() | st.floats(0, 100),
    st.none() | st.integers(0, 1_000),
    st.none() | st.integers(0, 1_000),
    st.just(()),
    st.none() | st.integers(0, 1_000),
    st.booleans(),
    st.none() | st.integers(0, 1_000),
    st.none() | st.integers(0, 1_000),
)
TABLES = st.lists(ROWS, max_size=6)


@given(TABLES, TABLES, st.booleans(), st.floats(-1, 10), st.integers(1, 64))
def test_no_figure_is_negative_or_beyond_the_machine(
    first: list[ProcessRow], second: list[ProcessRow], complete: bool, seconds: float, cores: int
) -> None:
    for usage in usages(table(0, *first, complete=complete), table(seconds, *second), cores):
        assert isinstance(usage, Usage)
        assert usage.cpu_s is None or 0 <= usage.cpu_s <= seconds * cores + 1e-6
        assert usage.io_bytes is None or usage.io_bytes >= 0
        assert usage.hard_faults is None or usage.hard_faults >= 0
