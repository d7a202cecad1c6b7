"""Optimization story."""

from __future__ import annotations

from aios_gui.reports import verdicts
from aios_gui.reports.sections import beats, method, program
from aios_gui.reports.template import Template
from aios_gui.text.catalogue import N_

TEMPLATE = Template(
    "optimization",
    N_("Optimization story"),
    N_("What made the heartbeat quicker, step by step, and by how much?"),
    verdicts.of_benchmark,
    (
        program.benchmark,
        program.stages,
        program.warm_up,
        beats.percentiles,
        method.machine,
        method.method,
    ),
)
