"""A record for exports: some hours of beats, half of them sealed, and names that attack whatever opens a file."""

from __future__ import annotations

from pathlib import Path

from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind, HiccupFinding, Incident
from aios_gui.alerts.model.rules import Level
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.history.changes.model import Change, ChangeKind, Look
from aios_gui.history.notes.model import Note
from aios_gui.history.queries import History
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.importing.model import ImportedBeat, ImportedPages, ImportSource, packed_page
from aios_gui.record.model.timerange import END_OF_TIME_NS, TimeRange
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.reports.formats.raw_data import RawData
from tests.fakes import MS, S
from tests.history.made import BEGIN, Made, make

HOSTILE = (
    "=cmd|' /C calc'!A0",
    '+","result":"x"}\n{"evil": 1',
    "@SUM(1)\t\r\nTag=x,0,0,0,",
    "</script><script>alert(1)</script>",
    '-a\\" 1i,b=2 \x00\x1b[31m',
    "\u202e\u2028 名 \U0001f600",
)
ALL = TimeRange(0, END_OF_TIME_NS)


def make_record(folder: Path) -> Made:
    """The record of ``make`` with what has each of the hostile names: hiccup, incident, change, note, imported beat."""
    made = make(folder)
    writer = SqliteWriter(made.sealed, RECORD_SCHEMA)
    writer.open()
    for number, name in enumerate(HOSTILE):
        at_ns = BEGIN + (number + 1) * 60 * S
        facts: dict[str, int | float | str] = {
            "lateness_ns": 300 * MS,
            "cause": int(Cause.RUN_QUEUE),
            "seen_by": "watch",
        }
        # Every second one overlaps the one before.
        stall_ns = at_ns + (100 * MS if number % 2 else 0)
        finding = Finding(FindingKind.ONE_PROCESS, {"name": name}, (Culprit(name, 7, 99.0),))
        writer.write(
            [
                Event(EventKind.HICCUP, stall_ns, number, facts),
                HiccupFinding(stall_ns, number, finding),
                Incident(
                    number + 1,
                    name,
                    "cpu_percent",
                    Level.WARNING,
                    at_ns,
                    99.0,
                    80.0,
                    at_ns + 90 * S,
                    finding=finding,
                ),
                Look(f"s{number}", at_ns, (Change(at_ns, ChangeKind.PACKAGE, name, name, None, name),)),
                Note(at_ns, at_ns + (number % 2) * 20 * S, name, at_ns),
            ],
            1,
        )
    beats = [ImportedBeat(BEGIN // 1000 + number, 5_000, result=name) for number, name in enumerate(HOSTILE)]
    source = ImportSource("d", "old.csv", "csv", 10, BEGIN)
    writer.write([ImportedPages(source, (packed_page(BEGIN // 1000 // 3_600_000_000, beats),))], 1)
    writer.close()
    return made


def raw_data(history: History, **choices: object) -> RawData:
    """All of a record."""
    total = history.reader.count(ALL.start_ns, ALL.end_ns)
    return RawData(history, ALL, total=total, **choices)  # type: ignore[arg-type]
