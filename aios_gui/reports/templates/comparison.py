"""Comparison."""

from __future__ import annotations

from aios_gui.reports import verdicts
from aios_gui.reports.sections import analysed, beats, events, program
from aios_gui.reports.template import Needs, Template
from aios_gui.text.catalogue import N_

TEMPLATE = Template(
    "comparison",
    N_("Comparison"),
    N_("Is the second span better or worse than the first?"),
    verdicts.of_comparison,
    (
        program.compared,
        analysed.changes,
        events.changed,
        beats.not_covered,
        program.machine,
        program.method,
    ),
    needs=Needs.AGAINST,
)
