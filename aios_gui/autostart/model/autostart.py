"""What it means to be started at log-in: what is wanted, what would be written, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from aios_gui.heartbeat.model.states import LaunchMode

AT_LOGIN = "--at-login"
"""Tells the program that the system starts it, so that it notes when that was last."""


class State(StrEnum):
    """How one mechanism stands, as read back from the system."""

    OFF = "off"
    ON = "on"
    OTHER_PROGRAM = "other_program"
    """Registered, but for another copy of this program."""
    PROGRAM_GONE = "program_gone"
    """Registered, but what it would start is no longer there."""
    DISABLED = "disabled"
    """Registered, but switched off in the system's own list."""
    CHANGED = "changed"
    """Registered for this program, but not as it would be written now, as after a change of options or by hand."""
    TWICE = "twice"
    """Registered, and so is another mechanism: it would be started twice."""
    BLOCKED = "blocked"
    """Written, but not there when it was read back."""
    UNREADABLE = "unreadable"
    """The system does not tell."""
    UNAVAILABLE = "unavailable"
    """This system has no such mechanism."""


class Option(StrEnum):
    """What a mechanism can be told beyond the command."""

    DELAY = "delay"
    SPREAD = "spread"
    ON_BATTERY = "on_battery"
    TIME_LIMIT = "time_limit"
    PRIORITY = "priority"


@dataclass(frozen=True, slots=True)
class Wish:
    """How the program is to be started.

    ``delay_s`` after log-in, and at random up to ``spread_s`` more. ``time_limit_min`` 0 is none. ``nice`` is the
    priority as Unix counts it, -20 to 19, 0 the usual one.
    """

    face: LaunchMode = LaunchMode.TRAY
    delay_s: int = 10
    spread_s: int = 0
    on_battery: bool = True
    time_limit_min: int = 0
    nice: int = 0


@dataclass(frozen=True, slots=True)
class Program:
    """How this very copy of the program is started: its window, its service, and the home it was given, if any."""

    window: tuple[str, ...]
    service: tuple[str, ...]
    home: str = ""

    def command(self, wish: Wish, taken: frozenset[Option] = frozenset()) -> tuple[str, ...]:
        """What is to be registered; ``taken`` are options that the mechanism sees to itself, so the program need not.

        The priority is never among its arguments: a program cannot tell how it is to be started.
        """
        headless = wish.face is LaunchMode.HEADLESS
        command = [*(self.service if headless else self.window), AT_LOGIN]
        if wish.face is LaunchMode.TRAY:
            command.append("--minimized")
        if wish.delay_s and Option.DELAY not in taken:
            command += ["--after", str(wish.delay_s)]
        if wish.spread_s and Option.SPREAD not in taken:
            command += ["--spread", str(wish.spread_s)]
        if wish.time_limit_min and Option.TIME_LIMIT not in taken:
            limit = ["--duration", str(wish.time_limit_min)]
            command += limit if headless else ["--quit-after", str(wish.time_limit_min * 60)]
        if self.home:
            command += ["--home", self.home]
        return tuple(command)


class Note(StrEnum):
    """What is to be known of a mechanism beyond what it writes."""

    LINGERS = "lingers"
    """Runs from the start of the machine on, also without log-in."""
    ENDS_WITH_LOG_OFF = "ends_with_log_off"
    """Runs from log-in to log-off; the system can be told to let it go on without."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Exactly what would be written, and where; ``commands`` is what would be run, each a list of arguments.

    ``command`` is what the system would start.
    """

    where: str
    text: str
    command: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...] = ()
    notes: tuple[Note, ...] = ()


class Reason(StrEnum):
    """Why a mechanism stands as it does, where its state alone does not say it; ``detail`` then holds what is meant."""

    NONE = ""
    HIDDEN = "hidden"
    """The entry says that it is to be treated as if it were not there."""
    SWITCHED_OFF = "switched_off"
    """The desktop's own list of programs has it switched off."""
    OTHER_DESKTOP = "other_desktop"
    """It is for other desktops than this one."""
    NOT_LINKED = "not_linked"
    """The unit is there, but nothing starts it."""
    MASKED = "masked"
    """The unit is masked."""
    FOR_ALL_USERS = "for_all_users"
    """It is registered for all users of the machine, not by this one."""
    PUT_BACK = "put_back"
    """Somebody else changed or removed it right after it was written."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a mechanism stands, with the evidence.

    ``command`` is the registered one as the system has it, "" where there is none; ``ours`` tells whether it starts
    this very copy of the program. ``since_ns`` is when the user disabled it (wall), 0 if unknown; ``detail`` what
    the system said.
    """

    mechanism: str
    state: State
    where: str = ""
    command: str = ""
    ours: bool = False
    since_ns: int = 0
    detail: str = ""
    reason: Reason = Reason.NONE


class AutostartError(Exception):
    """It could not be registered, removed or tested; the message is what the system said."""


def with_doubles(statuses: list[Status]) -> list[Status]:
    """``statuses`` with every mechanism but the first that is on marked as a double."""
    seen = False
    marked = []
    for status in statuses:
        is_on = status.state in (State.ON, State.CHANGED, State.OTHER_PROGRAM)
        marked.append(replace(status, state=State.TWICE) if is_on and seen else status)
        seen = seen or is_on
    return marked
