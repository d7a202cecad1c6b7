"""A fake machine for the panels: beats made to order, gaps, hiccups and stalls, a record and a feed of them."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import inf, nan, sin
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from aios_gui.alerts.model.incident import Incident
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import (
    ContextSample,
    Event,
    EventKind,
    RecordedBeat,
    hiccup_length_ns,
)
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.history.changes.model import Change
from aios_gui.history.model.series import Series
from aios_gui.history.notes.model import Note
from aios_gui.history.notes.record_reader import notes
from aios_gui.history.who_ran.model import WhoAnswer, WhoRan
from aios_gui.history.who_ran.record_reader import who_at
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.record.model.hiccups import Hiccups
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.errors import StoreError
from aios_gui.selfcheck.record import Measurement
from aios_gui.settings.model import SettingValue
from aios_gui.ui.theme import DARK, LIGHT, Tokens
from tests.defaults import DEFAULTS
from tests.ui.fakes import FakeFeed

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aios_gui.ui.live.panel import LivePanel
    from aios_gui.ui.plots import gestures

NS = 1_000_000_000
GB = 2**30
NOW = 1_741_785_300.0


def beat_at(
    at_s: float,
    seq: int = 0,
    duration_ns: int = 24_000,
    lateness_ns: int = 120_000,
    cpu: float | None = 17.0,
    memory: float | None = 42.0,
    missed: int = 0,
    cause: Cause = Cause.NONE,
    breached: tuple[str, ...] = (),
) -> RecordedBeat:
    """A recorded beat at a moment in seconds, on a whole microsecond as the record keeps it."""
    wall_ns = round(at_s * 1_000_000) * 1000
    return RecordedBeat(
        1, seq, wall_ns, duration_ns, lateness_ns, 1_000, missed, True, cause, breached, False, cpu, memory
    )


def hiccup_at(at_s: float, lateness_ns: int = 380_000_000, cause: Cause = Cause.RUN_QUEUE) -> Event:
    facts: dict[str, int | float | str] = {"lateness_ns": lateness_ns, "missed": 0, "cause": int(cause)}
    return Event(EventKind.HICCUP, round(at_s * 1_000_000) * 1000, 0, facts)


def noise(number: int) -> float:
    """0 to 1, the same for the same number."""
    mixed = (number * 2654435761 ^ number >> 7) & 0xFFFFFFFF
    mixed = (mixed ^ mixed >> 15) * 2246822519 & 0xFFFFFFFF
    return ((mixed ^ mixed >> 13) & 0xFFFF) / 0xFFFF


def day_of_beats(
    end_s: float,
    length_s: float,
    interval_s: float = 1.0,
    stalls: tuple[float, ...] = (),
    gap: tuple[float, float] = (0, 0),
) -> list[RecordedBeat]:
    """Beats up to ``end_s``; a stall of 4 s at each share of ``stalls``, none in ``gap``, CPU unknown now and then."""
    return list(_day_of_beats(end_s, length_s, interval_s, stalls, gap))


@lru_cache(maxsize=4)
def _day_of_beats(
    end_s: float, length_s: float, interval_s: float, stalls: tuple[float, ...], gap: tuple[float, float]
) -> tuple[RecordedBeat, ...]:
    beats = []
    count = int(length_s / interval_s)
    at_stall = {int(share * count): 4.0 for share in stalls}
    skip = 0
    for number in range(count):
        share = number / count
        if skip:
            skip -= 1
            continue
        if gap[0] <= share < gap[1]:
            continue
        late_s = at_stall.get(number, 0.0)
        missed = int(late_s / interval_s)
        skip = missed
        cpu = 14 + 6 * noise(number) + 60 * max(0.0, sin(share * 20) - 0.9) * 8
        beats.append(
            beat_at(
                end_s - length_s + (number + 1) * interval_s + late_s,
                number,
                duration_ns=int(21_000 + 8_000 * noise(number * 3) + (28_000 if number % 61 == 3 else 0)),
                lateness_ns=int(late_s * NS)
                or int((0.08 + 0.09 * noise(number * 7)) * (8 if number % 47 == 2 else 1) * 1e6),
                cpu=None if number % 500 == 499 else min(100.0, cpu),
                memory=41 + 6 * sin(share * 5) ** 2 + 0.3 * noise(number * 5),
                missed=missed,
                cause=Cause.FROZEN if late_s else Cause.NONE,
                breached=("cpu",) if cpu > 80 else (),
            )
        )
    return tuple(beats)


@dataclass
class FakeRecord:
    """What has been recorded; ``broken`` makes every question fail."""

    beats: list[RecordedBeat] = field(default_factory=list)
    context: list[ContextSample] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    hiccups: list[Event] = field(default_factory=list)
    stalls: list[Event] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    who_ran: list[WhoRan] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    broken: str = ""
    asked: list[tuple[int, int, int]] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    threads: set[int] = field(default_factory=set)

    def open(self) -> FakeHistory:
        self.opened += 1
        self.threads.add(threading.get_ident())
        return FakeHistory(self)


class FakeHistory:
    """A history over the fake record, and its reader; buckets are computed the plain way."""

    def __init__(self, record: FakeRecord) -> None:
        self._record = record

    @property
    def reader(self) -> FakeHistory:
        return self

    @property
    def path(self) -> Path:
        return Path("record.sqlite3")

    def changes(self, _span: TimeRange) -> list[Change]:
        return []

    def columns(self, _table: str, names: str) -> str:
        return names

    def who_at(self, at_ns: int) -> WhoAnswer:
        return who_at(self, at_ns)  # type: ignore[arg-type]

    def notes(self, span: TimeRange, most: int) -> list[Note]:
        return notes(self, span.start_ns, span.end_ns, most)  # type: ignore[arg-type]

    def close(self) -> None:
        self._record.closed += 1

    def at_once(self) -> AbstractContextManager[object]:
        return nullcontext()

    def _check(self) -> None:
        if self._record.broken:
            raise StoreError(self._record.broken)

    def beats(self, span: TimeRange) -> Iterator[RecordedBeat]:
        self._check()
        return iter([beat for beat in self._record.beats if span.start_ns <= beat.wall_ns < span.end_ns])

    def count(self, start_ns: int, end_ns: int) -> int:
        return len(list(self.beats(TimeRange(start_ns, end_ns))))

    def read(self, table: str, _decode: object, _query: str, *values: Any) -> list[Any]:
        """What the features ask of their own tables, in the order of their queries."""
        self._check()
        if table == "measurement":
            return [each for each in self._record.measurements if str(each.kind) == values[0]]
        if table == "who_ran":
            start_us, end_us = values
            return [each for each in self._record.who_ran if start_us <= each.wall_ns // 1000 < end_us]
        if table == "page_part":
            return []
        if table == "note":
            end_us, start_us, _most = values
            return [
                each
                for each in sorted(self._record.notes, key=lambda each: -each.start_ns)
                if each.start_ns // 1000 < end_us and each.end_ns // 1000 >= start_us
            ]
        end_us, start_us, newest = values
        found = [
            each
            for each in sorted(self._record.incidents, key=lambda each: (each.started_ns, each.id))
            if each.started_ns < end_us * 1000
            and (each.cleared_ns is None or each.cleared_ns >= start_us * 1000)
        ]
        return found[::-1] if newest < 0 else found[-newest:][::-1]

    def longest_hiccups(self, start_ns: int, end_ns: int, most: int, kind: EventKind) -> list[Event]:
        self._check()
        assert kind is EventKind.RESOURCE_STALL
        found = [each for each in self._record.stalls if start_ns <= each.wall_ns < end_ns]
        return sorted(found, key=hiccup_length_ns, reverse=True)[:most]

    def gaps(self, start_ns: int, end_ns: int) -> list[Gap]:
        self._check()
        return [each for each in self._record.gaps if each.end_ns >= start_ns and each.start_ns < end_ns]

    def span(self) -> tuple[int, int] | None:
        self._check()
        beats = self._record.beats
        return (beats[0].wall_ns, beats[-1].wall_ns) if beats else None

    def contexts(self, start_ns: int, end_ns: int) -> list[ContextSample]:
        self._check()
        return [each for each in self._record.context if start_ns <= each.wall_ns < end_ns]

    def series(self, span: TimeRange, buckets: int) -> Series:
        self._check()
        start_ns, end_ns = span.start_ns, span.end_ns
        self._record.asked.append((start_ns, end_ns, buckets))
        beats = list(self.beats(span))
        bucket_ns = 0 if len(beats) <= buckets else max(1, -(-(end_ns - start_ns) // buckets))
        context = [each for each in self._record.context if start_ns <= each.wall_ns < end_ns]
        return replace(
            series_of(beats, start_ns, end_ns, bucket_ns),
            own_time_s=array("d", [each.wall_ns / NS for each in context]),
            own_cpu_percent=array("d", [_or_nan(each.own_cpu_percent) for each in context]),
            own_memory_percent=array("d", [_or_nan(each.own_memory_percent) for each in context]),
            gaps=tuple(gap for gap in self._record.gaps if gap.end_ns >= start_ns and gap.start_ns < end_ns),
            hiccups=Hiccups(event for event in self._record.hiccups if start_ns <= event.wall_ns < end_ns),
        )


def _or_nan(value: float | None) -> float:
    return nan if value is None else value


def series_of(beats: list[RecordedBeat], start_ns: int, end_ns: int, bucket_ns: int) -> Series:
    """The series of these beats, bucket by bucket."""
    groups: dict[int, list[RecordedBeat]] = {}
    for number, beat in enumerate(beats):
        groups.setdefault(beat.wall_ns // bucket_ns if bucket_ns else number, []).append(beat)

    def column(
        pick: Callable[[list[float]], float], of: Callable[[RecordedBeat], float | None]
    ) -> array[float]:
        found = [[value for value in map(of, group) if value is not None] for group in groups.values()]
        return array("d", [pick(values) if values else nan for values in found])

    values: dict[str, Any] = {}
    for name, of in (
        ("duration_{}_ns", lambda b: b.duration_ns),
        ("lateness_{}_ns", lambda b: b.lateness_ns),
        ("cpu_{}_percent", lambda b: b.cpu_percent),
        ("memory_{}_percent", lambda b: b.memory_percent),
    ):
        values[name.format("min")] = column(min, of)
        values[name.format("max")] = column(max, of)
    times = array("d", [group[0].wall_ns / NS for group in groups.values()])
    return Series(start_ns, end_ns, bucket_ns, time_s=times, **values)


class FakeTheme(QObject):
    """The theme's colours and signal, without dressing an application."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens: Tokens = LIGHT

    def darken(self) -> None:
        self.tokens = DARK
        self.changed.emit()


class FakeController(QObject):
    """Where a panel asks to be left for another, and where settings are changed; ``sent`` has what it wants done."""

    place_asked = Signal(object)
    settings_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.settings = DEFAULTS.with_value("window.introduction", False)
        self.sent: list[object] = []
        self.record_words: list[str] = []
        self.slice_file: Path | None = None

    def set_value(self, name: str, value: SettingValue) -> None:
        self.settings = self.settings.with_value(name, value)
        self.settings_changed.emit(name)

    def send(self, command: object) -> None:
        self.sent.append(command)


class Machine:
    """A whole fake machine: a clock, a record and a feed that agree."""

    def __init__(self, now_s: float, interval_s: float = 1.0, keeps: float = inf) -> None:
        self.now_s = now_s
        self.record = FakeRecord()
        self.feed = FakeFeed(
            Snapshot(
                EngineState.RUNNING,
                interval_ns=int(interval_s * NS),
                duration=Percentiles(3600, 23_000, 31_000, 40_000, 86_000),
            ),
            keeps,
        )
        self.theme = FakeTheme()
        self.controller = FakeController()
        self.interval_s = interval_s
        self.seq = 1_000_000

    def remember(self, beats: list[RecordedBeat]) -> None:
        """Put beats into the record, with the hiccups and context samples that go with them."""
        self.record.beats.extend(beats)
        for number, beat in enumerate(beats):
            if beat.lateness_ns >= 50_000_000:
                self.record.hiccups.append(hiccup_at(beat.wall_ns / NS, beat.lateness_ns, beat.cause))
            if number % 10 == 0:
                self.record.context.append(context_at(beat.wall_ns / NS))
        if beats:
            self.feed.snapshot = replace(
                self.feed.snapshot, beat=beats[-1], context=context_at(beats[-1].wall_ns / NS)
            )

    def beat(self, recorded: bool = True, **figures: Any) -> RecordedBeat:
        """One interval passes and a beat is made; ``recorded`` at once, as it is a second later."""
        self.now_s += self.interval_s
        self.seq += 1
        made = beat_at(self.now_s, self.seq, **figures)
        self.feed.put(made)
        if recorded:
            self.record.beats.append(made)
        return made

    def context(self) -> Any:
        """What a panel is given."""
        return SimpleNamespace(
            feed=self.feed,
            open_history=self.record.open,
            theme=self.theme,
            settings=lambda: self.controller.settings,
            refresh_hz=2.0,
            controller=self.controller,
        )

    def now_ns(self) -> int:
        return int(self.now_s * NS)


def context_at(at_s: float) -> ContextSample:
    return ContextSample(
        int(at_s * NS), own_cpu_percent=0.1, own_memory_bytes=96 * 2**20, memory_total_bytes=24 * GB
    )


def gap_at(start_s: float, end_s: float, kind: GapKind = GapKind.SUSPENDED) -> Gap:
    return Gap(kind, int(start_s * NS), int(end_s * NS))


def settled(panel: LivePanel, qtbot: QtBot) -> None:
    """Wait until what a gesture asked of the record has come."""
    qtbot.waitUntil(lambda: panel.source.settled)


def gesture(panel: LivePanel, asked: gestures.Gesture, card: int = 0) -> None:
    panel.cards[card].plot.gesture.emit(asked)


def held(panel: LivePanel) -> tuple[float, float]:
    times = panel.source.buffer.times
    return float(times[0]) - NOW, float(times[-1]) - NOW
