"""What a benchmark runs, in which order: interleaved, each heartbeat going first in its turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aios_gui.selfcheck.benchmark.model import Heartbeat, Mode

REST_NS = 1_000_000_000
"""Before each beat at cadence."""
SETTLING_BEATS = 5
"""Beats back to back that are not counted: after another heartbeat the first are cold. The original makes none."""

_ORIGINAL_NS = 1_501_500_000
_OTHER_NS = 300_000


@dataclass(frozen=True, slots=True)
class Step:
    """So many beats of one heartbeat, in one mode."""

    name: Heartbeat
    mode: Mode
    beats: int = 1

    @property
    def settling_beats(self) -> int:
        """Beats to make before, uncounted."""
        return SETTLING_BEATS if self.mode is Mode.BACK_TO_BACK and self.name is not Heartbeat.ORIGINAL else 0

    @property
    def expected_ns(self) -> int:
        """About how long it takes."""
        beat_ns = _ORIGINAL_NS if self.name is Heartbeat.ORIGINAL else _OTHER_NS
        rest_ns = REST_NS if self.mode is Mode.CADENCE else 0
        return self.beats * (rest_ns + beat_ns)


@dataclass(frozen=True, slots=True)
class Plan:
    """``cadence_beats`` of each heartbeat at cadence a round, then ``back_to_back_beats`` of each without pause.

    The original, which takes 1.5 s a beat, makes one of either a round.
    """

    rounds: int
    cadence_beats: int
    back_to_back_beats: int

    def steps(self) -> Iterator[Step]:
        """Every step in order."""
        for number in range(self.rounds):
            for turn in range(self.cadence_beats):
                for name in _rotated(number * self.cadence_beats + turn):
                    if name is not Heartbeat.ORIGINAL or turn == 0:
                        yield Step(name, Mode.CADENCE)
            for name in _rotated(number):
                beats = 1 if name is Heartbeat.ORIGINAL else self.back_to_back_beats
                yield Step(name, Mode.BACK_TO_BACK, beats)


FULL = Plan(rounds=6, cadence_beats=5, back_to_back_beats=100)
"""About two minutes."""
QUICK = Plan(rounds=2, cadence_beats=3, back_to_back_beats=100)
"""About 26 s."""


def _rotated(first: int) -> list[Heartbeat]:
    names = list(Heartbeat)
    first %= len(names)
    return names[first:] + names[:first]
