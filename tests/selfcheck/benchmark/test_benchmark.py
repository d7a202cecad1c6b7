"""What a benchmark says of its surroundings."""

from pathlib import Path

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.selfcheck.benchmark.benchmark import machine, seen_beside
from aios_gui.selfcheck.benchmark.model import Beside
from tests.fakes import WALL, S, recorded_beat


def test_what_the_resident_recorded_meanwhile_is_seen(tmp_path: Path) -> None:
    store = tmp_path / "heartbeat.sqlite3"
    writer = SqliteWriter(store)
    writer.open()
    beats = [recorded_beat(seq, duration_ns=20_000 + seq, missed=seq // 9) for seq in range(10)]
    hiccup = Event(EventKind.HICCUP, WALL + S, 1, {"lateness_ns": 60_000_000, "cause": int(Cause.FROZEN)})
    writer.write([*beats, hiccup], writer.begin_session(WALL, "service", {}))
    writer.close()
    assert seen_beside(store, WALL, WALL + 10 * S) == Beside(10, 20_004, 20_009, 1, 1)
    assert seen_beside(store, WALL + 2 * S, WALL + 3 * S) == Beside(1, 20_002, 20_002, 0, 0)
    assert seen_beside(store, WALL + 100 * S, WALL + 200 * S) is None


def test_without_a_record_or_with_a_broken_one_nothing_is_seen(tmp_path: Path) -> None:
    assert seen_beside(tmp_path / "none.sqlite3", 0, WALL) is None
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"garbage" * 2000)
    assert seen_beside(broken, 0, WALL) is None


def test_the_machine_is_named() -> None:
    found = machine(12.5)
    assert found.system
    assert found.python.startswith("3.")
    assert found.busy_percent == 12.5
