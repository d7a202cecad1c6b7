"""What a resident heartbeat answers to who asks for a beat: the beat's own result, and what the rules make of it."""

from __future__ import annotations

from dataclasses import dataclass

from aios_gui.core.beat import Beat, Outcome, result_text


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known beyond one beat: the rules that fire, and how many actions have ended incidents of late."""

    firing: tuple[str, ...] = ()
    fixed: int = 0

    def outcome(self, beat: Beat) -> Outcome:
        """The word for ``beat``: its own, unless a rule fires or something was mended."""
        if beat.outcome is Outcome.ERROR:
            return Outcome.ERROR
        if self.names(beat):
            return Outcome.ALERT
        return Outcome.AUTO_FIXED if self.fixed else Outcome.OK

    def names(self, beat: Beat) -> tuple[str, ...]:
        """What the beat itself found over a limit, then the rules that fire, each once."""
        return tuple(dict.fromkeys((*beat.breached, *self.firing)))

    def text(self, beat: Beat) -> str:
        """The line that agents parse, as ``AIOS_ALERT:cpu,disk (0.09ms)`` or ``AIOS_AUTO_FIXED:2 (0.08ms)``."""
        outcome = self.outcome(beat)
        if outcome is Outcome.AUTO_FIXED:
            return result_text(outcome, beat.duration_ns, (str(self.fixed),))
        return result_text(outcome, beat.duration_ns, self.names(beat), beat.sample.error)


NOTHING_KNOWN = Verdict()
"""Of a beat on its own."""
