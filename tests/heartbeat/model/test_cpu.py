"""CPU and memory figures: psutil's own arithmetic, never negative, never over 100."""

from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.cpu import CpuCounters, cpu_percent, memory_percent

PSUTIL: Any = psutil
"""With the functions that its own figures are made of, which its types leave out."""
ticks = st.integers(0, 10**12)
reading = st.tuples(*[ticks] * 10)


def psutil_times(values: tuple[int, ...]) -> "psutil._ntuples.scputimes":
    kind = type(psutil.cpu_times())
    seconds = [value / 100 for value in values]
    return kind(*(seconds + [0.0] * len(kind._fields))[: len(kind._fields)])


def ours(values: tuple[int, ...]) -> CpuCounters:
    user, nice, system, idle, iowait, irq, softirq, steal, *_guests = values
    return CpuCounters((user, nice, system, irq, softirq, steal), (idle, iowait))


@pytest.mark.skipif(not psutil.LINUX, reason="the fields are those of Linux")
@given(before=reading, growth=st.tuples(*[st.integers(-1000, 10**6)] * 8))
def test_as_psutil_computes_it(before: tuple[int, ...], growth: tuple[int, ...]) -> None:
    after = tuple(max(0, old + more) for old, more in zip(before, (*growth, 0, 0), strict=True))
    figure = cpu_percent(ours(before), ours(after))
    # What psutil.cpu_percent does between two calls.
    delta = PSUTIL._cpu_times_deltas(psutil_times(before), psutil_times(after))
    total = PSUTIL._cpu_tot_time(delta)
    expected = round(PSUTIL._cpu_busy_time(delta) / total * 100, 1) if total else 0.0
    assert figure == pytest.approx(expected, abs=0.1001)
    assert 0 <= figure <= 100


def test_counters_that_stand_still_give_nothing() -> None:
    counters = CpuCounters((1, 2), (3,))
    assert cpu_percent(counters, counters) == 0.0


def test_a_reset_is_never_negative() -> None:
    assert cpu_percent(CpuCounters((10**9,), (10**9,)), CpuCounters((5,), (10,))) == 0.0


@given(total=st.integers(1, 2**50), share=st.floats(0, 1))
def test_memory_is_what_no_new_program_can_have(total: int, share: float) -> None:
    assert 0 <= memory_percent(total, round(total * share)) <= 100


def test_memory_of_a_machine_that_tells_none_is_zero() -> None:
    assert memory_percent(0, 0) == 0.0
