"""Incident report."""

from __future__ import annotations

from aios_gui.reports import verdicts
from aios_gui.reports.sections import events, method
from aios_gui.reports.template import Needs, Template
from aios_gui.text.catalogue import N_

TEMPLATE = Template(
    "incident",
    N_("Incident report"),
    N_("What happened, who did it, and what was done?"),
    verdicts.of_incident,
    (
        events.single_incident,
        events.culprits,
        events.changed,
        events.notes,
        method.machine,
        method.method,
    ),
    needs=Needs.INCIDENT,
)
