"""A benchmark's result in words and as a table for the terminal, in the language of the user."""

from __future__ import annotations

from collections.abc import Sequence

from aios_gui.selfcheck.benchmark.model import PUBLISHED_NS, BenchmarkResult, Heartbeat, Pacing
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.terminal.text_width import padded, width

_BETWEEN = "  "


def name(heartbeat: Heartbeat) -> str:
    """What it is called."""
    return {
        Heartbeat.ORIGINAL: _("original"),
        Heartbeat.OPTIMIZED: _("optimized"),
        Heartbeat.MINIMAL: _("minimal"),
        Heartbeat.WARMED: _("warmed"),
    }[heartbeat]


def description(heartbeat: Heartbeat) -> str:
    """What it does, in a sentence."""
    return {
        Heartbeat.ORIGINAL: _(
            "Builds everything again, blocks for a second to measure the processor, then waits half a second."
        ),
        Heartbeat.OPTIMIZED: _(
            "Keeps what it built, measures without blocking, computes the score each time."
        ),
        Heartbeat.MINIMAL: _("Reads processor and memory and returns at once when both are fine."),
        Heartbeat.WARMED: _("This program’s own: warmed up, and rehearsed right before each beat."),
    }[heartbeat]


def headings() -> list[str]:
    """Of the table's columns."""
    return [
        _("heartbeat"),
        _("P50"),
        _("P95"),
        _("P99"),
        _("beats"),
        _("back to back"),
        _("quicker"),
        _("published"),
    ]


def rows(result: BenchmarkResult) -> list[list[str]]:
    """A row a heartbeat, a cell a column."""
    return [_row(result, heartbeat) for heartbeat in Heartbeat]


def _row(result: BenchmarkResult, heartbeat: Heartbeat) -> list[str]:
    spaced = result.timing(heartbeat, Pacing.CADENCE)
    close = result.timing(heartbeat, Pacing.BACK_TO_BACK)
    quicker = 1.0 if heartbeat is Heartbeat.ORIGINAL else result.speedup(Heartbeat.ORIGINAL, heartbeat)
    return [
        name(heartbeat),
        figures.duration(spaced.p50_ns if spaced else None),
        figures.duration(spaced.p95_ns if spaced else None),
        figures.duration(spaced.p99_ns if spaced else None),
        figures.count(spaced.count if spaced else None),
        figures.duration(close.p50_ns if close else None),
        figures.times(quicker),
        figures.duration(PUBLISHED_NS[heartbeat]),
    ]


def made_at(result: BenchmarkResult) -> str:
    """When it began, to the minute."""
    return figures.moment(result.started_ns)[:16]


def title(result: BenchmarkResult) -> str:
    """What it is and when it was made."""
    at = made_at(result)
    if result.quick:
        return _("Four heartbeats side by side, {time} (quick)").format(time=at)
    return _("Four heartbeats side by side, {time}").format(time=at)


def key_ratios(result: BenchmarkResult) -> str:
    """The two that matter, in a line."""
    blocking = figures.times(result.speedup(Heartbeat.ORIGINAL, Heartbeat.WARMED))
    minimal = figures.times(result.speedup(Heartbeat.MINIMAL, Heartbeat.WARMED))
    return _("Warmed is {original} as quick as original, {minimal} as quick as minimal.").format(
        original=blocking, minimal=minimal
    )


def machine(result: BenchmarkResult) -> str:
    """What it was measured on."""
    found = result.machine
    parts = [found.processor, found.system]
    if found.cores:
        parts.insert(1, ngettext("{count} core", "{count} cores", found.cores).format(count=found.cores))
    parts += [f"Python {found.python}", f"AIOS Heartbeat {found.version}"]
    if found.busy_percent is not None:
        parts.append(_("busy {share} meanwhile").format(share=figures.percent(found.busy_percent)))
    return _(", ").join(part for part in parts if part)


def beside(result: BenchmarkResult) -> str:
    """What the resident heartbeat saw meanwhile."""
    seen = result.beside
    if seen is None:
        return _("No resident heartbeat was recording meanwhile.")
    beats = ngettext("{count} beat", "{count} beats", seen.beats).format(count=figures.count(seen.beats))
    hiccups = ngettext("{count} hiccup", "{count} hiccups", seen.hiccups).format(
        count=figures.count(seen.hiccups)
    )
    return _(
        "The resident heartbeat meanwhile: {beats}, P50 {p50}, P99 {p99}, {missed} missed, {hiccups}."
    ).format(
        beats=beats,
        p50=figures.duration(seen.p50_ns),
        p99=figures.duration(seen.p99_ns),
        missed=figures.count(seen.missed),
        hiccups=hiccups,
    )


def rehearsal(result: BenchmarkResult) -> str:
    """How the warmed heartbeat was rehearsed."""
    found = result.rehearsed
    return _("{rehearsed} of {count} warmed beats were rehearsed, waking {margin} early.").format(
        rehearsed=figures.count(found.rehearsed),
        count=figures.count(found.beats),
        margin=figures.duration(found.margin_ns),
    )


def published() -> str:
    """Where the published column comes from."""
    return _("Published: the first version of AIOS heartbeat, February 2026, on its authors’ machine.")


def method() -> str:
    """How the figures come about."""
    return _(
        "A duration runs from a beat’s own start until its result is known. P50, P95 and P99 are at cadence: after a "
        "second of rest, the four in turn. “Back to back” is P50 without pause. “Quicker” is the P50 of the "
        "original over that of this one, at cadence. Percentiles are by nearest rank."
    )


def notes(result: BenchmarkResult) -> list[str]:
    """Everything to be said below the table."""
    return [key_ratios(result), machine(result), beside(result), rehearsal(result), published(), method()]


def table(result: BenchmarkResult) -> list[str]:
    """Title, table and notes, line by line."""
    grid = [headings(), *rows(result)]
    widths = [max(map(width, column)) for column in zip(*grid, strict=True)]
    rule = "─" * (sum(widths) + len(_BETWEEN) * (len(widths) - 1))
    heading, *lines = (_aligned(cells, widths) for cells in grid)
    return [title(result), "", heading, rule, *lines, "", *notes(result)]


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    """The name to the left, figures to the right."""
    first, *others = cells
    cells_right = [
        " " * (places - width(cell)) + cell for cell, places in zip(others, widths[1:], strict=True)
    ]
    return _BETWEEN.join([padded(first, widths[0]), *cells_right])
