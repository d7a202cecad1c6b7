"""Warm-up report."""

from __future__ import annotations

from aios_gui.reports import verdicts
from aios_gui.reports.sections import beats, method, program
from aios_gui.reports.template import Template
from aios_gui.text.catalogue import N_

TEMPLATE = Template(
    "warmup",
    N_("Warm-up report"),
    N_("What does warming up save, and is every beat warm?"),
    verdicts.of_warm_up,
    (
        program.warm_up,
        beats.glance,
        beats.statistics,
        beats.percentiles,
        method.machine,
        method.method,
    ),
)
