"""Finds the moment of a change that daily figures show, and what changed on the machine shortly before."""

from __future__ import annotations

from math import log

import numpy as np

from aios_gui.history.analysis.model.analysis import Preceding, Tracked
from aios_gui.history.analysis.reading import Table
from aios_gui.history.analysis.stretches import KNOWN, MOST, TOTAL
from aios_gui.history.analysis.tallies import Floats, Ints
from aios_gui.history.changes.model import Change, ChangeKind, bursts
from aios_gui.record.model.envelope import MEASURES
from aios_gui.record.model.page import HOUR_US
from aios_gui.record.store.sealed import MINUTE_US, SealedHours

_DAY_US = 24 * HOUR_US
_LEAST_HOURS = 6
_CLEAR = 1.5
"""Levels must be apart by this many spreads for a moment within a day, or within an hour, to be told."""
_MINUTES_BESIDE = 3
"""Hours to each side whose minutes are looked at."""
_MOST_BEFORE_NS = 48 * 3_600_000_000_000
_MOST_TOLD = 3
_AFTER_NS = 6 * 3_600_000_000_000
"""What came this long before weighs half as much."""
_WEIGHTS = {
    ChangeKind.KERNEL: 4.0,
    ChangeKind.DRIVER: 4.0,
    ChangeKind.FIRMWARE: 4.0,
    ChangeKind.SYSTEM: 3.0,
    ChangeKind.BOOT_OPTION: 3.0,
    ChangeKind.POWER_PLAN: 3.0,
    ChangeKind.INTERVAL: 3.0,
    ChangeKind.OWN_VERSION: 3.0,
    ChangeKind.SETTING: 2.0,
    ChangeKind.POWER_SOURCE: 2.0,
    ChangeKind.MODE: 2.0,
    ChangeKind.PACKAGE: 2.0,
    ChangeKind.PROGRAM: 2.0,
    ChangeKind.BOOT: 1.0,
    ChangeKind.RESUME: 0.5,
}
_DEEP = "linux-image", "linux-headers", "nvidia", "mesa", "firmware", "systemd", "microcode", "driver"
"""In the names of packages that change how a machine runs."""


def moment_of(
    table: Table, hourly: Floats, sealed: SealedHours | None, tracked: Tracked, day: int
) -> tuple[int, int]:
    """When the level changed, about the day with this place: the moment and how exactly it is known (ns).

    ``hourly`` is the logarithm of the figure by stretch. Where hours or minutes do not show it clearly, it is the begin
    of the day.
    """
    begin_us = table.bounds_us[day]
    starts = table.stretches.start_us
    near = np.flatnonzero(
        (starts >= begin_us - 2 * _DAY_US)
        & (starts < begin_us + 2 * _DAY_US)
        & (table.stretches.hours < 24)
        & np.isfinite(hourly)
    )
    place = _split(hourly[near], _LEAST_HOURS)
    if place is None:
        return begin_us * 1000, _DAY_US * 1000
    hour_us = int(starts[near[place]])
    if tracked is Tracked.HICCUPS or sealed is None:
        return hour_us * 1000, HOUR_US * 1000
    measure = 0 if "duration" in tracked else 1
    which = MOST if tracked.endswith("p99") else TOTAL
    moments, values = _minutes(sealed, hour_us, measure, which)
    minute = _split(values, 2 * _LEAST_HOURS)
    if minute is None:
        return hour_us * 1000, HOUR_US * 1000
    return int(moments[minute]) * 1000, MINUTE_US * 1000


def _minutes(sealed: SealedHours, hour_us: int, measure: int, which: int) -> tuple[Ints, Floats]:
    """When each minute about an hour begins (µs), and the logarithm of its mean or of its most."""
    moments: list[int] = []
    values: list[float] = []
    hour = hour_us // HOUR_US
    for number in range(hour - _MINUTES_BESIDE, hour + _MINUTES_BESIDE + 1):
        envelope = sealed.envelope(number)
        if envelope is None:
            continue
        extremes = envelope.measures[MEASURES[measure]]
        for slot, known in enumerate(extremes[KNOWN]):
            if known:
                value = extremes[which][slot] / (known if which == TOTAL else 1)
                moments.append(number * HOUR_US + slot * MINUTE_US)
                values.append(log(max(value, 1.0)))
    return np.array(moments, np.int64), np.array(values)


def _split(values: Floats, least: int) -> int | None:
    """Where the series divides into two levels most clearly; None where these are not clearly apart."""
    count = len(values)
    if count < 2 * least:
        return None
    places = np.arange(least, count - least + 1)
    sums = np.concatenate(([0.0], np.cumsum(values)))
    one, other = sums[places] / places, (sums[-1] - sums[places]) / (count - places)
    place = int(places[np.argmax((other - one) ** 2 * places * (count - places))])
    before, after = np.median(values[:place]), np.median(values[place:])
    spread = 1.4826 * np.median(np.abs(np.concatenate((values[:place] - before, values[place:] - after))))
    return place if abs(after - before) > _CLEAR * spread else None


def preceding_of(changes: list[Change], at_ns: int, precision_ns: int) -> tuple[Preceding, ...]:
    """What changed up to two days before a moment, the most likely cause first: by its kind, and how shortly before."""
    found = []
    for burst in bursts(
        each for each in changes if at_ns - _MOST_BEFORE_NS <= each.at_ns < at_ns + precision_ns
    ):
        before_ns = max(0, at_ns - burst.changes[-1].at_ns)
        weight = max(map(_weight, burst.changes)) / (1 + before_ns / _AFTER_NS)
        found.append((weight, Preceding(burst, before_ns)))
    found.sort(key=lambda each: (-each[0], each[1].before_ns))
    return tuple(preceding for _weight, preceding in found[:_MOST_TOLD])


def _weight(change: Change) -> float:
    is_deep = change.kind in (ChangeKind.PACKAGE, ChangeKind.PROGRAM) and any(
        word in change.subject.lower() for word in _DEEP
    )
    return 4.0 if is_deep else _WEIGHTS.get(change.kind, 1.0)
