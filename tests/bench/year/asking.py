"""Asks the record of the year: whether all that was made is in it, once, and how soon it answers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np

from aios_gui.history.analysis.analyse import analyse
from aios_gui.history.queries import History
from aios_gui.history.who_ran.record_reader import who_at
from aios_gui.record.model.timerange import END_OF_TIME_NS, TimeRange
from aios_gui.record.store.reader import RecordReader
from tests.bench.arithmetic import Goal
from tests.bench.environment import ROOT
from tests.bench.progress import say
from tests.bench.rows import MEGABYTES, MILLISECONDS, Row, Unit
from tests.bench.year.making import DAY_S, HOUR_NS, MINUTE_NS, START_NS, S, Truth

T = TypeVar("T")
MS = 1e6
PIXELS = 600
TRIES = 5
NUMBER = Unit("", 0)
ALL = TimeRange(0, END_OF_TIME_NS)
WEIGH = """
import sys
from pathlib import Path
from tests.bench.year.asking import ask_all
ask_all(Path(sys.argv[1]))
# Not from getrusage, which counts what the parent had.
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) * 1024)
"""


def measure(record: Path, truth: Truth) -> list[Row]:
    """Every row of the year's table."""
    with RecordReader(record) as reader:
        history = History(reader)
        rows = [
            Row("year.size", f"{truth.days} days at 1 Hz on disk", MEGABYTES, _size(record), Goal(250e6)),
            *_checks(history, truth),
            *_times(history, truth),
        ]
    rows.append(Row("year.memory", "memory while all is asked", MEGABYTES, _memory(record), Goal(150e6)))
    return rows


def _size(record: Path) -> int:
    return sum(file.stat().st_size for file in record.parent.glob(record.name + "*"))


def _checks(history: History, truth: Truth) -> list[Row]:
    say("checking what is in it")
    reader, coverage = history.reader, history.coverage(ALL)
    made, missed = sum(truth.made.values()), sum(truth.missed.values())
    gaps = {str(kind): found.count for kind, found in coverage.gaps.items()}
    kinds = {*gaps, *truth.gaps}
    twice, negative = _odd(reader)
    first = history.incidents(TimeRange(START_NS, START_NS + DAY_S * S))
    found: list[tuple[str, str, float]] = [
        ("made", "beats made ÷ on record, apart", abs(coverage.made + coverage.unrecorded - made)),
        ("missed", "beats missed, apart", abs(coverage.missed - missed)),
        ("gaps", "gaps, by kind, apart", sum(abs(gaps.get(k, 0) - truth.gaps.get(k, 0)) for k in kinds)),
        ("days", "local days with another count", _wrong_days(history, truth)),
        ("twice", "beats that are there twice", twice),
        ("negative", "negative times", negative),
        ("unreadable", "rows and pages that do not decode", reader.unreadable),
        ("first-day", "incidents of the first day lost", int(truth.first_incident_ns > 0 and not first)),
    ]
    return [Row(f"year.{key}", what, NUMBER, value, Goal(0)) for key, what, value in found]


def local_days(days: int) -> list[TimeRange]:
    """The days of the zone, which have 23, 24 or 25 hours."""
    first = datetime.fromtimestamp(START_NS / S).replace(hour=0, minute=0, second=0, microsecond=0)
    edges = [int((first + timedelta(days=day)).timestamp()) * S for day in range(days + 1)]
    return [TimeRange(*edge) for edge in pairwise(edges)]


def _wrong_days(history: History, truth: Truth) -> int:
    wrong = 0
    for day in local_days(truth.days):
        minutes = range(day.start_ns // MINUTE_NS, day.end_ns // MINUTE_NS)
        found = history.coverage(day)
        expected = tuple(
            sum(counts.get(minute, 0) for minute in minutes) for counts in (truth.made, truth.missed)
        )
        wrong += (found.made, found.missed) != expected
    return wrong


def _odd(reader: RecordReader) -> tuple[int, int]:
    """Beats that are there twice, and times that are negative."""
    keys, negative = [], 0
    with reader.at_once() as (connection, sealed):
        assert connection is not None
        assert sealed is not None
        rows = connection.execute("SELECT session, seq, duration_ns, lateness_ns FROM beat").fetchall()
        columns = [np.array(rows, np.int64).T] if rows else []
        for each in sealed.hours(0, END_OF_TIME_NS // 1000):
            found = sealed.columns(each.hour, "session", "seq", "duration_ns", "lateness_ns")
            if found is not None:
                columns.append(np.array(found))
        for session, seq, *times in columns:
            keys.append(session << 32 | seq)
            negative += sum(int((each < 0).sum()) for each in times)
    every = np.sort(np.concatenate(keys))
    return int((np.diff(every) == 0).sum()), negative


def spans(record: Path) -> dict[str, TimeRange]:
    """Spans of the record as a person zooms through them."""
    with RecordReader(record) as reader:
        whole = reader.span()
    assert whole is not None
    middle_ns = (whole[0] + whole[1]) // 2 + 1_234_567_890
    lengths = {"1 h": 3600, "6 h": 21_600, "9 h": 32_400, "1 d": DAY_S, "3 d": 3 * DAY_S, "7 d": 7 * DAY_S}
    lengths |= {"12 d": 12 * DAY_S, "30 d": 30 * DAY_S, "90 d": 90 * DAY_S, "1 y": 366 * DAY_S}
    return {
        name: TimeRange(max(0, middle_ns - length * S // 2), middle_ns + length * S // 2)
        for name, length in lengths.items()
    }


def ask_all(record: Path) -> None:
    """Ask for everything once, for what measures it."""
    with RecordReader(record) as reader:
        history = History(reader)
        for span in spans(record).values():
            history.series(span, PIXELS)
        analyse(history, ALL)


def _times(history: History, truth: Truth) -> list[Row]:
    say("taking the time of answers")
    record = history.reader.path
    zooms = {name: _best(partial(history.series, span, PIXELS)) for name, span in spans(record).items()}
    slowest = max(zooms, key=lambda name: zooms[name])
    day_ns = DAY_S * S
    last_ns = (history.reader.span() or (0, 0))[1]
    week = TimeRange(last_ns - 10 * day_ns - 1_800 * S, last_ns - 3 * day_ns - 1_800 * S)
    note = ", ".join(f"{name} {took / MS:.0f}" for name, took in zooms.items())
    seen = history.series(TimeRange(START_NS, last_ns), PIXELS)
    there = int(max(seen.lateness_max_ns, default=0.0) < 400_000_000)
    answers: list[tuple[str, str, float, float, str]] = [
        ("series", "a year as columns to draw", zooms["1 y"], 300, ""),
        ("zoom", f"any zoom, the slowest is {slowest}", zooms[slowest], 100, note),
        ("smoke", "a year as smoke", _best(lambda: history.smoke(ALL, PIXELS)), 150, ""),
        ("marks", "the days of all of it", _best(history.days), 50, ""),
        ("week", "a week analysed", _best(lambda: analyse(history, week)), 300, ""),
        ("year", "a year analysed", _best(lambda: analyse(history, ALL), 2), 1000, ""),
        ("who", "who ran at a moment", _best(lambda: who_at(history.reader, last_ns - HOUR_NS)), 50, ""),
    ]
    return [
        Row("year.hiccup", "hiccups of 400 ms lost in the year's picture", NUMBER, there, Goal(0)),
        *(
            Row(f"year.{key}", what, MILLISECONDS, took_ns, Goal(goal * MS), note=f"({told})" if told else "")
            for key, what, took_ns, goal, told in answers
        ),
    ]


def _best(ask: Callable[[], T], tries: int = TRIES) -> float:
    """The shortest of some tries, ns: a busy machine lengthens the others."""
    took = []
    for _try in range(tries):
        began_ns = time.perf_counter_ns()
        ask()
        took.append(time.perf_counter_ns() - began_ns)
    return float(min(took))


def _memory(record: Path) -> int:
    """The most memory of a process that asks for everything."""
    answer = subprocess.run(
        [sys.executable, "-c", WEIGH, str(record)],
        capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return int(answer.stdout)
