"""Which incidents are shown: since when, how bad, whether they go on, of which rule, with which words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.words.rules import level_name, measure_name
from aios_gui.alerts.words.titles import title

DAY_S = 86_400
SPANS_S = (DAY_S, 7 * DAY_S, 30 * DAY_S, None)
"""How far back it reaches, s; None for as far as there are any."""
USUAL_SPAN_S = 7 * DAY_S


class Course(StrEnum):
    """Whether an incident goes on, and whether somebody has seen it."""

    ANY = "any"
    OPEN = "open"
    OVER = "over"
    UNSEEN = "unseen"
    """Not acknowledged."""


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """``rule`` is a name, "" for any; ``level`` None for any; ``text`` are words that must all be found."""

    span_s: int | None = USUAL_SPAN_S
    level: Level | None = None
    course: Course = Course.ANY
    rule: str = ""
    text: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it keeps anything back, beside what is older."""
        return replace(self, span_s=None) != IncidentFilter(None)

    def passes(self, incident: Incident) -> bool:
        """Whether an incident is shown; how old it is has been asked of the record."""
        if self.level is not None and incident.level is not self.level:
            return False
        if self.rule and incident.rule != self.rule:
            return False
        if not self._fits_course(incident):
            return False
        words = self.text.casefold().split()
        return not words or all(word in _all_text(incident) for word in words)

    def _fits_course(self, incident: Incident) -> bool:
        if self.course is Course.OPEN:
            return incident.cleared_ns is None
        if self.course is Course.OVER:
            return incident.cleared_ns is not None
        return self.course is Course.ANY or incident.acknowledged_ns is None


PRESETS: tuple[tuple[Level | None, Course], ...] = (
    (None, Course.ANY),
    (None, Course.OPEN),
    (Level.CRITICAL, Course.ANY),
)
"""All, open, critical: each a level and a course."""


def _all_text(incident: Incident) -> str:
    """What is searched: title, rule, measure, level, note, and every process that had a part in it."""
    finding = incident.finding
    names = [each.name for each in (*finding.culprits, *finding.movers)] if finding is not None else []
    parts = (
        title(incident),
        incident.rule,
        incident.measure,
        measure_name(incident.measure),
        level_name(incident.level),
        incident.note,
        *names,
    )
    return "\n".join(parts).casefold()
