"""Looking at every source: what is new is kept once, whatever looks twice, fails or is cut off."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.history.changes import doctor_checks
from aios_gui.history.changes.cli import shown_settings
from aios_gui.history.changes.look import BATCH_CHANGES, OVERALL, look_around
from aios_gui.history.changes.model import Change, ChangeKind, Look, Problem, bursts
from aios_gui.history.changes.record_reader import changes, kept_states
from aios_gui.history.changes.sources import SOURCES
from aios_gui.history.changes.sources.source import LINUX, Found, Past, Source
from aios_gui.history.queries import History
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.model.timerange import END_OF_TIME_NS, TimeRange
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.paths import Paths
from tests.defaults import DEFAULTS
from tests.fakes import HOUR, WALL, S

OF_LINUX = tuple(replace(each, systems=()) for each in SOURCES if each.systems in ((), LINUX))
"""The same on every system that runs the tests: all files lie below a folder of the test."""
SETTINGS = {"beat.interval_s": "1.0", "window.theme": "system"}


def log_of(root: Path, *lines: str) -> Path:
    (root / "var/log").mkdir(parents=True, exist_ok=True)
    with (root / "var/log/dpkg.log").open("a") as stream:
        stream.writelines(f"{line}\n" for line in lines)
    return root


def looked(
    writer: SqliteWriter,
    root: Path,
    now_ns: int = WALL,
    settings: dict[str, str] = SETTINGS,
    settings_ns: int = 0,
    sources: Iterable[Source] = OF_LINUX,
) -> int:
    with RecordReader(writer.path) as reader:
        return look_around(
            reader, lambda look: writer.write([look], 0), now_ns, settings, settings_ns, root, sources
        )


def kept(writer: SqliteWriter) -> list[Change]:
    with RecordReader(writer.path) as reader:
        return changes(reader, 0, END_OF_TIME_NS)


def test_a_change_stands_once_whatever_looks_twice(writer: SqliteWriter, tmp_path: Path) -> None:
    root = log_of(tmp_path, *(f"2026-11-20 06:12:01 install p{number}:all <none> 1" for number in range(250)))
    assert looked(writer, root) > 250
    first = kept(writer)
    assert looked(writer, root, WALL + HOUR) == 0
    log_of(tmp_path, "2026-11-20 06:12:01 install p0:all <none> 1", "2026-11-20 07:00:00 upgrade p1:all 1 2")
    assert looked(writer, root, WALL + 2 * HOUR) == 2
    assert [each for each in kept(writer) if each not in first] == [
        each for each in kept(writer) if each.after == "2"
    ]


def test_a_look_that_was_cut_off_is_completed_by_the_next(writer: SqliteWriter, tmp_path: Path) -> None:
    lines = [f"2026-11-20 06:12:01 install p{number}:all <none> 1" for number in range(3 * BATCH_CHANGES)]
    root = log_of(tmp_path, *lines)

    class CutOff(Exception):
        pass

    def keep_one(look: Look) -> None:
        writer.write([look], 0)
        if look.source == "dpkg":
            raise CutOff

    with RecordReader(writer.path) as reader, pytest.raises(CutOff):
        look_around(reader, keep_one, WALL, SETTINGS, 0, root, OF_LINUX)
    looked(writer, root, WALL + HOUR)
    assert sum(each.source == "dpkg" for each in kept(writer)) == len(lines)


def test_of_two_looks_at_the_same_time_one_is_kept(writer: SqliteWriter, tmp_path: Path) -> None:
    looked(writer, tmp_path)
    both: list[Look] = []
    for number in (1, 2):
        with RecordReader(writer.path) as reader:
            look_around(reader, both.append, WALL + number, {**SETTINGS, "window.theme": "dark"}, 0, tmp_path)
    writer.write(both, 0)
    assert [(each.at_ns, each.after) for each in kept(writer) if each.kind is ChangeKind.SETTING] == [
        (WALL // 1000 * 1000, "dark")
    ]


def test_own_changes_come_from_the_record(writer: SqliteWriter, tmp_path: Path) -> None:
    writer.begin_session(WALL, "window", {"version": "1.0"})
    writer.begin_session(WALL + S, "window", {"version": "1.1"})
    writer.write([Gap(GapKind.SUSPENDED, WALL + 2 * S, WALL + 62 * S)], 1)
    looked(writer, tmp_path, WALL + HOUR)
    writer.begin_session(WALL + 2 * HOUR, "service", {"version": "1.1"})
    changed = {**SETTINGS, "beat.interval_s": "0.5", "secret": "#1234"}
    looked(writer, tmp_path, WALL + 3 * HOUR, changed, WALL + 2 * HOUR + 7)
    looked(writer, tmp_path, WALL + 4 * HOUR, {**changed, "secret": "#4321"}, WALL - HOUR)
    own = [each for each in kept(writer) if each.source == "own"]
    assert [(each.kind, each.before, each.after) for each in own] == [
        (ChangeKind.OWN_VERSION, "1.0", "1.1"),
        (ChangeKind.RESUME, None, None),
        (ChangeKind.MODE, "window", "service"),
        (ChangeKind.INTERVAL, "1.0", "0.5"),
        (ChangeKind.SETTING, None, None),
        (ChangeKind.SETTING, None, None),
    ]
    assert own[1].facts == {"asleep_s": 60}
    assert own[3].at_ns == WALL + 2 * HOUR
    assert own[5].at_ns == WALL + 4 * HOUR, "a file that is older than the last look tells no moment"


def test_what_a_person_wrote_into_a_setting_is_not_kept() -> None:
    shown = shown_settings(DEFAULTS)
    assert shown["beat.interval_s"] == "1.0"
    assert shown["window.theme"] == "system"
    free = [
        each.name for each in DEFAULTS.declared if each.kind is str and not each.choices and not each.keys
    ]
    assert all(shown[name].startswith("#") and len(shown[name]) == 5 for name in free)
    assert shown["rules"].startswith("#")


def failing(error: Exception) -> Source:
    def look(_past: Past) -> Found:
        raise error

    return Source("odd", (), look)


@pytest.mark.parametrize(
    ("error", "problem"),
    [(PermissionError("no"), Problem.DENIED), (RuntimeError("odd"), Problem.UNREADABLE)],
)
def test_a_source_that_fails_is_told_by_the_doctor_and_harms_no_other(
    error: Exception, problem: Problem, paths: Paths
) -> None:
    writer = SqliteWriter(paths.store, RECORD_SCHEMA)
    writer.open()
    assert "not looked for yet" in doctor_checks.changes(paths).detail
    looked(writer, paths.data, sources=(failing(error), *OF_LINUX))
    with RecordReader(paths.store) as reader:
        states = kept_states(reader)
    assert states["odd"].problem is problem
    assert {"own", "kernel", OVERALL} <= states.keys()
    check = doctor_checks.changes(paths)
    assert "odd: " in check.detail
    looked(writer, paths.data, sources=(Source("odd", (), lambda past: Found(state=dict(past.state or {}))),))
    assert "odd: " not in doctor_checks.changes(paths).detail
    writer.close()


def test_what_stands_in_for_a_source_is_asked_only_where_that_is_not_there(
    writer: SqliteWriter, tmp_path: Path
) -> None:
    (tmp_path / "var/log/apt").mkdir(parents=True)
    (tmp_path / "var/log/apt/history.log").write_text(
        "Start-Date: 2026-11-20  06:12:01\nInstall: mc:all (1)\n"
    )
    looked(writer, tmp_path)
    assert [each.source for each in kept(writer) if each.kind is ChangeKind.PACKAGE] == ["apt"]
    looked(writer, log_of(tmp_path, "2026-11-20 06:12:01 install mc:all <none> 1"))
    assert [each.source for each in kept(writer) if each.kind is ChangeKind.PACKAGE] == ["apt", "dpkg"]


def test_changes_that_were_made_in_one_go_are_one_burst() -> None:
    def package(seconds: int, subject: str = "x", kind: ChangeKind = ChangeKind.PACKAGE) -> Change:
        return Change(WALL + seconds * S, kind, "dpkg", subject)

    many = [package(number) for number in range(300)]
    others = [package(5, kind=ChangeKind.KERNEL), package(10_000), package(10_060)]
    found = bursts([*others, *many])
    assert [len(each.changes) for each in found] == [300, 1, 1, 1]
    assert [each.is_many for each in found] == [True, False, False, False]
    assert all(a.changes[0].at_ns <= b.changes[0].at_ns for a, b in pairwise(found))


def test_rows_of_a_newer_program_are_passed_over(writer: SqliteWriter) -> None:
    row = (WALL // 1000, "teleport", "x", "y", None, None, "{}")
    insert = "INSERT INTO change (at_us, kind, source, subject, before, after, facts) VALUES (?,?,?,?,?,?,?)"
    writer.connection.execute(insert, row)
    assert kept(writer) == []


def test_changes_of_a_span_are_asked_of_history(writer: SqliteWriter, tmp_path: Path) -> None:
    looked(writer, log_of(tmp_path, "2026-11-20 06:12:01 install mc:all <none> 1"))
    with RecordReader(writer.path) as reader:
        history = History(reader)
        found = history.changes(TimeRange(0, END_OF_TIME_NS))
        assert [each.subject for each in found if each.kind is ChangeKind.PACKAGE] == ["mc:all"]
        assert history.changes(TimeRange(0, 1)) == []
        assert list(history.imported_beats(TimeRange(0, END_OF_TIME_NS))) == []
