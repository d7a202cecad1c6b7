"""One beat of a year that came 400 ms late is seen however much time is shown: out of days, pages and beats."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.history.queries import History
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.ui.live.panel import LivePanel
from aios_gui.ui.theme import LIGHT
from tests.fakes import MS, S, recorded_beat
from tests.history.made import seal
from tests.ui.fakes import Show
from tests.ui.machine import NOW, Machine, settled

DAY = 86_400 * S
END = int(NOW) * S
LATE = 400 * MS
WINDOWS = {"1 h": 3600, "1 d": 86_400, "30 d": 30 * 86_400, "1 y": 365 * 86_400}


@dataclass(frozen=True)
class Year:
    path: Path
    hiccup_ns: int


@pytest.fixture(scope="module", params=[3, pytest.param(8, marks=pytest.mark.long)])
def year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Year:
    """A beat a day and, around the late one, a beat a minute and then one a second."""
    path = tmp_path_factory.mktemp("year") / "heartbeat.sqlite3"
    chance = random.Random(request.param)
    hiccup_ns = END - chance.randrange(31 * DAY // S, 334 * DAY // S) * S
    moments = set(range(END - 365 * DAY, END, DAY))
    moments |= set(range(hiccup_ns - 8 * 3600 * S, hiccup_ns + 8 * 3600 * S, 60 * S))
    moments |= set(range(hiccup_ns - 1200 * S, hiccup_ns + 1200 * S, S))
    beats: list[RecordedBeat] = [
        recorded_beat(
            seq, at_ns, lateness_ns=LATE if at_ns == hiccup_ns else 80_000 + chance.randrange(80_000)
        )
        for seq, at_ns in enumerate(sorted(moments))
    ]
    writer = SqliteWriter(path, RECORD_SCHEMA)
    writer.open()
    writer.write(beats, writer.begin_session(beats[0].wall_ns, "window", {"interval_ns": S}))
    writer.close()
    seal(path, END)
    return Year(path, hiccup_ns)


@pytest.mark.parametrize("span", WINDOWS)
def test_one_late_beat_is_seen(year: Year, span: str, show: Show, qtbot: QtBot) -> None:
    machine = Machine(NOW)
    context = machine.context()
    context.open_history = lambda: History(RecordReader(year.path))
    panel = show(LivePanel(context, machine.now_ns))
    panel.resize(1100, 900)
    window, middle_s = panel.time_window, year.hiccup_ns / S
    length_s = WINDOWS[span]
    start_s = min(middle_s - length_s * 0.37, NOW - length_s)
    window.look_at(start_s, start_s + length_s)
    panel.source.load()
    settled(panel, qtbot)
    panel.draw()
    card = panel.cards[1]
    assert card.quantity.key == "lateness"
    image, frame = card.plot.grab().toImage(), card.plot.frame
    least, most = (float(card._scale.shares(np.array([figure]))[0]) for figure in (3 * LATE / 4, LATE))
    rows = range(int(frame.y(most)), int(frame.y(least)) + 1)
    paper = QColor(LIGHT.surface).lightness()

    def ink(x: int) -> int:
        return sum(paper - image.pixelColor(x, y).lightness() for y in rows)

    at = round(frame.x(middle_s))
    everywhere = [ink(x) for x in range(int(frame.rect.left()) + 2, int(frame.rect.right()) - 2)]
    usual = sorted(everywhere)[len(everywhere) // 2]
    seen = [x for x in range(at - 3, at + 4) if ink(x) > usual]
    assert seen, f"nothing stands out at 400 ms, where the beat was late, in {span}"
