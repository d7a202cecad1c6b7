"""Comparison."""

from __future__ import annotations

from aios_gui.reports import verdicts
from aios_gui.reports.sections import analysed, beats, compared, events, method
from aios_gui.reports.template import Needs, Template
from aios_gui.text.catalogue import N_

TEMPLATE = Template(
    "comparison",
    N_("Comparison"),
    N_("Is the second span better or worse than the first?"),
    verdicts.of_comparison,
    (
        compared.compared,
        analysed.changes,
        events.changed,
        beats.not_covered,
        method.machine,
        method.method,
    ),
    needs=Needs.AGAINST,
)
