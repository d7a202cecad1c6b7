"""A record of thirty days in which lateness rises at one moment, with what was installed before, and who ran."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from aios_gui.heartbeat.model.items import Event, EventKind, LiveItem
from aios_gui.history.analysis.analyse import analyse
from aios_gui.history.analysis.model.analysis import Analysis
from aios_gui.history.changes.model import Change, ChangeKind, Look
from aios_gui.history.queries import History
from aios_gui.history.who_ran.model import Ran, WhoRan
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from tests.fakes import HOUR, MS, S, recorded_beat
from tests.history.made import seal

MINUTE = 60 * S
DAY = 24 * HOUR
MONDAY = 1_749_427_200 * S
"""2025-06-09, midnight in UTC."""
INTERVAL = 150 * S
FROM_HOUR, TO_HOUR = 11, 17
"""When the machine is on; to pack all hours would take long."""
A_DAY = (TO_HOUR - FROM_HOUR) * HOUR // INTERVAL
DAYS = 30
RISES_AT = MONDAY + 17 * DAY + 14 * HOUR
INSTALLED_AT = RISES_AT - 14 * MINUTE
FACTOR = 1.5
LAST_DAY = MONDAY + (DAYS - 1) * DAY
"""On it a program runs that never ran before."""


@dataclass(frozen=True)
class Weeks:
    """Where the record lies, and when it ends."""

    path: Path
    end_ns: int


def analysed(path: Path, span: TimeRange) -> Analysis:
    """The record there, which is closed again."""
    with RecordReader(path) as reader:
        return analyse(History(reader), span)


def make_weeks(path: Path) -> Weeks:
    """Beats of each day, all but the last hours sealed."""
    chance = random.Random(11)
    writer = SqliteWriter(path, RECORD_SCHEMA)
    writer.open()
    session = writer.begin_session(MONDAY, "service", {"version": "1.2", "interval_ns": INTERVAL})
    items: list[LiveItem] = []
    others: list[WhoRan | Look] = []
    for seq in range(DAYS * A_DAY):
        at_ns = MONDAY + seq // A_DAY * DAY + FROM_HOUR * HOUR + seq % A_DAY * INTERVAL
        lateness_ns = chance.lognormvariate(11.5, 0.25) * (FACTOR if at_ns >= RISES_AT else 1)
        duration_ns = round(chance.lognormvariate(10.2, 0.1))
        items.append(
            recorded_beat(
                seq, at_ns, session=session, lateness_ns=round(lateness_ns), duration_ns=duration_ns,
                cpu_percent=20.0, memory_percent=50.0,
            )
        )  # fmt: skip
        if chance.random() < 0.02:
            length_ns = chance.randrange(60, 900) * MS
            items.append(Event(EventKind.HICCUP, at_ns + S, seq, {"lateness_ns": length_ns, "missed": 0}))
    for day, hour in product(range(DAYS), range(FROM_HOUR, TO_HOUR)):
        at_ns = MONDAY + day * DAY + hour * HOUR + 30 * MINUTE
        programs = [Ran("editor", 10, cpu_percent=20 + chance.random(), memory_bytes=1 << 28)]
        if at_ns >= LAST_DAY:
            programs.append(Ran("indexer", 11, cpu_percent=90.0, memory_bytes=1 << 30))
        others.append(WhoRan(at_ns, 60.0, tuple(programs)))
    kernel = Change(INSTALLED_AT, ChangeKind.PACKAGE, "dpkg", "linux-image-6.1", None, "6.1.90")
    font = Change(INSTALLED_AT - 3 * HOUR, ChangeKind.PACKAGE, "dpkg", "fonts-some", "1.0", "1.1")
    others.append(Look("dpkg", RISES_AT, (font, kernel)))
    writer.write([*items, *others], session)
    writer.close()
    end_ns = LAST_DAY + TO_HOUR * HOUR
    seal(path, end_ns - 2 * HOUR, open_hours=2)
    return Weeks(path, end_ns)
