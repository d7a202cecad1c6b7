"""Record and feed joined: no beat lost between them and none twice, whatever arrives first."""

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from aios_gui.ui.live.source import LiveSource
from aios_gui.ui.live.time_window import TimeWindow
from aios_gui.ui.plots.history_loader import HistoryLoader
from tests.ui.machine import Machine, beat_at, context_at, day_of_beats, gap_at, hiccup_at

NOW = 1_741_785_300.0


class Rig:
    """A machine, a window and the source between them."""

    def __init__(self, machine: Machine, span_s: float = 900.0) -> None:
        self.machine = machine
        self.loads = 0
        self.failures: list[object] = []
        self.window = TimeWindow(span_s, machine.now_s)
        self.loader = HistoryLoader(machine.record.open)
        self.source = LiveSource(machine.feed, self.loader, self.window)
        self.source.loaded.connect(self._count)
        self.source.failed.connect(self.failures.append)

    def _count(self) -> None:
        self.loads += 1

    def advance(self) -> None:
        self.window.advance(self.machine.now_s, 0.01)

    def load(self, qtbot: QtBot) -> None:
        before = self.loads
        self.source.load()
        qtbot.waitUntil(lambda: self.loads > before)

    def beats_held(self) -> list[float]:
        return [round(float(each) - NOW, 3) for each in self.source.buffer.times]


@pytest.fixture
def rig() -> Iterator[Rig]:
    machine = Machine(NOW)
    machine.remember(day_of_beats(NOW, 100))
    made = Rig(machine)
    yield made
    made.source.stop()
    made.loader.close()


def test_beats_of_before_and_after_the_load_stand_once_each(rig: Rig, qtbot: QtBot) -> None:
    rig.load(qtbot)
    rig.machine.beat()
    rig.machine.beat(recorded=False)
    rig.source.pull()
    rig.load(qtbot)
    rig.machine.beat()
    rig.advance()
    rig.source.pull()
    assert rig.beats_held() == list(range(-99, 4))


def test_beats_in_the_record_that_the_feed_brings_later_are_not_doubled(rig: Rig, qtbot: QtBot) -> None:
    for _each in range(3):
        rig.machine.beat()
    rig.advance()
    rig.load(qtbot)
    assert rig.beats_held()[-1] == 3
    rig.source.pull()
    assert rig.beats_held() == list(range(-99, 4))


def test_a_feed_that_has_lost_some_makes_the_record_be_read_again(qtbot: QtBot) -> None:
    machine = Machine(NOW, keeps=5)
    rig = Rig(machine)
    rig.load(qtbot)
    rig.source.pull()
    for _each in range(20):
        machine.beat()
    rig.advance()
    before = rig.loads
    assert rig.source.pull() == []
    qtbot.waitUntil(lambda: rig.loads > before)
    assert rig.beats_held() == list(range(1, 21))
    rig.source.load_if_needed()
    assert rig.source._settle.interval() > 0, "a drag is read once it has come to rest"
    rig.source.stop()
    rig.loader.close()


def test_an_unreadable_record_still_shows_what_comes(rig: Rig, qtbot: QtBot) -> None:
    rig.machine.record.broken = "no"
    rig.source.load()
    qtbot.waitUntil(lambda: bool(rig.failures))
    rig.machine.beat(recorded=False)
    rig.advance()
    rig.source.pull()
    assert rig.beats_held() == [1]
    rig.machine.record.broken = ""
    assert rig.source._again.isActive()
    rig.source._again.start(0)
    qtbot.waitUntil(lambda: rig.loads > 0)  # by itself


def test_what_cannot_be_read_is_not_asked_for_while_out_of_view(rig: Rig, qtbot: QtBot) -> None:
    rig.machine.record.broken = "no"
    rig.source.load()
    rig.source.stop()
    qtbot.waitUntil(lambda: bool(rig.failures))
    assert not rig.source._again.isActive()


def test_panning_away_loads_what_is_there_and_leaves_it_alone(rig: Rig, qtbot: QtBot) -> None:
    rig.load(qtbot)
    rig.machine.record.beats[:0] = [beat_at(NOW - 2000 + n) for n in range(1000)]
    rig.window.choose_span(30)
    rig.window.pan(-1830)
    rig.source.load_if_needed()
    before = rig.loads
    qtbot.waitUntil(lambda: rig.loads > before)
    start_ns, end_ns, _buckets = rig.machine.record.asked[-1]
    assert start_ns / 1e9 == pytest.approx(NOW - 1867.5)
    assert end_ns / 1e9 == pytest.approx(NOW - 1822.5)
    rig.machine.beat()
    rig.source.pull()
    assert rig.beats_held() == list(range(-1867, -1822))


def test_small_moves_within_what_is_held_ask_for_nothing(rig: Rig, qtbot: QtBot) -> None:
    rig.window.choose_span(30)
    rig.window.pan(-30)
    rig.load(qtbot)
    rig.window.pan(-2)
    rig.source.load_if_needed()
    assert not rig.source._settle.isActive()
    rig.window.pan(-20)
    rig.source.load_if_needed()
    assert rig.source._settle.isActive()


def test_ten_beats_a_second_are_cut_into_buckets_for_long_spans(qtbot: QtBot) -> None:
    machine = Machine(NOW, interval_s=0.1)
    machine.remember(day_of_beats(NOW, 3600, 0.1, stalls=(0.3,), gap=(0.5, 0.52)))
    rig = Rig(machine, 3600.0)
    rig.load(qtbot)
    buffer = rig.source.buffer
    assert buffer.bucket_ns > 0
    assert 500 < len(buffer) <= 620
    assert np.nanmax(buffer.high(1)) == 4e9
    machine.beat(lateness_ns=7_000_000_000)
    rig.advance()
    rig.source.pull()
    assert np.nanmax(buffer.high(1)) == 7e9
    rig.loader.close()


def test_gaps_hiccups_and_own_share_arrive_live(rig: Rig, qtbot: QtBot) -> None:
    rig.load(qtbot)
    rig.machine.feed.put(gap_at(NOW, NOW + 5), hiccup_at(NOW + 6), context_at(NOW + 6))
    rig.source.pull()
    assert rig.source.buffer.gaps == [gap_at(NOW, NOW + 5)]
    assert len(rig.source.buffer.hiccups) == 1
    assert rig.source.buffer.own.points("own_cpu_percent")[1][-1] == 0.1
    rig.load(qtbot)
    assert len(rig.source.buffer.gaps) == 1
