"""The page of a run: verdicts and plots, one file that asks for nothing from elsewhere."""

from __future__ import annotations

import time
from collections.abc import Sequence
from html import escape
from math import ceil, log10
from statistics import median

from tests.bench.arithmetic import percentile
from tests.bench.soak.verdicts import HOUR_S, PROCESSES, WITNESS, Run, Verdict, figure_text

Points = Sequence[tuple[float, float]]
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 460, 170, 58, 24, 10
_COLOURS = ("var(--a)", "var(--b)", "var(--c)")
_PARTS = 12
_BUSY_SHARE = 0.5
_STYLE = """
:root { --paper: #fff; --ink: #1c2430; --faint: #8a94a3; --line: #dfe4ea; --a: #1668c7; --b: #c2410c; --c: #0f8a5f;
  --pass: #0f8a5f; --FAIL: #c62828; --open: #9a6700; color-scheme: light dark; }
@media (prefers-color-scheme: dark) { :root { --paper: #12161c; --ink: #e6eaf0; --faint: #8a94a3; --line: #2a323d;
  --a: #6aaeff; --b: #ff9a62; --c: #5bd0a0; --pass: #5bd0a0; --FAIL: #ff7b72; --open: #e3b341; } }
body { margin: 2rem auto; max-width: 1000px; padding: 0 1rem; background: var(--paper); color: var(--ink);
  font: 14px/1.5 system-ui, sans-serif; }
h1 { font-size: 22px; margin: 0 0 .2em; } h2 { font-size: 17px; margin: 2em 0 .4em; }
p { margin: .3em 0; } .faint { color: var(--faint); }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .25em .8em .25em 0;
  border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
.pass { color: var(--pass); } .FAIL { color: var(--FAIL); font-weight: 600; } .open { color: var(--open); }
.plots { display: flex; flex-wrap: wrap; gap: 12px 20px; } figure { margin: 0; } figcaption { font-weight: 600; }
svg text { fill: var(--faint); font-size: 11px; } svg .grid { stroke: var(--line); }
svg .settled { fill: var(--line); opacity: .45; }
"""
_LEGEND = """<p class=faint>In brackets: 95 % interval. Slopes are of the time after it had settled (not shaded below),
by least squares over rounds of use; an interval reckons with rounds that follow upon one another being alike.
<b>open</b>: the limit lies within the interval. Memory is what a process has left once it gave back what lies free.</p>
"""
PLOTS = (
    ("Memory", "MB", 1e6, ("rss", "uss", "anonymous")),
    ("Heaps of the C library", "MB", 1e6, ("heap_used", "heap_free")),
    ("Descriptors", "", 1, ("descriptors",)),
    ("Threads", "", 1, ("threads",)),
    ("Wake-ups", "a second", 1, ("wakeups_per_s", "wakeups_at_rest_per_s")),
    ("Objects and blocks of Python", "thousand", 1e3, ("objects", "blocks")),
    ("References of None", "thousand", 1e3, ("none_references",)),
    ("Widgets", "", 1, ("widgets",)),
    ("Timers", "", 1, ("timers", "timers_at_work")),
    ("Record", "MB", 1e6, ("record_bytes",)),
)


def write_page(run: Run, verdicts: Sequence[Verdict]) -> str:
    """The whole page."""
    body = [
        "<h1>Soak: what creeps in hours of use</h1>",
        f"<p>{escape(_what_was_run(run))}</p>",
        f"<p>{escape(_how_busy(run))}</p>",
        "<h2>Verdicts</h2>",
        _table(verdicts),
        _LEGEND,
    ]
    for process in PROCESSES:
        body += [f"<h2>{process.capitalize()}</h2>", "<div class=plots>"]
        for title, unit, scale, names in PLOTS:
            lines = [(name, [(s, v / scale) for s, v in run.series(process, name)]) for name in names]
            body.append(_plot(title, unit, lines, run))
        for title, field in (("Duration of the beat", 0), ("Lateness", 1)):
            body.append(_plot(title, "µs", _percentiles(run, process, field), run))
        body.append("</div>")
    loads = [(look["at_s"], look["load"]) for look in run.looks[PROCESSES[0]]]
    body += [
        "<h2>Machine</h2><div class=plots>",
        _plot("Load average", "", [("1 min", loads)], run),
        _plot("Two calls of psutil in a bare loop beside", "µs", _percentiles(run, WITNESS, 0), run),
        "</div>",
    ]
    if run.troubles:
        body += ["<h2>Not carried out</h2><ul>", *(f"<li>{escape(each)}" for each in run.troubles), "</ul>"]
    head = f"<meta charset=utf-8><title>Soak</title><style>{_STYLE}</style>"
    return f"<!doctype html><html lang=en>{head}{''.join(body)}</html>\n"


def _what_was_run(run: Run) -> str:
    facts = run.facts
    began = time.strftime("%Y-%m-%d %H:%M", time.localtime(facts["at"]))
    return (
        f"{run.seconds / HOUR_S:.2f} hours of ordinary use from {began} at {1 / facts['interval_s']:g} Hz, service and "
        f"window side by side on {facts['cores']} cores, Python {facts['python']}."
    )


def _how_busy(run: Run) -> str:
    if not run.loads:
        return ""
    usual, worst = median(run.loads), max(run.loads)
    text = f"Load average {usual:.1f} as a rule, {worst:.1f} at most."
    if usual > _BUSY_SHARE * run.facts["cores"]:
        text += " The machine was busy with other work: percentiles and missed beats show that work too."
    return text


def _table(verdicts: Sequence[Verdict]) -> str:
    rows = [
        f"<tr><td class={each.outcome}>{each.outcome}"
        + "".join(f"<td>{escape(text)}" for text in (each.process, each.what, figure_text(each)))
        for each in verdicts
    ]
    return f"<table><tr><th><th><th>what<th>figure{''.join(rows)}</table>"


def _percentiles(run: Run, process: str, field: int) -> list[tuple[str, Points]]:
    """P50 and P99 in µs of each hour, or of each twelfth of a run that is shorter than twelve hours."""
    span_s = min(HOUR_S, run.seconds / _PARTS)
    lines: dict[str, list[tuple[float, float]]] = {"P50": [], "P99": []}
    for part in range(ceil(run.seconds / span_s) if span_s else 0):
        start_s = part * span_s
        values = [v for block in run.blocks(process, field, start_s, start_s + span_s) for v in block]
        if values:
            for name, share in (("P50", 0.5), ("P99", 0.99)):
                lines[name].append((start_s + span_s / 2, percentile(values, share) / 1e3))
    return list(lines.items())


def _plot(title: str, unit: str, lines: Sequence[tuple[str, Points]], run: Run) -> str:
    """One plot as SVG; "" where nothing is known."""
    lines = [(name, points) for name, points in lines if points]
    values = [value for _, points in lines for _, value in points]
    if not values:
        return ""
    low, high, step = _axis(min(values), max(values))
    end_s = run.seconds or 1.0

    def x(at_s: float) -> float:
        return _LEFT + at_s / end_s * (_WIDTH - _LEFT - 6)

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - (value - low) / (high - low) * (_HEIGHT - _BOTTOM - _TOP)

    size = f"width={x(run.settled_s) - _LEFT:.1f} height={_HEIGHT - _BOTTOM - _TOP}"
    parts = [f"<rect class=settled x={_LEFT} y={_TOP} {size} />"]
    for number in range(round((high - low) / step) + 1):
        tick = low + number * step
        parts.append(f'<line class=grid x1={_LEFT} x2={_WIDTH} y1="{y(tick):.1f}" y2="{y(tick):.1f}" />')
        parts.append(f'<text x={_LEFT - 6} y="{y(tick) + 4:.1f}" text-anchor=end>{tick:.6g}</text>')
    for number in range(5):
        at_s = end_s * number / 4
        anchor = "end" if number == 4 else "middle"
        place = f'x="{x(at_s):.1f}" y={_HEIGHT - 6} text-anchor={anchor}'
        parts.append(f"<text {place}>{_moment(at_s, end_s)}</text>")
    for (name, points), colour in zip(lines, _COLOURS, strict=False):
        path = " ".join(f"{x(at_s):.1f},{y(value):.1f}" for at_s, value in points)
        line = f'fill=none stroke="{colour}" stroke-width=1.5 points="{path}"'
        parts.append(f"<polyline {line}><title>{escape(name)}</title></polyline>")
    names = " ".join(
        f'<span style="color:{colour}">{escape(name.replace("_", " "))}</span>'
        for (name, _), colour in zip(lines, _COLOURS, strict=False)
    )
    caption = f"{escape(title)}{f' ({unit})' if unit else ''} <small>{names}</small>"
    svg = f'<svg role=img aria-label="{escape(title)}" width={_WIDTH} height={_HEIGHT}>{"".join(parts)}</svg>'
    return f"<figure><figcaption>{caption}</figcaption>{svg}</figure>"


def _axis(least: float, most: float) -> tuple[float, float, float]:
    """Round ends and step of an axis that holds both."""
    span = max(most - least, abs(most) * 0.02, 1e-9)
    rough = span / 4
    power = 10.0 ** int(log10(rough) - (rough < 1))
    step = next((each * power for each in (1, 2, 5, 10) if each * power >= rough), 10 * power)
    low = step * (least // step)
    return low, low + step * max(1, ceil((most - low) / step + 1e-9)), step


def _moment(at_s: float, end_s: float) -> str:
    return f"{at_s / HOUR_S:.1f} h" if end_s > HOUR_S else f"{at_s / 60:.1f} min"
