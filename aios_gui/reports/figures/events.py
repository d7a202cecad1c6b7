"""The figure of an incident."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from aios_gui.alerts.model.rules import Measure
from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.reports.figures.plot import WIDTH, Plot, ceiling, floor
from aios_gui.reports.model.drawing import Box, Drawing, Ink, Item, Label
from aios_gui.reports.model.report import Figure
from aios_gui.reports.words import gap_name
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _

if TYPE_CHECKING:
    from aios_gui.alerts.model.incident import Incident
    from aios_gui.history.model.series import Series


def incident_figure(series: Series, incident: Incident, end_ns: int) -> Figure | None:
    """Lateness, and CPU or memory of the machine, around an incident; None without a beat."""
    if not series.time_s:
        return None
    span_s = series.start_ns / 1e9, series.end_ns / 1e9
    items: list[Item] = []
    top, plot = 24.0, Plot(span_s, (1.0, 10.0))
    late = [max(1.0, value) for value in series.lateness_max_ns]
    panes = (
        (_("Lateness"), late, Ink.LATENESS, True),
        (_("Memory of the machine"), list(series.memory_max_percent), Ink.MEMORY, False)
        if incident.measure == Measure.MEMORY
        else (_("CPU of the machine"), list(series.cpu_max_percent), Ink.CPU, False),
    )
    for title, values, ink, is_log in panes:
        known = [value for value in values if math.isfinite(value)]
        if not known:
            continue
        ends = (floor(min(known)), ceiling(max(known))) if is_log else (0.0, 100.0)
        plot = Plot(span_s, ends, 110.0, top, is_log=is_log)
        plot.times()
        if is_log:
            plot.levels_of_time()
        else:
            for percent in (0.0, 50.0, 100.0):
                plot.level(percent, figures.percent(percent))
        left, right = plot.at_x(incident.started_ns / 1e9), plot.at_x(end_ns / 1e9)
        plot.items.append(Box(left, plot.top, max(2.0, right - left), plot.height, Ink.WARNING, 0.16))
        plot.gaps(series.gaps, {kind: gap_name(kind) for kind in GapKind})
        plot.curve(list(series.time_s), values, ink, 1.5)
        plot.base()
        items += [*plot.items, Label(plot.left, top - 8, title, Ink.TEXT, 12, is_strong=True)]
        top = plot.bottom + 50
    key: list[Item] = [
        Box(plot.left, plot.bottom + 30, 16, 11, Ink.WARNING, 0.3),
        Label(plot.left + 22, plot.bottom + 39, _("the incident"), Ink.TEXT, 11),
    ]
    worst = max(late)
    summary = _("Around the incident a beat woke up to {worst} late.").format(
        worst=figures.spoken_duration(worst)
    )
    return Figure(
        "incident",
        _("What was measured around it"),
        summary,
        Drawing(WIDTH, plot.bottom + 48, (*items, *key)),
    )
