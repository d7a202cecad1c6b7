"""What the doctor checks of what a beat reads: the source of the figures, and the clock."""

from __future__ import annotations

import time

from aios_gui.heartbeat.clock import system_clock
from aios_gui.heartbeat.model.sampling import Meter
from aios_gui.heartbeat.sampling import choose_sampler
from aios_gui.heartbeat.sampling.psutil_sampler import PsutilSampler
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.check import Check, CheckState
from aios_gui.text.plain import plain

COMPARED_FOR_NS = 300_000_000
CPU_TOLERANCE_PERCENT = 20.0
MEMORY_TOLERANCE_PERCENT = 2.0
COARSE_CLOCK_NS = 100_000
LATE_SLEEP_NS = 5_000_000
_NAPS = 21
_NAP_NS = 2_000_000


def sampler() -> Check:
    """Which source the figures come from, and whether it agrees with psutil over a third of a second."""
    choice, reference = choose_sampler(), PsutilSampler()
    try:
        meters = [Meter(choice.sampler), Meter(reference)]
        for meter in meters:
            meter.take(True)
        time.sleep(COMPARED_FOR_NS / 1e9)
        ours, theirs = (meter.take(True) for meter in meters)
    finally:
        choice.sampler.close()
        reference.close()
    detail = _("{name}: CPU {cpu}, memory {memory}; psutil: CPU {other_cpu}, memory {other_memory}").format(
        name=choice.sampler.name,
        cpu=figures.percent(ours.cpu_percent),
        memory=figures.percent(ours.memory_percent),
        other_cpu=figures.percent(theirs.cpu_percent),
        other_memory=figures.percent(theirs.memory_percent),
    )
    if ours.error:
        return Check(
            "sampler",
            CheckState.ERROR,
            plain(ours.error),
            _("The heartbeat will report this with every beat."),
        )
    apart = not _near(ours.cpu_percent, theirs.cpu_percent, CPU_TOLERANCE_PERCENT)
    if apart or not _near(ours.memory_percent, theirs.memory_percent, MEMORY_TOLERANCE_PERCENT):
        return Check(
            "sampler", CheckState.ERROR, detail, _("Run this check again; if they stay apart, report it.")
        )
    if choice.passed_over:
        return Check(
            "sampler",
            CheckState.WARNING,
            f"{detail}; {plain(choice.passed_over)}",
            _("The figures are right, but each beat takes longer than it could."),
        )
    return Check("sampler", CheckState.OK, detail)


def _near(a: float | None, b: float | None, tolerance: float) -> bool:
    return a is None or b is None or abs(a - b) <= tolerance


def clock() -> Check:
    """How finely time is read, and how late a short sleep ends here."""
    clock = system_clock()
    resolution_ns = round(time.get_clock_info("perf_counter").resolution * 1e9)
    late = []
    for _nap in range(_NAPS):
        until_ns = clock.now_ns() + _NAP_NS
        clock.sleep_until(until_ns)
        late.append(clock.now_ns() - until_ns)
    median_ns = sorted(late)[_NAPS // 2]
    detail = _("reads to {resolution}; a sleep ends {late} late").format(
        resolution=f"{resolution_ns} ns", late=figures.duration(median_ns)
    )
    if resolution_ns > COARSE_CLOCK_NS or median_ns > LATE_SLEEP_NS:
        remedy = _(
            "Timing is coarse here: a busy machine, a virtual machine, or a power-saving mode. "
            "Beats are still recorded truly."
        )
        return Check("clock", CheckState.WARNING, detail, remedy)
    return Check("clock", CheckState.OK, detail)
