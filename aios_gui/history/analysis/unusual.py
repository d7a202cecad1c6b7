"""What was unusual in a span: its measures and programs against the same hours of the weeks before."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from math import log
from statistics import fmean, median

import numpy as np

from aios_gui.history.analysis.model.analysis import Tracked, Unusual, UnusualMeasure, UnusualProgram
from aios_gui.history.analysis.smoke import covered_shares
from aios_gui.history.analysis.stretches import CPU, KNOWN, MEMORY, SCALES, TOTAL, Stretches, read_stretches
from aios_gui.history.who_ran.record_reader import ProgramSums, program_sums
from aios_gui.record.model.page import HOUR_US
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.sealed import SealedHours

WEEK_US = 7 * 24 * HOUR_US
_LONGEST_US = 4 * WEEK_US
"""Longer spans are their own weeks before."""
_WEEKS = 4
_LEAST_WEEKS = 2
_WHO_HOURS = 24
"""How many hours of a span, evenly apart, are asked who ran in them."""
_PROGRAMS = 8
_LEAST_SHARE = 0.5
"""Of the span's beats that a week before must have, to be compared."""
_SPREAD = 1.4826
_FACTOR_FLOOR, _PERCENT_FLOOR, _CORE_FLOOR = 0.04, 2.0, 4.0
"""Smaller spreads than these are chance: of logarithms, of percent of the machine, of percent of a core."""
_LEAST_CPU = 2.0
_HOURS_FOR_RATE = 100.0


def unusual_of(
    reader: RecordReader,
    connection: sqlite3.Connection,
    sealed: SealedHours | None,
    span_us: tuple[int, int],
    hiccups: int,
) -> Unusual:
    """What was unusual in a span; ``hiccups`` is how many it had. StoreError, sqlite3.Error."""
    if span_us[1] - span_us[0] > _LONGEST_US:
        return Unusual()
    now = read_stretches(connection, sealed, *span_us)
    if not now.size:
        return Unusual()
    step_us = -(-(span_us[1] - span_us[0]) // WEEK_US) * WEEK_US
    weeks = [number * step_us for number in range(1, _WEEKS * WEEK_US // step_us + 1)]
    spans, before = [], []
    for back_us in weeks:
        # Whole hours, so that no beat needs to be read.
        span = span_us[0] // HOUR_US * HOUR_US - back_us, -(-span_us[1] // HOUR_US) * HOUR_US - back_us
        if span[0] < 0:
            continue
        found = read_stretches(connection, sealed, *span)
        if found.beats.sum() >= _LEAST_SHARE * now.beats.sum():
            spans.append(span)
            before.append(found)
    if len(before) < _LEAST_WEEKS:
        return Unusual()
    counts = [len(reader.hiccup_lengths(start * 1000, end * 1000)) for start, end in spans]
    then = [
        _figures(found, count / _hours(reader, span))
        for found, count, span in zip(before, counts, spans, strict=True)
    ]
    hours = _hours(reader, span_us)
    measures = [
        _measure(tracked, value, [each[tracked] for each in then if tracked in each], hours)
        for tracked, value in _figures(now, hiccups / hours).items()
    ]
    known = [each for each in measures if each is not None]
    return Unusual(
        len(before) * step_us // WEEK_US,
        sum(found.size for found in before),
        tuple(sorted(known, key=lambda each: -abs(each.score))),
        _programs(reader, span_us, spans),
    )


def _hours(reader: RecordReader, span_us: tuple[int, int]) -> float:
    """How long the beats went on, at least a bit."""
    bounds_ns = np.array(span_us) * 1000
    covered = covered_shares(bounds_ns, reader.span() or (0, 0), reader.gaps(*bounds_ns.tolist()))
    return max(1e-3, float(covered[0]) * (span_us[1] - span_us[0]) / HOUR_US)


def _figures(found: Stretches, hiccups_an_hour: float) -> dict[Tracked, float]:
    group = np.zeros(found.size, np.int64)
    figures: dict[Tracked, float] = {}
    for tally, names in (
        (found.duration, (Tracked.DURATION_P50, Tracked.DURATION_P99)),
        (found.lateness, (Tracked.LATENESS_P50, Tracked.LATENESS_P99)),
    ):
        values = tally.regrouped(group, 1).percentiles(1, 0.5, 0.99)[:, 0]
        figures |= {name: float(value) for name, value in zip(names, values, strict=True) if value == value}
    figures[Tracked.HICCUPS] = hiccups_an_hour * _HOURS_FOR_RATE
    for name, measure in ((Tracked.CPU, CPU), (Tracked.MEMORY, MEMORY)):
        known = int(found.sums[KNOWN, measure].sum())
        if known:
            figures[name] = float(found.sums[TOTAL, measure].sum()) / known * SCALES[measure]
    return figures


def _measure(tracked: Tracked, value: float, then: list[float], hours: float) -> UnusualMeasure | None:
    if len(then) < _LEAST_WEEKS:
        return None
    if tracked in (Tracked.CPU, Tracked.MEMORY):
        score = _score(value, then, _PERCENT_FLOOR)
    elif tracked is Tracked.HICCUPS:
        # The square root of a count varies by a half, whatever the count.
        floor = 0.5 * (_HOURS_FOR_RATE / hours) ** 0.5
        score = _score(value**0.5, [each**0.5 for each in then], floor)
    else:
        score = _score(log(max(value, 1)), [log(max(each, 1)) for each in then], _FACTOR_FLOOR)
    return UnusualMeasure(tracked, value, median(then), min(then), max(then), score)


def _score(value: float, then: list[float], floor: float) -> float:
    usual = median(then)
    spread = _SPREAD * median(abs(each - usual) for each in then)
    # Of few weeks the spread is known badly, so that it counts for more.
    return (value - usual) / max(spread * (1 + 2 / len(then)), floor)


def _programs(
    reader: RecordReader, span_us: tuple[int, int], spans: list[tuple[int, int]]
) -> tuple[UnusualProgram, ...]:
    now, *then = (_who(reader, span) for span in (span_us, *spans))
    if not now.seconds:
        return ()
    then = [each for each in then if each.seconds]
    found = []
    for name, cpu_s in now.cpu_s.items():
        cpu = cpu_s / now.seconds * 100
        usual = [each.cpu_s.get(name, 0.0) / each.seconds * 100 for each in then]
        if cpu < _LEAST_CPU or len(usual) < _LEAST_WEEKS:
            continue
        score = _score(cpu, usual, max(_CORE_FLOOR, 0.25 * median(usual)))
        ran = any(name in each.cpu_s for each in then)
        found.append(
            UnusualProgram(name, cpu, fmean(usual) if ran else None, now.memory_bytes.get(name), score)
        )
    return tuple(sorted(found, key=lambda each: (-each.score, each.name))[:_PROGRAMS])


def _who(reader: RecordReader, span_us: tuple[int, int]) -> ProgramSums:
    """Who ran in some hours of a span, evenly apart."""
    first, last = span_us[0] // HOUR_US, -(-span_us[1] // HOUR_US)
    count = min(_WHO_HOURS, last - first)
    hours = sorted({first + (last - first) * number // count for number in range(count)})
    found = ProgramSums(0.0, defaultdict(float), {})
    for hour in hours:
        begin_us, end_us = max(hour * HOUR_US, span_us[0]), min((hour + 1) * HOUR_US, span_us[1])
        found.add(program_sums(reader, begin_us * 1000, end_us * 1000))
    return found
