"""Whatever else a diagnosis saw, as rows of a table: a name and a figure."""

from __future__ import annotations

from aios_gui.core.incident import Finding
from aios_gui.services.wording.catalogue import gettext as _
from aios_gui.services.wording.finding_words import evidence_name, evidence_value
from aios_gui.ui.fact_table import Column, Fact, Row

_MOST = 24


def columns() -> tuple[Column, ...]:
    """What was seen, and the figure."""
    return Column(_("What else was seen"), right=False), Column("")


def rows(finding: Finding) -> list[Row]:
    """A row for each piece of evidence."""
    return [
        (Fact(evidence_name(name), tone="muted"), Fact(evidence_value(name, value)))
        for name, value in list(finding.evidence.items())[:_MOST]
    ]
