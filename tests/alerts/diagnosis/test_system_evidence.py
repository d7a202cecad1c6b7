"""What the machine tells: rates between two looks, and silence about what it does not tell."""

from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import psutil
import pytest

from aios_gui.alerts.diagnosis.system_evidence import Counters, SystemEvidence, grown, rates
from tests.fakes import S


class Times(NamedTuple):
    """CPU as psutil tells it on Windows."""

    user: float
    system: float
    idle: float
    interrupt: float
    dpc: float


class Machine:
    """Counters that go on as told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "pressure").mkdir()
        self.times = [10.0, 0, 5.0, 80.0, 5.0, 0, 0, 1.0, 3.0, 0]
        self.at_s = 1.0
        self.stand(0, 0, 100)

    def stand(self, stalled_us: int, faults: int, switches: int) -> None:
        line = f"some avg10=12.50 avg60=0.00 avg300=0.00 total={stalled_us}\nfull avg10=0.00 total=0\n"
        for name in ("cpu", "memory"):
            (self.folder / "pressure" / name).write_text(line)
        (self.folder / "vmstat").write_text(f"pgmajfault {faults}\npswpin 0\nodd\n")
        self.switches = switches

    def cpu_times(self) -> object:
        names = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal", "guest", "guest_nice")
        return type("Times", (tuple,), dict(zip(names, self.times, strict=True)))(self.times)

    def cpu_stats(self) -> object:
        return SimpleNamespace(ctx_switches=self.switches)

    def now_ns(self) -> int:
        return round(self.at_s * S)


def test_rates_and_shares_are_of_the_time_between(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    evidence = SystemEvidence(tmp_path, machine, machine.now_ns)
    before = evidence.counters()
    machine.at_s = 3.0
    machine.times = [12.0, 0, 5.0, 80.5, 5.5, 0, 0, 2.0, 3.0, 0]
    machine.stand(1_000_000, 40, 300)
    after = evidence.counters()
    found = after.standing | rates(grown(before, after), 2.0)
    assert found["busy_percent"] == 75.0
    assert found["steal_percent"] == 25.0
    assert found["cpu_pressure_percent"] == 50.0
    assert found["memory_pressure_10s_percent"] == 12.5
    assert found["major_faults_per_s"] == 20
    assert found["switches_per_s"] == 100
    assert "io_pressure_percent" not in found


def test_windows_tells_of_interrupts_and_of_the_queue_at_its_disks() -> None:
    class Windows:
        """As psutil has it there: CPU in seconds, disk times in milliseconds."""

        at_s, busy_s, waited_ms = 1.0, 0.0, 0

        def cpu_times(self) -> object:
            return Times(self.busy_s, 5.0, 80.0, self.busy_s / 4, self.busy_s / 4)

        def disk_io_counters(self) -> object:
            return SimpleNamespace(read_time=self.waited_ms, write_time=self.waited_ms)

    machine = Windows()
    evidence = SystemEvidence(None, machine, lambda: round(machine.at_s * S))
    evidence._folder = None
    before = evidence.counters()
    machine.at_s, machine.busy_s, machine.waited_ms = 3.0, 2.0, 3_000
    found = rates(grown(before, evidence.counters()), 2.0)
    assert found["interrupts_percent"] == pytest.approx(100 / 3, abs=0.1)
    assert found["disk_queue"] == 3.0
    assert "disk_waited_s" not in evidence.counters(thorough=False).growing


def test_what_went_back_or_was_not_there_is_left_out() -> None:
    before = Counters(S, {"switches": 500.0, "busy_s": 4.0, "total_s": 9.0})
    after = Counters(2 * S, {"switches": 1.0, "busy_s": 1.0, "total_s": 2.0, "major_faults": 7.0})
    assert grown(before, after) == {}
    assert rates({}, 1.0) == {}
    assert rates({"switches": 8.0}, 0.0) == {}


def test_pages_are_only_counted_where_it_is_to_be_thorough(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    evidence = SystemEvidence(tmp_path, machine, machine.now_ns)
    assert "major_faults" in evidence.counters().growing
    assert "major_faults" not in evidence.counters(thorough=False).growing


def test_a_machine_that_tells_nothing_is_no_error(tmp_path: Path) -> None:
    class Silent:
        def cpu_times(self) -> object:
            raise psutil.AccessDenied

        def cpu_stats(self) -> object:
            raise RuntimeError("no query")

    found = SystemEvidence(tmp_path, Silent(), lambda: 1).counters()
    assert (found.growing, found.standing) == ({}, {})


def test_the_real_machine_tells_how_busy_it_is() -> None:
    evidence = SystemEvidence()
    before = evidence.counters()
    after = evidence.counters()
    assert after.growing["total_s"] >= before.growing["total_s"]
    assert "switches" in after.growing
