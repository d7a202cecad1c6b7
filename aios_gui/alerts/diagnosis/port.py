"""The port by which the watch asks who is at fault, and what it gets back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from aios_gui.alerts.model.action import ActionResult
from aios_gui.alerts.model.incident import Finding, HiccupFinding, Incident, TopProcess
from aios_gui.alerts.model.rules import Rule
from aios_gui.heartbeat.model.items import Event


@dataclass(frozen=True, slots=True)
class Question:
    """What to look into: the incident as it stands, its rule, and the span it began in (wall, ns).

    ``known`` are the latest figures by the names of their measures, ``hiccup`` is the last stall of that span, with
    what was ``stalled`` as in a HiccupQuestion.
    Actions beyond a capture are only to be done while the incident is not silent: not in quiet hours, nor while
    muted, nor for a culprit that is allowed. ``again``: it fired once more, so that nothing is to be
    done about it; of a stall a person may be notified.
    """

    incident: Incident
    rule: Rule
    start_ns: int
    end_ns: int
    known: dict[str, float] = field(default_factory=dict)
    hiccup: Event | None = None
    again: bool = False
    stalled: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HiccupQuestion:
    """Who made a hiccup; ``stalled`` is how long the machine waited for each resource meanwhile, ns, where known."""

    hiccup: Event
    stalled: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question so far; several may come for one, and each replaces what it has of the one before.

    A ``finding`` of None leaves the one there is; ``actions`` are joined by their name.
    """

    incident: int
    finding: Finding | None = None
    actions: tuple[ActionResult, ...] = ()


class Diagnosis(Protocol):
    """Looks into incidents on a thread of its own."""

    def ask(self, question: Question) -> None:
        """Take a question; returns at once. Where too many wait, the oldest is given up."""
        ...

    def look_into(self, question: HiccupQuestion) -> None:
        """Find out who made a hiccup; returns at once, a HiccupFinding comes as an answer."""
        ...

    def conclude(self, question: Question) -> None:
        """Look into an incident once more, which is over; returns at once, nothing is done about it."""
        ...

    def tick(self, cpu_percent: float | None, stalled: bool = False) -> None:
        """A beat was made, with this CPU of the machine: time to look, where that is due; returns soon.

        ``stalled``: a resource is short at this time.
        """
        ...

    def is_due(self, cpu_percent: float | None) -> bool:
        """Whether ``tick`` with this CPU would look at something; returns at once."""
        ...

    def answers(self) -> list[Answer | HiccupFinding]:
        """What was answered since last asked, oldest first; returns at once."""
        ...

    def top(self, of_memory: bool) -> TopProcess | None:
        """Who used most of the CPU of late, or holds most memory, by the latest tables; returns at once."""
        ...

    @property
    def cost_share(self) -> float:
        """The share of one core, 0 to 1, that it takes to know what the processes do."""
        ...

    def take_back(self, incident: Incident, action: str | None = None) -> None:
        """Undo one action that was done for an incident, or all, since it is over; returns at once.

        What came of it comes as an answer.
        """
        ...


class NoDiagnosis:
    """Looks into nothing."""

    cost_share = 0.0

    def ask(self, question: Question) -> None:
        """Forget the question."""

    def look_into(self, question: HiccupQuestion) -> None:
        """Forget the question."""

    def conclude(self, question: Question) -> None:
        """Forget the question."""

    def tick(self, cpu_percent: float | None, stalled: bool = False) -> None:
        """Look at nothing."""

    def is_due(self, cpu_percent: float | None) -> bool:
        """Never."""
        return False

    def answers(self) -> list[Answer | HiccupFinding]:
        """Never any."""
        return []

    def top(self, of_memory: bool) -> TopProcess | None:
        """Never known."""
        return None

    def take_back(self, incident: Incident, action: str | None = None) -> None:
        """Nothing was done."""
