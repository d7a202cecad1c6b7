"""Gathers what the targets are judged by: of the instance that runs, or out of the record where none does."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import psutil

from aios_gui.heartbeat.model.items import EventKind, RecordedBeat
from aios_gui.heartbeat.model.states import LaunchMode, Mode
from aios_gui.instance.channel import NoResident
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetSnapshot
from aios_gui.instance.model.session_stats import PERCENTILE_BEATS, SessionStats
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.record.model.hour import MINUTE_NS, MINUTES, SlidingHour
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.reader import RecordReader
from aios_gui.selfcheck.record import MeasurementKind
from aios_gui.selfcheck.record_reader import measurements
from aios_gui.selfcheck.targets.model import TargetFacts
from aios_gui.system.paths import Paths

log = logging.getLogger(__name__)
_PATIENCE_S = 2.0
_HOUR_NS = MINUTES * MINUTE_NS


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts and whose they are: ``pid`` of the instance that runs, 0 for the record.

    ``until_ns`` is the newest beat (wall), None where there is none.
    """

    facts: TargetFacts
    pid: int = 0
    until_ns: int | None = None


def gather(paths: Paths, hiccup_ns: int) -> Gathered:
    """What is known now. ``hiccup_ns`` is the lateness that counts as a stutter in the record.

    ChannelError where an instance runs but cannot be asked, StoreError where none runs and the record cannot be read.
    """
    with RecordReader(paths.store) as reader:
        try:
            answer = ChannelClient(paths, _PATIENCE_S).execute(GetSnapshot())
        except NoResident:
            return recorded_facts(reader, hiccup_ns)
        snapshot = answer.snapshot
        speedups = last_speedups(reader)
    facts = running_facts(snapshot, answer.launch_mode, private_bytes(snapshot.pid), speedups)
    return Gathered(facts, snapshot.pid, snapshot.beat.wall_ns if snapshot.beat is not None else None)


def running_facts(
    snapshot: Snapshot, shown_as: LaunchMode, private_bytes: int | None, speedups: Mapping[str, float | None]
) -> TargetFacts:
    """What a snapshot tells of a running heartbeat, with what it cannot know."""
    first, context = snapshot.warm_up.first.warm, snapshot.context
    return TargetFacts(
        shown_as,
        snapshot.hour,
        snapshot.duration,
        snapshot.lateness,
        snapshot.made,
        snapshot.due,
        first[0] if first else None,
        snapshot.rehearsal.unrehearsed,
        snapshot.own_cpu_percent,
        context.own_memory_bytes if context is not None else None,
        private_bytes,
        speedups,
    )


def private_bytes(pid: int) -> int | None:
    """Memory that a process shares with no other; None where the system does not tell. It takes milliseconds."""
    try:
        return int(psutil.Process(pid).memory_full_info().uss)
    except (psutil.Error, OSError, AttributeError, ValueError) as error:
        log.debug("the system does not tell the memory of process %d: %s", pid, error)
        return None


def last_speedups(reader: RecordReader) -> Mapping[str, float | None]:
    """How many times as quick as which other heartbeat each was in the last benchmark; StoreError."""
    for measurement in reversed(measurements(reader, MeasurementKind.BENCHMARK)):
        try:
            return msgspec.convert(measurement.facts.get("speedup"), dict[str, float | None])
        except msgspec.ValidationError as error:
            log.warning(
                "the speed-ups of benchmark %d in the record do not count: %s", measurement.number, error
            )
    return {}


def recorded_facts(reader: RecordReader, hiccup_ns: int, before_ns: int | None = None) -> Gathered:
    """What the last run told at its end, or before a moment, as far as the record has it; StoreError."""
    from aios_gui.history.queries import History

    speedups = last_speedups(reader)
    span = reader.span()
    end_ns = span[1] + 1000 if span is not None else 0
    if before_ns is not None:
        end_ns = min(end_ns, before_ns)
    hour, session = SlidingHour(), 0
    last: deque[RecordedBeat] = deque(maxlen=PERCENTILE_BEATS)
    for beat in reader.beats(end_ns - _HOUR_NS - 1000, end_ns):
        if beat.session != session:
            session = beat.session
            last.clear()
        hour.add_beat(beat, hiccup_ns)
        last.append(beat)
    if not last:
        return Gathered(TargetFacts(speedups=speedups))
    row = reader.row("session", "SELECT started_us FROM session WHERE id = ?", session)
    started_ns = row[0] * 1000 if row is not None and isinstance(row[0], int) else last[0].wall_ns
    figures = SessionStats(started_ns)
    for beat in last:
        figures.add(beat, hiccup_ns)
    for sample in reader.contexts(max(started_ns, end_ns - _HOUR_NS), end_ns):
        figures.add(sample, hiccup_ns)
    coverage = History(reader).coverage(TimeRange(started_ns, end_ns))
    facts = TargetFacts(
        LaunchMode.HEADLESS if reader.last_mode(session) == Mode.SERVICE else LaunchMode.WINDOW,
        hour.total(),
        figures.duration.summary(),
        figures.lateness.summary(),
        coverage.made,
        coverage.due,
        _first_beat_ns(reader, session, started_ns, end_ns),
        figures.warmth.unrehearsed,
        figures.own_cpu_percent,
        figures.context.own_memory_bytes if figures.context is not None else None,
        speedups=speedups,
    )
    return Gathered(facts, until_ns=last[-1].wall_ns)


def _first_beat_ns(reader: RecordReader, session: int, started_ns: int, end_ns: int) -> int | None:
    """What the first beat after the last warm-up of a run took; None where the record does not have it."""
    warm_ups = reader.events(started_ns, end_ns, EventKind.WARMED_UP)
    since_ns, seq = (warm_ups[-1].wall_ns, warm_ups[-1].seq or 0) if warm_ups else (started_ns, 0)
    after = (beat for beat in reader.beats(since_ns, end_ns) if beat.session == session)
    first = next(after, None)
    return first.duration_ns if first is not None and first.seq == seq else None
