"""The Reports panel: writing, and what can be done with what was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from aios_gui.record.model.timerange import TimeRange
from aios_gui.reports.past import FileState, note_written, past_reports
from aios_gui.system.paths import Paths
from aios_gui.ui.panel import Place
from aios_gui.ui.reports.files import folder_command
from aios_gui.ui.reports.panel import ReportsPanel
from aios_gui.ui.reports.past_card import Listed
from tests.fakes import Kept
from tests.ui.reports.conftest import Outside
from tests.ui.tabbing import never_reached


@pytest.fixture
def written(paths: Paths, tmp_path: Path) -> list[Path]:
    """Two files that were written, the newest first."""
    files = [tmp_path / "new.csv", tmp_path / "old.csv"]
    for age, file in enumerate(files):
        file.write_text(file.name)
        note_written(paths, file, "", "csv", "", TimeRange(1, 2_000_000_000), 1_741_784_587_000_000_000 - age)
    return files


def test_beats_are_written_in_a_process_of_its_own_and_listed(
    reports: ReportsPanel, paths: Paths, outside: Outside, tmp_path: Path, qtbot: QtBot
) -> None:
    kept = Kept(paths.store)
    kept.beat()
    kept.close()
    reports.order.span.show_words("all")
    with qtbot.waitSignal(reports.order.written, timeout=20_000):
        reports.order.make.click()
        assert reports.order.run.running
    assert not reports.order.run.running
    (file,) = (tmp_path / "written").iterdir()
    assert file.name in reports.order.result.text()
    assert file.read_text().count("\n") == 2
    qtbot.waitUntil(lambda: reports.past.model.rowCount() == 1)
    assert reports.past.chosen is not None
    assert reports.past.chosen.report.path == file
    reports.order.open.click()
    assert outside.opened == [str(file)]


def test_why_nothing_was_written_is_said(reports: ReportsPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(reports.order.child.ended, timeout=20_000):
        reports.order.make.click()
    assert reports.order.result.text().startswith("Nothing was written: there is no record yet")
    assert reports.order.open.isHidden()


def test_cancelling_leaves_nothing(reports: ReportsPanel, paths: Paths, tmp_path: Path) -> None:
    reports.order.make.click()
    reports.order.run.cancel.click()
    assert not reports.order.child.running
    assert list((tmp_path / "written").iterdir()) == []
    assert reports.order.result.text() == "Cancelled; nothing was written."


def test_a_span_that_is_none_cannot_be_written(reports: ReportsPanel) -> None:
    reports.order.span.line.setText("whenever")
    reports.order.span.settle()
    assert not reports.order.make.isEnabled()
    reports.order.span.show_words("7d")
    assert reports.order.make.isEnabled()


def test_a_file_that_was_written_can_be_opened_shown_and_its_path_copied(
    written: list[Path], reports: ReportsPanel, outside: Outside, qtbot: QtBot
) -> None:
    past = reports.past
    qtbot.waitUntil(lambda: past.model.rowCount() == 2)
    QTest.keyClick(past.table, Qt.Key.Key_Down)
    QTest.keyClick(past.table, Qt.Key.Key_Return)
    assert outside.opened == [str(written[1])]
    past.copy.click()
    assert QGuiApplication.clipboard().text() == str(written[1])
    assert past.model.mimeData([past.table.currentIndex()]).urls()[0].toLocalFile() == str(written[1])
    past.show_folder.click()
    assert [command[-1] for command in outside.started] or outside.opened[-1] == str(written[1].parent)


def test_removing_asks_and_takes_only_the_program_s_own_file(
    written: list[Path], reports: ReportsPanel, paths: Paths, qtbot: QtBot
) -> None:
    past = reports.past
    qtbot.waitUntil(lambda: past.model.rowCount() == 2)
    asked: list[str] = []

    def refuse(listed: Listed) -> bool:
        asked.append(listed.report.path.name)
        return False

    past.confirm_removal = refuse
    QTest.keyClick(past.table, Qt.Key.Key_Delete)
    assert asked == ["new.csv"]
    assert written[0].exists()
    past.confirm_removal = lambda _listed: True
    written[0].write_text("with my own words")
    past.remove.click()
    qtbot.waitUntil(lambda: past.model.rowCount() == 1)
    assert written[0].read_text() == "with my own words"
    past.remove.click()
    qtbot.waitUntil(lambda: past.model.rowCount() == 0)
    assert not written[1].exists()
    assert past_reports(paths) == []
    assert past.empty.isVisible()


def test_one_that_is_gone_is_said_to_be(written: list[Path], reports: ReportsPanel, qtbot: QtBot) -> None:
    written[0].unlink()
    reports.past.load()
    qtbot.waitUntil(
        lambda: [each.state for each in reports.past.model.listed] == [FileState.GONE, FileState.THERE]
    )
    assert "no longer there" in reports.past.model.text(0, 4)
    assert not reports.past.open.isEnabled()
    assert not reports.past.model.flags(reports.past.model.index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled


def test_what_was_just_written_can_be_dragged_out(
    reports: ReportsPanel, outside: Outside, tmp_path: Path
) -> None:
    file = tmp_path / "report.csv"
    file.touch()
    reports.order._show_result(file, "report.csv, 0 B")
    label = reports.order.result
    QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    QTest.mouseMove(label, QPoint(60, 3))
    QTest.mouseRelease(label, Qt.MouseButton.LeftButton)
    assert [data.urls()[0].toLocalFile() for data in outside.dragged] == [str(file)]


def test_a_place_brings_its_span(reports: ReportsPanel) -> None:
    start_ns, end_ns = 1_741_784_400_000_000_000, 1_741_788_000_000_000_000
    reports.go_to(Place("reports", start_ns, end_ns))
    assert reports.order.span.span == TimeRange(start_ns, end_ns)


def test_everything_is_reached_by_tab(written: list[Path], reports: ReportsPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: reports.past.model.rowCount() == 2)
    assert never_reached(reports, qtbot) == []


def test_a_file_is_shown_in_its_folder_by_what_the_system_has() -> None:
    file = Path("/home/me/a, b.html")
    assert folder_command(file, "win32") == ["explorer.exe", f"/select,{file}"]
    assert folder_command(file, "darwin")[-1] == str(file)
    found = folder_command(file, "linux")
    assert not found or "array:string:file:///home/me/a%2C%20b.html" in found
