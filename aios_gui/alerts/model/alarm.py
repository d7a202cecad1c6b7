"""When a rule fires and when it clears: one small machine a rule, fed with readings and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from aios_gui.alerts.model.rules import Comparison, Rule

BREAK_NS = 30_000_000_000
"""Unobserved for longer than this, it is unknown whether it went on: what was to last begins again."""


class Phase(StrEnum):
    """Where an alarm stands."""

    CALM = "calm"
    PENDING = "pending"
    """Over the limit, not yet for as long as the rule says."""
    FIRING = "firing"
    CLEARING = "clearing"
    """Still firing, but better than the clear level, not yet for as long as the rule says."""


# By name on their class they take several times as long to find, and each reading of a week asks for some.
_CALM, _PENDING, _FIRING, _CLEARING = Phase.CALM, Phase.PENDING, Phase.FIRING, Phase.CLEARING


class Turn(StrEnum):
    """What a reading brought about."""

    FIRED = "fired"
    FIRED_AGAIN = "fired_again"
    """Soon after it cleared: the same incident once more."""
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Firing:
    """The firing in course or the last one. Times as given to the alarm, ns; ``cleared_ns`` is None in its course."""

    started_ns: int
    peak: float
    count: int = 1
    cleared_ns: int | None = None


class Alarm:
    """The state machine of one rule.

    Times are of one clock, ns, given from outside. A reading stands for the time since the one before, but at most for
    its ``worth_ns``: a span without readings, as in sleep, in a pause, or after the clock was set, neither fires a
    rule nor clears it. A reading between limit and clear level ends what was pending and what was clearing.
    """

    __slots__ = (
        "_at_ns",
        "_began_ns",
        "_bound",
        "_clear",
        "_for_ns",
        "_held_ns",
        "_pending_ns",
        "_rule",
        "_sign",
        "_worst",
        "firing",
        "is_over",
        "last_over_ns",
        "over_ns",
        "phase",
    )

    def __init__(self, rule: Rule, resumed: Firing | None = None, over_ns: int = 0) -> None:
        self._rule = rule
        # Below is above with the sign turned: more is worse.
        self._sign = 1.0 if rule.comparison is Comparison.ABOVE else -1.0
        self._bound = self._sign * rule.limit
        self._clear = min(self._sign * rule.clear, self._bound)
        self._for_ns = round(rule.for_s * 1e9)
        self._at_ns = self._began_ns = self._held_ns = self._pending_ns = 0
        self.over_ns = over_ns
        """For how long the measure was over the limit in all, in the firing in course or the last one."""
        self.last_over_ns = 0
        """When it last was, 0 where that is not known."""
        self.is_over = False
        """Whether it is, by the latest reading."""
        self._worst = rule.limit
        if rule.is_of_stalls and resumed is not None and resumed.cleared_ns is None:
            resumed = replace(resumed, cleared_ns=resumed.started_ns)
        self.phase = _FIRING if resumed is not None and resumed.cleared_ns is None else _CALM
        self.firing = resumed

    @property
    def is_on(self) -> bool:
        """Whether it fires, also while it is about to clear."""
        return self.phase is _FIRING or self.phase is _CLEARING

    @property
    def is_settling(self) -> bool:
        """Whether it still fires though the measure is back within the limit."""
        return self.is_on and not self.is_over

    def by(self, rule: Rule) -> Alarm:
        """An alarm of another rule on the same measure that goes on with this one; a reading is yet to tell more."""
        alarm = Alarm(rule, self.firing, self.over_ns)
        alarm.is_over, alarm.last_over_ns = self.is_over, self.last_over_ns
        return alarm

    def take(self, value: float, at_ns: int, worth_ns: int) -> Turn | None:
        """Take in a reading of the measure; what it brought about. While calm, good readings may be left out."""
        passed_ns, self._at_ns = at_ns - self._at_ns, at_ns
        if not 0 <= passed_ns <= worth_ns + BREAK_NS:
            passed_ns, self._held_ns, self._began_ns, self._pending_ns = 0, 0, at_ns, worth_ns
        stands_for_ns = min(passed_ns, worth_ns)
        self._held_ns += stands_for_ns
        signed = self._sign * value
        if signed >= self._bound:
            self.last_over_ns, self.is_over = at_ns, True
            return self._take_bad(value, at_ns, stands_for_ns, worth_ns)
        self.is_over = False
        if signed < self._clear:
            return self._take_good(at_ns)
        self.phase = _FIRING if self.is_on else _CALM
        return None

    def take_stall(self, value: float, start_ns: int, end_ns: int) -> Turn | None:
        """Take in a stall that is over, of a rule on single stalls: it fired when the stall began, and has cleared."""
        if value < self._bound:
            return None
        self._began_ns, self._worst, self._pending_ns = start_ns, value, end_ns - start_ns
        self.last_over_ns = end_ns
        turn = self._fire()
        self.phase = _CALM
        firing = self.firing
        assert firing is not None
        self.firing = replace(firing, cleared_ns=max(firing.started_ns, end_ns))
        return turn

    def _take_bad(self, value: float, at_ns: int, stands_for_ns: int, worth_ns: int) -> Turn | None:
        if self.is_on:
            self.phase = _FIRING
            self.over_ns += stands_for_ns
            firing = self.firing
            assert firing is not None
            if self._sign * value > self._sign * firing.peak:
                self.firing = Firing(firing.started_ns, value, firing.count)
            return None
        if self.phase is _CALM:
            self.phase, self._began_ns, self._held_ns, self._worst = _PENDING, at_ns, 0, value
            # Where good readings were left out, what it stands for is not to be had from the one before.
            self._pending_ns = worth_ns
        else:
            self._pending_ns += stands_for_ns
            self._worst = self._rule.worse(self._worst, value)
        return self._fire() if self._held_ns >= self._for_ns else None

    def _fire(self) -> Turn:
        self.phase = _FIRING
        last = self.firing
        if last is None or not self._is_soon_after(last):
            self.firing = Firing(self._began_ns, self._worst)
            self.over_ns = self._pending_ns
            return Turn.FIRED
        peak = self._rule.worse(last.peak, self._worst)
        self.firing = Firing(last.started_ns, peak, last.count + 1)
        self.over_ns += self._pending_ns
        return Turn.FIRED_AGAIN

    def _is_soon_after(self, last: Firing) -> bool:
        # Either way, since the clock may have been set back.
        since_ns = abs(self._began_ns - (last.cleared_ns or 0))
        return since_ns < self._rule.cooldown_s * 1e9

    def _take_good(self, at_ns: int) -> Turn | None:
        if not self.is_on:
            self.phase = _CALM
            return None
        if self.phase is _FIRING:
            self.phase, self._began_ns, self._held_ns = _CLEARING, at_ns, 0
        if self._held_ns < self._for_ns:
            return None
        firing = self.firing
        assert firing is not None
        self.phase = _CALM
        # Not before it began, though the clock was set back meanwhile.
        cleared_ns = max(firing.started_ns, self._began_ns)
        self.firing = Firing(firing.started_ns, firing.peak, firing.count, cleared_ns)
        return Turn.CLEARED


def is_quiet(rule: Rule, minute: int) -> bool:
    """Whether ``minute`` of the day, 0 to 1439, lies in the rule's quiet hours, which may go over midnight."""
    return bool(rule.quiet_from) and lies_between(minute, rule.quiet_from, rule.quiet_to)


def lies_between(minute: int, from_time: str, to_time: str) -> bool:
    """Whether a minute of the day lies from one time ("22:00") to another, which may be past midnight."""
    begins, ends = _minute(from_time), _minute(to_time)
    if begins < ends:
        return begins <= minute < ends
    # The same time twice is all day.
    return minute >= begins or minute < ends


def _minute(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)
