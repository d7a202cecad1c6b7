"""A benchmark's result as rows of a table with bars on a logarithmic scale."""

from __future__ import annotations

import math

from aios_gui.selfcheck.benchmark import words
from aios_gui.selfcheck.benchmark.model import PUBLISHED_NS, BenchmarkResult, Heartbeat, Mode
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.widgets.fact_table import Column, Fact, Row


def columns() -> tuple[Column, ...]:
    """Name, P50 at cadence, its bar, P50 back to back, published, against the original."""
    return (
        Column(_("heartbeat"), right=False),
        Column(_("P50 at cadence")),
        Column(_("log scale"), right=False, bar=True),
        Column(_("P50 back to back")),
        Column(_("published")),
        Column(_("against original")),
    )


def rows(result: BenchmarkResult | None) -> list[Row]:
    """A row a heartbeat; without a result only what was published."""
    return [_row(result, heartbeat) for heartbeat in Heartbeat]


def _row(result: BenchmarkResult | None, heartbeat: Heartbeat) -> Row:
    ours = heartbeat is Heartbeat.WARMED
    spaced = result.timing(heartbeat, Mode.CADENCE) if result else None
    close = result.timing(heartbeat, Mode.BACK_TO_BACK) if result else None
    ratio = result.speedup(Heartbeat.ORIGINAL, heartbeat) if result else None
    if result and heartbeat is Heartbeat.ORIGINAL and spaced:
        ratio = 1.0
    spread = ""
    if spaced:
        spread = _("P95 {p95}, P99 {p99}, {count} beats").format(
            p95=figures.duration(spaced.p95_ns), p99=figures.duration(spaced.p99_ns), count=spaced.count
        )
    share = log_share(spaced.p50_ns, result) if spaced and result else 0.0
    return (
        Fact(words.name(heartbeat), tip=words.description(heartbeat)),
        Fact(figures.duration(spaced.p50_ns if spaced else None), tip=spread),
        Fact(bar=share, tone="accent" if ours else "gap", tip=spread),
        Fact(figures.duration(close.p50_ns if close else None), tone="muted"),
        Fact(figures.duration(PUBLISHED_NS[heartbeat]), tone="muted", tip=words.published()),
        Fact(figures.times(round(ratio, 1) if ratio == 1.0 else ratio), strong=ours),
    )


def log_share(value_ns: int, result: BenchmarkResult) -> float:
    """How long the bar of a duration is, 0 to 1: from the decade below the least to the greatest."""
    found = [timing.p50_ns for timing in result.timings if timing.mode is Mode.CADENCE and timing.p50_ns > 0]
    if value_ns <= 0 or not found:
        return 0.0
    bottom = math.floor(math.log10(min(found)))
    span = math.log10(max(found)) - bottom
    return (math.log10(value_ns) - bottom) / span if span > 0 else 1.0
