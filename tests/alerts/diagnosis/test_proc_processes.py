"""The process table out of /proc: odd names, other users' processes, and what ends meanwhile."""

import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.diagnosis.proc_processes import ProcProcesses, arguments_of
from aios_gui.alerts.diagnosis.processes import Refused
from aios_gui.alerts.diagnosis.psutil_processes import PsutilProcesses
from aios_gui.alerts.model.processes import ProcessTable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no process has such files there")
FAR_NS = 2**62


def put(
    folder: Path,
    pid: int,
    name: bytes,
    parent: int = 1,
    io: bytes | None = b"",
    used: int = 250,
    policy: int = 0,
    waited_for: int = 0,
    used_by_ended: int = 50,
    threads: int = 1,
) -> Path:
    place = folder / str(pid)
    place.mkdir(exist_ok=True)
    figures = b"S %d" % parent + b" 0" * 6 + b" %d 3 4 %d 50" % (waited_for, used)
    figures += b" %d 20 0 0 %d 0 777 0 3" % (used_by_ended - 20, threads)
    figures += b" 0" * 16 + b" %d" % policy + b" 0" * 11 + b"\n"
    (place / "stat").write_bytes(b"%d (" % pid + name + b") " + figures)
    if io is not None:
        (place / "io").write_bytes(io or b"rchar: 9\nread_bytes: 100\nwrite_bytes: 50\n")
    return place


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"make", "make"),
        (b"a) S 1 (b", "a) S 1 (b"),
        (b"", ""),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"=cmd|' /C calc'", "=cmd|' /C calc'"),
        (b"tab\tnew\nline", "tab\tnew\nline"),
    ],
)
def test_any_name_is_read(tmp_path: Path, name: bytes, shown: str) -> None:
    put(tmp_path, 7, name)
    row = ProcProcesses(tmp_path).table(FAR_NS).rows[7]
    ticks = os.sysconf("SC_CLK_TCK")
    assert row.name == shown
    assert (row.parent, row.cpu_s, row.ended_children_s) == (1, 300 / ticks, 50 / ticks)
    assert row.memory_bytes == 3 * os.sysconf("SC_PAGE_SIZE")
    assert (row.started, row.io_bytes) == (777 / ticks, 150)


def test_pages_waited_for_and_what_goes_before_all_else_are_told(tmp_path: Path) -> None:
    put(tmp_path, 7, b"make")
    put(tmp_path, 8, b"jackd", policy=1)
    rows = ProcProcesses(tmp_path).table(FAR_NS).rows
    assert (rows[7].hard_faults, rows[7].ended_children_faults) == (3, 4)
    assert (rows[7].real_time, rows[8].real_time) == (False, True)


def test_what_waits_for_the_disk_is_seen_though_it_used_less_cpu_than_can_be_told(tmp_path: Path) -> None:
    reader = ProcProcesses(tmp_path)
    put(tmp_path, 7, b"dd")
    put(tmp_path, 8, b"cat")
    first = reader.table(FAR_NS).rows
    put(tmp_path, 7, b"dd", io=b"read_bytes: 900\nwrite_bytes: 50\n")
    second = reader.table(FAR_NS).rows
    assert (first[7].io_bytes, second[7].io_bytes) == (150, 950)
    assert second[8] is first[8], "of which nothing has changed"


def test_what_ended_children_have_read_is_told_apart_from_what_the_process_has_read(tmp_path: Path) -> None:
    reader = ProcProcesses(tmp_path)
    put(tmp_path, 7, b"sh", io=b"read_bytes: 100\n")
    put(tmp_path, 8, b"java", io=b"read_bytes: 100\n", threads=9)
    reader.table(FAR_NS)
    both = b"read_bytes: 5000\n"
    own = put(tmp_path, 7, b"sh", io=both, waited_for=40) / "task" / "7"
    own.mkdir(parents=True)
    (own / "io").write_bytes(b"read_bytes: 130\n")
    put(tmp_path, 8, b"java", io=both, waited_for=40, used_by_ended=90, threads=9)
    rows = reader.table(FAR_NS).rows
    assert (rows[7].io_bytes, rows[7].ended_children_io_bytes) == (130, 4870)
    assert (rows[8].io_bytes, rows[8].ended_children_io_bytes) == (100, 4900), "whoever used the CPU"
    put(tmp_path, 7, b"sh", io=b"read_bytes: 5070\n", waited_for=40)
    row = reader.table(FAR_NS).rows[7]
    assert (row.io_bytes, row.ended_children_io_bytes) == (200, 4870), "no child has ended since"


def test_refreshed_are_only_those_asked_for_the_new_and_who_waits_for_the_ended(tmp_path: Path) -> None:
    reader = ProcProcesses(tmp_path)
    for pid, name, parent in ((7, b"make", 1), (8, b"cc1", 9), (9, b"sh", 1), (10, b"vi", 1)):
        put(tmp_path, pid, name, parent)
    table = reader.table(FAR_NS)
    for pid in (7, 9, 10):
        put(tmp_path, pid, b"other", used=300)
    (tmp_path / "8" / "stat").unlink()
    (tmp_path / "8" / "io").unlink()
    (tmp_path / "8").rmdir()
    put(tmp_path, 11, b"new")
    rows = reader.refreshed(table, frozenset((7,))).rows
    assert {pid: row.name for pid, row in rows.items()} == {7: "other", 9: "other", 10: "vi", 11: "new"}
    assert rows[10] is table.rows[10]


def test_a_cut_name_is_made_whole_by_the_command_line(tmp_path: Path) -> None:
    put(tmp_path, 7, b"gnome-system-mo")
    (tmp_path / "7" / "cmdline").write_bytes(b"/usr/bin/gnome-system-monitor\0--x\0")
    put(tmp_path, 8, b"another-process")
    (tmp_path / "8" / "cmdline").write_bytes(b"/opt/another-process-too --token=hunter2\0")
    assert [row.name for row in ProcProcesses(tmp_path).table(FAR_NS).rows.values()] in (
        ["gnome-system-monitor", "another-process-too"],
        ["another-process-too", "gnome-system-monitor"],
    )


def test_kernel_threads_go_by_what_they_are(tmp_path: Path) -> None:
    put(tmp_path, 7, b"kworker/0:1-eve", parent=2, io=None)
    assert ProcProcesses(tmp_path).table(FAR_NS).rows[7].name == "kworker"


def test_what_is_not_told_is_named(tmp_path: Path) -> None:
    put(tmp_path, 7, b"make", io=None)
    (tmp_path / "8").mkdir()
    (place := tmp_path / "9").mkdir()
    (place / "stat").write_bytes(b"odd")
    (tmp_path / "cpuinfo").write_text("")
    table = ProcProcesses(tmp_path).table(FAR_NS)
    assert table.rows[7].unread == ("io:error",)
    assert set(table.rows) == {7}
    assert table.unread == 1


def test_at_the_deadline_it_stops_and_says_so(tmp_path: Path) -> None:
    put(tmp_path, 7, b"make")
    table = ProcProcesses(tmp_path, lambda: 5).table(4)
    assert (table.rows, table.complete) == ({}, False)


def test_what_is_not_read_again_is_told_with_when_it_was(tmp_path: Path) -> None:
    for pid in (7, 8):
        put(tmp_path, pid, b"make")
    moments = iter((10, 20, 30))
    reader = ProcProcesses(tmp_path, lambda: next(moments))
    first = ProcessTable(10, reader.refreshed(ProcessTable(5), frozenset()).rows)
    second = reader.refreshed(first, {7})
    assert (first.stale, second.stale) == ({}, {8: 10})
    assert reader.refreshed(second, {7}).stale == {8: 10}


def test_a_folder_that_cannot_be_listed_is_the_callers_affair(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="absent"):
        ProcProcesses(tmp_path / "absent").table(FAR_NS)


@given(st.binary(max_size=300))
def test_whatever_stands_in_it_the_table_is_made(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("proc")
    (folder / "7").mkdir()
    for name in ("stat", "io", "cmdline"):
        (folder / "7" / name).write_bytes(data)
    table = ProcProcesses(folder).table(FAR_NS)
    assert set(table.rows) == (set() if table.unread else {7})
    assert isinstance(arguments_of(7, str(folder)), tuple)


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        (b"", ()),
        (b"make\0-j8\0\0", ("make", "-j8", "")),
        (b"make\0", ("make",)),
        (b"postgres: writer process", ("postgres:", "writer", "process")),
        (b"\xff\0", ("\ufffd",)),
    ],
)
def test_the_command_line_is_told_argument_by_argument(
    tmp_path: Path, text: bytes, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "cmdline").write_bytes(text)
    assert arguments_of(7, str(tmp_path)) == arguments
    with pytest.raises(Refused, match="gone"):
        arguments_of(8, str(tmp_path))
    (tmp_path / "9" / "cmdline").mkdir(parents=True)
    with pytest.raises(Refused, match="error"):
        arguments_of(9, str(tmp_path))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")
def test_it_tells_the_same_as_psutil() -> None:
    deadline_ns = time.monotonic_ns() + 30_000_000_000
    own, theirs = (each.table(deadline_ns).rows[os.getpid()] for each in (ProcProcesses(), PsutilProcesses()))
    assert (own.pid, own.name, own.parent) == (theirs.pid, theirs.name, theirs.parent)
    assert own.cpu_s == pytest.approx(theirs.cpu_s, abs=2.0)
    assert own.memory_bytes == pytest.approx(theirs.memory_bytes, rel=0.2)


def test_figures_that_no_kernel_gives_are_left_out(tmp_path: Path) -> None:
    place = put(tmp_path, 7, b"sound")
    put(tmp_path, 8, b"odd")
    stat = (place.parent / "8" / "stat").read_bytes()
    (tmp_path / "8" / "stat").write_bytes(stat.replace(b"777", b"9" * 400))
    table = ProcProcesses(tmp_path).table(FAR_NS)
    assert (list(table.rows), table.unread) == ([7], 1)
