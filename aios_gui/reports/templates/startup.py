"""Startup configuration."""

from __future__ import annotations

from aios_gui.reports import verdicts
from aios_gui.reports.sections import beats, method, program
from aios_gui.reports.template import Template
from aios_gui.text.catalogue import N_

TEMPLATE = Template(
    "startup",
    N_("Startup configuration"),
    N_("Does the heartbeat start by itself at log-in, and how?"),
    verdicts.of_startup,
    (
        program.startup,
        program.warm_up,
        beats.not_covered,
        method.machine,
        method.method,
    ),
)
