"""The process table by psutil: whatever psutil raises costs one figure or one process, never the table."""

import os
import time

import psutil
import pytest

from aios_gui.alerts.diagnosis.processes import Refused
from aios_gui.alerts.diagnosis.psutil_processes import PsutilProcesses, arguments_of
from tests.alerts.diagnosis.fakes import MB, FakePsutil

FAR_NS = 2**62
RAISED = [
    (psutil.AccessDenied(7), "denied"),
    (psutil.ZombieProcess(7), "zombie"),
    (RuntimeError("no query"), "error"),
    (OSError("device"), "error"),
    (ValueError("odd"), "error"),
]


def test_every_figure_that_is_told_is_there() -> None:
    table = PsutilProcesses(FakePsutil({7: {}})).table(FAR_NS)
    row = table.rows[7]
    assert (row.name, row.parent, row.cpu_s, row.ended_children_s) == ("make", 1, 3.0, 1.0)
    assert (row.memory_bytes, row.io_bytes, row.unread) == (10 * MB, 300, ())
    assert table.complete


@pytest.mark.parametrize(("error", "word"), RAISED)
@pytest.mark.parametrize(
    ("read", "what"),
    [("io_counters", "io"), ("memory_info", "memory"), ("cpu_times", "cpu"), ("ppid", "parent")],
)
def test_a_refused_figure_is_named_and_the_rest_is_there(
    error: Exception, word: str, read: str, what: str
) -> None:
    table = PsutilProcesses(FakePsutil({7: {read: error}, 8: {}})).table(FAR_NS)
    assert table.rows[7].unread == (f"{what}:{word}",)
    assert table.rows[7].name == "make"
    assert table.rows[8].unread == ()


def test_a_process_that_tells_nothing_is_counted() -> None:
    for error, _word in RAISED:
        table = PsutilProcesses(FakePsutil({7: error, 8: {}, 9: {"name": error}})).table(FAR_NS)
        assert set(table.rows) == {8}
        assert table.unread == 2


def test_a_process_that_has_ended_is_not_there() -> None:
    gone = psutil.NoSuchProcess(7)
    table = PsutilProcesses(FakePsutil({7: gone, 8: {"cpu_times": gone}, 9: {}})).table(FAR_NS)
    assert set(table.rows) == {9}
    assert table.unread == 0


def test_what_a_system_does_not_have_is_not_missing() -> None:
    table = PsutilProcesses(FakePsutil({7: {"io_counters": AttributeError("io_counters")}})).table(FAR_NS)
    assert table.rows[7].io_bytes is None
    assert table.rows[7].unread == ()


def test_idle_time_is_no_process() -> None:
    assert PsutilProcesses(FakePsutil({0: {}, 4: {}})).table(FAR_NS).rows.keys() == {4}


def test_at_the_deadline_it_stops_and_says_so() -> None:
    ticks = iter(range(100))
    table = PsutilProcesses(FakePsutil({1: {}, 2: {}, 3: {}}), lambda: next(ticks)).table(2)
    assert set(table.rows) == {1, 2}
    assert not table.complete


def test_a_command_line_is_told_or_refused_in_a_word() -> None:
    assert arguments_of(7, FakePsutil({7: {}})) == ("make", "-j8")
    assert arguments_of(7, FakePsutil({7: {"cmdline": []}})) == ()
    for error, word in RAISED:
        with pytest.raises(Refused, match=word):
            arguments_of(7, FakePsutil({7: {"cmdline": error}}))
    with pytest.raises(Refused, match="gone"):
        arguments_of(8, FakePsutil({7: {}}))


def test_the_real_table_has_this_very_process() -> None:
    table = PsutilProcesses().table(time.monotonic_ns() + 30_000_000_000)
    assert table.rows[os.getpid()].memory_bytes
    assert table.rows[os.getpid()].parent == psutil.Process().ppid()
