"""Distributions as drawings: the curve of percentiles, and how often each length of time was."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aios_gui.history.analysis.tallies import ranks_of
from aios_gui.history.model.distribution import Distribution
from aios_gui.record.model.histogram import highest_of
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.history.findings.chart import Drawing, Line, Stop
from aios_gui.ui.plots.value_scale import Tick, decade_label
from aios_gui.ui.widgets.fact_table import Column, Fact, Row

_LEAST_DECADES = 3
_BINS_A_DECADE = 12
_READ_SHARES = (
    0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99999, 0.999999, 0.9999999,
)  # fmt: skip
_LEAST_NS = 100.0
_TOLD_APART = 800
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """A distribution that is drawn: what it is, its colour among the tokens, and whether it is dashed."""

    name: str
    tone: str
    times: Distribution
    is_dashed: bool = False


def percentile_text(share: float) -> str:
    """``P99.9``; the least and the most as words."""
    if share <= 0:
        return _("least")
    return "P" + f"{share * 100:.5f}".rstrip("0").rstrip(".")


def percentiles_drawing(curves: Sequence[Curve]) -> Drawing:
    """Times against percentiles, which lie as far apart as they are hard to reach: by the logarithm of 1 ÷ (1 − p).

    Each curve ends with its longest time, at the share that one of its beats is.
    """
    known = [curve for curve in curves if curve.times.count]
    if not known:
        return Drawing()
    reach = max(1.0, *(math.log10(curve.times.count) for curve in known))
    bottom, top = _decades(known)
    lines = tuple(
        Line(_percentile_points(curve.times, reach, bottom, top), curve.tone, curve.name, curve.is_dashed)
        for curve in known
    )
    shares = [share for share in _READ_SHARES if _far(share) <= reach]
    read = zip(*(_percentiles(curve.times, shares) for curve in known), strict=True)
    stops = [
        Stop(_far(share) / reach, f"{percentile_text(share)}: {_read(known, values)}")
        for share, values in zip(shares, read, strict=True)
    ]
    columns = [Tick(_far(share) / reach, percentile_text(share)) for share in _labelled(reach)]
    stops.append(Stop(1.0, f"{_('most')}: {_read(known, [curve.times.most_ns for curve in known])}"))
    return Drawing(lines, _rows(bottom, top), tuple(columns), tuple(stops))


def _labelled(reach: float) -> list[float]:
    return [0.5, *(1 - 10.0**-nines for nines in range(1, int(reach + 1e-9) + 1))]


def _far(share: float) -> float:
    return -math.log10(1 - share)


def _read(curves: Sequence[Curve], values_ns: Sequence[float]) -> str:
    return " · ".join(
        f"{curve.name} {figures.duration(value_ns)}"
        for curve, value_ns in zip(curves, values_ns, strict=True)
    )


def _percentile_points(
    times: Distribution, reach: float, bottom: int, top: int
) -> tuple[tuple[float, float], ...]:
    """The steps of a curve, as many of them as pixels can tell apart."""
    values, reached = _reached(times)
    y = (np.log10(np.maximum(_LEAST_NS, values)) - bottom) / (top - bottom)
    # Where the last beat is reached there would be no share left: the curve ends at the share of one beat.
    left = np.maximum(1.0, times.count - np.concatenate([[0.0], reached])) / times.count
    x = -np.log10(left) / reach
    points = np.column_stack([np.column_stack([x[:-1], x[1:]]).ravel(), np.repeat(y, 2)])
    pixels = np.round(points * (_TOLD_APART, _TOLD_APART / 2))
    kept = np.append(np.any(np.diff(pixels, axis=0) != 0, axis=1), True)
    kept[0] = True
    return tuple(map(tuple, points[kept].tolist()))


def _reached(times: Distribution) -> tuple[Floats, Floats]:
    """Each length of time that there was (ns), shortest first, and how many were no longer."""
    counts = sorted(times.histogram.counts.items())
    values = np.array([highest_of(index) for index, _count in counts], np.float64)
    reached = np.cumsum(np.array([count for _index, count in counts], np.float64))
    return np.clip(values, times.least_ns, times.most_ns), reached


def _percentiles(times: Distribution, shares: Sequence[float]) -> list[float]:
    """What ``Distribution.at`` says of each share, all in one go."""
    values, reached = _reached(times)
    found: list[float] = values[np.searchsorted(reached, ranks_of(np.array(shares), times.count))].tolist()
    return found


def _positive(value_ns: float) -> float:
    return max(_LEAST_NS, value_ns)


def _decades(curves: Sequence[Curve]) -> tuple[int, int]:
    """The whole decades that hold all of the times."""
    bottom = math.floor(math.log10(min(_positive(each.times.least_ns) for each in curves)) + 1e-9)
    top = math.ceil(math.log10(max(_positive(each.times.most_ns) for each in curves)) - 1e-9)
    return bottom, max(top, bottom + 1)


def _rows(bottom: int, top: int) -> tuple[Tick, ...]:
    step = max(1, math.ceil((top - bottom) / 4))
    return tuple(
        Tick((decade - bottom) / (top - bottom), decade_label(decade))
        for decade in range(top, bottom - 1, -step)
    )


def distribution_drawing(curves: Sequence[Curve]) -> Drawing:
    """How many of the beats were how long: twelve steps a decade, each as high as its share of the beats.

    The height goes with the square root, so that what is rare is seen beside what is common.
    """
    known = [curve for curve in curves if curve.times.count]
    if not known:
        return Drawing()
    bottom, bins = _all_bins(known)
    top = bottom + len(bins[0]) // _BINS_A_DECADE
    highest = max(max(each) for each in bins)
    lines = []
    for curve, shares in zip(known, bins, strict=True):
        points = []
        for place, share in enumerate(shares):
            y = math.sqrt(share / highest)
            points += [(place / len(shares), y), ((place + 1) / len(shares), y)]
        lines.append(
            Line(tuple(points), curve.tone, curve.name, curve.is_dashed, is_filled=not curve.is_dashed)
        )
    columns = [
        Tick((decade - bottom) / (top - bottom), decade_label(decade)) for decade in range(bottom, top + 1)
    ]
    rows = (Tick(1.0, _percent(highest)), Tick(0.5, _percent(highest / 4)), Tick(0.0, "0"))
    return Drawing(tuple(lines), rows, tuple(columns), tuple(_bin_stops(known, bins, bottom)))


def _percent(share: float) -> str:
    return figures.percent(share * 100)


def _all_bins(curves: Sequence[Curve]) -> tuple[int, list[list[float]]]:
    """The decade that the steps begin with, and the share of the beats of each curve in each."""
    bottom, top = _decades(curves)
    top = max(top, bottom + _LEAST_DECADES)
    return bottom, [_bins(curve.times, bottom, top) for curve in curves]


def most_often_ns(times: Distribution) -> float:
    """The middle of the step in which most of the times are, or the least or the greatest of them beyond it."""
    bottom, (shares,) = _all_bins([Curve("", "", times)])
    middle_ns = float(10 ** (bottom + (shares.index(max(shares)) + 0.5) / _BINS_A_DECADE))
    return min(max(middle_ns, times.least_ns), times.most_ns)


def _bins(times: Distribution, bottom: int, top: int) -> list[float]:
    values, reached = _reached(times)
    places = ((np.log10(np.maximum(_LEAST_NS, values)) - bottom) * _BINS_A_DECADE + 1e-9).astype(np.int64)
    length = (top - bottom) * _BINS_A_DECADE
    counts = np.diff(reached, prepend=0.0)
    found: list[float] = np.bincount(
        np.clip(places, 0, length - 1), counts / times.count, minlength=length
    ).tolist()
    return found


def _bin_stops(curves: Sequence[Curve], bins: list[list[float]], bottom: int) -> list[Stop]:
    stops = []
    for place in range(len(bins[0])):
        if not any(shares[place] for shares in bins):
            continue
        told = " · ".join(
            f"{curve.name} {_percent(shares[place])}" for curve, shares in zip(curves, bins, strict=True)
        )
        stops.append(Stop((place + 0.5) / len(bins[0]), f"{_spread(bottom, place)}: {told}"))
    return stops


def _spread(bottom: int, place: int) -> str:
    low, high = (10 ** (bottom + edge / _BINS_A_DECADE) for edge in (place, place + 1))
    return _("{low} to {high}").format(low=figures.duration(low), high=figures.duration(high))


def percentiles_table(curves: Sequence[Curve]) -> tuple[tuple[Column, ...], list[Row]]:
    """A row a percentile, a column a curve."""
    known = [curve for curve in curves if curve.times.count]
    columns = (Column(_("percentile"), right=False), *(Column(curve.name) for curve in known))
    if not known:
        return columns, []
    reach = max(math.log10(curve.times.count) for curve in known)
    shares = [share for share in _READ_SHARES if _far(share) <= reach]
    read = zip(*(_percentiles(curve.times, shares) for curve in known), strict=True)
    rows = [
        (Fact(percentile_text(share)), *(Fact(figures.duration(value_ns)) for value_ns in values))
        for share, values in zip(shares, read, strict=True)
    ]
    rows.append((Fact(_("most")), *(Fact(figures.duration(curve.times.most_ns)) for curve in known)))
    rows.append((Fact(_("mean")), *(Fact(figures.duration(curve.times.mean_ns)) for curve in known)))
    return columns, rows


def distribution_table(curves: Sequence[Curve]) -> tuple[tuple[Column, ...], list[Row]]:
    """A row for each length of time that there was, with the share of the beats."""
    known = [curve for curve in curves if curve.times.count]
    columns = (Column(_("length"), right=False), *(Column(curve.name) for curve in known))
    if not known:
        return columns, []
    bottom, bins = _all_bins(known)
    rows = []
    for place in range(len(bins[0])):
        shares = [each[place] for each in bins]
        if any(shares):
            cells = (Fact(_percent(share) if share else "0") for share in shares)
            rows.append((Fact(_spread(bottom, place)), *cells))
    return columns, rows
