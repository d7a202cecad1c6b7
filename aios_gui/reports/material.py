"""What a report is made of: each question to the record is asked once, when a section first needs its answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from aios_gui.alerts import record_reader as alerts
from aios_gui.alerts.model.incident import Finding, Incident
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.history.changes.model import Burst, bursts
from aios_gui.history.model.distribution import Distribution
from aios_gui.history.notes.model import Note
from aios_gui.history.queries import History
from aios_gui.record.model.timerange import END_OF_TIME_NS, TimeRange
from aios_gui.reports.model.test_run import RunResult
from aios_gui.selfcheck.benchmark.model import BenchmarkResult, Machine
from aios_gui.selfcheck.record import MeasurementKind
from aios_gui.selfcheck.targets.model import TargetFacts, TargetResult, TargetUnit, judge_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from aios_gui.autostart.service import AutostartSnapshot
    from aios_gui.history.analysis.model.analysis import Analysis
    from aios_gui.history.analysis.model.smoke import Smoke
    from aios_gui.history.comparison.model import Comparison
    from aios_gui.history.model.series import Series

SMOKE_PIXELS = 460
_AROUND_SHARE = 0.5
_LEAST_AROUND_NS = 30_000_000_000


def _ignore(_share: float) -> None:
    return None


def _percentiles(found: Distribution) -> Percentiles:
    return Percentiles(found.count, *(found.at(share) for share in (0.5, 0.95, 0.99)))


@dataclass
class Material:
    """A record, a span, and what else was asked for; ``began_ns`` is when the report was begun (wall, ns).

    ``as_now`` tells of incidents how those stand that are open in the record.
    ``incident_number``, ``against`` and ``test_run`` are only for the templates that need them. ``target_facts`` are of
    the last hour of the span, ``look_at_autostart`` asks the system; None where it is another machine's record.
    """

    history: History
    span: TimeRange
    machine: Machine
    began_ns: int
    target_facts: TargetFacts | None = None
    look_at_autostart: Callable[[], AutostartSnapshot] | None = None
    incident_number: int | None = None
    against: TimeRange | None = None
    test_run: RunResult | None = None
    progress: Callable[[float], None] = field(default=_ignore)
    is_slice: bool = False
    as_now: Callable[[list[Incident]], list[Incident]] = field(default=list)

    @cached_property
    def analysis(self) -> Analysis:
        """The span analysed."""
        from aios_gui.history.analysis.analyse import analyse

        return analyse(self.history, self.span, progress=self.progress)

    @cached_property
    def targets(self) -> tuple[TargetResult, ...]:
        """The targets that apply, judged by the whole span as far as it tells, else by its last hour."""
        facts, analysis = self.target_facts, self.analysis
        if facts is None:
            return ()
        # Both figures of a ratio are of the same time: the P50 of a week is not that of its last hour.
        ratios = {each.target: each for each in judge_all(facts) if each.target.unit is TargetUnit.RATIO}
        if analysis.count:
            timings = analysis.distributions
            facts = replace(
                facts,
                duration=_percentiles(timings.duration.raw),
                lateness=_percentiles(timings.lateness.raw),
                made=analysis.coverage.made,
                due=analysis.coverage.due,
            )
        return tuple(ratios.get(each.target, each) for each in judge_all(facts) if each.counts)

    @cached_property
    def autostart(self) -> AutostartSnapshot | None:
        """How the program is started, as the system has it."""
        return None if self.look_at_autostart is None else self.look_at_autostart()

    @cached_property
    def smoke(self) -> Smoke:
        """The span as smoke."""
        return self.history.smoke(self.analysis.span, SMOKE_PIXELS)

    @cached_property
    def incidents(self) -> list[Incident]:
        """The incidents that touch the span, oldest first."""
        return self.as_now(self.history.incidents(self.span))

    @cached_property
    def incident(self) -> Incident | None:
        """The one that was asked for, or the worst of the span; None where there is none."""
        if self.incident_number is not None:
            found = alerts.incident(self.history.reader, self.incident_number)
            return next(iter(self.as_now([found] if found is not None else [])), None)
        levels = {"critical": 1, "warning": 0}
        return max(self.incidents, key=lambda each: (levels[each.level], each.lasted_ns), default=None)

    @cached_property
    def hiccup_findings(self) -> dict[int, Finding]:
        """What was found of the hiccups of the span, by the wall time of each (ns)."""
        return alerts.hiccup_findings(self.history.reader, self.span.start_ns, self.span.end_ns)

    @cached_property
    def changes(self) -> list[Burst]:
        """What was installed, updated and switched, oldest first, with what belongs together as one."""
        return bursts(self.history.changes(self.span))

    @cached_property
    def notes(self) -> list[Note]:
        """The notes that touch the span."""
        return self.history.notes(self.span)

    @cached_property
    def benchmark(self) -> BenchmarkResult | None:
        """The last benchmark that can be read; None where there is none."""
        from aios_gui.record.store.errors import StoreError
        from aios_gui.selfcheck.benchmark.facts import result_in
        from aios_gui.selfcheck.record_reader import measurements

        for measurement in reversed(measurements(self.history.reader, MeasurementKind.BENCHMARK)):
            try:
                return result_in(measurement)
            except StoreError:
                continue
        return None

    @cached_property
    def warm_ups(self) -> list[Event]:
        """Every warm-up of the span, oldest first."""
        return self.history.reader.events(self.span.start_ns, self.span.end_ns, EventKind.WARMED_UP)

    @cached_property
    def comparison(self) -> Comparison | None:
        """The span against the one that was named; None where none was."""
        from aios_gui.history.comparison.side_by_side import comparison_of

        return None if self.against is None else comparison_of(self.history.reader, self.against, self.span)

    def recorded_part(self, span: TimeRange) -> TimeRange:
        """As much of a span as lies between the first and the last beat of the record, or all of it where none does.

        An open end is then the moment when the report was begun.
        """
        whole = self.history.reader.span()
        if whole is None or span.start_ns > whole[1] or span.end_ns < whole[0]:
            is_open = span.end_ns == END_OF_TIME_NS
            return TimeRange(span.start_ns, max(span.start_ns + 1, self.began_ns)) if is_open else span
        return TimeRange(max(span.start_ns, whole[0]), min(span.end_ns, whole[1] + 1000))

    def around(self, incident: Incident, pixels: int) -> Series:
        """What was measured around an incident."""
        end_ns = self.end_of(incident)
        room_ns = max(_LEAST_AROUND_NS, int((end_ns - incident.started_ns) * _AROUND_SHARE))
        return self.history.series(TimeRange(max(0, incident.started_ns - room_ns), end_ns + room_ns), pixels)

    def end_of(self, incident: Incident) -> int:
        """When an incident ended, or the end of the record while it goes on, ns."""
        return incident.cleared_ns or max(incident.started_ns, self.analysis.span.end_ns)

    def beside(self) -> tuple[Sequence[int], Sequence[int]]:
        """Durations and latenesses (ns) of the beats that were recorded since the report was begun."""
        beats = list(self.history.beats(TimeRange(self.began_ns, time.time_ns() + 1)))
        return [beat.duration_ns for beat in beats], [beat.lateness_ns for beat in beats]
