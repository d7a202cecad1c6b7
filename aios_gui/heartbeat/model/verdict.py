"""What a resident heartbeat answers to who asks for a beat: the beat's own result, and what the rules make of it."""

from __future__ import annotations

from dataclasses import dataclass

from aios_gui.heartbeat.model.beat import Beat, Outcome, result_text


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known beyond one beat: the rules that fire, how many actions have ended incidents of late, and the score.

    ``degraded`` is the score of the last hour where it is so low that it matters; None otherwise.
    """

    firing: tuple[str, ...] = ()
    fixed: int = 0
    degraded: float | None = None

    def outcome(self, beat: Beat) -> Outcome:
        """The word for ``beat``: its own, unless a rule fires, the last hour was bad, or something was mended."""
        if beat.outcome is Outcome.ERROR:
            return Outcome.ERROR
        if self.names(beat):
            return Outcome.ALERT
        if self.degraded is not None:
            return Outcome.DEGRADED
        return Outcome.AUTO_FIXED if self.fixed else Outcome.OK

    def names(self, beat: Beat) -> tuple[str, ...]:
        """What the beat itself found over a limit, then the rules that fire, each once."""
        return tuple(dict.fromkeys((*beat.breached, *self.firing)))

    def text(self, beat: Beat) -> str:
        """The line that agents parse, as ``AIOS_ALERT:cpu,disk (0.09ms)`` or ``AIOS_AUTO_FIXED:2 (0.08ms)``."""
        outcome = self.outcome(beat)
        if outcome is Outcome.DEGRADED:
            return result_text(outcome, beat.duration_ns, (_rounded_down(self.degraded or 0.0),))
        if outcome is Outcome.AUTO_FIXED:
            return result_text(outcome, beat.duration_ns, (str(self.fixed),))
        return result_text(outcome, beat.duration_ns, self.names(beat), beat.sample.error)


def _rounded_down(score: float) -> str:
    """Two digits; what is below 0.50 never reads 0.50."""
    return f"{int(score * 100 + 1e-9) / 100:.2f}"


NOTHING_KNOWN = Verdict()
"""Of a beat on its own."""
