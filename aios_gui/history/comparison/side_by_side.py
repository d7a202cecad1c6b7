"""Two spans compared, and what each of them looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aios_gui.history.comparison.hours import read_hours
from aios_gui.history.comparison.model import Comparison
from aios_gui.history.comparison.verdict import compare
from aios_gui.history.model.coverage import Coverage
from aios_gui.history.model.distribution import Distributions
from aios_gui.history.queries import History
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.reader import RecordReader

WEEKS_BEFORE_NS = 8 * 7 * 24 * 3_600_000_000_000
"""How far back the noise of the machine is looked for."""
_STRETCHES = 200
"""About how many medians are drawn of a span."""


@dataclass(frozen=True, slots=True)
class Medians:
    """The medians of equal stretches of a span, ns, from its begin on; None where there is no beat."""

    bucket_s: float
    duration_ns: tuple[float | None, ...]
    lateness_ns: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the spans."""

    span: TimeRange
    coverage: Coverage
    distributions: Distributions
    medians: Medians


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The verdict, and both spans."""

    comparison: Comparison
    a: Side
    b: Side


def comparison_of(reader: RecordReader, a: TimeRange, b: TimeRange, seed: int = 1) -> Comparison:
    """``b`` against ``a``, held against the noise of the weeks before both; StoreError."""
    began_ns = min(a.start_ns, b.start_ns)
    before = TimeRange(max(0, began_ns - WEEKS_BEFORE_NS), max(1, began_ns))
    of_a, of_b, of_before = read_hours(reader, a, b, before)
    return compare(of_a, of_b, of_before, seed)


def side_by_side(
    history: History, a: TimeRange, b: TimeRange, seed: int, tell: Callable[[float], object]
) -> SideBySide:
    """Everything that is shown of two spans; ``tell`` is told the share done, 0 to 1."""
    sides = []
    for place, span in enumerate((a, b)):
        tell(place / 5)
        smoke = history.smoke(span, _STRETCHES)
        medians = Medians(smoke.bucket_ns / 1e9, _known(smoke.duration.p50), _known(smoke.lateness.p50))
        sides.append(Side(span, history.coverage(span), history.distribution(span), medians))
    tell(2 / 5)
    return SideBySide(comparison_of(history.reader, a, b, seed), *sides)


def _known(column: Iterable[float]) -> tuple[float | None, ...]:
    return tuple(None if value != value else value for value in column)
