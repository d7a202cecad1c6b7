"""Figures of this program: the four heartbeats, and a warm-up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aios_gui.reports.figures.plot import WIDTH, Plot, ceiling, floor
from aios_gui.reports.model.drawing import Anchor, Box, Drawing, Ink, Item, Label, Mark, Shape
from aios_gui.reports.model.report import Figure
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _

if TYPE_CHECKING:
    from aios_gui.selfcheck.benchmark.model import BenchmarkResult


def benchmark_figure(result: BenchmarkResult) -> Figure | None:
    """The four heartbeats, each as a bar on a logarithmic scale; None where none was measured at cadence."""
    from aios_gui.selfcheck.benchmark import words
    from aios_gui.selfcheck.benchmark.model import PUBLISHED_NS, Heartbeat, Pacing

    timed = [(beat, result.timing(beat, Pacing.CADENCE)) for beat in Heartbeat]
    known = [(beat, timing) for beat, timing in timed if timing is not None and timing.p50_ns > 0]
    if not known:
        return None
    values = [float(timing.p50_ns) for _beat, timing in known] + [float(ns) for ns in PUBLISHED_NS.values()]
    low, high = math.log(floor(min(values)) / 2), math.log(max(values))
    left, width, y = 110.0, WIDTH - 330, 6.0
    items: list[Item] = []
    for beat, timing in known:
        long = (math.log(timing.p50_ns) - low) / (high - low) * width
        published = left + (math.log(PUBLISHED_NS[beat]) - low) / (high - low) * width
        speed = result.speedup(Heartbeat.ORIGINAL, beat)
        value = figures.duration(timing.p50_ns)
        if beat is not Heartbeat.ORIGINAL and speed is not None:
            value = _("{value}, {times} as quick").format(value=value, times=figures.times(speed))
        end = max(left + long, published) + 14
        items += [
            Label(left - 10, y + 17, words.name(beat), Ink.TEXT, 12, Anchor.END),
            Box(left, y, long, 24, Ink.DURATION),
            Mark(published, y + 12, Shape.DIAMOND, Ink.MUTED, 9.0, words.published()),
            Label(end, y + 17, value, Ink.TEXT, 12, is_strong=True),
        ]
        y += 34
    items += [
        Mark(left + 5, y + 4, Shape.DIAMOND, Ink.MUTED, 9.0),
        Label(left + 16, y + 8, words.published(), Ink.MUTED, 11),
    ]
    return Figure(
        "benchmark",
        _("Half of the beats took at most this, on a scale of powers of ten"),
        words.key_ratios(result),
        Drawing(WIDTH, y + 18, tuple(items)),
    )


def warm_up_figure(durations_ns: Sequence[int]) -> Figure | None:
    """What each run of a warm-up took; None for fewer than two."""
    known = [max(1, value) for value in durations_ns]
    if len(known) < 2:
        return None
    plot = Plot((1.0, float(len(known))), (floor(min(known)), ceiling(max(known))), 150.0, is_log=True)
    plot.levels_of_time()
    places = [float(place) for place in range(1, len(known) + 1)]
    plot.curve(places, [float(value) for value in known], Ink.DURATION, 1.5)
    plot.items.append(Mark(plot.at_x(1.0), plot.at_y(float(known[0])), Shape.TRIANGLE, Ink.CRITICAL, 9.0))
    plot.items.append(Label(plot.left, plot.bottom + 17, _("first run"), Ink.MUTED, 11))
    plot.items.append(Label(plot.right, plot.bottom + 17, _("last run"), Ink.MUTED, 11, Anchor.END))
    plot.base()
    summary = _("The first run took {cold}, the last one {warm}.").format(
        cold=figures.spoken_duration(known[0]), warm=figures.spoken_duration(known[-1])
    )
    return Figure("warm-up", _("The last warm-up, run by run"), summary, plot.drawing())
