"""Whatever else a diagnosis saw, as rows of a table: a name and a figure."""

from __future__ import annotations

from aios_gui.alerts.model.incident import Finding
from aios_gui.alerts.words.findings import evidence_name, evidence_value
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.widgets.fact_table import Column, Fact, Row

_MOST = 24
_LATELY = "_10s_"


def columns() -> tuple[Column, ...]:
    """What was seen, and the figure."""
    return Column(_("What else was seen"), right=False), Column("")


def rows(finding: Finding) -> list[Row]:
    """A row for each piece of evidence; what there was nothing of comes last."""
    ordered = sorted(finding.evidence.items(), key=lambda pair: (pair[1] == 0, *_place(pair[0])))
    return [
        (Fact(evidence_name(name), tone="muted"), Fact(evidence_value(name, value)))
        for name, value in ordered[:_MOST]
    ]


def _place(name: str) -> tuple[str, bool]:
    """Figures of the last seconds come after the ones that they are named by."""
    return name.replace(_LATELY, "_"), _LATELY in name
