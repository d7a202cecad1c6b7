"""Week in three sentences."""

from __future__ import annotations

from aios_gui.reports import verdicts
from aios_gui.reports.sections import beats, method
from aios_gui.reports.template import Template
from aios_gui.text.catalogue import N_

TEMPLATE = Template(
    "week",
    N_("Week in three sentences"),
    N_("How was the week?"),
    verdicts.of_week,
    (beats.glance, method.method),
)
