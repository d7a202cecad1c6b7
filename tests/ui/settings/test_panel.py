"""The Settings panel: all that is declared is there, found, changed at once, undone, and told in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.settings import DECLARED, settings_file
from aios_gui.settings.model import Section, Setting, Settings
from aios_gui.ui.panel import Place
from aios_gui.ui.reports.templates import TemplateOffer
from aios_gui.ui.settings.editors import NumberEditor
from aios_gui.ui.settings.forget_question import ForgetQuestion
from aios_gui.ui.settings.panel import SettingsPanel
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.widgets.choice import Choice
from tests.defaults import DEFAULTS
from tests.ui.fakes import FakeRemote, FakeResident, in_file, local_source, look_at_file, remote_source
from tests.ui.settings.conftest import MakePanel, row_of
from tests.ui.spoken import unspoken

CTRL = Qt.KeyboardModifier.ControlModifier


def number(panel: SettingsPanel, name: str) -> NumberEditor:
    editor = row_of(panel, name).editor
    assert isinstance(editor, NumberEditor)
    return editor


def type_into(panel: SettingsPanel, name: str, text: str, enter: bool = True) -> None:
    editor = number(panel, name)
    editor.box.setFocus()
    editor.box.selectAll()
    QTest.keyClicks(editor.box, text)
    if enter:
        QTest.keyClick(editor.box, Qt.Key.Key_Return)


def test_every_declared_setting_has_a_row_in_its_order_with_its_name(panel: SettingsPanel) -> None:
    shown = [row.setting.name for section in panel.sections for row in section.rows]
    # Those of the start at log-in stand in the Startup panel.
    assert sorted(shown) == sorted(setting.name for setting in DECLARED if setting.section != "autostart")
    # What is about the same stands together, wherever it is in the file.
    titles = [section.title.text() for section in panel.sections]
    assert titles == ["Heartbeat", "Alerts", "Record", "Window", "Keyboard", "Scheduled reports", "Program"]
    alerts = [row.setting.name for row in panel.sections[1].rows]
    assert "window.notifications" in alerts
    assert "diagnosis.command_lines" in alerts
    assert "regulation.enabled" in [row.setting.name for row in panel.sections[3].rows]
    assert unspoken(panel) == []
    keys = row_of(panel, "keyboard.pause").editor.field
    assert keys.accessibleDescription().startswith("Ctrl+P")
    for section in panel.sections:
        for row in section.rows:
            interface = QAccessible.queryAccessibleInterface(row.editor.field)
            labels = [
                other.text(QAccessible.Text.Name)
                for other, relation in interface.relations(QAccessible.RelationFlag.Label)
            ]
            assert labels == [row.name.text()], row.setting.name


def test_a_later_setting_appears_by_being_declared(
    make_panel: MakePanel, make_controller: Callable[..., Controller]
) -> None:
    later = Section("later", "Later", (Setting("later.pace", 3, 1, 9, unit="Hz"),))
    declared = replace(DECLARED, sections=(*DECLARED.sections, later))
    controller = make_controller(local_source(FakeResident()), settings=Settings(declared))
    panel = make_panel(controller)
    assert row_of(panel, "later.pace").name.text() == "later.pace"
    controller.set_value("later.pace", 4)
    assert row_of(panel, "later.pace").reset.isVisible()


def test_a_change_is_in_force_and_saved_at_once(
    panel: SettingsPanel, controller: Controller, resident: FakeResident
) -> None:
    type_into(panel, "beat.interval_s", "0.25")
    assert controller.settings["beat.interval_s"] == 0.25
    assert resident.applied[-1]["beat.interval_s"] == 0.25
    assert in_file(controller)["beat.interval_s"] == 0.25
    assert not resident.shutdowns


def test_a_value_that_is_not_allowed_is_told_beside_the_field_and_changes_nothing(
    panel: SettingsPanel, controller: Controller
) -> None:
    row = row_of(panel, "record.raw_days")
    type_into(panel, "record.raw_days", "9000")
    assert row.trouble.isVisible()
    assert row.trouble.text() == "This must be a whole number from 1 to 3650 days."
    assert row.trouble.text() in row.editor.field.accessibleDescription()
    assert controller.settings == DEFAULTS
    type_into(panel, "record.raw_days", "90", enter=False)
    assert not row.trouble.isVisible()
    panel.deactivate()
    assert controller.settings["record.raw_days"] == 90


def test_what_differs_is_marked_and_goes_back_by_its_own_button(
    panel: SettingsPanel, controller: Controller
) -> None:
    row = row_of(panel, "thresholds.hiccup_ms")
    plain = row.grab().toImage()
    assert not row.reset.isVisible()
    type_into(panel, "thresholds.hiccup_ms", "70")
    assert row.reset.isVisible()
    assert row.grab().toImage() != plain
    assert "the default is 50 ms" in row.editor.field.accessibleDescription()
    row.reset.click()
    assert controller.settings == DEFAULTS
    assert not row.reset.isVisible()
    assert number(panel, "thresholds.hiccup_ms").box.text() == "50"


def test_undo_and_redo_by_keys_also_from_within_a_field(panel: SettingsPanel, controller: Controller) -> None:
    assert not panel.undo.isEnabled()
    type_into(panel, "beat.interval_s", "2")
    type_into(panel, "record.raw_days", "9")
    box = number(panel, "record.raw_days").box
    QTest.keyClick(box, Qt.Key.Key_Z, CTRL)
    assert (controller.settings["record.raw_days"], controller.settings["beat.interval_s"]) == (365, 2.0)
    assert box.text() == "365"
    QTest.keyClick(box, Qt.Key.Key_Z, CTRL)
    assert controller.settings == DEFAULTS
    assert not panel.undo.isEnabled()
    QTest.keyClick(box, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    panel.redo.click()
    assert (controller.settings["record.raw_days"], controller.settings["beat.interval_s"]) == (9, 2.0)
    assert in_file(controller) == controller.settings


def test_undo_within_a_field_first_takes_back_what_was_typed(
    panel: SettingsPanel, controller: Controller
) -> None:
    type_into(panel, "beat.interval_s", "2")
    type_into(panel, "beat.interval_s", "777777", enter=False)
    box = number(panel, "beat.interval_s").box
    QTest.keyClick(box, Qt.Key.Key_Z, CTRL)
    assert controller.settings["beat.interval_s"] == 2.0
    assert box.text() != "777777"


def test_reset_all_is_one_change(panel: SettingsPanel, controller: Controller) -> None:
    assert not panel.file.reset.isEnabled()
    type_into(panel, "beat.interval_s", "2")
    controller.set_value("window.refresh_hz", 4)
    before = controller.settings
    panel.file.reset.click()
    assert controller.settings == DEFAULTS
    panel.undo.click()
    assert all(controller.settings[each.name] == before[each.name] for each in DECLARED)


def test_search_shows_what_it_finds_as_one_types_also_what_is_no_setting_and_what_can_be_chosen(
    panel: SettingsPanel,
) -> None:
    QTest.keyClick(panel, Qt.Key.Key_F, CTRL)
    assert panel.search.hasFocus()
    QTest.keyClicks(panel.search, "Raw_Days")
    shown = [row.setting.name for section in panel.sections for row in section.rows if row.isVisible()]
    assert shown == ["record.raw_days"]
    assert [card for card in panel.sections if card.isVisible()] == [panel.sections[2]]
    panel.search.setText("deleted kept")  # every word, wherever it stands
    assert row_of(panel, "record.raw_days").isVisible()
    panel.search.setText("no such thing")
    assert panel.nothing.isVisible()
    assert "no such thing" in panel.nothing.text()
    QTest.keyClick(panel.search, Qt.Key.Key_Escape)
    assert panel.search.text() == ""
    assert all(card.isVisible() for card in panel.sections)
    assert all(row.isVisible() for section in panel.sections for row in section.rows)
    for words in ("forget", "quit", "import", "move", "dark"):
        panel.search.setText(words)
        assert not panel.nothing.isVisible(), words
        assert any(card.isVisible() for card in panel.sections), words


WORDS = {
    "delete": "record.raw_days",
    "retention": "record.raw_days",
    "shortcut": "keyboard.pause",
    "rules": "thresholds.cpu_percent",
    "privacy": "diagnosis.command_lines",
    "battery": "regulation.enabled",
    "popup": "window.notifications",
    "lag": "thresholds.hiccup_ms",
}
CHINESE_WORDS = {"删除": "record.raw_days", "快捷键": "keyboard.pause", "规则": "thresholds.cpu_percent"}


def test_search_finds_by_the_words_that_people_type_in_chinese_also_by_chinese_ones(
    panel: SettingsPanel, controller: Controller
) -> None:
    controller.language_changed.connect(panel.retranslate)
    for language, wanted in (("en", WORDS), ("zh_CN", WORDS | CHINESE_WORDS)):
        controller.set_value("window.language", language)
        for words, found in wanted.items():
            panel.search.setText(words)
            assert row_of(panel, found).isVisible(), words
            rows = [row for section in panel.sections for row in section.rows if row.isVisible()]
            assert len(rows) < 12 or words in CHINESE_WORDS, words
    controller.set_value("window.language", "en")


def test_every_setting_can_be_found_by_more_than_its_own_words() -> None:
    assert [each.name for each in DECLARED if not each.search and each.section != "autostart"] == []


def test_each_section_is_reached_by_scrolling_by_its_name_and_by_keyboard(panel: SettingsPanel) -> None:
    bar = panel.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert panel.index.marked == len(panel.sections) - 1
    marked = []
    for value in range(0, bar.maximum() + 1, 5):
        bar.setValue(value)
        marked.append(panel.index.marked)
    assert sorted(set(marked)) == list(range(len(panel.sections)))
    assert marked == sorted(marked)
    panel.index.chosen.emit(panel.sections[-1])
    assert not panel.sections[-1].visibleRegion().isEmpty()
    panel.index.chosen.emit(panel.sections[0])
    assert panel.view.verticalScrollBar().value() == 0
    panel.search.setFocus()
    wanted = {row.editor.field for section in panel.sections for row in section.rows}
    reached = set()
    for _step in range(200):
        focused = panel.focusWidget()
        if focused is not None:
            field = next((each for each in wanted if each is focused or each.isAncestorOf(focused)), None)
            if field is not None:
                reached.add(field)
                assert not field.visibleRegion().isEmpty(), field.accessibleName()
        panel.focusNextChild()
    assert reached == wanted


def test_a_change_outside_is_taken_over_shown_and_undone(
    panel: SettingsPanel, controller: Controller, resident: FakeResident
) -> None:
    told: list[str] = []
    controller.notice_raised.connect(lambda notice: told.append(notice.text()))
    controller.paths.settings.write_text("[beat]\ninterval_s = 3\n[window]\ntheme = 'dark'\n")
    look_at_file(controller)
    assert number(panel, "beat.interval_s").box.text() == "3"
    assert told == [
        "The settings file was changed outside this window. In force now: Interval 3 s, Theme Dark"
    ]
    assert resident.applied[-1]["beat.interval_s"] == 3.0
    panel.undo.click()
    assert controller.settings == DEFAULTS


def test_a_file_of_a_newer_program_can_only_be_looked_at(
    panel: SettingsPanel, controller: Controller
) -> None:
    controller.paths.settings.write_text(f"version = {DECLARED.version + 1}\n")
    look_at_file(controller)
    assert panel.locked.isVisible()
    assert "newer version" in panel.locked.text()
    assert not any(row.editor.isEnabled() for section in panel.sections for row in section.rows)
    assert not panel.file.take.isEnabled()
    controller.paths.settings.write_text("version = 1\n")
    look_at_file(controller)
    assert not panel.locked.isVisible()
    assert all(row.editor.isEnabled() for section in panel.sections for row in section.rows)


def test_keys_that_mean_something_already_are_told(panel: SettingsPanel, controller: Controller) -> None:
    controller.set_value("keyboard.quit", "Ctrl+W")
    row = row_of(panel, "keyboard.quit")
    assert row.trouble.text() == "These keys already mean: Close the window"
    controller.set_value("keyboard.quit", "Alt+1")
    assert "Panels by number" in row.trouble.text()
    controller.set_value("keyboard.quit", "F12")
    assert not row.trouble.isVisible()


def test_language_and_theme_change_in_place(panel: SettingsPanel, controller: Controller) -> None:
    controller.language_changed.connect(panel.retranslate)
    before = panel.grab().toImage()
    controller.set_value("window.theme", "dark")
    dark = panel.grab().toImage()
    assert before.pixelColor(3, 3).lightness() > 200
    assert dark.pixelColor(3, 3).lightness() < 60
    controller.set_value("window.language", "zh_CN")
    assert row_of(panel, "window.language").editor.field.accessibleName()
    controller.set_value("window.language", "en")
    assert panel.search.placeholderText() == "Search"


def test_start_at_log_in_and_the_rules_are_a_step_away(
    panel: SettingsPanel, controller: Controller, qtbot: QtBot
) -> None:
    assert not any(row.setting.section == "autostart" for section in panel.sections for row in section.rows)
    with qtbot.waitSignal(controller.raise_asked) as asked:
        panel.program.startup.click()
    assert asked.args == ["startup"]
    panel.search.setText("log-in")
    assert panel.program.startup.isVisible()
    with qtbot.waitSignal(controller.place_asked) as asked:
        panel.rules.click()
    assert asked.args == [Place("incidents", rule="cpu")]


def test_the_program_can_be_paused_and_quit_from_here(
    panel: SettingsPanel, controller: Controller, qtbot: QtBot
) -> None:
    panel.program.pause.click()
    assert controller.snapshot.state is EngineState.PAUSED
    assert panel.program.pause.text() == "Resume the heartbeat"
    with qtbot.waitSignal(controller.quit_asked):
        panel.program.quit.click()
    assert not controller.forgetting


def test_what_goes_on_after_quitting_is_said_as_it_is(
    panel: SettingsPanel, make_panel: MakePanel, make_controller: Callable[..., Controller]
) -> None:
    assert panel.program._about.help.text().startswith("After quitting nothing is recorded")
    source = remote_source(FakeRemote())
    source.start()
    served = make_panel(make_controller(source))
    assert served.program._about.help.text() == "After quitting the background service goes on recording."


def test_forgetting_wants_a_word_and_says_what_goes(
    panel: SettingsPanel, controller: Controller, qtbot: QtBot
) -> None:
    settings_file(controller.paths).save(DEFAULTS)
    panel.program.forget.click()
    question = panel.findChild(ForgetQuestion)
    assert question is not None
    assert str(controller.paths.settings) in question.list.toPlainText()
    assert not question.forget.isEnabled()
    QTest.keyClicks(question.typed, "yes")
    assert not question.forget.isEnabled()
    question.typed.clear()
    QTest.keyClicks(question.typed, " Delete")
    with qtbot.waitSignal(controller.quit_asked):
        question.forget.click()
    assert controller.forgetting
    assert controller.paths.settings.exists()  # nothing goes before all has ended


def test_cancelled_nothing_is_forgotten(panel: SettingsPanel, controller: Controller, qtbot: QtBot) -> None:
    panel.program.forget.click()
    question = panel.findChild(ForgetQuestion)
    assert question is not None
    with qtbot.assertNotEmitted(controller.quit_asked):
        question.cancel.click()
    assert not controller.forgetting


def test_nothing_runs_while_it_is_out_of_view(panel: SettingsPanel, controller: Controller) -> None:
    type_into(panel, "beat.interval_s", "2", enter=False)
    assert panel._timer.isActive()
    panel.deactivate()
    assert not panel._timer.isActive()
    assert controller.settings["beat.interval_s"] == 2.0


def test_nothing_is_cut_off_at_any_width(panel: SettingsPanel) -> None:
    for width in (676, 980, 1900):
        panel.resize(width, 560)
        QCoreApplication.processEvents()
        assert panel.index.isVisible() is (width >= 980), width
        port = panel.view.viewport().width()
        assert panel.form.width() <= port, width
        for section in panel.sections:
            for row in section.rows:
                assert row.editor.geometry().right() < row.width(), width
                assert row.name.width() >= row.name.fontMetrics().horizontalAdvance(row.name.text()), width


def read_templates(panel: SettingsPanel, summary: str, week: str) -> None:
    panel.templates.offers = {
        name: TemplateOffer(name, title, None, "7d", needs, False)
        for name, title, needs in (
            ("summary", summary, None),
            ("week", week, None),
            ("incident", "Incident", "incident"),
        )
    }
    panel.templates.read.emit()


def texts(box: Choice) -> list[str]:
    return [box.itemText(place) for place in range(box.count())]


def test_the_template_of_reports_is_chosen_by_its_title(panel: SettingsPanel) -> None:
    read_templates(panel, "Summary", "Week")
    row = row_of(panel, "reports.template")
    box = row.editor.field
    assert isinstance(box, Choice)
    assert texts(box) == ["Summary", "Week"]
    row.editor.chosen.emit("week")
    assert panel._controller.settings["reports.template"] == "week"
    assert box.currentText() == "Week"
    row.reset.click()
    assert (panel._controller.settings["reports.template"], box.currentText()) == ("summary", "Summary")


def test_the_same_templates_in_another_language_are_said_where_they_were(panel: SettingsPanel) -> None:
    """Each new list left widgets of Qt's that their wrappers outlive."""
    read_templates(panel, "Summary", "Week")
    row = row_of(panel, "reports.template")
    box = row.editor.field
    assert isinstance(box, Choice)
    read_templates(panel, "概要", "一周")
    assert row.editor.field is box
    assert texts(box) == ["概要", "一周"]
