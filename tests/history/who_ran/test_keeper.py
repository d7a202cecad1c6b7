"""Which tables become a sample, and what it says: programs with their count and unit, no secrets."""

from collections.abc import Callable

import pytest

from aios_gui.alerts.diagnosis.processes import Refused
from aios_gui.alerts.diagnosis.system_evidence import Counters
from aios_gui.alerts.diagnosis.tables import Tables
from aios_gui.alerts.model.processes import OWN_NAME, ProcessRow, ProcessTable
from aios_gui.history.who_ran.keeper import WhoRanKeeper
from aios_gui.history.who_ran.model import Pace, Ran, WhoRan
from tests.fakes import WALL, S

MB = 1 << 20


class Machine:
    """Processes whose counters a test sets; every table is ten seconds after the one before."""

    def __init__(self, keep_lines: bool = False) -> None:
        self.now_ns = 0
        self.rows: dict[int, ProcessRow] = {}
        self.growing: dict[str, float] = {"busy_s": 0.0, "total_s": 0.0, "io_stalled_us": 0.0}
        self.complete = True
        self.kept: list[WhoRan] = []
        self.lines: dict[int, tuple[str, ...]] = {}
        keeper = WhoRanKeeper(
            self.kept.append,
            lambda: keep_lines,
            self._arguments,
            lambda pid: f"unit-{pid}.scope",
            lambda: self.now_ns + 2 * S,
            lambda: WALL + self.now_ns + 2 * S,
        )
        self.tables = Tables(self, self, 2, 1, lambda: self.now_ns, keeper.take)  # type: ignore[arg-type]

    def _arguments(self, pid: int) -> tuple[str, ...]:
        if pid not in self.lines:
            raise Refused("denied")
        return self.lines[pid]

    def table(self, _deadline_ns: int) -> ProcessTable:
        return ProcessTable(self.now_ns, dict(self.rows), complete=self.complete)

    def counters(self, _thorough: bool) -> Counters:
        return Counters(self.now_ns, dict(self.growing))

    def put(
        self, pid: int, name: str, cpu_s: float, parent: int = 0, memory: int = MB, io: int | None = 0
    ) -> None:
        before = self.rows.get(pid, ProcessRow(pid, 1.0, name, 0, 0.0, 0.0, 0, 0))
        read = None if io is None else (before.io_bytes or 0) + io
        self.rows[pid] = ProcessRow(pid, 1.0, name, parent, (before.cpu_s or 0.0) + cpu_s, 0.0, memory, read)

    def pass_10_s(self, busy: float = 0.1, io_stalled_s: float = 0.0, stalled: bool = False) -> None:
        self.now_ns += 10 * S
        self.growing["busy_s"] += 20 * busy
        self.growing["total_s"] += 20
        self.growing["io_stalled_us"] += io_stalled_s * 1e6
        self.tables.take(2**62, learn=not stalled)


def ran(machine: Machine, name: str) -> Ran:
    (found,) = (each for each in machine.kept[-1].programs if each.name == name)
    return found


def test_one_sample_a_minute_while_nothing_happens() -> None:
    machine = Machine()
    machine.put(9, "bash", 0)
    for _table in range(14):
        machine.pass_10_s()
    assert [each.wall_ns - WALL for each in machine.kept] == [20 * S, 80 * S, 140 * S]
    assert [each.seconds for each in machine.kept] == [10, 60, 60]


@pytest.mark.parametrize(
    "strain",
    [
        lambda m: m.pass_10_s(busy=0.9),
        lambda m: m.pass_10_s(io_stalled_s=3),
        lambda m: m.pass_10_s(stalled=True),
    ],
)
def test_each_table_is_a_sample_while_the_machine_is_strained_or_stalls(
    strain: Callable[[Machine], None],
) -> None:
    machine = Machine()
    for _table in range(3):
        machine.pass_10_s()
    assert len(machine.kept) == 1
    for _table in range(3):
        strain(machine)
    assert [each.wall_ns - WALL for each in machine.kept] == [20 * S, 40 * S, 50 * S, 60 * S]
    machine.pass_10_s()
    assert len(machine.kept) == 4


def test_of_a_machine_that_is_always_strained_there_are_at_most_two_a_minute_in_the_long_run() -> None:
    pace = Pace()
    kept = [second for second in range(0, 8 * 3600, 10) if pace.is_due(second * S, True)]
    assert kept[:60] == list(range(0, 600, 10))
    in_the_last_hour = [each for each in kept if each >= 7 * 3600]
    assert 60 <= len(in_the_last_hour) <= 120


def test_a_stall_soon_after_a_sample_has_the_next_table_kept() -> None:
    machine = Machine()
    for _table in range(2):
        machine.pass_10_s()
    machine.now_ns -= 8 * S
    machine.pass_10_s(stalled=True)
    assert len(machine.kept) == 1
    machine.pass_10_s()
    assert [each.wall_ns - WALL for each in machine.kept] == [20 * S, 32 * S]


def test_the_foremost_by_cpu_by_memory_and_by_data_are_kept_as_programs() -> None:
    machine = Machine()
    machine.put(1, "python3", 0)
    machine.put(5, "bash", 0, parent=4)
    for pid in range(100, 110):
        machine.put(pid, f"small{pid}", 0)
    machine.pass_10_s()
    machine.put(20, "cargo", 4, parent=5, memory=50 * MB)
    machine.put(21, "cargo", 1, parent=20, memory=10 * MB)
    machine.put(30, "idle", 0, parent=5, memory=900 * MB, io=None)
    machine.put(31, "rsync", 0.1, parent=5, io=50 * MB)
    machine.put(1, "python3", 0.5, memory=2 * MB)
    machine.pass_10_s()
    names = [each.name for each in machine.kept[-1].programs]
    assert names[:3] == ["cargo", OWN_NAME, "rsync"]
    assert "idle" in names
    assert len(names) <= 15
    assert ran(machine, "cargo") == Ran("cargo", 20, "bash", "unit-20.scope", 2, 50.0, 60 * MB, 0.0)
    idle = ran(machine, "idle")
    assert (idle.cpu_percent, idle.memory_bytes, idle.io_bytes_per_s) == (0.0, 900 * MB, None)
    assert ran(machine, "rsync").io_bytes_per_s == pytest.approx(5 * MB)


def test_command_lines_are_kept_only_where_set_and_without_secrets() -> None:
    for keep_lines in (False, True):
        machine = Machine(keep_lines)
        machine.lines = {20: ("mysql", "--password=hunter2", "shop")}
        machine.pass_10_s()
        machine.put(20, "mysql", 4)
        machine.put(21, "other", 4)
        machine.pass_10_s()
        assert ran(machine, "mysql").command_line == ("mysql --password=*** shop" if keep_lines else "")
        assert ran(machine, "other").command_line == ""


def test_a_table_that_was_cut_off_is_no_sample() -> None:
    machine = Machine()
    machine.pass_10_s()
    machine.complete = False
    machine.pass_10_s()
    assert machine.kept == []


def test_names_are_made_harmless() -> None:
    machine = Machine()
    machine.pass_10_s()
    machine.put(20, "a\x1b[31m\nb" + "x" * 300, 4)
    machine.pass_10_s()
    (found,) = machine.kept[-1].programs
    assert found.name.isprintable()
    assert len(found.name) <= 60
