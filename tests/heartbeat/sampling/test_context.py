"""The context sample: whatever the system refuses is missing alone, and no rate is ever negative."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import psutil
import pytest

from aios_gui.heartbeat.sampling.context import ContextSampler

S = 1_000_000_000

T = TypeVar("T")


class Machine:
    """Counters as psutil gives them; ``refused`` maps a name to what asking for it raises."""

    def __init__(self) -> None:
        self.refused: dict[str, Exception] = {}
        self.disk: Any = SimpleNamespace(read_bytes=1_000, write_bytes=2_000)
        self.disks: Any = {}
        self.network: Any = SimpleNamespace(bytes_recv=10, bytes_sent=20)
        self.cpu_s = 1.0
        self.stalled_ns: dict[str, int] = {}

    def _ask(self, name: str, answer: T) -> T:
        if name in self.refused:
            raise self.refused[name]
        return answer

    def Process(self) -> "Machine":
        return self._ask("process", self)

    def cpu_times(self) -> tuple[float, ...]:
        return self._ask("cpu_times", (self.cpu_s, 0.5, 99.0, 99.0))

    def memory_info(self) -> Any:
        return self._ask("memory_info", SimpleNamespace(rss=25_000_000))

    def num_threads(self) -> int:
        return self._ask("num_threads", 4)

    def virtual_memory(self) -> Any:
        return self._ask("virtual_memory", SimpleNamespace(total=100_000_000))

    def swap_memory(self) -> Any:
        return self._ask("swap_memory", SimpleNamespace(percent=12))

    def disk_usage(self, folder: str) -> Any:
        assert folder == "records"
        return self._ask("disk_usage", SimpleNamespace(percent=60.5))

    def disk_io_counters(self, perdisk: bool = False, nowrap: bool = True) -> Any:
        return self._ask("disks", self.disks) if perdisk else self._ask("disk", self.disk)

    def net_io_counters(self) -> Any:
        return self._ask("network", self.network)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def now() -> list[int]:
    return [0]


@pytest.fixture
def sampler(machine: Machine, now: list[int]) -> ContextSampler:
    return ContextSampler(machine, lambda: now[0], lambda: Path("records"), lambda: machine.stalled_ns)


def test_rates_are_over_the_time_since_the_sample_before(
    sampler: ContextSampler, machine: Machine, now: list[int]
) -> None:
    first = sampler.take(7)
    assert (first.wall_ns, first.own_memory_bytes, first.own_threads) == (7, 25_000_000, 4)
    assert (first.swap_percent, first.own_memory_percent) == (12.0, 25.0)
    assert first.disk_free_percent == 39.5
    assert first.own_cpu_percent is first.disk_read_bytes_per_s is None
    now[0] += 10 * S
    machine.disk = SimpleNamespace(read_bytes=6_000, write_bytes=2_000)
    machine.network = SimpleNamespace(bytes_recv=110, bytes_sent=20)
    machine.cpu_s += 0.01
    second = sampler.take(8)
    assert second.disk_read_bytes_per_s == 500
    assert second.disk_written_bytes_per_s == 0
    assert second.network_received_bytes_per_s == 10
    assert second.own_cpu_percent == pytest.approx(0.1)


@pytest.mark.parametrize(
    "after",
    [SimpleNamespace(read_bytes=5, write_bytes=5), None, SimpleNamespace(read_bytes=0, write_bytes=0)],
)
def test_a_counter_that_went_back_is_a_gap_once(
    sampler: ContextSampler, machine: Machine, now: list[int], after: Any
) -> None:
    sampler.take(0)
    now[0] += S
    machine.disk = after
    assert sampler.take(1).disk_read_bytes_per_s is None
    now[0] += S
    machine.disk = SimpleNamespace(read_bytes=105, write_bytes=105)
    third = sampler.take(2).disk_read_bytes_per_s
    assert third is None if after is None else third == 105 - after.read_bytes


@pytest.mark.parametrize(
    "error",
    [
        psutil.AccessDenied(1),
        psutil.NoSuchProcess(1),
        OSError("gone"),
        RuntimeError("no"),
        NotImplementedError(),
        KeyError("sda1"),
        IndexError("field"),
    ],
)
@pytest.mark.parametrize(
    "name",
    [
        "process",
        "cpu_times",
        "memory_info",
        "num_threads",
        "virtual_memory",
        "swap_memory",
        "disk",
        "disks",
        "disk_usage",
    ],
)
def test_what_is_refused_is_missing_alone_and_logged_once(
    sampler: ContextSampler,
    machine: Machine,
    now: list[int],
    name: str,
    error: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    machine.refused[name] = error
    sample = sampler.take(now[0])
    for _ in range(2):
        now[0] += S
        machine.network.bytes_recv += 100
        sample = sampler.take(now[0])
    assert sample.network_received_bytes_per_s == 100
    missing = {
        "process": sample.own_memory_bytes,
        "cpu_times": sample.own_cpu_percent,
        "memory_info": sample.own_memory_bytes,
        "num_threads": sample.own_threads,
        "virtual_memory": sample.memory_total_bytes,
        "swap_memory": sample.swap_percent,
        "disk": sample.disk_read_bytes_per_s,
        "disks": sample.disk_busy_percent,
        "disk_usage": sample.disk_free_percent,
    }
    assert missing[name] is None
    assert sum("does not tell" in record.message for record in caplog.records) <= 4


def test_stalled_time_is_a_share_of_the_time_since_the_sample_before(
    sampler: ContextSampler, machine: Machine, now: list[int]
) -> None:
    machine.stalled_ns = {"cpu": 5 * S, "io": S}
    assert sampler.take(0).cpu_stalled_percent is None
    now[0] += 10 * S
    machine.stalled_ns = {"cpu": 8 * S, "io": S}
    sample = sampler.take(1)
    assert (sample.cpu_stalled_percent, sample.io_stalled_percent) == (pytest.approx(30.0), 0.0)
    assert sample.memory_stalled_percent is None
    machine.stalled_ns = {"cpu": 20 * S, "io": S}
    now[0] += 10 * S
    assert sampler.take(2).cpu_stalled_percent == 100.0, "no more than all of the time"


def busy(**milliseconds: int) -> dict[str, Any]:
    return {name: SimpleNamespace(busy_time=value) for name, value in milliseconds.items()}


def test_the_busiest_disk_tells_how_long_it_was_at_work(
    sampler: ContextSampler, machine: Machine, now: list[int]
) -> None:
    machine.disks = busy(sda=5_000, nvme0n1=100, loop3=0)
    assert sampler.take(0).disk_busy_percent is None
    now[0] += 10 * S
    machine.disks = busy(sda=5_500, nvme0n1=9_600, loop3=10_000)
    assert sampler.take(1).disk_busy_percent == pytest.approx(95.0)


def test_a_disk_that_was_taken_out_or_put_in_is_not_busy(
    sampler: ContextSampler, machine: Machine, now: list[int]
) -> None:
    machine.disks = busy(sda=1_000, sdb=9_000)
    sampler.take(0)
    now[0] += S
    machine.disks = busy(sda=1_100, sdc=800)
    assert sampler.take(1).disk_busy_percent == pytest.approx(10.0)
    now[0] += S
    machine.disks = busy(sdb=0)
    assert sampler.take(2).disk_busy_percent is None


def test_where_only_reading_and_writing_are_timed_both_at_once_are_no_more_than_all_of_the_time(
    sampler: ContextSampler, machine: Machine, now: list[int]
) -> None:
    machine.disks = {"PhysicalDrive0": SimpleNamespace(read_time=0, write_time=0)}
    sampler.take(0)
    now[0] += S
    machine.disks = {"PhysicalDrive0": SimpleNamespace(read_time=900, write_time=700)}
    assert sampler.take(1).disk_busy_percent == 100.0
    now[0] += S
    machine.disks = {"PhysicalDrive0": SimpleNamespace(read_time=1_100, write_time=800)}
    assert sampler.take(2).disk_busy_percent == pytest.approx(30.0)


@pytest.mark.parametrize("nothing", [None, {}, {"sda": SimpleNamespace()}])
def test_a_system_that_times_no_disk_leaves_it_out(
    sampler: ContextSampler, machine: Machine, now: list[int], nothing: Any
) -> None:
    machine.disks = nothing
    sampler.take(0)
    now[0] += S
    assert sampler.take(1).disk_busy_percent is None


def test_no_time_passed_gives_no_rate(sampler: ContextSampler) -> None:
    sampler.take(0)
    assert sampler.take(0).disk_read_bytes_per_s is None


def test_this_machine_tells_its_own_cost() -> None:
    sample = ContextSampler().take(1)
    assert sample.own_memory_bytes is not None
    assert sample.own_memory_bytes > 1_000_000
    assert sample.own_threads is not None
    assert sample.own_threads >= 1
