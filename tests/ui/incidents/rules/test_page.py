"""The rule editor: nothing wrong is saved, what is saved is in force at once, and everything can be undone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from aios_gui.alerts.model.rules import DEFAULT_RULES, Level, Rule
from aios_gui.alerts.settings import rules_of, with_rules
from aios_gui.alerts.words.rules import rule_title
from aios_gui.instance.settings import DECLARED
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import use_language
from aios_gui.ui.incidents.rules.page import RulesPage
from aios_gui.ui.theme import DARK, LIGHT, Tokens
from tests.defaults import DEFAULTS
from tests.ui.fakes import FakeResident, in_file, look_at_file
from tests.ui.incidents.rules.conftest import MakePage
from tests.ui.spoken import unspoken

CPU = DEFAULT_RULES[0]


def rules(page: RulesPage) -> tuple[Rule, ...]:
    return rules_of(page._controller.settings)


def typed(page: RulesPage, field: str, text: str) -> None:
    (page.form.numbers.get(field) or page.form.lines[field]).setText(text)


def said(page: RulesPage, field: str) -> str:
    row = page.form.rows[field]
    return row.trouble.text().replace("\u00a0", " ") if row.trouble.isVisibleTo(page) else ""


def names(page: RulesPage) -> list[str]:
    return [entry.name for entry in page.list._entries]


def test_the_rule_is_in_the_form_with_its_units(page: RulesPage) -> None:
    form = page.form
    assert form.lines["name"].text() == "cpu"
    assert form.numbers["limit"].text() == "80"
    assert form.rows["limit"].unit.text() == "%"
    assert page.card.heading.text() == "CPU of the machine at 80\u00a0% or more for 30\u00a0s"
    assert names(page) == [rule_title(rule.name) for rule in DEFAULT_RULES]
    measure = form.choices["measure"]
    measure.setCurrentIndex(measure.findData("lateness_ms"))
    assert form.rows["limit"].unit.text() == "ms"
    assert form.rows["for_s"].unit.text() == "s"
    measure.setCurrentIndex(measure.findData("missed"))
    assert not form.rows["limit"].unit.isVisibleTo(page)
    measure.setCurrentIndex(measure.findData("custom:"))
    assert form.custom.isVisibleTo(page)
    assert said(page, "measure") == "This must be the name of a measure that a plug-in offers."


def test_nothing_wrong_can_be_saved(page: RulesPage, qtbot: QtBot, resident: FakeResident) -> None:
    assert not page.save.isEnabled()
    typed(page, "limit", "eighty")
    assert said(page, "limit") == "This must be a number of 0 or more."
    assert not page.save.isEnabled()
    qtbot.keyClick(page.form.lines["name"], Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert rules(page) == DEFAULT_RULES
    assert resident.applied == []
    assert page.form.numbers["limit"].accessibleDescription().endswith("0 or more.")
    typed(page, "limit", "85")
    assert said(page, "limit") == ""
    assert page.save.isEnabled()
    typed(page, "name", "memory")
    assert said(page, "name") == "This must be a name that no other rule has."
    assert not page.save.isEnabled()


def test_what_is_saved_is_in_force_and_in_the_file_at_once_and_can_be_undone(
    page: RulesPage, resident: FakeResident, paths: Paths
) -> None:
    typed(page, "limit", "90")
    page.save.click()
    changed = replace(CPU, limit=90.0, clear=79.0)
    assert rules(page)[0] == changed
    assert rules_of(resident.applied[-1])[0] == changed
    assert rules_of(in_file(page._controller))[0] == changed
    assert page.message.text() == "“CPU” is saved and in force."
    assert not page.discard.isVisibleTo(page)
    page.undo.click()
    assert rules(page) == DEFAULT_RULES
    assert page.form.numbers["limit"].text() == "80"
    assert not page.undo.isVisibleTo(page)


def test_what_is_being_edited_stays_until_it_is_discarded(page: RulesPage) -> None:
    typed(page, "limit", "90")
    assert page.list._entries[0].remark == "not saved"
    page.open("memory")
    assert page.form.numbers["limit"].text() == "85"
    page.open("cpu")
    assert page.form.numbers["limit"].text() == "90"
    page.discard.click()
    assert page.form.numbers["limit"].text() == "80"
    assert page.list._entries[0].remark == ""
    typed(page, "limit", "90")
    typed(page, "limit", "80")
    assert page.list._entries[0].remark == ""


def test_a_switch_turns_a_rule_off_and_on_at_once(page: RulesPage, qtbot: QtBot) -> None:
    switch = page.list.switches[2]
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert rules(page)[2] == replace(DEFAULT_RULES[2], enabled=False)
    assert page.message.text() == "“Memory” is off."
    assert switch.accessibleName() == "Rule “Memory” on"
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert rules(page) == DEFAULT_RULES


def test_a_new_rule_is_begun_named_and_saved(page: RulesPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.form.lines["name"], Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert names(page)[-1] == "new"
    typed(page, "name", "hot")
    level = page.form.choices["level"]
    level.setCurrentIndex(level.findData("critical"))
    page.form.allow.setPlainText("make\n\ncc1 ")
    page.form.commands.setPlainText("echo hot")
    page.save.click()
    made = rules(page)[-1]
    assert (made.name, made.level, made.limit, made.allow) == ("hot", Level.CRITICAL, 90.0, ("make", "cc1"))
    assert made.actions == ("notify", "capture", "run:echo hot")
    qtbot.waitUntil(lambda: not page._controller.confirming.waiting)
    assert names(page)[-1] == "hot"


def test_a_new_rule_comes_into_view_in_the_list(page: RulesPage, qtbot: QtBot) -> None:
    page.resize(1196, 500)
    page.add.click()
    button = page.list.buttons[len(names(page)) - 1]
    qtbot.waitUntil(lambda: button.visibleRegion().boundingRect() == button.rect())


def test_duplicate_delete_and_restore(page: RulesPage) -> None:
    page.duplicate.click()
    assert page.form.lines["name"].text() == "cpu-2"
    page.save.click()
    assert rules(page)[-1] == replace(CPU, name="cpu-2")
    page.delete.click()
    assert rules(page) == DEFAULT_RULES
    assert page.message.text() == "“cpu-2” is deleted."
    page.open("memory")
    page.delete.click()
    assert "Memory" not in names(page)
    page.defaults.click()
    assert rules(page) == DEFAULT_RULES
    assert not page.defaults.isEnabled()
    page.undo.click()
    assert "memory" not in [rule.name for rule in rules(page)]


def test_the_last_rule_can_only_be_switched_off(make_page: MakePage) -> None:
    page = make_page(with_rules(DEFAULTS, (CPU,)))
    assert not page.delete.isEnabled()
    page.add.click()
    assert page.delete.isEnabled()
    page.delete.click()
    assert names(page) == ["CPU"]


def test_the_clear_level_goes_with_the_limit(make_page: MakePage) -> None:
    page = make_page(rule="hiccup")
    typed(page, "limit", "20")
    assert page.form.numbers["clear"].text() == "20"
    assert page.save.isEnabled()
    page.open("cpu")
    for limit, clear in (("3", "2.62"), ("30", "26"), ("80", "70"), ("95", "83")):
        typed(page, "limit", limit)
        assert page.form.numbers["clear"].text() == clear
        assert page.save.isEnabled() is (limit != "80")
    typed(page, "clear", "50")
    typed(page, "limit", "40")
    assert page.form.numbers["clear"].text() == "21", "in proportion to what was typed"
    typed(page, "clear", "")
    typed(page, "limit", "60")
    assert page.form.numbers["clear"].text() == ""
    page.open("disk")
    typed(page, "limit", "4")
    assert page.form.numbers["clear"].text() == "6"
    assert page.form.rows["clear"].label.text() == "Clears above"
    page.open("memory")
    assert page.form.rows["clear"].label.text() == "Clears below"


def test_rules_have_names_in_words_and_whatever_takes_the_keyboard_is_named_and_labelled(
    page: RulesPage,
) -> None:
    assert [name for name in names(page) if name in {rule.name for rule in DEFAULT_RULES}] == []
    assert [entry.name for entry in page.list._entries][:4] == [
        "CPU",
        "CPU, warning",
        "Memory",
        "Memory, warning",
    ]
    assert unspoken(page) == []
    for name, box in page.form.choices.items():
        interface = QAccessible.queryAccessibleInterface(box)
        labels = [
            other.text(QAccessible.Text.Name)
            for other, _relation in interface.relations(QAccessible.RelationFlag.Label)
        ]
        assert labels == [page.form.rows[name].label.text()], name


def test_the_form_says_which_field_is_to_be_fixed(page: RulesPage) -> None:
    typed(page, "clear", "90")
    assert page.card.heading.text() == "Fix the marked field."
    assert said(page, "clear") == "Must not be above the limit."
    assert page.replay.sentence.text() == "“Clears below” needs a valid value before the preview can run."
    typed(page, "name", "")
    assert page.card.heading.text() == "Fix the marked fields."


def test_a_change_from_outside_is_shown_and_spares_what_is_being_edited(page: RulesPage) -> None:
    typed(page, "limit", "91")
    others = tuple(
        replace(rule, limit=77.0, clear=70.0) if rule.name == "memory" else rule for rule in DEFAULT_RULES
    )
    page._controller.set_rules(others)
    assert page.form.numbers["limit"].text() == "91"
    page.open("memory")
    assert page.form.numbers["limit"].text() == "77"
    page._controller.set_rules(DEFAULT_RULES)
    assert page.form.numbers["limit"].text() == "85"


def test_a_hostile_name_is_shown_as_it_is(make_page: MakePage) -> None:
    evil = "<b>&evil</b>"
    page = make_page(with_rules(DEFAULTS, (replace(CPU, name=evil), CPU)), rule=evil)
    assert page.form.lines["name"].text() == evil
    assert page.list.buttons[0].accessibleName().startswith(evil)
    assert page.list.buttons[0].text() == ""
    page.delete.click()
    assert page.message.text() == f"“{evil}” is deleted."
    assert page.message.textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize(("choice", "tokens"), [("light", LIGHT), ("dark", DARK)])
def test_it_is_painted_in_both_themes(page: RulesPage, choice: str, tokens: Tokens) -> None:
    page._context.theme.choose(choice)
    for width, height in ((1196, 724), (676, 480)):
        page.resize(width, height)
        picture = page.grab().toImage()
        found = {picture.pixelColor(x, y).name() for x in range(0, width, 5) for y in range(0, height, 5)}
        assert {tokens.window.lower(), tokens.surface.lower()} <= found
        other = DARK if tokens is LIGHT else LIGHT
        assert other.surface.lower() not in found


def test_it_speaks_another_language_at_once(page: RulesPage) -> None:
    page._context.controller.set_value("window.language", "zh_CN")
    page.retranslate()
    for button in (page.add, page.delete):
        assert any("一" <= each <= "鿿" for each in button.text())


def test_escape_leads_back(page: RulesPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.left):
        qtbot.keyClick(page.form.lines["name"], Qt.Key.Key_Escape)


def test_a_rule_of_a_file_from_elsewhere_waits_and_saving_it_does_not_confirm_it(
    page: RulesPage, qtbot: QtBot
) -> None:
    page._controller.set_rules((replace(DEFAULT_RULES[0], actions=("run:theirs",)),))
    page.open_at("cpu")
    assert page._entries()[0].remark == "waits for confirmation"
    typed(page, "limit", "85")
    page.save.click()
    assert [each.text for each in page._controller.confirming.waiting] == ["run:theirs"]
    page._controller.confirming.confirm(["run:theirs"])
    qtbot.waitUntil(lambda: page._entries()[0].remark == "")


def test_that_a_newer_program_wrote_the_settings_is_said_in_chinese_with_its_stops(page: RulesPage) -> None:
    use_language("zh_CN")
    page._controller.paths.settings.write_text(f"version = {DECLARED.version + 1}\n")
    look_at_file(page._controller)
    assert page.locked.text().count("。") == 2
    assert ". " not in page.locked.text()


def test_in_a_low_window_what_it_would_have_found_follows_the_form(page: RulesPage, qtbot: QtBot) -> None:
    card = page.card
    assert not card.view.isAncestorOf(page.replay)
    page.resize(660, 330)
    qtbot.waitUntil(lambda: card.view.isAncestorOf(page.replay) and page.replay.isVisible())
    below = card.height() - card.view.height()
    assert below <= page.save.height() + 26, "only the buttons stay in view"
    page.resize(1196, 700)
    qtbot.waitUntil(lambda: not card.view.isAncestorOf(page.replay))
