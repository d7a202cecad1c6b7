"""Production report."""

from __future__ import annotations

from aios_gui.reports import verdicts
from aios_gui.reports.sections import analysed, beats, events, method, program
from aios_gui.reports.template import Template
from aios_gui.text.catalogue import N_

TEMPLATE = Template(
    "production",
    N_("Production report"),
    N_("Did this machine run smoothly, and if not, what stood in the way?"),
    verdicts.of_span,
    (
        beats.glance,
        analysed.advice,
        beats.statistics,
        beats.smoke,
        beats.percentiles,
        beats.bands,
        beats.days,
        beats.heat,
        analysed.changes,
        analysed.unusual,
        analysed.anomalies,
        events.hiccups,
        events.incidents,
        events.changed,
        events.notes,
        program.targets,
        program.resources,
        beats.not_covered,
        method.machine,
        method.method,
    ),
)
