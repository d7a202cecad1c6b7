"""What changed about this program, and when the machine woke from sleep, by the record and the settings."""

from __future__ import annotations

from typing import Any

import msgspec

from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.history.changes.model import Change, ChangeKind, differences
from aios_gui.history.changes.sources.source import MOST_CHANGES, Found, Past, Source
from aios_gui.record.store.decode import Facts, Row, Text, WallUs
from aios_gui.system.ready_type import ready

NAME = "own"
INTERVAL = "beat.interval_s"
_SESSIONS = (
    "SELECT id, started_us, mode, facts FROM session WHERE id > ? AND mode <> 'imported' ORDER BY id LIMIT ?"
)
_SLEEPS = (
    "SELECT id, start_us, end_us FROM gap WHERE id > ? AND kind = ? AND end_us > start_us ORDER BY id LIMIT ?"
)


def look(past: Past) -> Found:
    """Sessions and gaps since the last look, at the first one all there are; settings by their values."""
    before = past.state or {}
    state: dict[str, Any] = {
        "session": _whole(before, "session"),
        "gap": _whole(before, "gap"),
        "run": dict(before.get("run", {})),
        "settings": dict(past.settings),
    }
    found = Found(state=state)
    _compare_runs(past, found)
    for number, slept_us, woke_us in past.reader.read(
        "gap", _sleep, _SLEEPS, state["gap"], GapKind.SUSPENDED, MOST_CHANGES
    ):
        state["gap"] = number
        slept: dict[str, int | float | str] = {"asleep_s": (woke_us - slept_us) // 1_000_000}
        found.changes.append(Change(woke_us * 1000, ChangeKind.RESUME, NAME, "", None, None, slept))
    if "settings" in before:
        # By the file, where that was written since the last look and not in the future.
        at_ns = past.settings_ns if past.looked_ns < past.settings_ns <= past.now_ns else past.now_ns
        for name, was, now in differences(before["settings"], past.settings):
            kind = ChangeKind.INTERVAL if name == INTERVAL else ChangeKind.SETTING
            found.changes.append(Change(at_ns, kind, NAME, name, _shown(was), _shown(now)))
    return found


def _compare_runs(past: Past, found: Found) -> None:
    """Version and mode of each run with those of the run before."""
    for number, started_us, mode, version in past.reader.read(
        "session", _run, _SESSIONS, found.state["session"], MOST_CHANGES
    ):
        run = {ChangeKind.MODE.value: mode, ChangeKind.OWN_VERSION.value: version}
        before: dict[str, str] = found.state["run"]
        if before:
            found.changes += [
                Change(started_us * 1000, ChangeKind(kind), NAME, "", was, now)
                for kind, was, now in differences(before, run)
            ]
        found.state["session"], found.state["run"] = number, run


def shown_setting(value: object, is_free_text: bool) -> str:
    """A setting as it is kept: a text that a person wrote may be a secret, so that only its change is known."""
    import zlib

    return f"#{zlib.crc32(str(value).encode()) & 0xFFFF:04x}" if is_free_text else str(value)


def _shown(kept: str | None) -> str | None:
    return None if kept is None or kept.startswith("#") else kept


def _whole(state: Any, name: str) -> int:
    value = state.get(name, 0)
    return value if isinstance(value, int) else 0


@ready
class _SessionRow(msgspec.Struct, array_like=True):
    id: int
    started_us: WallUs
    mode: Text
    facts: Facts


def _run(row: Row) -> tuple[int, int, str, str]:
    found = msgspec.convert(row, _SessionRow)
    facts = msgspec.json.decode(found.facts, type=dict[str, Any])
    return found.id, found.started_us, found.mode, str(facts.get("version", ""))


@ready
class _SleepRow(msgspec.Struct, array_like=True):
    id: int
    start_us: WallUs
    end_us: WallUs


def _sleep(row: Row) -> tuple[int, int, int]:
    found = msgspec.convert(row, _SleepRow)
    return found.id, found.start_us, found.end_us


SOURCE = Source(NAME, (), look)
