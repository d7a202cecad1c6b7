"""Adds up the stages of one group over its runs."""

from __future__ import annotations

from collections.abc import Iterable

from aios_gui.selfcheck.profile.model import Cost, Group, StageCost
from aios_gui.selfcheck.profile.moments import Moments
from aios_gui.selfcheck.profile.stages import STAGES, Stage


class ProfileFailed(Exception):
    """Nothing can be measured; the message is why."""


class Tally:
    """Takes in the moments of each run of ``group``."""

    def __init__(self, group: Group, stages: Iterable[Stage] = STAGES) -> None:
        self._stages = [stage for stage in stages if stage.group is group]
        self._durations_ns: dict[str, list[int]] = {stage.name: [] for stage in self._stages}

    def take(self, moments: Moments) -> int:
        """Take in one run; returns how much of the total its stages explain, ns.

        A stage of which a moment is not there did not happen in this run.
        """
        explained_ns = 0
        for stage in self._stages:
            if stage.began in moments and stage.ended in moments:
                took_ns = moments[stage.ended] - moments[stage.began]
                self._durations_ns[stage.name].append(took_ns)
                explained_ns += took_ns if stage.in_total else 0
        return explained_ns

    @property
    def costs(self) -> tuple[StageCost, ...]:
        """What each stage cost, in their order."""
        return tuple(
            StageCost(stage.name, stage.group, stage.in_total, Cost.of(self._durations_ns[stage.name]))
            for stage in self._stages
        )
