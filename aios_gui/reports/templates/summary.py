"""Performance summary."""

from __future__ import annotations

from aios_gui.reports import verdicts
from aios_gui.reports.sections import analysed, beats, method, program
from aios_gui.reports.template import Template
from aios_gui.text.catalogue import N_

TEMPLATE = Template(
    "summary",
    N_("Performance summary"),
    N_("How well does the heartbeat do on this machine, and what does it cost?"),
    verdicts.of_targets,
    (
        beats.glance,
        program.targets,
        program.benchmark,
        program.stages,
        beats.statistics,
        beats.bands,
        program.resources,
        program.startup,
        program.tests,
        analysed.advice,
        beats.not_covered,
        method.machine,
        method.method,
    ),
)
