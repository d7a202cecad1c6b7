"""The Reports panel: writing, and what can be done with what was written."""

from __future__ import annotations

import json
import ntpath
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from aios_gui.record.model.timerange import TimeRange
from aios_gui.reports.past import FileState, note_written, past_reports
from aios_gui.reports.schedule.run import STATE_NAME
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import use_language
from aios_gui.ui.panel import Place
from aios_gui.ui.reports.files import folder_command
from aios_gui.ui.reports.form import DATA, Order
from aios_gui.ui.reports.panel import PAST, PLAN, PREVIEW, ReportsPanel
from aios_gui.ui.reports.past_card import Listed
from tests.ui.children import PATIENCE_MS
from tests.ui.reports.conftest import Outside
from tests.ui.spoken import unspoken
from tests.ui.tabbing import never_reached


@pytest.fixture
def written(paths: Paths, tmp_path: Path) -> list[Path]:
    """Two files that were written, the newest first."""
    files = [tmp_path / "new.csv", tmp_path / "old.csv"]
    for age, file in enumerate(files):
        file.write_text(file.name)
        note_written(paths, file, "", "csv", "", TimeRange(1, 2_000_000_000), 1_741_784_587_000_000_000 - age)
    return files


def test_raw_data_is_written_in_a_process_of_its_own_and_listed(
    offered: ReportsPanel, outside: Outside, tmp_path: Path, qtbot: QtBot
) -> None:
    order, past = offered.order, offered.past
    order.form.kinds.button(DATA).click()
    with qtbot.waitSignal(order.written, timeout=PATIENCE_MS):
        order.make.click()
        assert order.run.running
    assert not order.run.running
    (file,) = (tmp_path / "written").iterdir()
    assert file.name in order.result.text()
    assert file.read_text().count("\n") == 11
    qtbot.waitUntil(lambda: past.model.rowCount() == 1)
    assert past.chosen is not None
    assert past.chosen.report.path == file
    assert past.model.text(0, 0) == "Raw data"
    order.open.click()
    assert outside.opened == [str(file)]


def test_a_report_is_previewed_one_figure_alone_can_be_chosen_and_it_is_written(
    offered: ReportsPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    preview = offered.preview
    qtbot.waitUntil(preview.view.isVisible, timeout=PATIENCE_MS)
    assert "Performance summary" in preview.view.toPlainText()
    assert preview.view._pictures
    assert not any(picture.isNull() for picture in preview.view._pictures.values())
    form = offered.form
    qtbot.waitUntil(lambda: form.figure.count() > 0, timeout=PATIENCE_MS)
    assert form.figure.isHidden()
    form.format.setCurrentIndex(form.format.findData("svg"))
    form.format.activated.emit(form.format.currentIndex())
    assert not form.figure.isHidden()
    assert form.order.figure == form.figure.itemData(0)
    form.format.setCurrentIndex(form.format.findData("markdown"))
    form.format.activated.emit(form.format.currentIndex())
    with qtbot.waitSignal(offered.order.written, timeout=PATIENCE_MS):
        offered.order.make.click()
    (file,) = (tmp_path / "written").iterdir()
    assert file.read_text().startswith("# Performance summary")
    qtbot.waitUntil(lambda: offered.past.model.rowCount() == 1)
    assert offered.past.model.text(0, 0) == "Performance summary"
    # One that is not finished as the panel goes from view is made when it is back.
    use_language("zh_CN")
    offered.retranslate()
    qtbot.waitUntil(lambda: preview.child.running)
    offered.deactivate()
    assert not preview.child.running
    offered.activate()
    qtbot.waitUntil(lambda: preview.child.running)


def test_what_a_template_needs_a_span_and_a_language_decide_what_can_be_written(
    offered: ReportsPanel, tmp_path: Path
) -> None:
    form = offered.form
    form.fill_in("comparison")
    assert not form.against.isHidden()
    assert form.order.against == "7d"
    form.fill_in("tests")
    assert form.against.isHidden()
    assert not offered.order.make.isEnabled()
    assert offered.order.missing.text() == "Choose the result file of a test run."
    form.choose_tests = lambda: tmp_path / "results.xml"
    form.tests.click()
    assert offered.order.make.isEnabled()
    assert f"--tests={tmp_path / 'results.xml'}" in form.order.command("x.html")
    form.fill_in("summary")
    span = offered.form.span
    span.line.setText("whenever")
    span.settle()
    assert not offered.order.make.isEnabled()
    assert not offered.preview.view.isVisible()
    span.show_words("7d")
    assert offered.order.make.isEnabled()
    assert offered.form.order.language == "en"
    use_language("zh_CN")
    offered.retranslate()
    assert offered.form.order.language == "zh_CN"


def test_why_there_is_no_preview_and_nothing_was_written_is_said(reports: ReportsPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(reports.templates.offers), timeout=PATIENCE_MS)
    reports.form.fill_in("incident", None, 99)
    qtbot.waitUntil(lambda: "there is no incident 99" in reports.preview.message.text(), timeout=PATIENCE_MS)
    reports.form.kinds.button(DATA).click()
    with qtbot.waitSignal(reports.order.child.ended, timeout=PATIENCE_MS):
        reports.order.make.click()
    assert reports.order.result.text().startswith("Nothing was written: there is no record yet")
    assert reports.order.open.isHidden()


def test_cancelling_leaves_nothing_and_nothing_is_made_while_the_panel_is_out_of_view(
    offered: ReportsPanel, tmp_path: Path
) -> None:
    offered.order.make.click()
    offered.order.run.cancel.click()
    assert not offered.order.child.running
    assert list((tmp_path / "written").iterdir()) == []
    assert offered.order.result.text() == "Cancelled; nothing was written."
    offered.deactivate()
    assert not offered.preview.child.running
    offered.form.span.show_words("24h")
    assert not offered.preview._settled.isActive()
    offered.activate()
    assert offered.preview._settled.isActive()
    offered.show_page(PAST)
    assert not offered.preview._settled.isActive()


def test_a_file_that_was_written_can_be_opened_shown_and_its_path_copied(
    written: list[Path], reports: ReportsPanel, outside: Outside, qtbot: QtBot
) -> None:
    past = reports.past
    reports.show_page(PAST)
    qtbot.waitUntil(lambda: past.model.rowCount() == 2)
    QTest.keyClick(past.table, Qt.Key.Key_Down)
    QTest.keyClick(past.table, Qt.Key.Key_Return)
    assert outside.opened == [str(written[1])]
    past.copy.click()
    assert QGuiApplication.clipboard().text() == str(written[1])
    assert Path(past.model.mimeData([past.table.currentIndex()]).urls()[0].toLocalFile()) == Path(written[1])
    past.show_folder.click()
    assert [command[-1] for command in outside.started] or outside.opened[-1] == str(written[1].parent)


def test_removing_asks_and_takes_only_the_program_s_own_file(
    written: list[Path], reports: ReportsPanel, paths: Paths, qtbot: QtBot
) -> None:
    past = reports.past
    reports.show_page(PAST)
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


def test_one_written_right_before_the_end_is_noted(
    reports: ReportsPanel, paths: Paths, tmp_path: Path
) -> None:
    file = tmp_path / "last.csv"
    file.touch()
    ends = Event()

    def busy() -> None:
        while not reports.past._closed:
            ends.wait(0.01)

    reports.past._pool.start(busy)
    reports.past.note(file, Order("", "1h", "csv"), TimeRange(1, 2_000_000_000))
    reports.past.close_down()
    assert [each.path for each in past_reports(paths)] == [file]


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
    assert [Path(data.urls()[0].toLocalFile()) for data in outside.dragged] == [file]


def test_a_place_brings_its_template_and_its_span(reports: ReportsPanel, qtbot: QtBot) -> None:
    start_ns, end_ns = 1_741_784_400_000_000_000, 1_741_788_000_000_000_000
    reports.go_to(Place("reports", start_ns, end_ns, incident=7, template="incident"))
    assert reports.form.span.span == TimeRange(start_ns, end_ns)
    qtbot.waitUntil(lambda: bool(reports.templates.offers), timeout=PATIENCE_MS)
    command = reports.form.order.command("x.html")
    assert command[:2] == ["report", "--template=incident"]
    assert "--incident=7" in command
    reports.go_to(Place("reports", template="warmup"))
    assert reports.form.order.template == "warmup"
    assert reports.form.order.incident == 0


def test_a_schedule_is_chosen_and_says_when_it_is_due_and_what_failed(
    reports: ReportsPanel, paths: Paths, tmp_path: Path, qtbot: QtBot
) -> None:
    card, settings = reports.schedule, reports._context.settings
    reports.show_page(PLAN)
    qtbot.waitUntil(lambda: card.state.text() == "No report is scheduled.", timeout=PATIENCE_MS)
    assert not card.choose.isEnabled()
    card.rows["reports.schedule"].editor.chosen.emit("weekly")
    qtbot.waitUntil(lambda: card.state.text().startswith("The next report is due on "), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: bool(reports.templates.offers), timeout=PATIENCE_MS)
    card.rows["reports.template"].editor.chosen.emit("month")
    card.choose_folder = lambda: tmp_path
    card.choose.click()
    assert (settings()["reports.template"], settings()["reports.folder"]) == ("month", str(tmp_path))
    paths.reports.mkdir(parents=True, exist_ok=True)
    failed = {"done_until_ns": {}, "failed_ns": 10**18, "period": "2025-W10", "reason": "the disk is full"}
    (paths.reports / STATE_NAME).write_text(json.dumps(failed))
    card.look()
    qtbot.waitUntil(lambda: "the disk is full" in card.state.text(), timeout=PATIENCE_MS)
    assert card.remedy.isVisible()


def test_everything_is_reached_by_tab(written: list[Path], reports: ReportsPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: reports.past.model.rowCount() == 2)
    for page in (PREVIEW, PAST, PLAN):
        reports.show_page(page)
        assert never_reached(reports, qtbot) == []
        assert unspoken(reports) == []


def test_a_file_is_shown_in_its_folder_by_what_the_system_has() -> None:
    file = Path("/home/me/a, b.html")
    explorer, *arguments = folder_command(file, "win32")
    assert ntpath.isabs(explorer), "it is not looked for in the folder where the program was started"
    assert arguments == ["/select,", str(file)]
    assert folder_command(file, "darwin")[-1] == str(file)
    found = folder_command(file, "linux")
    assert not found or "array:string:file:///home/me/a%2C%20b.html" in found


def test_a_page_that_is_not_in_view_takes_no_room_and_the_schedule_has_the_whole_width(
    reports: ReportsPanel, qtbot: QtBot
) -> None:
    before = reports._stack.minimumSizeHint().height()
    reports.show_page(PLAN)
    assert reports._stack.minimumSizeHint().height() > before
    reports.show_page(PREVIEW)
    assert reports._stack.minimumSizeHint().height() == before
    reports.resize(1210, 690)
    reports.show_page(PLAN)
    assert not reports.order.isVisible()
    qtbot.waitUntil(lambda: reports.schedule.width() > 1000)
    qtbot.waitUntil(lambda: reports.view.verticalScrollBar().maximum() == 0)
    reports.resize(940, 560)
    qtbot.waitUntil(lambda: reports.view.verticalScrollBar().maximum() > 0)
    reports.show_page(PAST)
    qtbot.waitUntil(lambda: reports.view.verticalScrollBar().maximum() == 0)
    reports.show_page(PREVIEW)
    assert reports.order.isVisible()


def test_titles_that_are_being_read_are_read_again_in_another_language(reports: ReportsPanel) -> None:
    reading = reports.templates.child._process
    assert reading is not None
    reports.retranslate()
    assert reports.templates.child._process not in (None, reading)


def test_how_the_schedule_stands_is_said_in_another_language(reports: ReportsPanel, qtbot: QtBot) -> None:
    card = reports.schedule
    qtbot.waitUntil(lambda: bool(card.state.text()), timeout=PATIENCE_MS)
    use_language("zh_CN")
    reports.retranslate()
    qtbot.waitUntil(lambda: card.state.text() == "未设置定期报告。", timeout=PATIENCE_MS)
