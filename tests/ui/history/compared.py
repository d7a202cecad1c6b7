"""A comparison as a child process prints it, and a context for what shows it."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from aios_gui.history.comparison.model import Comparison, Measure, MeasureResult, Verdict
from aios_gui.history.comparison.side_by_side import Medians, Side, SideBySide
from aios_gui.history.model.coverage import Coverage
from aios_gui.history.model.distribution import Distribution, Distributions, Timing
from aios_gui.history.passing import passed_on
from aios_gui.record.model.histogram import Histogram
from aios_gui.record.model.timerange import TimeRange
from aios_gui.ui.theme import Theme
from tests.ui.fakes import FakeFeed
from tests.ui.machine import FakeRecord

HOUR = 3_600_000_000_000
BEGIN = 1_741_737_600 * 1_000_000_000
A, B = TimeRange(BEGIN, BEGIN + 24 * HOUR), TimeRange(BEGIN + 24 * HOUR, BEGIN + 48 * HOUR)


def context(theme: Theme) -> Any:
    """What the widgets of History are given."""
    controller = SimpleNamespace(record_words=["--slice", "stall.aiosrec"])
    return SimpleNamespace(
        theme=theme, open_history=FakeRecord().open, feed=FakeFeed(), controller=controller
    )


def timing(*times_ns: int) -> Timing:
    """These times, the same corrected."""
    histogram = Histogram()
    histogram.add(times_ns)
    found = Distribution(histogram, min(times_ns, default=0), max(times_ns, default=0), sum(times_ns))
    return Timing(found, found)


def side(span: TimeRange, slower: int = 1) -> Side:
    """A span of a hundred beats, one of which is late."""
    lateness = timing(*[100_000 * slower] * 99, 80_000_000)
    return Side(
        span,
        Coverage(span.start_ns, span.end_ns, 100, 0, 0, span.end_ns - span.start_ns),
        Distributions(timing(*[24_000] * 100), lateness),
        Medians(
            21_600.0, (24e3, 25e3, None, 24e3), tuple(1e5 * slower + each for each in (0, 1e3, 2e3, 3e3))
        ),
    )


def worse() -> SideBySide:
    """The second span is worse in its lateness."""
    rows = tuple(
        MeasureResult(each, 24_000.0, 24_000.0, 1.0, 0.98, 1.02, 1.05, Verdict.NO_DIFFERENCE, 0.0)
        for each in (Measure.DURATION_P50, Measure.DURATION_P99)
    )
    late = MeasureResult(Measure.LATENESS_P99, 1e5, 2.4e5, 2.4, 1.9, 2.9, 2.2, Verdict.WORSE, 0.31)
    stall = MeasureResult(Measure.WORST_STALL, 8e7, None, None, None, None, None, Verdict.NOT_ENOUGH)
    comparison = Comparison(Verdict.WORSE, (*rows, late, stall), (), (24, 24), (0, 0), (0, 0), 200, 9, 1)
    return SideBySide(comparison, side(A), side(B, slower=2))


def prints(folder: Path, answer: object) -> str:
    """Code of a child that prints an answer as its last line."""
    file = folder / "answer.json"
    file.write_text(json.dumps(passed_on(answer), allow_nan=False), encoding="utf-8")
    return f"tell(progress=0.5, remaining_s=3.0, now='reading')\nprint(open({str(file)!r}).read())\n"


def held(kind: type) -> int:
    """How many of a kind are held by anything."""
    gc.collect()
    return sum(isinstance(each, kind) for each in gc.get_objects())
