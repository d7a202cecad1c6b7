"""What commands say of a record is the same whether its hours are sealed or still rows."""

import csv
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.rules import DEFAULT_RULES, Comparison, Level, Measure, Rule
from aios_gui.alerts.watch.replay import replay
from aios_gui.heartbeat.model.items import hiccup_event
from aios_gui.heartbeat.model.stall import SeenBy, Stall
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.instance.target_facts import recorded_facts
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.paths import Paths
from tests.fakes import MS, S
from tests.history.made import INTERVAL, Made, make
from tests.processes import run_here

ROUNDED = {"start_offset_ms", "unrehearsed_ms"}
"""Kept to one percent in a page."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """With the hiccups of its late beats, and an incident."""
    made = make(tmp_path_factory.mktemp("commands"))
    late = [beat for beat in made.beats if beat.lateness_ns >= 500 * MS]
    events = [hiccup_event(Stall(b.wall_ns, b.lateness_ns, SeenBy.BEAT, b.seq, b.missed)) for b in late]
    begin_ns = made.beats[40].wall_ns
    incident = Incident(1, "cpu", "cpu_percent", Level.CRITICAL, begin_ns, 99.0, 90.0, begin_ns + 60 * S)
    for path in (made.rows, made.sealed):
        writer = SqliteWriter(path, RECORD_SCHEMA)
        writer.open()
        writer.write([*events, incident], 1)
        writer.close()
    return made


@pytest.mark.parametrize(
    "command",
    [
        ("hiccups", "--range", "all", "--json"),
        ("incidents", "--range", "all", "--json"),
        ("incidents", "--range", "all", "--replay", "cpu", "--json"),
        ("targets", "--json"),
    ],
    ids=" ".join,
)
def test_commands_say_the_same(
    made: Made, paths: Paths, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    of_rows, of_pages = (said(path, paths, capsys, *command) for path in (made.rows, made.sealed))
    assert of_pages == of_rows
    assert len(of_pages) > 50


def said(record: Path, paths: Paths, capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """What a command prints where this is the record."""
    paths.store.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(record, paths.store)
    status, out, *_rest = run_here(capsys, *command)
    assert status in (0, 1)
    return out


def test_every_beat_is_exported(made: Made, paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    of_rows, of_pages = (
        list(csv.DictReader(StringIO(said(path, paths, capsys, "export", "--range", "all"))))
        for path in (made.rows, made.sealed)
    )
    assert len(of_pages) == len(made.beats)
    for row in (*of_rows, *of_pages):
        for name in ROUNDED:
            del row[name]
    assert of_pages == of_rows


@pytest.mark.parametrize(
    "rule",
    [
        DEFAULT_RULES[0],
        Rule("late", Measure.LATENESS, 400.0, Comparison.ABOVE, Level.WARNING),
        Rule("slow", Measure.DURATION_P95, 0.05, Comparison.ABOVE, Level.WARNING, clear=0.01),
        Rule("own", Measure.OWN_CPU, 0.4, Comparison.ABOVE, Level.WARNING, clear=0.1),
    ],
    ids=lambda rule: rule.name,
)
def test_a_rule_would_have_fired_as_often(made: Made, rule: Rule) -> None:
    def of(path: Path, ask: Callable[[RecordReader], object]) -> object:
        with RecordReader(path) as reader:
            return ask(reader)

    def incidents(reader: RecordReader) -> object:
        return replay(reader, rule, 0, 2**62, INTERVAL, 90 * S).incidents

    assert of(made.sealed, incidents) == of(made.rows, incidents)
    assert of(made.sealed, lambda reader: recorded_facts(reader, 50 * MS)) == of(
        made.rows, lambda reader: recorded_facts(reader, 50 * MS)
    )
