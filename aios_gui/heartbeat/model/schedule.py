"""The absolute grid on which beats are due: a stall costs grid points, never a burst."""

from __future__ import annotations

MINIMUM_PERIOD_NS = 20_000_000
MAXIMUM_PERIOD_NS = 3_600_000_000_000


class Grid:
    """Grid points one period apart. ``due_ns`` is the next one."""

    __slots__ = ("due_ns", "period_ns")

    def __init__(self, first_due_ns: int, period_ns: int) -> None:
        self.due_ns = first_due_ns
        self.period_ns = check_period_ns(period_ns)

    def missed_at(self, woke_ns: int) -> int:
        """How many grid points after the one due have already passed."""
        return max(0, (woke_ns - self.due_ns) // self.period_ns)

    def advance(self, missed: int) -> None:
        """Move to the next grid point that lies ahead: missed ones are counted, never replayed."""
        self.due_ns += self.period_ns * (1 + missed)

    def change_period(self, period_ns: int, now_ns: int) -> None:
        """Beat every ``period_ns`` from now on.

        The beat that is due stays due where the new period would come later; with a shorter period it comes
        one new period from now. So no beat is lost and none is made twice.
        """
        self.period_ns = check_period_ns(period_ns)
        self.due_ns = min(self.due_ns, now_ns + period_ns)

    def restart(self, now_ns: int) -> None:
        """Begin the grid again at one period from now, as after a pause or a sleep of the machine."""
        self.due_ns = now_ns + self.period_ns


def check_period_ns(period_ns: int) -> int:
    """Return ``period_ns``; ValueError outside 20 ms … 1 h."""
    if not MINIMUM_PERIOD_NS <= period_ns <= MAXIMUM_PERIOD_NS:
        raise ValueError(f"the interval must lie between 20 ms and 1 h, not {period_ns / 1e9:g} s")
    return period_ns
