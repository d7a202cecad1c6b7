"""How autostart stands as a whole, out of how each way stands, and the one thing that mends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aios_gui.autostart.model.autostart import State, Status


class Mend(StrEnum):
    """The one thing to do about a state."""

    NOTHING = "nothing"
    """All is well; setting it up again does no harm."""
    SET_UP = "set_up"
    REPAIR = "repair"
    """Register this copy in place of what is registered."""
    APPLY = "apply"
    """Register what is chosen now."""
    ALLOW = "allow"
    """Switch it on again where the user switched it off."""
    ONE_WAY = "one_way"
    """Keep one way and remove the others."""
    WRITE_ANEW = "write_anew"
    OTHER_WAY = "other_way"
    """Choose another way of this system."""
    IMPOSSIBLE = "impossible"
    """This system offers nothing."""


REGISTERING = frozenset({Mend.SET_UP, Mend.REPAIR, Mend.APPLY, Mend.WRITE_ANEW})
"""What writes a new registration, and so needs something that can be written."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``status`` is that of the way that tells, None where the system has none; ``also`` are other registrations."""

    state: State
    mend: Mend
    status: Status | None = None
    also: tuple[Status, ...] = ()

    @property
    def is_registered(self) -> bool:
        """Whether there is something that could be started, tried and removed."""
        return self.status is not None and self.state not in (
            State.OFF,
            State.BLOCKED,
            State.UNAVAILABLE,
        )


_STARTING = (State.ON, State.CHANGED, State.OTHER_PROGRAM, State.TWICE)
_REGISTERED = (State.PROGRAM_GONE, State.UNREADABLE, State.DISABLED)
"""What is there but starts nothing, the gravest first."""
_MENDS = {
    State.ON: Mend.NOTHING,
    State.OTHER_PROGRAM: Mend.REPAIR,
    State.PROGRAM_GONE: Mend.REPAIR,
    State.CHANGED: Mend.APPLY,
    State.DISABLED: Mend.ALLOW,
    State.UNREADABLE: Mend.WRITE_ANEW,
}


def judge_all(statuses: Sequence[Status], chosen: str, is_explicit: bool, other: str = "") -> Verdict:
    """The whole out of its parts, which come from ``with_doubles``.

    ``chosen`` is the way that setting it up would take, "" for none; ``is_explicit`` tells that the user named it, so
    that another one that is on is not as chosen. ``other`` is a way that could be taken instead, "" for none.
    """
    starting = [status for status in statuses if status.state in _STARTING]
    if starting:
        # The one that came first has its own state; the others are marked as doubles.
        told = starting[0]
        also = tuple(
            status
            for status in statuses
            if status is not told and status.state in (*_STARTING, State.PROGRAM_GONE, State.UNREADABLE)
        )
        if any(status.state is not State.UNREADABLE for status in also):
            return Verdict(State.TWICE, Mend.ONE_WAY, told, also)
        if is_explicit and told.mechanism != chosen and told.state is State.ON:
            return Verdict(State.CHANGED, Mend.APPLY, told, also)
        return Verdict(told.state, _MENDS[told.state], told, also)
    for state in _REGISTERED:
        for status in statuses:
            if status.state is state:
                return Verdict(state, _MENDS[state], status)
    return _of_nothing(statuses, chosen, other)


def _of_nothing(statuses: Sequence[Status], chosen: str, other: str) -> Verdict:
    told = next((each for each in statuses if each.mechanism == chosen), None)
    if told is not None and told.state is State.OFF:
        return Verdict(State.OFF, Mend.SET_UP, told)
    if told is None and statuses:
        told = statuses[0]
    return Verdict(State.UNAVAILABLE, Mend.OTHER_WAY if other else Mend.IMPOSSIBLE, told)


def blocked(verdict: Verdict, last: Status, other: str) -> Verdict:
    """The verdict after a set-up that was put back, which left nothing for the system to tell of."""
    if verdict.state is not State.OFF or last.state is not State.BLOCKED:
        return verdict
    return Verdict(State.BLOCKED, Mend.OTHER_WAY if other else Mend.SET_UP, last)
