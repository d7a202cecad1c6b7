"""Saving a slice from the window: what would be in it is shown first, and nothing is written over."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aios_gui.alerts.model.incident import HiccupFinding
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.history.slices.opened import check_slice
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.paths import Paths
from aios_gui.ui.shell.slicing import SliceDialog
from aios_gui.ui.theme import Theme
from tests.fakes import WALL, S, recorded_beat
from tests.history.slices.test_slices import FINDING, SECRET
from tests.ui.children import PATIENCE_MS
from tests.ui.fakes import Show


@pytest.fixture
def dialog(paths: Paths, theme: Theme, show: Show, tmp_path: Path) -> SliceDialog:
    """The question about a minute with a stall that a named program made."""
    writer = SqliteWriter(paths.store, RECORD_SCHEMA)
    writer.open()
    hiccup = Event(EventKind.HICCUP, WALL + 5 * S, 5, {"lateness_ns": 80_000_000, "missed": 0})
    items = [*(recorded_beat(seq) for seq in range(10)), hiccup, HiccupFinding(hiccup.wall_ns, 5, FINDING)]
    writer.write(items, writer.begin_session(WALL, "service", {}))
    writer.close()
    window = show(QWidget())
    dialog = SliceDialog(TimeRange(WALL - S, WALL + 60 * S), [], window)
    dialog.choose_file = lambda: tmp_path / "stall.aiosrec"
    dialog.show()
    return dialog


def look(dialog: SliceDialog, qtbot: QtBot) -> str:
    """What it says once the child has looked."""
    qtbot.waitUntil(dialog.save.isEnabled, timeout=PATIENCE_MS)
    return dialog.contents.toPlainText()


def test_what_stays_in_it_is_shown_and_written_to_a_new_file(
    dialog: SliceDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    assert SECRET in look(dialog, qtbot)
    assert list(tmp_path.glob("*.aiosrec")) == []
    with qtbot.waitSignal(dialog.accepted, timeout=PATIENCE_MS):
        dialog.save.click()
    check_slice(tmp_path / "stall.aiosrec", RECORD_SCHEMA)


def test_names_are_replaced_on_request(dialog: SliceDialog, tmp_path: Path, qtbot: QtBot) -> None:
    look(dialog, qtbot)
    dialog.hide_names.click()
    assert not dialog.save.isEnabled()
    assert SECRET not in look(dialog, qtbot)
    with qtbot.waitSignal(dialog.accepted, timeout=PATIENCE_MS):
        dialog.save.click()
    assert SECRET.encode() not in (tmp_path / "stall.aiosrec").read_bytes()


def test_a_file_is_never_written_over_and_closing_ends_it(
    dialog: SliceDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    mine = tmp_path / "stall.aiosrec"
    mine.write_text("mine")
    look(dialog, qtbot)
    dialog.save.click()
    assert "is there already" in dialog.message.text()
    dialog.hide_names.click()
    dialog.reject()
    assert not dialog.child.running
    assert mine.read_text() == "mine"
