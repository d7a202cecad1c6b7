"""Following the heartbeat of another process: every beat once, in order, and honest when it is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.items import LiveItem, RecordedBeat
from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.states import EngineState, Mode
from aios_gui.heartbeat.model.warmup import Warmth, WarmupReason
from aios_gui.instance import remote as remote_module
from aios_gui.instance.commands import CoolDown, SetRehearsal, WarmUp
from aios_gui.instance.feed import RECENT_ITEMS
from aios_gui.instance.lock import is_locked
from aios_gui.instance.model.snapshot import BrokenPart
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.instance.remote import RemoteFeed
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system import supervised_thread
from aios_gui.system.paths import Paths, find_paths
from tests.fakes import S, recorded_beat, write_run
from tests.processes import service, wait_until
from tests.systems import removes_open_files


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    return find_paths()


@pytest.fixture
def feed(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Iterator[RemoteFeed]:
    monkeypatch.setattr(remote_module, "_POLL_S", 0.1)
    feed = RemoteFeed(paths)
    yield feed
    feed.stop()
    feed.stop()


def followed(feed: RemoteFeed) -> list[RecordedBeat]:
    _, items = feed.since(0)
    assert items is not None
    return [item for item in items if isinstance(item, RecordedBeat)]


def test_it_follows_another_process_until_that_is_lost(paths: Paths, feed: RemoteFeed) -> None:
    with service(paths, "--interval", "0.05") as running:
        running.wait_for_beats(1)
        feed.start()
        wait_until(lambda: len(followed(feed)) >= 20, "20 beats of the other process")
        snapshot = feed.snapshot
        assert (snapshot.state, snapshot.mode) == (EngineState.RUNNING, Mode.SERVICE)
        assert snapshot.pid == running.process.pid
        running.kill()
        running.end()
        wait_until(lambda: feed.snapshot.state is EngineState.LOST, "the loss")
        assert feed.snapshot.pid == snapshot.pid, "what was known last stays"
    beats = followed(feed)
    seqs = [beat.seq for beat in beats]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs))), "in order, none lost, none twice"
    with service(paths, "--interval", "0.05"):
        wait_until(lambda: feed.snapshot.state is EngineState.RUNNING, "the next instance")
        wait_until(lambda: len({beat.session for beat in followed(feed)}) == 2, "its beats")


def test_it_takes_the_engine_over(paths: Paths, feed: RemoteFeed) -> None:
    with service(paths, "--interval", "0.05") as running:
        running.wait_for_beats(1)
        assert is_locked(paths)
        assert feed.take_over()
        assert not is_locked(paths)
        status, out, _ = running.end()
        assert (status, out.splitlines()[-1][:6]) == (0, "beats=")


def test_with_nobody_there_taking_over_is_done(feed: RemoteFeed) -> None:
    assert feed.take_over()


class Wall:
    """The wall clock of the follower, as ``time`` has it."""

    def __init__(self, now_ns: int) -> None:
        self.now_ns = now_ns

    def time_ns(self) -> int:
        return self.now_ns


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    wall = Wall(1_750_000_000 * S)
    monkeypatch.setattr("aios_gui.instance.remote.time.time_ns", wall.time_ns)
    return wall


def test_it_follows_across_a_wall_clock_that_is_set_back(paths: Paths, wall: Wall) -> None:
    feed = RemoteFeed(paths)
    writer = SqliteWriter(paths.store, RECORD_SCHEMA)
    writer.open()
    session = writer.begin_session(wall.now_ns, "service", {})
    seen: list[int] = []
    from aios_gui.record.store.reader import RecordReader

    session = 1
    with RecordReader(paths.store) as reader:
        for seq in range(20):
            wall.now_ns += S if seq != 10 else -3600 * S
            writer.write([recorded_beat(seq, wall.now_ns - 1_000_000)], session)
            seen += [item.seq for item in feed._new_items(reader) if isinstance(item, RecordedBeat)]
    writer.close()
    assert seen == list(range(20))


@removes_open_files
def test_it_follows_into_a_record_that_is_begun_anew(paths: Paths, wall: Wall) -> None:
    feed = RemoteFeed(paths)
    writer = SqliteWriter(paths.store, RECORD_SCHEMA)
    writer.open()
    for run in range(3):
        session = writer.begin_session(wall.now_ns + run, "service", {})
    seen: list[int] = []
    from aios_gui.record.store.reader import RecordReader

    session = 1
    with RecordReader(paths.store) as reader:
        for seq in range(20):
            wall.now_ns += S
            if seq == 10:
                writer.close()
                for suffix in ("", "-wal", "-shm"):
                    Path(f"{paths.store}{suffix}").unlink(missing_ok=True)
                writer.open()
                session = writer.begin_session(wall.now_ns, "service", {})
                assert session == 1
                # What the other process still knows is written again.
                writer.write([recorded_beat(n, wall.now_ns - (10 - n) * S - 1_000_000) for n in range(10)], 1)
            writer.write([recorded_beat(seq, wall.now_ns - 1_000_000)], session)
            seen += [item.seq for item in feed._new_items(reader) if isinstance(item, RecordedBeat)]
    writer.close()
    assert seen == list(range(20))


def test_what_goes_wrong_in_the_feed_is_told_and_it_goes_on(
    paths: Paths, feed: RemoteFeed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(supervised_thread, "FIRST_PAUSE_S", 0.001)
    failing = [True]
    real = RemoteFeed._new_items

    def new_items(self: RemoteFeed, reader: RecordReader) -> list[LiveItem]:
        if failing[0]:
            raise SystemExit(3)
        return real(self, reader)

    monkeypatch.setattr(RemoteFeed, "_new_items", new_items)
    with service(paths, "--interval", "0.05") as running:
        running.wait_for_beats(1)
        feed.start()
        wait_until(lambda: feed.snapshot.broken_parts, "the window is told")
        assert feed.snapshot.broken_parts == (BrokenPart("remote-feed", "SystemExit: 3"),)
        assert "the part remote-feed failed" in caplog.text
        monkeypatch.setattr(remote_module, "SILENT_S", 0.0)
        assert feed.snapshot.state is EngineState.LOST, "no picture of before is shown as one of now"
        monkeypatch.setattr(remote_module, "SILENT_S", 15.0)
        failing[0] = False
        wait_until(lambda: followed(feed), "it follows again")


# Commands


def reason_of(feed: RemoteFeed) -> WarmupReason | None:
    report = feed.snapshot.warm_up.report
    return report.reason if report is not None else None


def test_the_other_process_does_what_it_is_sent(paths: Paths, feed: RemoteFeed) -> None:
    with service(paths, "--interval", "0.5") as running:
        running.wait_for_beats(1)
        feed.start()
        wait_until(lambda: feed.snapshot.warm_up.warmth is Warmth.WARM, "a warm heartbeat")
        feed.send(CoolDown())
        wait_until(lambda: feed.snapshot.warm_up.warmth is Warmth.COLD, "a cold heartbeat")
        feed.send(SetRehearsal(RehearsalMode.OFF))
        feed.send(WarmUp())
        wait_until(lambda: reason_of(feed) is WarmupReason.ASKED, "a warm-up that was asked for")
        assert feed.snapshot.rehearsal.mode is RehearsalMode.OFF


def test_what_no_process_does_is_refused_with_the_reason(feed: RemoteFeed) -> None:
    refusals: list[str] = []
    feed.on_refused = refusals.append
    feed.start()
    feed.send(WarmUp())
    wait_until(lambda: bool(refusals), "the refusal")
    assert refusals == ["no instance is running"]


def test_of_more_than_it_keeps_it_holds_no_more_and_has_the_record_read_again(
    paths: Paths, wall: Wall
) -> None:
    feed = RemoteFeed(paths)
    many = RECENT_ITEMS + 500
    write_run(paths.store, [recorded_beat(seq, wall.now_ns + seq * S) for seq in range(1, many)], wall.now_ns)
    cursor, _items = feed.since(0)
    wall.now_ns += many * S
    with RecordReader(paths.store) as reader:
        found = feed._new_items(reader)
    assert len(found) == RECENT_ITEMS + 1
    feed._publish(found, feed.snapshot)
    assert feed.since(cursor)[1] is None


def test_what_is_broken_is_told_once_however_long_the_other_process_is_lost(paths: Paths) -> None:
    feed = RemoteFeed(paths)
    for _time in range(supervised_thread.BROKEN_AFTER):
        feed._supervisor.report("place", OSError("it cannot be written"))
    for _look in range(3):
        feed._publish([], feed._snapshot())
        assert [each.part for each in feed.snapshot.broken_parts] == ["place"]
