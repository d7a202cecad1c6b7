"""The real program in its own process, stopped, killed and asked to end."""

import re
import shutil
import signal
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.heartbeat.model.items import Event, EventKind, RecordedBeat
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetLatest
from aios_gui.record.store.reader import History
from aios_gui.system.paths import Paths, find_paths
from tests.fakes import S
from tests.processes import beats_of, service, wait_until
from tests.systems import has_signals, removes_open_files


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    return find_paths()


def number(event: Event, name: str) -> float:
    """The fact ``name`` of the event, which is a number."""
    value = event.facts[name]
    assert not isinstance(value, str)
    return value


@has_signals
def test_stopped_for_some_seconds_it_tells_one_hiccup_and_makes_no_burst(paths: Paths) -> None:
    with service(paths, "--interval", "0.5") as running:
        running.wait_for_beats(2)
        before = len(beats_of(paths))
        running.send(signal.SIGSTOP)
        # How long a process is stopped is what is tested here: nothing could be waited on instead.
        with pytest.raises(AssertionError):
            wait_until(lambda: False, "that time", 2.5)
        running.send(signal.SIGCONT)
        running.wait_for_beats(before + 3)
        running.send(signal.SIGTERM)
        status, out, err = running.end()
    assert (status, err) == (0, "")
    beats = beats_of(paths)
    with History(paths.store) as history:
        hiccups = [e for e in history.events(0, 2**62, EventKind.HICCUP) if number(e, "lateness_ns") > S]
        assert history.gaps(0, 2**62) == []
    (hiccup,) = hiccups
    assert 1.75 * S <= number(hiccup, "lateness_ns") <= 3.25 * S
    assert hiccup.facts["missed"] in (3, 4, 5, 6)
    assert hiccup.facts["cause"] == Cause.FROZEN
    assert sum(beat.missed for beat in beats) >= number(hiccup, "missed")
    assert [beat.seq for beat in beats] == list(range(len(beats)))
    late = next(n for n, beat in enumerate(beats) if beat.lateness_ns > S)
    spans = [
        after.wall_ns - beat.wall_ns for beat, after in zip(beats[late:], beats[late + 1 :], strict=False)
    ]
    assert len(beats) - late <= 6
    assert all(span > 0 for span in spans)
    # Each beat after it is on the grid, so that at most the first comes sooner than one interval.
    assert all(0.25 * S < span < 0.75 * S for span in spans[1:])
    match = re.search(r"beats=(\d+) due=(\d+) missed=(\d+) availability=", out.splitlines()[-1])
    assert match is not None
    made, due, missed = map(int, match.groups())
    assert (made, due) == (len(beats), made + missed)


@pytest.mark.parametrize(
    "number", ["", *(pytest.param(name, marks=has_signals) for name in ("SIGTERM", "SIGINT", "SIGHUP"))]
)
def test_asked_to_end_it_ends_cleanly_with_its_last_line(paths: Paths, number: str) -> None:
    with service(paths, "--interval", "0.05") as running:
        running.wait_for_beats(5)
        if number:
            running.send(signal.Signals[number])
        else:
            running.ask_to_end()
        status, out, err = running.end()
    assert not Path(f"{paths.store}-wal").exists(), "closed properly"
    beats = beats_of(paths)
    assert (status, err) == (0, "")
    assert re.fullmatch(rf"beats={len(beats)} due=\d+ missed=\d+ availability=[\d.]+%", out.splitlines()[-1])
    assert not paths.instance_file.exists()
    with History(paths.store) as history:
        assert history.check() == "ok"


def test_killed_at_any_moment_it_loses_a_second_at_most_and_starts_again(paths: Paths) -> None:
    beats: list[RecordedBeat] = []
    for number, delay_beats in enumerate((1, 4, 9, 15)):
        with service(paths, "--interval", "0.05") as running:
            wait_until(lambda: paths.instance_file.exists(), "the instance's note")
            known = len(beats_of(paths))
            running.wait_for_beats(known + delay_beats)
            latest = ChannelClient(paths, 5.0).execute(GetLatest())
            running.kill()
            running.end()
        beats = beats_of(paths)
        with History(paths.store) as history:
            assert history.check() == "ok"
            gaps = history.gaps(0, 2**62)
        if latest.beat is not None:
            assert beats[-1].seq >= latest.beat["seq"] - 1 / 0.05, "a second at most is missing"
        pairs = [(beat.session, beat.seq) for beat in beats]
        assert pairs == sorted(set(pairs))
        assert [gap.kind for gap in gaps] == [GapKind.NOT_RECORDED] * number
    with service(paths, "--interval", "0.05") as running:
        running.wait_for_beats(len(beats) + 3)
        running.ask_to_end()
        assert running.end()[0] == 0
    with History(paths.store) as history:
        last = history.gaps(0, 2**62)[-1]
    assert last.end_ns > last.start_ns == beats[-1].wall_ns


def test_a_second_start_says_who_runs(paths: Paths) -> None:
    with service(paths, "--interval", "0.1") as first:
        first.wait_for_beats(1)
        with service(paths) as second:
            status, _, err = second.end()
        assert status == 2
        assert str(first.process.pid) in err
        assert "Traceback" not in err
        first.wait_for_beats(3)


@pytest.mark.parametrize("how", ["garbage", "truncated"])
def test_a_damaged_record_does_not_keep_it_from_starting(paths: Paths, how: str) -> None:
    for _ in range(2):
        with service(paths, "--interval", "0.05") as running:
            running.wait_for_beats(3)
            running.ask_to_end()
            assert running.end()[0] == 0
        data = paths.store.read_bytes()
        paths.store.write_bytes(b"garbage" * 1000 if how == "garbage" else data[: len(data) // 2])
    assert len(list(paths.data.glob("*.damaged-*.sqlite3"))) == 1


@removes_open_files
def test_the_data_folder_deleted_while_it_runs_comes_back(paths: Paths) -> None:
    with service(paths, "--interval", "0.1") as running:
        running.wait_for_beats(3)
        shutil.rmtree(paths.data)
        wait_until(lambda: len(beats_of(paths)) >= 5, "the new record", 25)
        running.ask_to_end()
        status, _, err = running.end()
    assert (status, err) == (0, "")
    beats = beats_of(paths)
    assert [beat.seq for beat in beats] == list(range(len(beats)))
