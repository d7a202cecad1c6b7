"""A record of a quarter of an hour for pictures: a calm machine, one stutter, one gap, benchmarks, incidents."""

from __future__ import annotations

import math
import random
import time
from dataclasses import replace
from pathlib import Path

from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.rules import Measure
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, LiveItem, RecordedBeat
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.instance.settings import settings_file
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.selfcheck.benchmark.facts import measurement_of
from aios_gui.selfcheck.record import Measurement
from aios_gui.system.paths import find_paths
from tests.defaults import DEFAULTS
from tests.ui.incidents.incidents_made import a_week
from tests.ui.warmup.bench_facts import a_result

SECONDS = 900
SECOND_NS = 1_000_000_000
STUTTER_AT = 300
ASLEEP = range(560, 600)
INTERVAL_S = 0.05
"""Fast enough for the strip to fill while the picture is waited for."""


def write_record(home: Path, theme: str, language: str) -> None:
    """Fill ``home`` with settings and with a record that ends now."""
    paths = find_paths({"AIOS_HOME": str(home)})
    settings = DEFAULTS.with_value("window.theme", theme).with_value("window.language", language)
    settings = settings.with_value("window.introduction", False)
    settings = settings.with_value("beat.interval_s", INTERVAL_S).with_value("beat.rehearsal", "on")
    settings_file(paths).save(settings)
    paths.data.mkdir(parents=True, exist_ok=True)
    start_ns = time.time_ns() - SECONDS * SECOND_NS
    writer = SqliteWriter(paths.store, RECORD_SCHEMA)
    writer.open()
    session = writer.begin_session(start_ns, "service", {})
    incidents = a_week(start_ns + SECONDS * SECOND_NS, start_ns + STUTTER_AT * SECOND_NS)
    writer.write([*_items(session, start_ns), *_benchmarks(start_ns), *incidents], session)
    writer.write([beat for each in incidents for beat in _around(session, each, start_ns)], session)
    writer.end_session(session, start_ns + SECONDS * SECOND_NS)
    writer.close()


def _benchmarks(start_ns: int) -> list[Measurement]:
    """One a week."""
    made = []
    for weeks, warmed_ns in ((2, 24_000), (1, 23_400), (0, 22_600)):
        started_ns = start_ns - weeks * 7 * 86_400 * SECOND_NS
        result = a_result(warmed_ns=warmed_ns, quick=False)
        finished_ns = started_ns + 122 * SECOND_NS
        made.append(measurement_of(replace(result, started_ns=started_ns, finished_ns=finished_ns)))
    return made


def _items(session: int, start_ns: int) -> list[LiveItem]:
    chance = random.Random(7)
    items: list[LiveItem] = []
    for second in range(SECONDS):
        at_ns = start_ns + second * SECOND_NS
        if second == ASLEEP.start:
            items.append(Gap(GapKind.SUSPENDED, at_ns, at_ns + len(ASLEEP) * SECOND_NS))
        if second in ASLEEP:
            continue
        items.append(_beat(session, second, at_ns, chance))
        if second == STUTTER_AT:
            facts: dict[str, int | float | str] = {
                "lateness_ns": 380_000_000,
                "cause": int(Cause.RUN_QUEUE),
                "run_queue_ns": 369_000_000,
                "self_inflicted_ns": 0,
                "frozen_ns": 11_000_000,
            }
            items.append(Event(EventKind.HICCUP, at_ns, second, facts))
        if second % 10 == 0:
            items.append(ContextSample(at_ns, 0.8, 96 << 20, 9, 24 << 30))
    return items


def _around(session: int, incident: Incident, start_ns: int) -> list[RecordedBeat]:
    """The beats around an incident that was before the quarter of an hour."""
    chance = random.Random(incident.id)
    cleared_ns = incident.cleared_ns or incident.started_ns
    first = (incident.started_ns - start_ns) // SECOND_NS - 200
    last = (cleared_ns - start_ns) // SECOND_NS + 200
    if last >= 0 or last - first > 1_000:
        return []
    beats = []
    for second in range(first, last):
        at_ns = start_ns + second * SECOND_NS
        beat = _beat(session, second, at_ns, chance)
        within = incident.started_ns <= at_ns <= cleared_ns
        if within and incident.measure == Measure.CPU:
            beat = replace(beat, cpu_percent=round(min(100.0, 90 + 7 * chance.random()), 1))
        elif within and incident.measure == Measure.MEMORY:
            beat = replace(beat, memory_percent=round(88 + 5 * chance.random(), 1))
        elif within and incident.measure == Measure.LATENESS and second % 120 == 0:
            beat = replace(beat, lateness_ns=round(incident.peak * 1e6))
        beats.append(replace(beat, seq=1_000_000 + second))
    return beats


def _beat(session: int, second: int, at_ns: int, chance: random.Random) -> RecordedBeat:
    duration_ns = round(chance.gauss(24_000, 1_500)) + (16_000 if second % 61 == 3 else 0)
    lateness_ns = round(chance.gauss(140_000, 18_000)) * (8 if second % 47 == 2 else 1)
    busy = 60 * math.exp(-(((second - STUTTER_AT) / 26) ** 2))
    stuttered = second == STUTTER_AT
    return RecordedBeat(
        session,
        second,
        at_ns,
        max(18_000, duration_ns),
        380_000_000 if stuttered else max(60_000, lateness_ns),
        0,
        0,
        True,
        Cause.RUN_QUEUE if stuttered else Cause.NONE,
        (),
        False,
        round(12 + 7 * chance.random() + busy, 1),
        round(41 + busy / 8 + chance.random() / 2, 1),
    )
