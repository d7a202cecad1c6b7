"""Who came and went where only init waited: the unit that used more than its processes account for."""

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.ledger import Ledger
from aios_gui.alerts.model.processes import ProcessRow, ProcessTable, Usage
from aios_gui.alerts.model.units import Unit, named_by_units
from tests.fakes import S

INIT = ProcessRow(1, 1.0, "systemd")
ENDED = Usage(INIT, 2.0, is_new=True, ended_children=True)


def of(pid: int, cpu_s: float) -> Usage:
    return Usage(ProcessRow(pid, 1.0, f"program{pid}"), cpu_s)


def test_the_unit_that_used_more_than_its_processes_is_named() -> None:
    units = (Unit("busy.service", 3.0, 0, frozenset((7,))), Unit("backup.service", 2.1, 0, frozenset((8,))))
    named = named_by_units([of(7, 2.9), of(8, 0.1), ENDED], units)
    assert [each.row.name for each in named] == ["program7", "program8", "backup.service"]
    assert (named[2].parent_name, named[2].cpu_s, named[2].ended_children) == ("systemd", 2.0, True)


def test_where_no_unit_misses_as_much_it_stays_with_init() -> None:
    busy = (Unit("busy.service", 3.0, 0, frozenset((7,))),)
    for units in ((), busy, (Unit("small.service", 0.9),)):
        assert named_by_units([of(7, 2.9), ENDED], units)[1] is ENDED
    little = Usage(INIT, 0.01, is_new=True, ended_children=True)
    assert named_by_units([little], (Unit("a.service", 1.0),)) == [little]


def test_what_a_shell_has_waited_for_is_the_shells() -> None:
    shell = Usage(ProcessRow(5, 1.0, "bash"), 2.0, ended_children=True)
    assert named_by_units([shell], (Unit("a.service", 2.0),)) == [shell]


@given(
    st.integers(0, 4),
    st.lists(st.floats(0, 5), min_size=5, max_size=5),
    st.floats(0.1, 10),
    st.floats(0, 0.2),
)
def test_whoever_came_and_went_is_found_among_units_that_stay_as_busy_as_they_are(
    culprit: int, busy_s: list[float], burst_s: float, off: float
) -> None:
    used = [of(pid, cpu_s) for pid, cpu_s in enumerate(busy_s, 10)]
    ended = Usage(INIT, burst_s, is_new=True, ended_children=True)
    units = tuple(
        Unit(
            f"unit{number}.service",
            cpu_s + (burst_s * (1 - off) if number == culprit else 0.0),
            0,
            frozenset((10 + number,)),
        )
        for number, cpu_s in enumerate(busy_s)
    )
    assert named_by_units([*used, ended], units)[-1].row.name == f"unit{culprit}.service"


def test_two_units_in_two_spans_are_two_programs() -> None:
    ledger = Ledger(2)
    for second, unit in enumerate(("", "one.service", "other.service")):
        init = ProcessRow(1, 1.0, "systemd", 0, 0.0, 2.0 * second, 0, 0, (), 0)
        table = ProcessTable(second * S, {1: init})
        ledger.add(table, units=(Unit(unit, 2.0),) if unit else ())
    programs = {each.name: each.cpu_percent for each in ledger.span(0, 2 * S).programs}
    assert programs["one.service"] == programs["other.service"] == 100.0
