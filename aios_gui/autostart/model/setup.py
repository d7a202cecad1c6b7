"""What setting up autostart, trying it and looking at it again at each start can find."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from aios_gui.autostart.model.autostart import State, Status
from aios_gui.heartbeat.model.warmup import StepState


class Place(StrEnum):
    """What a program's folder says of whether it will be there at the next log-in."""

    USUAL = "usual"
    TEMPORARY = "temporary"
    """Emptied by the system whenever it likes."""
    REMOVABLE = "removable"
    """On a disk that can be taken out, or a share that may not be there."""
    DOWNLOADS = "downloads"
    """Among what is tidied up."""


class SetupStep(StrEnum):
    """The steps of setting it up, in order; then of removing it, of switching it on again, and of a test start."""

    RIGHTS = "rights"
    PATHS = "paths"
    REPLACE = "replace"
    REGISTER = "register"
    VERIFY = "verify"
    TRIAL = "trial"
    MANAGE = "manage"
    REMOVE = "remove"
    VERIFY_REMOVED = "verify_removed"
    ALLOW = "allow"
    START = "start"
    FIRST_BEAT = "first_beat"
    APPEAR = "appear"
    END = "end"


SETUP_STEPS = tuple(SetupStep)[:7]
REMOVAL_STEPS = (SetupStep.REMOVE, SetupStep.VERIFY_REMOVED)
ALLOW_STEPS = (SetupStep.ALLOW, SetupStep.VERIFY)
TRIAL_STEPS = (SetupStep.START, SetupStep.FIRST_BEAT, SetupStep.APPEAR, SetupStep.END)


class FindingKind(StrEnum):
    """What a step found; ``text`` of the finding is what is meant."""

    NO_ADMINISTRATOR = "no_administrator"
    FOR_ADMINISTRATOR = "for_administrator"
    """It would be registered for the administrator, not for the user who asked; ``text`` is who that is."""
    PROGRAM = "program"
    HOME = "home"
    PLACE_TEMPORARY = "place_temporary"
    PLACE_REMOVABLE = "place_removable"
    PLACE_DOWNLOADS = "place_downloads"
    NOTHING_TO_REPLACE = "nothing_to_replace"
    REPLACED = "replaced"
    OTHER_REMOVED = "other_removed"
    """Another mechanism started it as well; ``text`` is its key."""
    WRITTEN = "written"
    READ_BACK = "read_back"
    TRIED = "tried"
    NOT_TRIED = "not_tried"
    MANAGED_BY = "managed_by"
    """``text`` is the key of the mechanism."""
    LINGERS = "lingers"
    ENDS_WITH_LOG_OFF = "ends_with_log_off"
    REMOVED = "removed"
    NOTHING_LEFT = "nothing_left"
    ALLOWED = "allowed"
    """Switched on again in the system's own list; ``text`` is the place."""
    FOR_ALL_USERS = "for_all_users"
    """What is registered for all users of the machine stays, but not for this one."""


WARNINGS = frozenset(
    {
        FindingKind.FOR_ADMINISTRATOR,
        FindingKind.PLACE_TEMPORARY,
        FindingKind.PLACE_REMOVABLE,
        FindingKind.PLACE_DOWNLOADS,
    }
)
"""What does not keep it from being set up, but may keep it from starting."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact that a step found."""

    kind: FindingKind
    text: str = ""


class TrialOutcome(StrEnum):
    """How a trial ended."""

    BEATS = "beats"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    """It ended by itself before it beat."""
    SILENT = "silent"
    """It ran, but no beat came in time."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What a trial showed.

    ``first_beat_ns`` is from the start of the process, None where no beat came; ``shown`` is "tray", "window",
    "minimized", or "" for the service and where nothing was seen; ``status`` is the exit status of one that ended by
    itself; ``said`` what it or the system said.
    """

    outcome: TrialOutcome
    first_beat_ns: int | None = None
    headless: bool = False
    shown: str = ""
    status: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class SetupReport:
    """Where one step stands, what it took and found; ``error`` says why it failed."""

    step: SetupStep
    state: StepState = StepState.WAITING
    took_ns: int = 0
    findings: tuple[Finding, ...] = ()
    error: str = ""
    trial: TrialResult | None = None


@dataclass(frozen=True, slots=True)
class SetupResult:
    """Every step, and how the mechanism stands afterwards."""

    reports: tuple[SetupReport, ...]
    status: Status

    @property
    def failed(self) -> SetupReport | None:
        """The step that failed, if any."""
        return next((report for report in self.reports if report.state is StepState.FAILED), None)


class AdviceKind(StrEnum):
    """What a look at each start may find to be offered."""

    PROGRAM_GONE = "program_gone"
    OTHER_PROGRAM = "other_program"
    CHANGED = "changed"
    TWICE = "twice"
    TEMPORARY = "temporary"
    REMOVABLE = "removable"
    DOWNLOADS = "downloads"


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to offer, of one mechanism; ``text`` is the command or the path that is meant."""

    kind: AdviceKind
    mechanism: str
    text: str = ""

    @property
    def is_mendable(self) -> bool:
        """Whether setting it up again mends it; otherwise it is only to be known."""
        return self.kind not in _OF_PLACES


_OF_PLACES = {AdviceKind.TEMPORARY, AdviceKind.REMOVABLE, AdviceKind.DOWNLOADS}
_OF_STATES = {
    State.PROGRAM_GONE: AdviceKind.PROGRAM_GONE,
    State.OTHER_PROGRAM: AdviceKind.OTHER_PROGRAM,
    State.CHANGED: AdviceKind.CHANGED,
    State.TWICE: AdviceKind.TWICE,
}


def advise(statuses: list[Status], program: str, place: Place) -> tuple[Advice, ...]:
    """What to offer at a start of ``program``, which lies in such a ``place``, the gravest first.

    What the user switched off in the system's own list, or never set up, is nobody's business.
    """
    found = [
        Advice(_OF_STATES[status.state], status.mechanism, status.command)
        for kind in _OF_STATES
        for status in statuses
        if status.state is kind
    ]
    ours = next((each for each in statuses if each.ours and each.state in (State.ON, State.CHANGED)), None)
    if ours is not None and place is not Place.USUAL:
        found.append(Advice(AdviceKind(str(place)), ours.mechanism, program))
    return tuple(found)
