"""A rule's firing from beginning to end, with the evidence that was kept of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from aios_gui.alerts.model.action import ActionResult, ActionState, mends
from aios_gui.alerts.model.rules import Level

NOTE_CHARACTERS = 2_000
MOST_UNSEEN = 1_000
"""Of more incidents that no one has looked at, the newest are known: each snapshot tells of all of them."""


class IncidentState(StrEnum):
    """Whether it goes on; the words are stored and scripts read them."""

    FIRING = "firing"
    CLEARED = "cleared"
    LEFT_OPEN = "left_open"
    """The recording ended before it did. Scripts read ``firing``."""


class Silence(StrEnum):
    """Why an incident is recorded and shown, but silent; the words are stored."""

    NONE = ""
    QUIET_HOURS = "quiet_hours"
    MUTED = "muted"
    ALLOWED = "allowed"
    """By a process that the rule allows."""
    MADE_UP = "made_up"
    """It did not happen: an example that a person asked for."""


class FindingKind(StrEnum):
    """What a diagnosis concluded; the words are stored, the sentences are made by the wording."""

    ONE_PROCESS = "one_process"
    SEVERAL_PROCESSES = "several_processes"
    MANY_SMALL = "many_small"
    THIS_PROGRAM = "this_program"
    NO_FREE_CORE = "no_free_core"
    FROZEN = "frozen"
    STOLEN = "stolen"
    MEMORY_GROWN = "memory_grown"
    DISK_BUSY = "disk_busy"
    DISK_FULL = "disk_full"
    MEMORY_SHORT = "memory_short"
    OVER_ALREADY = "over_already"
    MADE_UP = "made_up"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Culprit:
    """A program that had a part in it; None where the system did not tell. ``cpu_percent`` is of one core.

    The figures are of its ``processes`` together, ``pid``, ``command`` and ``parent`` of the one that did most.
    ``unread`` names what could not be read, as ``io:denied``; ``is_new``: it was not there while all was calm;
    ``gone``: it had ended when it was looked for; ``ended_children``: processes did it that it had started, and that
    have ended.
    ``command`` is the program and its script, ``command_line`` all of it without what looks like a secret, "" where
    that is not kept. None: ``command`` was kept by an older program, which made no difference.
    """

    name: str
    pid: int
    cpu_percent: float | None = None
    memory_bytes: int | None = None
    io_bytes_per_s: float | None = None
    command: str = ""
    parent: str = ""
    unread: tuple[str, ...] = ()
    processes: int = 1
    is_new: bool = False
    command_line: str | None = None
    gone: bool = False
    ended_children: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What a diagnosis found, the worst culprit first; ``movers`` are those that changed most since all was calm.

    Of a mover, ``cpu_percent`` and ``io_bytes_per_s`` are means since then, ``memory_bytes`` is what it has grown by.

    ``facts`` are the figures of the conclusion, ``evidence`` whatever else was seen. ``partial``: something was not
    to be had, or the time for it was over.
    """

    kind: FindingKind
    facts: dict[str, int | float | str] = field(default_factory=dict)
    culprits: tuple[Culprit, ...] = ()
    movers: tuple[Culprit, ...] = ()
    evidence: dict[str, int | float | str] = field(default_factory=dict)
    took_ns: int = 0
    partial: bool = False


@dataclass(frozen=True, slots=True)
class HiccupFinding:
    """What was found of the hiccup with this ``wall_ns`` and ``seq``, whatever incident it belongs to."""

    wall_ns: int
    seq: int | None
    finding: Finding


@dataclass(frozen=True, slots=True)
class Incident:
    """One firing of a rule. Times by the wall clock, ns; figures in the unit of the measure.

    ``started_ns`` is when the measure went over the limit, ``cleared_ns`` when it came back, None while it goes on.
    ``peak`` is the worst value, ``count`` how often it fired, since firing again soon is the same incident.
    ``over_ns`` is for how long the measure was over the limit in all: no time counts in which it came back or was not
    observed. None: an older program kept it. ``last_over_ns`` is when it last was. ``settling``: it goes on, but the
    measure is back within the limit. ``seen_count`` is how often it had fired when a person last looked at it.
    ``watched``: the program goes on to watch it, unless it is over; False where the recording has ended.
    """

    id: int
    rule: str
    measure: str
    level: Level
    started_ns: int
    peak: float
    limit: float
    cleared_ns: int | None = None
    count: int = 1
    silence: Silence = Silence.NONE
    finding: Finding | None = None
    actions: tuple[ActionResult, ...] = ()
    acknowledged_ns: int | None = None
    note: str = ""
    over_ns: int | None = None
    last_over_ns: int | None = None
    settling: bool = False
    seen_count: int = 0
    watched: bool = True

    @property
    def lasted_ns(self) -> int:
        """For how long the measure was over the limit."""
        if self.over_ns is not None:
            return self.over_ns
        return max(0, (self.cleared_ns or self.started_ns) - self.started_ns)

    @property
    def is_unseen(self) -> bool:
        """Whether it has alerted since a person last looked at it."""
        return self.count > self.seen_count and self.acknowledged_ns is None and not self.silence

    @property
    def state(self) -> IncidentState:
        """Whether it goes on."""
        if self.cleared_ns is not None:
            return IncidentState.CLEARED
        return IncidentState.FIRING if self.watched else IncidentState.LEFT_OPEN

    def with_command_lines(self) -> Incident:
        """The same, where whole command lines may be shown: each that was kept stands in the place of the command."""
        finding = self.finding
        if finding is None:
            return self
        culprits = (replace(each, command=each.command_line or each.command) for each in finding.culprits)
        return replace(self, finding=replace(finding, culprits=tuple(culprits)))

    @property
    def fixed(self) -> int:
        """How many actions that are meant to end it were done, and not taken back before it ended."""
        return sum(mends(result.action) and self._held(result) for result in self.actions)

    def _held(self, result: ActionResult) -> bool:
        if result.state is ActionState.UNDONE:
            return self.cleared_ns is not None and result.at_ns >= self.cleared_ns
        return result.state is ActionState.DONE


@dataclass(frozen=True, slots=True)
class IncidentBrief:
    """What the snapshot says of an incident; the fields mean what they mean there."""

    id: int
    rule: str
    measure: str
    level: Level
    started_ns: int
    peak: float
    limit: float
    count: int
    silence: Silence
    acknowledged: bool
    culprit: str = ""
    """The name of the worst one, "" while it is not known."""
    culprit_percent: float | None = None
    """Its CPU, of one core."""
    lasted_ns: int = 0
    last_over_ns: int | None = None
    settling: bool = False
    cleared_ns: int | None = None
    of_many: bool = False
    """Many programs did it together, so none is named."""

    @classmethod
    def of(cls, incident: Incident) -> IncidentBrief:
        """The brief of ``incident``."""
        finding = incident.finding
        of_many = finding is not None and finding.kind is FindingKind.MANY_SMALL
        culprit = finding.culprits[0] if finding is not None and finding.culprits and not of_many else None
        return cls(
            incident.id,
            incident.rule,
            incident.measure,
            incident.level,
            incident.started_ns,
            incident.peak,
            incident.limit,
            incident.count,
            incident.silence,
            incident.acknowledged_ns is not None,
            culprit.name if culprit is not None else "",
            culprit.cpu_percent if culprit is not None else None,
            incident.lasted_ns,
            incident.last_over_ns,
            incident.settling,
            incident.cleared_ns,
            of_many,
        )

    def laid_over(self, known: Incident | None) -> Incident:
        """The incident as this tells it, with what only the record knows; the record is up to some seconds behind."""
        if known is None:
            known = Incident(
                self.id, self.rule, self.measure, self.level, self.started_ns, self.peak, self.limit
            )
        return replace(
            known,
            peak=self.peak,
            count=self.count,
            silence=self.silence,
            cleared_ns=self.cleared_ns,
            over_ns=self.lasted_ns,
            last_over_ns=self.last_over_ns,
            settling=self.settling,
        )


@dataclass(frozen=True, slots=True)
class IncidentMark:
    """What a person noted on an incident, open or over; None leaves as it is, ``acknowledged_ns`` 0 takes it back."""

    id: int
    acknowledged_ns: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Unseen:
    """An incident that alerted, and that no one has looked at since."""

    id: int
    level: Level


@dataclass(frozen=True, slots=True)
class AllSeen:
    """A person has looked at all incidents that there are."""


@dataclass(frozen=True, slots=True)
class Undo:
    """What was done for an incident is to be taken back: ``action`` as in the settings."""

    id: int
    action: str


@dataclass(frozen=True, slots=True)
class Mute:
    """A rule is silent until ``until_ns`` (wall); 0 ends that."""

    rule: str
    until_ns: int


@dataclass(frozen=True, slots=True)
class AlertStatus:
    """What the rules say: incidents in course, the worst level of them, rules that are muted, actions that helped.

    ``last_incident`` is the last one that is over and alerted, other than of hiccups; ``top`` uses most of what is over
    its limit.
    """

    open_incidents: tuple[IncidentBrief, ...] = ()
    worst: Level | None = None
    mutes: tuple[Mute, ...] = ()
    auto_fixed: int = 0
    last_incident: IncidentBrief | None = None
    unseen: tuple[Unseen, ...] = ()
    top: TopProcess | None = None


@dataclass(frozen=True, slots=True)
class TopProcess:
    """The program that uses most of the CPU, or of the memory; its CPU is of one core, and of the whole machine."""

    name: str
    cpu_percent: float | None = None
    machine_percent: float | None = None
    is_own: bool = False


def clean_note(text: str) -> str:
    """A note as it is kept: its lines stay, other control characters become blanks; ValueError where it is too long."""
    if len(text) > NOTE_CHARACTERS:
        raise ValueError(f"a note has at most {NOTE_CHARACTERS} characters, this one {len(text)}")
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text).strip()
