"""A made-up hiccup, for a person who has not seen one yet: recorded and shown as any, marked, and counted nowhere."""

from __future__ import annotations

from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind, Incident, Silence
from aios_gui.alerts.model.rules import Level, Measure

RULE = "example"
_LENGTH_NS = 380_000_000
_CULPRIT = Culprit(
    "made-up-build", 0, 187.0, 440_000_000, processes=4, command="made-up-build", command_line=""
)


def demonstration(at_ns: int, limit_ns: int) -> Incident:
    """One that ended at ``at_ns`` (wall), over the limit of hiccups in force.

    It has no number yet. What is silent is left out of every count, and it is acknowledged from the beginning.
    """
    length_ns = max(_LENGTH_NS, 2 * limit_ns)
    return Incident(
        0,
        RULE,
        Measure.LATENESS,
        Level.WARNING,
        at_ns - length_ns,
        length_ns / 1e6,
        limit_ns / 1e6,
        at_ns,
        silence=Silence.MADE_UP,
        finding=Finding(FindingKind.MADE_UP, {}, (_CULPRIT,)),
        acknowledged_ns=at_ns,
        over_ns=length_ns,
        last_over_ns=at_ns,
    )
