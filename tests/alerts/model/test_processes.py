"""Two process tables compared: whatever comes, goes, or goes backwards, no figure is negative or beyond the machine."""

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.processes import ProcessRow, ProcessTable, Usage, family, programs, usages

S = 1_000_000_000


def table(at_s: float, *rows: ProcessRow, complete: bool = True) -> ProcessTable:
    return ProcessTable(round(at_s * S), {row.pid: row for row in rows}, complete=complete)


def row(pid: int, cpu_s: float | None = 0.0, name: str = "make", **more: object) -> ProcessRow:
    return ProcessRow(pid, 1.0, name, 1, cpu_s, **more)  # type: ignore[arg-type]


def by_pid(found: list[Usage]) -> dict[int, Usage]:
    return {each.row.pid: each for each in found}


def test_cpu_memory_and_data_are_what_grew_in_between() -> None:
    before = table(0, row(7, 10.0, memory_bytes=100, io_bytes=1_000))
    after = table(2, row(7, 11.0, memory_bytes=150, io_bytes=5_000))
    (usage,) = usages(before, after, 2)
    assert (usage.cpu_percent, usage.grown_bytes, usage.io_bytes_per_s) == (50.0, 50, 2_000.0)
    assert not usage.is_new


def test_what_was_not_there_before_began_with_nothing() -> None:
    (usage,) = usages(table(0), table(1, row(7, 0.5, memory_bytes=10)), 2)
    assert usage.is_new
    assert (usage.cpu_percent, usage.grown_bytes) == (50.0, 10)


def test_where_the_first_table_has_an_end_nobody_knows_what_is_new() -> None:
    (usage,) = usages(table(0, complete=False), table(1, row(7, 500.0)), 2)
    assert not usage.is_new
    assert usage.cpu_percent is None


def test_another_process_with_the_same_number_is_a_new_one() -> None:
    before = table(0, ProcessRow(7, 1.0, "make", 1, 90.0))
    (usage,) = usages(before, table(1, ProcessRow(7, 2.0, "make", 1, 0.25)), 2)
    assert usage.is_new
    assert usage.cpu_percent == 25.0


def test_children_that_came_and_went_count_to_who_waited_for_them() -> None:
    before = table(0, row(7, 1.0, ended_children_s=5.0), ProcessRow(8, 1.0, "cc1", 7, 3.0, 0.0))
    after = table(2, row(7, 1.0, ended_children_s=9.0))
    (usage,) = usages(before, after, 2)
    # Four seconds of children, three of which the one that ended had used before.
    assert usage.cpu_percent == 50.0


def test_a_counter_that_went_back_tells_nothing() -> None:
    before = table(0, row(7, 9.0, io_bytes=900))
    (usage,) = usages(before, table(1, row(7, 1.0, io_bytes=1)), 2)
    assert usage.cpu_percent is None
    assert usage.io_bytes_per_s is None


def test_no_time_between_two_tables_tells_nothing() -> None:
    (usage,) = usages(table(1, row(7, 1.0)), table(1, row(7, 2.0)), 2)
    assert usage.cpu_percent is None


def test_programs_are_the_processes_of_one_name() -> None:
    found = usages(
        table(0, row(7, 0.0), row(8, 0.0)), table(1, row(7, 0.5), row(8, 0.75), row(9, 0, "vi")), 2
    )
    made = {each.name: each for each in programs(found)}
    assert made["make"].cpu_percent == 125.0
    assert made["make"].processes == 2
    assert made["make"].foremost.row.pid == 8
    assert made["make"].memory_bytes is None
    assert made["vi"].is_new


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
)
TABLES = st.lists(ROWS, max_size=6)


@given(TABLES, TABLES, st.booleans(), st.floats(-1, 10), st.integers(1, 64))
def test_no_figure_is_negative_or_beyond_the_machine(
    first: list[ProcessRow], second: list[ProcessRow], complete: bool, seconds: float, cores: int
) -> None:
    found = usages(table(0, *first, complete=complete), table(seconds, *second), cores)
    assert len(found) == len({each.pid for each in second})
    for usage in found:
        assert usage.cpu_percent is None or 0 <= usage.cpu_percent <= 100 * cores + 1e-6
        assert usage.io_bytes_per_s is None or usage.io_bytes_per_s >= 0
    assert sum(each.processes for each in programs(found)) == len(found)
