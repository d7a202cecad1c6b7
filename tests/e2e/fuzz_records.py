"""Mutated records: whatever became of one, each reader has words for it, and beats go on.

`python -m tests.e2e.fuzz_records COUNT [SEED]` tries COUNT of them with every reader of records in this process, and
every hundredth with the real program. It ends with status 1 at the first that breaks something, which is kept.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import logging
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from aios_gui import cli
from aios_gui.alerts.kept import firings, kept_alerts
from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind, HiccupFinding, Incident, Mute
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.record_reader import all_incidents, mutes
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, LiveItem
from aios_gui.history.changes.model import Change, ChangeKind, Look
from aios_gui.history.notes.model import Note
from aios_gui.history.queries import History
from aios_gui.history.who_ran.model import Ran, WhoRan
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.instance.words import event_sentence
from aios_gui.record import doctor_checks
from aios_gui.record.importing.model import ImportedBeat, ImportedPages, ImportSource, packed_page
from aios_gui.record.model.page import HOUR_US
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.resilient_store import EXAMINE_FIRST_NS, ResilientStore, SessionFacts
from aios_gui.record.store.care import Examination
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.selfcheck.record import Measurement, MeasurementKind
from aios_gui.selfcheck.record_reader import measurements
from aios_gui.system.paths import Paths, find_paths
from tests.fakes import MS, S, recorded_beat
from tests.processes import beats_of, run_command, service, wait_until
from tests.record.hostile import ROWS, SQL, do

MOST_S = 60.0
"""No record of a few megabytes may take longer, on a machine that does other things too."""
MOST_BYTES = 1 << 29
_REAL_EVERY = 100
_PAGE = 4096
_BEATS, _EVERY_NS = 500, 30 * S
HEAVY = {"huge name", "huge facts", "huge blob", "deep facts", "many incidents", "long name"}
_JSON = (
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    '"',
    "1e999",
    "-1",
    "null",
    "true",
    '"a"',
    "\\ud800",
    "9" * 400,
    "[" * 500,
)


def make_record(path: Path) -> None:
    """A real record with something in each table, its older hours sealed, ended properly a while ago."""
    began = time.time_ns() - 5 * 3600 * S
    writer = SqliteWriter(path, RECORD_SCHEMA)
    writer.open()
    session = writer.begin_session(began, "service", {"version": "1", "interval_ns": _EVERY_NS})
    writer.write([recorded_beat(seq, began + seq * _EVERY_NS) for seq in range(_BEATS)], session)
    context = (0.1, 25_000_000, 3, 8 << 30, 0.0, 1, 2, 3, 4, 50.0, 1.0)
    writer.write([ContextSample(began + n * 400 * S, *context) for n in range(40)], session)
    writer.write([Gap(GapKind.PAUSED, began + n * S, began + n * S + 5) for n in range(30)], session)
    kinds = [EventKind.HICCUP, *EventKind]
    facts: dict[str, int | float | str] = {
        "lateness_ns": 60 * MS,
        "missed": 0,
        "cause": 1,
        "function": "f",
        "beats": 5,
        "rule": "cpu",
    }
    writer.write([Event(kinds[n % len(kinds)], began + n * S, n, facts) for n in range(60)], session)
    finding = Finding(FindingKind.UNKNOWN, {"x": 1}, (Culprit("cargo", 5),))
    for number in range(1, 32):
        ended = began + (number + 1) * S if number < 31 else None
        at = began + number * S
        incident = Incident(
            number, "cpu", "cpu_percent", Level.WARNING, at, 95.0, 90.0, ended, 1, finding=finding
        )
        writer.write([incident, HiccupFinding(at, number, finding), Note(at, at + S, "a note", at)], session)
    ran = Ran("cargo", 5, "bash", "a.service", 2, 99.0, 1 << 20, 5.0, "cargo build")
    writer.write([WhoRan(began + n * 400 * S, 10.0, (ran,)) for n in range(40)], session)
    change = Change(began, ChangeKind.PACKAGE, "dpkg", "libc6", "1", "2", {"precision_s": 60})
    changes = tuple(replace(change, at_ns=began + n * S, subject=f"lib{n}") for n in range(30))
    writer.write([Look("dpkg", began, changes, {"lib1": "2"})], session)
    source, hour = ImportSource("d", "old.csv", "csv", 10, began), began // 1000 // HOUR_US - 24
    old = [ImportedBeat(hour * HOUR_US + n * 1_000_000, 5_000, result="OK") for n in range(60)]
    writer.write([ImportedPages(source, (packed_page(hour, old),))], session)
    writer.write([Measurement(MeasurementKind.BENCHMARK, began, {"heartbeats": []})], session)
    writer.write([Mute("cpu", began)], session)
    writer.end_session(session, began + _BEATS * _EVERY_NS)
    while writer.seal():
        pass
    writer.close()


def _mutate_bytes(content: bytearray, chance: random.Random) -> None:
    pages = max(1, len(content) // _PAGE)
    page = chance.randrange(pages) * _PAGE
    match chance.randint(0, 6):
        case 0:
            for _flip in range(chance.choice((1, 5, 50))):
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        case 1:
            del content[chance.randrange(len(content)) :]
        case 2:
            content[page : page + _PAGE] = bytes(_PAGE)
        case 3:
            content[page : page + _PAGE] = chance.randbytes(_PAGE)
        case 4:  # one page in the place of another, so that pages lead to each other
            other = chance.randrange(pages) * _PAGE
            content[page : page + _PAGE] = content[other : other + _PAGE]
        case 5:
            place = chance.randrange(100)
            content[place : place + 4] = chance.randbytes(4)
        case _:  # what a page says of itself
            place = page + (100 if page == 0 else 0) + chance.randrange(12)
            content[place : place + 1] = chance.randbytes(1)
    if not content:
        content[:] = b"x"


def _mutate_facts(path: Path, chance: random.Random) -> None:
    table = chance.choice(("event", "incident", "measurement", "session"))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for number, facts in connection.execute(f"SELECT id, facts FROM {table}").fetchall():
            text = facts
            for _change in range(chance.randint(1, 4)):
                place = chance.randint(0, len(text))
                text = text[:place] + chance.choice(_JSON) + text[place + chance.choice((0, 1, 5)) :]
            connection.execute(f"UPDATE {table} SET facts = ? WHERE id = ?", (text, number))


VALUES = (None, -1, 0, 2**63 - 1, -(2**63), 0.5, 9e999, "x" * 30_000, "", "\0\x1b[2J", b"\xff", 10**15)


def _mutate_values(path: Path, chance: random.Random) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for table, shape in RECORD_SCHEMA.tables(RECORD_SCHEMA.version).items():
            column = chance.choice(shape.columns).name
            with contextlib.suppress(sqlite3.Error):
                share = f"abs(random()) % {chance.choice((1, 2, 10))} = 0"
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE {share}", (chance.choice(VALUES),))


def mutate(path: Path, chance: random.Random) -> str:
    """Do something to a record that is closed; what was done."""
    kind = chance.choice(("bytes", "bytes", "bytes", "log", "sql", "rows", "facts", "values"))
    match kind:
        case "bytes" | "log":
            content = bytearray(path.read_bytes())
            if kind == "bytes":
                for _change in range(chance.randint(1, 3)):
                    _mutate_bytes(content, chance)
                path.write_bytes(content)
            for suffix in ("-wal", "-shm", "-journal") if kind == "log" else ():
                if chance.random() < 0.7:
                    garbage = chance.randbytes(chance.choice((0, 32, 5_000)))
                    log = b"\x37\x7f\x06\x82" + garbage if chance.random() < 0.5 else garbage
                    path.with_name(path.name + suffix).write_bytes(log)
        case "sql" | "rows":
            every = SQL if kind == "sql" else ROWS
            what = chance.choice([each for each in every if each not in HEAVY or chance.random() < 0.1])
            do(path, every[what])
            return f"{kind}: {what}"
        case "facts":
            _mutate_facts(path, chance)
        case _:
            _mutate_values(path, chance)
    return kind


def _command(*arguments: str) -> str:
    """What a command says; it must end by itself, with one of its statuses and without a traceback."""
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        status = cli.main(list(arguments))
    said = error.getvalue()
    assert status in (0, 1, 2), status
    assert "Traceback" not in said, said
    assert "went wrong inside" not in said, said
    assert status != 2 or said, "no word"
    return said


_QUICK = (
    ("incidents", "--json"),
    ("incidents",),
    ("hiccups", "--range", "all", "--json"),
    ("changes", "--range", "all"),
    ("who", "--at", "4 h ago"),
    ("who", "--range", "all", "--json"),
    ("note", "list", "--json"),
    ("import", "--list"),
    ("targets",),
    ("analyze", "--range", "24h", "--long-term"),
    ("export", "--format", "csv", "--range", "all", "-o", "{new}.csv"),
)
_COMMANDS = (
    *_QUICK,
    ("compare", "24h", "2h"),
    ("report", "--template", "production", "--range", "24h", "-o", "{new}.html"),
    ("report", "--template", "incident", "--incident", "3", "-o", "{new}.md"),
    ("export", "--format", "jsonl", "--imported", "1", "--range", "all", "-o", "{new}.jsonl"),
    ("slice", "--range", "24h", "--yes", "-o", "{new}.aiosrec"),
    ("hiccups", "--slice", "{new}.aiosrec"),
    ("analyze", "--slice", "{new}.aiosrec"),
    ("who", "--range", "all", "--slice", "{record}"),
)
"""Each command that reads the record, and a slice of it; ``new`` is where new files go."""


def read_everywhere(paths: Paths, commands: Sequence[Sequence[str]] = _COMMANDS) -> list[str]:
    """All that is said by every reader of records; any error but the declared ones comes through."""
    said: list[str] = []
    for each in paths.data.glob("out.*"):
        each.unlink()
    with RecordReader(paths.store) as reader:
        for question in (
            reader.span,
            reader.last_mode,
            lambda: reader.count(0, 2**62),
            lambda: sum(1 for _ in reader.beats(0, 2**62)),
            lambda: reader.gaps(0, 2**62),
            lambda: [event_sentence(event) for event in reader.events(0, 2**62)],
            lambda: reader.contexts(0, 2**62),
            lambda: History(reader).series(TimeRange(0, time.time_ns()), 300),
            lambda: sum(1 for _ in reader.column("beat", "duration_ns", 0, 2**62)),
            lambda: all_incidents(reader),
            lambda: mutes(reader),
            lambda: measurements(reader, MeasurementKind.BENCHMARK),
        ):
            try:
                question()
            except StoreError as error:
                said.append(str(error))
    check = doctor_checks.record(paths, RECORD_SCHEMA.version, (all_incidents, mutes))
    said += [check.detail, check.remedy]
    for command in commands:
        places = {"record": paths.store, "new": paths.data / "out"}
        said.append(_command(*(each.format(**places) for each in command)))
    Examination(paths.store, pause_s=0).run()
    assert all(each.isprintable() for text in said for each in text.split("\n")), said
    return said


def record_on(paths: Paths, for_minutes: bool = False) -> ResilientStore:
    """A run of the program with the record, which is read through after a minute: what is damaged is set aside then."""
    started, count = time.time_ns(), 6
    store = ResilientStore(paths.store, RECORD_SCHEMA, SessionFacts(started, "service", {}), 8, 500_000_000)
    store.on_first_opening = kept_alerts
    recent: list[LiveItem] = []
    for seq in range(count):
        recent.append(recorded_beat(seq, started + seq * S, session=store.session))
        store.take(recent[-1:])
        store.keep((seq + 1) * S, started + seq * S, lambda: recent)
        if seq == 0:
            store.past_hour(50 * MS, firings)
    for _call in range(1_000):
        if not store.seal(count * S, started + count * S, lambda: recent, lambda: True):
            break
    now = count * S
    for _minute in range(3 if for_minutes else 0):
        now += EXAMINE_FIRST_NS
        store.keep(now, started + now, lambda: recent)
        for thread in threading.enumerate():
            if thread.name == "record-check":
                thread.join()
    store.close(now, started + now)
    return store


def live_here(paths: Paths, is_damaged: bool = False) -> list[str]:
    """Every reader, then a run, then every reader of what that left: there are all beats of the run."""
    began = time.monotonic()
    said = read_everywhere(paths)
    before = time.time_ns()
    store = record_on(paths, for_minutes=is_damaged)
    if store.health.recording:
        with RecordReader(paths.store) as reader:
            assert [beat.seq for beat in reader.beats(before, before + 1000 * S)][:6] == list(range(6))
    else:
        assert "version" in store.health.error, store.health.error  # of a newer program, and left alone
    said += read_everywhere(paths, _QUICK)
    took_s = time.monotonic() - began
    assert took_s < MOST_S, f"{took_s:.1f} s"
    return said


def live_through(paths: Paths) -> str:
    """The real program with the record: each command has words, and the service beats on; what that complained of."""
    for command in (("incidents", "--json"), ("doctor",), ("beat",)):
        said = run_command(*command)
        assert said.returncode in (0, 1, 2), said.stderr
        assert "Traceback" not in said.stderr, said.stderr
        assert "went wrong inside" not in said.stderr, said.stderr
    with service(paths, "--interval", "0.1") as running:
        began = time.time_ns()
        # Only these: damage among older ones is found within minutes, when all is read through.
        wait_until(lambda: len(beats_of(paths, began)) > 5, "beats of this run are recorded")
        running.ask_to_end()
        status, _out, error = running.end()
    assert status == 0, error
    assert "Traceback" not in error, error
    return error


def odd_values(sound: Path, store: Path, values: Sequence[object]) -> Iterator[str]:
    """Copy a sound record, as a killed program leaves it, and put each value into the last row of each column."""
    for table, shape in RECORD_SCHEMA.tables(RECORD_SCHEMA.version).items():
        for column, value in itertools.product((each.name for each in shape.columns), values):
            for each in store.parent.glob(f"{store.name}*"):
                each.unlink()
            shutil.copy(sound, store)
            with closing(sqlite3.connect(store, isolation_level=None)) as connection:
                connection.execute("UPDATE session SET ended_us = NULL")
                put = f"UPDATE {table} SET {column} = ? WHERE rowid = (SELECT max(rowid) FROM {table})"
                with contextlib.suppress(sqlite3.Error):
                    if connection.execute(put, (value,)).rowcount:
                        yield f"{table}.{column} = {value!r}"


def fuzz(
    count: int, seed: int, kept_in: Path, tell: Callable[[str], object] = print, real_every: int = 0
) -> None:
    """Try ``count`` of them; the first that breaks something is kept in the folder and its error comes through."""
    paths = find_paths()
    sound = kept_in / "sound.sqlite3"
    make_record(sound)
    done: dict[str, int] = {}
    for number in range(count):
        for each in paths.data.glob("heartbeat*"):
            each.unlink()
        paths.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy(sound, paths.store)
        what = mutate(paths.store, random.Random(f"{seed}-{number}"))
        kind = what.split(":", maxsplit=1)[0]
        done[kind] = done.get(kind, 0) + 1
        kept = kept_in / f"broke-{seed}-{number}"
        shutil.copytree(paths.data, kept, ignore=shutil.ignore_patterns("out.*", "*.sock", "instance*"))
        try:
            live_here(paths, is_damaged=kind in ("bytes", "log"))
            if real_every and number % real_every == 0:
                shutil.copy(kept / paths.store.name, paths.store)
                live_through(paths)
        except BaseException:
            tell(f"record {number} of seed {seed} ({what}) broke it: {kept}")
            raise
        shutil.rmtree(kept)
    tell(f"{count} records of seed {seed}: words each time, and beats went on ({done})")


def largest_bytes() -> int:
    """The most memory that this process ever had."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    logging.disable()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AIOS_HOME"] = str(Path(folder) / "home")
        Path(folder, "home").mkdir(mode=0o700)
        wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
        began_s = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
        fuzz(wanted, began_s, Path(tempfile.mkdtemp(prefix="aios-fuzz-")), real_every=_REAL_EVERY)
        print(f"at most {largest_bytes() >> 20} MB")
