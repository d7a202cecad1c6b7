"""Roadmap of targets."""

from __future__ import annotations

from aios_gui.reports import verdicts
from aios_gui.reports.sections import analysed, beats, method, program
from aios_gui.reports.template import Template
from aios_gui.text.catalogue import N_

TEMPLATE = Template(
    "roadmap",
    N_("Roadmap of targets"),
    N_("Which targets are met, which are missed, and since when?"),
    verdicts.of_targets,
    (
        program.roadmap,
        beats.days,
        analysed.changes,
        beats.not_covered,
        method.machine,
        method.method,
    ),
    range="90d",
)
