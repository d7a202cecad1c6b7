"""Month with availability, as for an agreement on the level of a service."""

from __future__ import annotations

from aios_gui.reports import verdicts
from aios_gui.reports.sections import analysed, beats, events, method
from aios_gui.reports.template import Template
from aios_gui.text.catalogue import N_

TEMPLATE = Template(
    "month",
    N_("Month with availability"),
    N_("Was the heartbeat up as much as promised, day by day?"),
    verdicts.of_availability,
    (
        beats.glance,
        beats.availability,
        beats.days,
        analysed.changes,
        events.incidents,
        events.hiccups,
        events.changed,
        beats.not_covered,
        method.machine,
        method.method,
    ),
    range="30d",
)
