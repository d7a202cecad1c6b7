"""Killed while hours become pages: each beat that was committed is there once, as a row or in its page."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from itertools import groupby
from pathlib import Path

import pytest

from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.model.page import HOUR_US, Page
from aios_gui.record.store.sealing import DAY_HOURS
from tests.processes import stay

_SCRIPT = """
import sys
from pathlib import Path
from aios_gui.heartbeat.model.items import ContextSample
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.writer import SqliteWriter
from tests.fakes import S, WALL, recorded_beat

writer = SqliteWriter(Path(sys.argv[1]), RECORD_SCHEMA)
writer.open()
(seq,) = writer.connection.execute("SELECT coalesce(max(seq), -1) + 1 FROM beat").fetchone()
while True:
    beats = [recorded_beat(number, WALL + number * 5 * S) for number in range(seq, seq + 60)]
    writer.write([*beats, ContextSample(beats[0].wall_ns, 1.0)], 1)
    seq += 60
    print(seq, *writer.connection.execute("SELECT count(*) FROM page").fetchone(), flush=True)
    for _step in range(6):
        writer.seal()
    writer.trim(2, 10**9)
"""
"""Five minutes of beats at once and a few steps of sealing, on and on.

It tells how many beats it has committed, and how many hours were pages by then.
"""

OLDER = 6
"""The version of a record that had rows alone."""


def run_and_kill(path: Path, after_s: float, pages: int = 0) -> int:
    """Have it write and seal, kill it ``after_s`` after the first pages, and tell how many beats it had committed."""
    command = [sys.executable, "-c", _SCRIPT, str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = [process.stdout.readline()]
    while int(told[-1].split()[1]) < pages:
        told.append(process.stdout.readline())
    stay(after_s)
    process.kill()
    rest, _nothing = process.communicate()
    told += [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    return int(told[-1].split()[0])


def check(path: Path, committed: int) -> int:
    """Whether the record is whole and has each beat once, but for what went by age; how many hours are pages."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = [row[0] for row in connection.execute("SELECT seq FROM beat ORDER BY seq")]
        pages = connection.execute("SELECT hour, beats, packed FROM page ORDER BY hour").fetchall()
        sealed: list[int] = []
        for hour, count, packed in pages:
            beats = Page(packed).beats()
            assert len(beats.seq) == count
            assert {at_us // HOUR_US for at_us in beats.at_us} == {hour}
            sealed += beats.seq
        seqs = sorted(sealed + rows)
        assert seqs == list(range(seqs[0], seqs[-1] + 1))
        assert committed <= seqs[-1] + 1 <= committed + 60
        of_days = {hour // DAY_HOURS: sum(each[1] for each in of_day) for hour, of_day in _by_day(pages)}
        days = dict(connection.execute("SELECT day, beats FROM day"))
        for day in list(of_days)[1:]:  # of the oldest one, pages have gone by age
            assert days[day] == of_days[day]
        return len(pages)


def _by_day(pages: list[tuple[int, int, bytes]]) -> list[tuple[int, list[tuple[int, int, bytes]]]]:
    grouped = groupby(pages, key=lambda page: page[0] // DAY_HOURS)
    return [(day * DAY_HOURS, list(of_day)) for day, of_day in grouped]


def kill_often(path: Path, times: int, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(times):
        # The last one at the latest has sealed something.
        check(path, run_and_kill(path, chance.uniform(0.05, 0.6), pages=int(number == times - 1)))


def test_killed_while_it_seals(tmp_path: Path) -> None:
    kill_often(tmp_path / "heartbeat.sqlite3", 3, 1)


@pytest.mark.long
def test_killed_two_hundred_times_while_it_seals(tmp_path: Path) -> None:
    kill_often(tmp_path / "heartbeat.sqlite3", 200, time.time_ns())


def _older(path: Path) -> int:
    """A record of an older version with two days of beats; how many these are."""
    count = 2 * 24 * 720
    with closing(sqlite3.connect(path)) as connection:
        for script in RECORD_SCHEMA.migrations[:OLDER]:
            connection.executescript(script)
        connection.execute(f"PRAGMA user_version = {OLDER}")
        from tests.fakes import WALL

        rows = (
            (WALL // 1000 + seq * 5_000_000, 1, seq, 20_000, 90_000, 5, 0, 1, 0, 500, 4_000, 30_000)
            for seq in range(count)
        )
        connection.executemany(f"INSERT INTO beat VALUES ({','.join('?' * 12)})", rows)
        connection.commit()
    return count


@pytest.mark.long
def test_killed_two_hundred_times_while_an_older_record_becomes_pages(tmp_path: Path) -> None:
    older, path = tmp_path / "older.sqlite3", tmp_path / "heartbeat.sqlite3"
    committed, chance = _older(older), random.Random(time.time_ns())
    shutil.copyfile(older, path)
    began_s = time.monotonic()
    run_and_kill(path, 0.0)
    opened_s = time.monotonic() - began_s
    between = 0
    for _two in range(100):
        for file in tmp_path.glob(f"{path.name}*"):
            file.unlink()
        shutil.copyfile(older, path)
        with subprocess.Popen(
            [sys.executable, "-c", _SCRIPT, str(path)], stdout=subprocess.DEVNULL
        ) as process:
            stay(chance.uniform(0.3, 1.1) * opened_s)
            process.kill()
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version < RECORD_SCHEMA.version:
                assert connection.execute("SELECT count(*) FROM beat").fetchone() == (committed,)
                between += version > OLDER
        check(path, max(committed, run_and_kill(path, chance.uniform(0, 0.6))))
    print(f"\n{between} of 100 were killed between two versions, and 100 while rows became pages")


def test_killed_while_an_older_record_becomes_pages(tmp_path: Path) -> None:
    path = tmp_path / "heartbeat.sqlite3"
    committed = _older(path)
    for pages in (0, 1):
        committed = max(committed, run_and_kill(path, 0.0, pages))
        assert check(path, committed) >= pages
