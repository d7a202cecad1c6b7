"""The fast sampler of Linux tells what psutil tells, and leaves odd systems to psutil by itself."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aios_gui.heartbeat.model.sampling import Meter, Sampler
from aios_gui.heartbeat.sampling import choose_sampler
from aios_gui.heartbeat.sampling.procfs_sampler import ProcfsSampler, parse_cpu, parse_memory
from aios_gui.heartbeat.sampling.psutil_sampler import PsutilSampler
from tests.fakes import FakeSampler

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux'")

ticks = st.integers(0, 10**11)
counters = st.lists(ticks, min_size=10, max_size=10)
growths = st.lists(st.integers(-50, 10**6), min_size=10, max_size=10)
MEMINFO = """\
MemTotal:       {total} kB
MemFree:        {free} kB
MemAvailable:   {available} kB
Buffers:           12344 kB
Cached:           123456 kB
SwapCached:            0 kB
Active:           234567 kB
Inactive:          34567 kB
Shmem:              1234 kB
Slab:              45678 kB
SReclaimable:      23456 kB
"""


def stat_text(values: list[int]) -> str:
    line = "cpu  " + " ".join(map(str, values)) + "\n"
    return line + line.replace("cpu ", "cpu0") + "intr 123 0 0\nctxt 5\nbtime 1750000000\n"


def write_proc(folder: Path, values: list[int], total: int = 8_000_000, available: int = 4_000_000) -> None:
    (folder / "stat").write_text(stat_text(values))
    (folder / "meminfo").write_text(MEMINFO.format(total=total, free=available // 2, available=available))


@contextmanager
def psutil_reads(folder: Path) -> Iterator[None]:
    before = psutil.PROCFS_PATH
    psutil.PROCFS_PATH = str(folder)
    try:
        yield
    finally:
        psutil.PROCFS_PATH = before


@pytest.fixture(scope="module")
def proc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("proc")


@settings(deadline=None)
@given(first=counters, growth=growths, total=st.integers(1, 2**34), share=st.floats(0.0001, 1))
def test_same_figures_as_psutil_itself(
    proc: Path, first: list[int], growth: list[int], total: int, share: float
) -> None:
    second = [max(0, old + more) for old, more in zip(first, growth, strict=True)]
    available = max(1, int(total * share))
    write_proc(proc, first, total, available)
    with psutil_reads(proc):
        sampler = ProcfsSampler(str(proc))
        meter = Meter(sampler)
        by_psutil = Meter(PsutilSampler())
        psutil.cpu_percent()
        meter.take(keep=True)
        by_psutil.take(keep=True)
        write_proc(proc, second, total, available)
        ours, slow = meter.take(keep=True), by_psutil.take(keep=True)
        assert ours.error == slow.error == ""
        assert ours.cpu_percent == pytest.approx(psutil.cpu_percent(), abs=0.1001)
        assert slow.cpu_percent == pytest.approx(ours.cpu_percent, abs=0.1001)
        assert ours.memory_percent == slow.memory_percent == psutil.virtual_memory().percent
        sampler.close()


def test_the_machine_this_runs_on_is_read_alike() -> None:
    fast, slow = ProcfsSampler(), PsutilSampler()
    try:
        (total_bytes, available_bytes), (psutil_total_bytes, psutil_available_bytes) = (
            sampler.read_memory() for sampler in (fast, slow)
        )
        assert total_bytes == psutil_total_bytes
        assert available_bytes == pytest.approx(psutil_available_bytes, rel=0.2)
        first, second = fast.read_cpu(), slow.read_cpu()
        ticks_a_second = 100
        assert sum(first.busy) / ticks_a_second == pytest.approx(sum(second.busy) / 1e6, rel=0.05)
        assert sum(first.idle) / ticks_a_second == pytest.approx(sum(second.idle) / 1e6, rel=0.05)
        assert sum(fast.read_cpu().busy) >= sum(first.busy)
    finally:
        fast.close()


GOOD_STAT = stat_text([100] * 10)
GOOD_MEMINFO = MEMINFO.format(total=1000, free=100, available=500)
ODD = {
    "no stat": (None, GOOD_MEMINFO),
    "no meminfo": (GOOD_STAT, None),
    "empty stat": ("", GOOD_MEMINFO),
    "empty meminfo": (GOOD_STAT, ""),
    "another first line": ("cpu0 " + GOOD_STAT[5:], GOOD_MEMINFO),
    "too few counters": ("cpu  1 2 3 4\n", GOOD_MEMINFO),
    "words for counters": ("cpu  a b c d e f g h i j\n", GOOD_MEMINFO),
    "a line cut short": ("cpu  1 2 3 4 5 6 7 8", GOOD_MEMINFO),
    "a first line that is too long": ("cpu  " + "1" * 600 + "\n", GOOD_MEMINFO),
    "no MemAvailable": (GOOD_STAT, GOOD_MEMINFO.replace("MemAvailable", "MemUnavailable")),
    "no MemTotal": (GOOD_STAT, GOOD_MEMINFO.replace("MemTotal", "Memory")),
    "more available than there is": (GOOD_STAT, MEMINFO.format(total=1000, free=100, available=2000)),
    "nothing available": (GOOD_STAT, MEMINFO.format(total=1000, free=100, available=0)),
    "no memory": (GOOD_STAT, MEMINFO.format(total=0, free=0, available=0)),
    "negative memory": (GOOD_STAT, MEMINFO.format(total=1000, free=100, available=-5)),
    "another unit": (GOOD_STAT, GOOD_MEMINFO.replace("kB", "MB")),
    "bytes that are no text": ("cpu  \xff\xfe\n", GOOD_MEMINFO),
    "a stat that is a folder": ("/", GOOD_MEMINFO),
}


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_proc_is_left_to_psutil(odd: str, tmp_path: Path) -> None:
    stat, meminfo = ODD[odd]
    if stat == "/":
        (tmp_path / "stat").mkdir()
    elif stat is not None:
        (tmp_path / "stat").write_text(stat, encoding="latin-1")
    if meminfo is not None:
        (tmp_path / "meminfo").write_text(meminfo)
    choice = choose_sampler((lambda: ProcfsSampler(str(tmp_path)), PsutilSampler))
    assert choice.sampler.name == "psutil"
    assert choice.passed_over
    assert choice.sampler.read_memory()[0] > 0


@given(st.binary(max_size=600))
def test_any_bytes_give_counters_or_an_error_that_is_expected(text: bytes) -> None:
    for parse in (parse_cpu, parse_memory):
        try:
            parse(text)
        except ValueError:
            continue


@given(values=st.lists(st.integers(0, 2**63), min_size=8, max_size=12), cut=st.integers(1, 300))
def test_a_line_that_was_cut_is_never_taken_for_whole(values: list[int], cut: int) -> None:
    whole = stat_text(values).partition("\n")[0].encode() + b"\n"
    with pytest.raises(ValueError, match="counters of all cores"):
        parse_cpu(whole[: max(0, len(whole) - cut)])
    assert sum(parse_cpu(whole).busy) == sum(values[:3]) + sum(values[5:8])


def test_here_the_fast_sampler_is_chosen() -> None:
    choice = choose_sampler()
    try:
        assert (choice.sampler.name, choice.passed_over) == ("procfs", "")
    finally:
        choice.sampler.close()


@pytest.mark.parametrize("error", [OSError("shut"), ValueError("odd"), RuntimeError("none")])
def test_a_candidate_that_opens_and_does_not_read_is_closed_and_passed_over(error: Exception) -> None:
    broken, working = FakeSampler(name="broken"), FakeSampler(name="working")
    broken.failing = error

    def refuse() -> Sampler:
        raise error

    candidates: tuple[Callable[[], Sampler], ...] = (refuse, lambda: broken, lambda: working)
    choice = choose_sampler(candidates)
    assert choice.sampler is working
    assert broken.closed
    assert choice.passed_over == f"{error}; broken: {error}"


def test_the_last_candidate_is_taken_as_it_is() -> None:
    last = FakeSampler()
    last.failing = OSError("nothing works here")
    assert choose_sampler((lambda: last,)).sampler is last
    assert last.reads == 0


@pytest.mark.parametrize(
    "error",
    [psutil.AccessDenied(1), psutil.NoSuchProcess(1), KeyError("MemTotal"), IndexError(), TypeError()],
)
def test_whatever_psutil_stumbles_over_is_a_failed_sample(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble() -> None:
        raise error

    monkeypatch.setattr(psutil, "virtual_memory", stumble)
    sample = Meter(PsutilSampler()).take(keep=True)
    assert type(error).__name__ in sample.error
    assert sample.memory_percent is None


def test_closing_twice_is_harmless_and_keeps_other_descriptors(tmp_path: Path) -> None:
    sampler = ProcfsSampler()
    sampler.close()
    with (tmp_path / "other").open("w") as other:
        sampler.close()
        other.write("still open")
        other.flush()
    assert (tmp_path / "other").read_text() == "still open"


def test_a_meter_that_only_rehearses_keeps_its_baseline() -> None:
    sampler = FakeSampler()
    meter = Meter(sampler)
    assert meter.take(keep=True).cpu_percent is None
    sampler.cpu_percent = 100.0
    rehearsed = [meter.take(keep=False).cpu_percent for _ in range(3)]
    assert rehearsed[0] == 100.0
    sampler.cpu_percent = 0.0
    assert 0 < (meter.take(keep=True).cpu_percent or 0) < 100, "the span reaches back to the beat before"
    meter.forget()
    assert meter.take(keep=True).cpu_percent is None
