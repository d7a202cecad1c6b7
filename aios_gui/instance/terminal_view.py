"""The heartbeat as lines of text, one picture or a line a beat: pure, so that it can be seen without a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from aios_gui.heartbeat.model.beat import Cause, result_text
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.model.now import Now, now_of
from aios_gui.instance.model.snapshot import STRIP_CELLS, Snapshot
from aios_gui.instance.now_words import headlines, second_line
from aios_gui.instance.words import parts_sentence, store_sentence
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.style import TerminalStyle
from aios_gui.text.terminal.text_width import cut, padded, width

_BARS = "▁▂▃▄▅▆▇█"
_PLAIN_BARS = "_.-=+*%#"
# Each cell has a shape besides its colour, so that the strip is read without colour too.
_SHAPES = {Severity.OK: "▃", Severity.WARNING: "▅", Severity.CRITICAL: "█", Severity.INACTIVE: "░"}
_PLAIN_SHAPES = {Severity.OK: ".", Severity.WARNING: "o", Severity.CRITICAL: "X", Severity.INACTIVE: "/"}
_COLOURS = {Severity.OK: "32", Severity.WARNING: "33", Severity.CRITICAL: "31", Severity.INACTIVE: "90"}
_BOLD, _DIM, _BLUE, _ORANGE = "1", "2", "34", "33"
_NAME_PLACES, _FIGURE_PLACES = 10, 11


@dataclass(frozen=True, slots=True)
class MonitorView:
    """What is shown: snapshot, durations and latenesses (ns) of the last beats, and where it comes from."""

    snapshot: Snapshot
    durations_ns: Sequence[int]
    latenesses_ns: Sequence[int]
    source: str
    now_ns: int


def draw(picture: MonitorView, style: TerminalStyle) -> list[str]:
    """At most ``style.rows`` lines, each at most ``style.columns`` wide."""
    snapshot = picture.snapshot
    beat = snapshot.beat
    now = now_of(snapshot, picture.now_ns)
    lines = [
        _headline(picture, now, style),
        _paint("  " + cut(second_line(now, snapshot, picture.now_ns), style.columns - 2), _DIM, style),
        "",
        _strip(snapshot.strip, style),
        "",
        _measure(_("Duration"), beat.duration_ns if beat else None, snapshot.duration, style),
        _paint(sparkline(picture.durations_ns, style), _BLUE, style),
        _measure(_("Lateness"), beat.lateness_ns if beat else None, snapshot.lateness, style),
        _paint(sparkline(picture.latenesses_ns, style), _ORANGE, style),
        "",
        *(cut(line, style.columns) for line in _figures(snapshot)),
        cut(parts_sentence(snapshot.broken_parts), style.columns),
        "",
        _paint(cut(picture.source, style.columns), _DIM, style),
    ]
    if len(lines) > style.rows:
        lines = [line for line in lines if line]
    return lines[: style.rows]


def _headline(picture: MonitorView, now: Now, style: TerminalStyle) -> str:
    mark = (
        {Severity.OK: "●", Severity.WARNING: "■", Severity.CRITICAL: "▲", Severity.INACTIVE: "○"}
        if style.blocks
        else _PLAIN_SHAPES
    )
    forms = headlines(now, picture.snapshot, picture.now_ns)
    fitting = (each for each in forms if width(each) <= style.columns - 2)
    sentence = cut(next(fitting, forms[-1]), style.columns - 2)
    return f"{_paint(mark[now.severity], _COLOURS[now.severity], style)} {_paint(sentence, _BOLD, style)}"


def _strip(cells: Sequence[Severity], style: TerminalStyle) -> str:
    shapes = _SHAPES if style.blocks else _PLAIN_SHAPES
    shown = cells[-min(STRIP_CELLS, style.columns) :]
    return "".join(_paint(shapes[cell], _COLOURS[cell], style) for cell in shown)


def _measure(name: str, last_ns: int | None, spread: Percentiles, style: TerminalStyle) -> str:
    known = spread.count > 0
    parts = [padded(name, _NAME_PLACES), padded(figures.duration(last_ns), _FIGURE_PLACES)]
    for label, value in (
        ("P50", spread.p50),
        ("P95", spread.p95),
        ("P99", spread.p99),
        (_("max"), spread.maximum),
    ):
        text = f"{label} {figures.duration(value if known else None)}"
        parts.append(padded(text, _FIGURE_PLACES + 2))
    line = ""
    for part in parts:
        # Whole figures only: half of one would be another one.
        if width(line) + width(part.rstrip()) > style.columns:
            break
        line += part
    return line.rstrip()


def sparkline(values: Sequence[int], style: TerminalStyle) -> str:
    """The last values as bars on a logarithmic scale, one place each."""
    shown = list(values)[-min(STRIP_CELLS, style.columns) :]
    if not shown:
        return ""
    bars = _BARS if style.blocks else _PLAIN_BARS
    low = max(1, min(shown))
    # At least a factor of ten between the lowest and the highest bar: ordinary jitter stays low.
    scale = (len(bars) - 1) / max(1.0, math.log10(max(low, *shown) / low))
    return "".join(bars[round(scale * math.log10(max(value, low) / low))] for value in shown)


def _figures(snapshot: Snapshot) -> list[str]:
    beat, context = snapshot.beat, snapshot.context
    own_cpu = figures.percent(context.own_cpu_percent if context else None)
    own_memory = figures.size(context.own_memory_bytes if context else None)
    return [
        _("CPU {cpu}   memory {memory}   this program {own_cpu} · {own_memory}").format(
            cpu=figures.percent(beat.cpu_percent if beat else None),
            memory=figures.percent(beat.memory_percent if beat else None),
            own_cpu=own_cpu,
            own_memory=own_memory,
        ),
        _("{made} of {due} beats, {missed} missed, availability {availability}").format(
            made=figures.count(snapshot.made),
            due=figures.count(snapshot.due),
            missed=figures.count(snapshot.missed),
            availability=figures.availability(snapshot.availability),
        ),
        store_sentence(snapshot.store) if snapshot.state is not EngineState.LOST else "",
    ]


def _paint(text: str, code: str, style: TerminalStyle) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if style.colour and text else text


def beat_line(beat: RecordedBeat) -> str:
    """When, the result in the words that agents parse, and the figures as ``name=value``."""
    fields = [
        figures.moment(beat.wall_ns),
        result_text(beat.outcome, beat.duration_ns, beat.breached, "no figures"),
        f"lateness={beat.lateness_ns / 1e6:.2f}ms",
        f"missed={beat.missed}",
        f"cpu={_share(beat.cpu_percent)}",
        f"memory={_share(beat.memory_percent)}",
    ]
    if beat.cause is not Cause.NONE:
        fields.append(f"cause={beat.cause.name.lower()}")
    return "  ".join(fields)


def _share(percent: float | None) -> str:
    return "?" if percent is None else f"{percent:.1f}%"
