"""Behind the state in the header: the score, the health and the targets, by mouse and keyboard."""

import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.model.hour import Hour
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.selfcheck.record import Measurement, MeasurementKind
from aios_gui.selfcheck.targets.model import TargetState
from aios_gui.system.paths import Paths
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.score.dialog import HealthDialog
from aios_gui.ui.shell.score.summary import summary_text
from aios_gui.ui.shell.window import Window
from aios_gui.ui.widgets.fact_table import FactTable
from tests.systems import counts_private_memory
from tests.ui.fakes import FakeResident, a_snapshot

HOUR = Hour(
    3600,
    alerting=36,
    duration_ns=3600 * 25_000,
    fast=3600,
    fast_ns=3600 * 24_000,
    cpu_beats=1,
    cpu_sum=17.0,
    minutes=59,
)
POOR = replace(HOUR, failed=100, alerting=900, over=400, duration_ns=3600 * 131_000_000, firings=14)


def told(table: FactTable) -> list[list[str]]:
    model = table.facts
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


@pytest.fixture
def window(make_window: Callable[..., Window], resident: FakeResident, qtbot: QtBot) -> Window:
    resident.feed.snapshot = replace(a_snapshot(), hour=HOUR, own_cpu_percent=1.2, pid=os.getpid())
    made = make_window()
    made.show()
    qtbot.waitUntil(lambda: "one" in made.panels)
    return made


@pytest.fixture
def dialog(window: Window) -> HealthDialog:
    window.show_health()
    assert window._health is not None
    return window._health


def test_mark_score_and_keyboard_open_it(window: Window, qtbot: QtBot) -> None:
    bar = window.status_bar
    window.resize(1920, 900)
    presses: tuple[Callable[[], object], ...] = (
        lambda: qtbot.mouseClick(bar.mark, Qt.MouseButton.LeftButton),
        lambda: qtbot.mouseClick(bar.score, Qt.MouseButton.LeftButton),
        lambda: qtbot.keyClick(bar.mark, Qt.Key.Key_Return),
        lambda: qtbot.keyClick(bar.mark, Qt.Key.Key_Space),
    )
    for press in presses:
        press()
        assert window._health is not None
        assert window._health.isVisible()
        qtbot.keyClick(window._health, Qt.Key.Key_Escape)
        assert not window._health.isVisible()
    assert len(window.findChildren(HealthDialog)) == 1
    assert bar.mark.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_the_parts_of_the_score_are_told(dialog: HealthDialog) -> None:
    assert dialog.score.value.text() == "0.98"
    assert [row[0] for row in told(dialog.score.parts)] == [
        "Success",
        "Latency",
        "Stability",
        "Resources to spare",
    ]
    assert told(dialog.score.parts)[2][2:] == [
        "0.90",
        "20 %",
        "36 of 3,600 beats over a limit or with a hiccup",
    ]
    # The memory is that of this process, which takes more than it may once it has tried half of the window.
    is_missed = "missed" in [row[3] for row in told(dialog.targets.table)]
    said = "No limit of health was exceeded" if is_missed else "Healthy"
    assert dialog.score.health.text() == f"{said} over the last hour"


def test_the_reasons_of_poor_health_are_told(dialog: HealthDialog, resident: FakeResident) -> None:
    resident.feed.snapshot = replace(resident.feed.snapshot, hour=POOR)
    dialog.look()
    lines = dialog.score.health.text().replace("\u00a0", " ").splitlines()
    assert lines == [
        "Degraded over the last hour",
        "Beats took 131 ms on average, over 100 ms",
        "14 alerts, more than 10",
    ]
    assert dialog.score.health.property("look") == "critical"
    states = {row[0]: row[3] for row in told(dialog.targets.table)}
    assert states["Heartbeat, mean"] == "missed"
    assert dialog.targets.summary.text().endswith("missed")


def test_too_few_beats_are_said_to_be_too_few(dialog: HealthDialog, resident: FakeResident) -> None:
    resident.feed.snapshot = replace(resident.feed.snapshot, hour=Hour(3))
    dialog.look()
    assert dialog.score.value.text() == "–"
    assert "60 beats" in dialog.score.health.text()


@counts_private_memory
def test_targets_that_apply_or_were_published_are_shown_with_what_the_record_and_the_system_tell(
    window: Window, paths: Paths, qtbot: QtBot
) -> None:
    writer = SqliteWriter(paths.store, RECORD_SCHEMA)
    writer.open()
    writer.write([Measurement(MeasurementKind.BENCHMARK, 1, {"speedup": {"original/warmed": 44_000.0}})], 1)
    writer.close()
    window.show_health()
    dialog = window._health
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog._read.private_bytes is not None)
    rows = {row[0]: row for row in told(dialog.targets.table)}
    assert "CPU in the tray" not in rows
    assert rows["CPU with the window"][1:] == ["≤ 2.0 %", "1.2 %", "reached", "Ours"]
    assert rows["Memory of this program"][1:] == ["< 50 MB", "–", "does not apply now", "Reference"]
    assert rows["Original ÷ warmed heartbeat"][2:4] == ["44,000×", "reached"]
    memory = next(each for each in dialog.targets.results if each.target.name == "memory_window")
    assert memory.state is not TargetState.UNKNOWN


def test_hidden_it_does_nothing(dialog: HealthDialog, window: Window) -> None:
    assert dialog._timer.isActive()
    dialog.buttons.button(QDialogButtonBox.StandardButton.Close).click()
    assert not dialog._timer.isActive()
    window.show_health()
    assert dialog._timer.isActive()


def test_it_speaks_the_language_chosen_and_wears_the_theme(
    dialog: HealthDialog, controller: Controller, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.language_changed):
        controller.set_value("window.language", "zh_CN")
    controller.set_value("window.theme", "dark")
    assert dialog.isVisible()
    assert told(dialog.targets.table)
    for table in (dialog.targets.table, dialog.score.parts):
        assert table.accessibleName()


def test_the_summary_of_the_header() -> None:
    assert summary_text(Snapshot()).splitlines()[0] == "No score yet: it takes 60 beats within an hour"
    lines = summary_text(replace(a_snapshot(), hour=POOR)).splitlines()
    assert lines[0].startswith("Score 0.6")
    assert "Stability 0.00" in lines[1]
    assert "14 alerts, more than 10" in lines
    assert "2 targets missed:" in lines


def test_the_header_says_it_too(window: Window) -> None:
    window.refresh()
    mark = window.status_bar.mark
    assert mark.accessibleDescription() == mark.toolTip()
    assert mark.toolTip().startswith("Score 0.98 over the last hour")
