"""A record of two hours with two hiccups, a gap, changes, a note, and who ran; and History over it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from aios_gui.history.changes.model import Change, ChangeKind, Look
from aios_gui.history.notes.model import Note
from aios_gui.history.queries import History
from aios_gui.history.who_ran.model import Ran, WhoRan
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.ui.history.panel import HistoryPanel
from aios_gui.ui.shell.controller import Controller
from tests.ui.fakes import FakeResident, Show, context_of, local_source
from tests.ui.incidents.incidents_made import CARGO, hiccup
from tests.ui.machine import NOW, NS, day_of_beats, gap_at, hiccup_at

FIRST_HICCUP, LAST_HICCUP = NOW - 5_000, NOW - 1_200
NOTED, CHANGED = NOW - 3_000, NOW - 1_800
GAP = (NOW - 4_320, NOW - 3_960)


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of that record; no test writes to it."""
    file = tmp_path_factory.mktemp("history") / "heartbeat.sqlite3"
    writer = SqliteWriter(file, RECORD_SCHEMA)
    writer.open()
    beats = day_of_beats(NOW, 7200, gap=(0.4, 0.45))
    session = writer.begin_session(beats[0].wall_ns, "window", {"interval_ns": NS})
    packages = tuple(
        Change(round((CHANGED + place) * NS), ChangeKind.PACKAGE, "dpkg", name, "1.0", "1.1")
        for place, name in enumerate(("libc6", "openssl"))
    )
    items = [
        gap_at(*GAP),
        hiccup_at(FIRST_HICCUP),
        hiccup_at(LAST_HICCUP),
        hiccup(1, round(LAST_HICCUP * NS)),
        Look("dpkg", round(NOW * NS), packages, {}),
        Note(round(NOTED * NS), round(NOTED * NS), "disk replaced", round(NOW * NS)),
        WhoRan(round((LAST_HICCUP + 5) * NS), 60, (Ran("cargo", 4711, "bash", "", 3, 180.0, 1 << 30, 2e6),)),
    ]
    writer.write([*beats, *items], session)
    writer.close()
    assert CARGO.name == "cargo"
    return file


@pytest.fixture
def open_record(recorded: Path) -> Callable[[], History]:
    """Opens that record."""
    return lambda: History(RecordReader(recorded))


def settled(panel: HistoryPanel, qtbot: QtBot) -> None:
    """Wait until all that was asked of the record has come."""
    qtbot.waitUntil(lambda: panel.source.is_known and panel.source.is_settled)


@pytest.fixture
def make_history(
    make_controller: Callable[..., Controller], open_record: Callable[[], History], resident: FakeResident
) -> Callable[..., HistoryPanel]:
    """Builds panels over that record or another one, for which it is ``now_s``; the tests show them."""

    def build(opens: Callable[[], History] = open_record, now_s: float = NOW) -> HistoryPanel:
        controller = make_controller(local_source(resident))
        return HistoryPanel(context_of(controller, opens), lambda: round(now_s * NS))

    return build


@pytest.fixture
def history(make_history: Callable[..., HistoryPanel], show: Show, qtbot: QtBot) -> HistoryPanel:
    """The panel over that record, for which it is ``NOW``; shown and filled."""
    panel = show(make_history())
    panel.activate()
    panel.source._timer.stop()
    settled(panel, qtbot)
    qtbot.waitUntil(lambda: panel.is_complete)
    return panel
