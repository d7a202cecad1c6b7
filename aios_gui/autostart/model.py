"""Being started at log-in as values: what is wanted, what would be written, what was found, how each step went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.heartbeat.model.warmup import StepState

AT_LOGIN = "--at-login"
"""Tells the program that the system starts it, so that it notes when that was last."""


class AutostartError(Exception):
    """It could not be registered, removed, read or tested.

    ``template`` is English and marked for translation, ``facts`` fill its fields; the message is the English one, for
    scripts. What the system said is a template without fields.
    """

    def __init__(self, template: str, **facts: object) -> None:
        super().__init__(template.format(**facts) if facts else template)
        self.template = template
        self.facts = facts


# What is wanted


class MechanismOption(StrEnum):
    """What a mechanism can be told beyond the command."""

    DELAY = "delay"
    SPREAD = "spread"
    ON_BATTERY = "on_battery"
    TIME_LIMIT = "time_limit"
    PRIORITY = "priority"


@dataclass(frozen=True, slots=True)
class AutostartOptions:
    """How the program is to be started.

    ``delay_s`` after log-in, and at random up to ``spread_s`` more. ``time_limit_min`` 0 is none. ``nice`` is the
    priority as Unix counts it, -20 to 19, 0 the usual one.
    """

    mode: LaunchMode = LaunchMode.TRAY
    delay_s: int = 10
    spread_s: int = 0
    on_battery: bool = True
    time_limit_min: int = 0
    nice: int = 0


@dataclass(frozen=True, slots=True)
class LaunchProgram:
    """How this very copy of the program is started: its window, its service, and the home it was given, if any."""

    window: tuple[str, ...]
    service: tuple[str, ...]
    home: str = ""

    def command(
        self, options: AutostartOptions, taken: frozenset[MechanismOption] = frozenset()
    ) -> tuple[str, ...]:
        """What is to be registered; ``taken`` are options that the mechanism sees to itself, so the program need not.

        The priority is never among its arguments: a program cannot tell how it is to be started.
        """
        headless = options.mode is LaunchMode.HEADLESS
        command = [*(self.service if headless else self.window), AT_LOGIN]
        if options.mode is LaunchMode.TRAY:
            command.append("--minimized")
        if options.delay_s and MechanismOption.DELAY not in taken:
            command += ["--after", str(options.delay_s)]
        if options.spread_s and MechanismOption.SPREAD not in taken:
            command += ["--spread", str(options.spread_s)]
        if options.time_limit_min and MechanismOption.TIME_LIMIT not in taken:
            limit = ["--duration", str(options.time_limit_min)]
            command += limit if headless else ["--quit-after", str(options.time_limit_min * 60)]
        if self.home:
            command += ["--home", self.home]
        return tuple(command)


@dataclass(frozen=True, slots=True)
class AutostartPlan:
    """Exactly what would be written, and where; ``commands`` is what would be run, each a list of arguments.

    ``command`` is what the system would start. ``lingers`` tells whether that runs without log-in, None where the
    mechanism knows no such thing.
    """

    where: str
    text: str
    command: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...] = ()
    lingers: bool | None = None


# What was found


class AutostartState(StrEnum):
    """How it stands, as read back from the system."""

    OFF = "off"
    ON = "on"
    CHANGED = "changed"
    """Something is registered, or was, that does not start this program as it is set up here."""
    CANNOT = "cannot"
    """This system has no such mechanism."""


class AutostartReason(StrEnum):
    """What was found; all but the first two go with CHANGED."""

    NONE = ""
    FOR_ALL_USERS = "for_all_users"
    """It is registered for all users of the machine, not by this one."""
    OTHER_PROGRAM = "other_program"
    """Registered for another copy of this program."""
    PROGRAM_GONE = "program_gone"
    """What it would start is no longer there."""
    SWITCHED_OFF = "switched_off"
    """Switched off in the system's own list; ``detail`` is how, where there are several ways."""
    EDITED = "edited"
    """Registered for this program, but not as it would be written now, as after a change of options or by hand."""
    TWICE = "twice"
    """Registered, and so is another mechanism: it would be started twice."""
    BLOCKED = "blocked"
    """Changed or removed by somebody else right after it was written."""
    UNREADABLE = "unreadable"
    """What is there is no registration, or the system does not let it be read; ``detail`` tells."""


_STARTING = (AutostartReason.EDITED, AutostartReason.OTHER_PROGRAM, AutostartReason.TWICE)
_IDLE = (AutostartReason.PROGRAM_GONE, AutostartReason.UNREADABLE, AutostartReason.SWITCHED_OFF)
"""What is there but starts nothing, the gravest first."""


@dataclass(frozen=True, slots=True)
class AutostartStatus:
    """How a mechanism stands, with the evidence.

    ``command`` is the registered one as the system has it, "" where there is none; ``ours`` tells whether it starts
    this very copy of the program. ``since_ns`` is when the user disabled it (wall), 0 if unknown; ``detail`` what
    the system said.
    """

    mechanism: str
    state: AutostartState
    reason: AutostartReason = AutostartReason.NONE
    where: str = ""
    command: str = ""
    ours: bool = False
    since_ns: int = 0
    detail: str | AutostartError = ""

    @property
    def starts(self) -> bool:
        """Whether the system starts something by it."""
        return self.state is AutostartState.ON or self.reason in _STARTING

    @property
    def is_registered(self) -> bool:
        """Whether there is something that could be started, tried or removed."""
        return self.starts or self.reason in _IDLE

    def found(self, reason: AutostartReason, detail: str | AutostartError = "") -> AutostartStatus:
        """The same, CHANGED for this reason."""
        return replace(self, state=AutostartState.CHANGED, reason=reason, detail=detail)


class NotAsPlanned(AutostartError):
    """What was read back is not what was to be there; ``status`` is what is."""

    def __init__(self, status: AutostartStatus) -> None:
        super().__init__(" ".join(filter(None, (status.where, status.reason or status.state))))
        self.status = status


def with_doubles(statuses: Sequence[AutostartStatus]) -> list[AutostartStatus]:
    """``statuses`` with every mechanism but the first that starts something marked as a double."""
    seen = False
    marked = []
    for status in statuses:
        marked.append(status.found(AutostartReason.TWICE) if status.starts and seen else status)
        seen = seen or status.starts
    return marked


def sum_up(
    statuses: Sequence[AutostartStatus], chosen: str, is_explicit: bool
) -> tuple[AutostartStatus, tuple[AutostartStatus, ...]]:
    """How it stands as a whole, and which other registrations there are, out of what ``with_doubles`` gave.

    ``chosen`` is the mechanism that setting it up would take, "" for none; ``is_explicit`` tells that the user named
    it, so that another one that is on is not as chosen.
    """
    told = next((each for each in statuses if each.starts), None)
    if told is not None:
        leftovers = (AutostartReason.PROGRAM_GONE, AutostartReason.UNREADABLE)
        also = tuple(
            each for each in statuses if each is not told and (each.starts or each.reason in leftovers)
        )
        if any(each.reason is not AutostartReason.UNREADABLE for each in also):
            return told.found(AutostartReason.TWICE), also
        if is_explicit and told.mechanism != chosen and told.state is AutostartState.ON:
            return told.found(AutostartReason.EDITED), also
        return told, also
    for reason in _IDLE:
        for status in statuses:
            if status.reason is reason:
                return status, ()
    told = next((each for each in statuses if each.mechanism == chosen), None)
    if told is not None and told.state is AutostartState.OFF:
        return told, ()
    none = AutostartStatus("", AutostartState.CANNOT)
    return replace(told or (statuses[0] if statuses else none), state=AutostartState.CANNOT), ()


# What is done


class SetupStep(StrEnum):
    """The steps of setting it up, in order; a test start alone has the fourth, a removal the last."""

    CHECK = "check"
    REGISTER = "register"
    VERIFY = "verify"
    TRIAL = "trial"
    REMOVE = "remove"


SETUP_STEPS = (SetupStep.CHECK, SetupStep.REGISTER, SetupStep.VERIFY, SetupStep.TRIAL)


class SetupFindingKind(StrEnum):
    """What a step found; ``text`` of the finding is what is meant."""

    FOR_ADMINISTRATOR = "for_administrator"
    """It would be registered for the administrator, not for the user who asked; ``text`` is who that is."""
    TEMPORARY = "temporary"
    """The program is in a folder that the system empties whenever it likes."""
    REMOVABLE = "removable"
    """It is on a disk that can be taken out, or a share that may not be there."""
    DOWNLOADS = "downloads"
    """It is among what is tidied up."""
    WRITABLE = "writable"
    """Another user of the machine could replace it; ``text`` is the file or folder that he may write."""
    REPLACED = "replaced"
    WRITTEN = "written"
    READ_BACK = "read_back"
    REMOVED = "removed"
    FOR_ALL_USERS = "for_all_users"
    """What is registered for all users of the machine stays, but not for this one."""


WARNINGS = frozenset(tuple(SetupFindingKind)[:5])
"""What does not keep it from being set up, but may keep it from starting."""


@dataclass(frozen=True, slots=True)
class SetupFinding:
    """One fact that a step found."""

    kind: SetupFindingKind
    text: str = ""


class SmokeTestOutcome(StrEnum):
    """How a test start ended."""

    BEATS = "beats"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    """It ended by itself before it beat."""
    SILENT = "silent"
    """It ran, but no beat came in time."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SmokeTestResult:
    """What a test start showed.

    ``first_beat_ns`` is from the start of the process, None where no beat came; ``shown`` is "tray", "window",
    "minimized", or "" for the service and where nothing was seen; ``status`` is the exit status of one that ended by
    itself; ``message`` what it or the system said.
    """

    outcome: SmokeTestOutcome
    first_beat_ns: int | None = None
    headless: bool = False
    shown: str = ""
    status: int | None = None
    message: str | AutostartError = ""


@dataclass(frozen=True, slots=True)
class SetupReport:
    """Where one step stands, what it took and found; ``error`` or ``test`` say why it failed."""

    step: SetupStep
    state: StepState = StepState.WAITING
    took_ns: int = 0
    findings: tuple[SetupFinding, ...] = ()
    error: AutostartError | None = None
    test: SmokeTestResult | None = None

    @property
    def is_cancelled(self) -> bool:
        """Whether it is a test start that somebody ended."""
        return self.test is not None and self.test.outcome is SmokeTestOutcome.CANCELLED


@dataclass(frozen=True, slots=True)
class SetupResult:
    """Every step, and how the mechanism stands afterwards."""

    reports: tuple[SetupReport, ...]
    status: AutostartStatus

    @property
    def failed(self) -> SetupReport | None:
        """The step that failed, if any."""
        return next((report for report in self.reports if report.state is StepState.FAILED), None)
