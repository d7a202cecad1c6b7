"""What a rule would have found: asked of a process of its own, told with the dates, and gone with the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from aios_gui.alerts.model.rule_fields import rule_of
from aios_gui.alerts.model.rules import DEFAULT_RULES
from aios_gui.alerts.settings import rules_of
from aios_gui.text.catalogue import use_language
from aios_gui.ui.incidents.rules.page import RulesPage
from tests.ui.children import FOR_LONG, PATIENCE_MS, POLITE, install, is_alive

ANSWER = "tell(rule='cpu', incidents={count}, firings={firings}, readings={readings}, at={at!r})"
MOMENT = "2025-03-{day:02d}T14:03:07.000+00:00"


def answering(days: list[int], firings: int = 0, readings: int = 604_800) -> str:
    at = [MOMENT.format(day=day) for day in days]
    return ANSWER.format(count=len(days), firings=firings or len(days), readings=readings, at=at)


def ask(page: RulesPage, qtbot: QtBot) -> str:
    with qtbot.waitSignal(page.replay.child.ended, timeout=PATIENCE_MS):
        page.replay.ask()
    return page.replay.sentence.text().replace("\u00a0", " ")


def test_the_changed_rule_is_tried_before_it_is_saved(
    page: RulesPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = install(monkeypatch, tmp_path, answering([10, 11, 12], 7))
    page.form.numbers["limit"].setText("72")
    assert page.replay._timer.isActive()
    assert page.replay.sentence.text().replace("\u00a0", " ") == "Previewing the last 7 days…"
    assert ask(page, qtbot) == (
        "In the last 7 days it would have made 3 incidents. "
        "It would have fired 7 times, some of them within its cooldown."
    )
    parts = page.replay.dates.text().replace("\u00a0", " ").split(" · ")
    assert (len(parts), parts[0]) == (4, "604,800 readings tried")
    page.replay.grab()
    arguments = json.loads(asked.read_text().splitlines()[-1])
    assert arguments[:2] == ["incidents", "--replay"]
    rule, faults = rule_of(json.loads(arguments[arguments.index("--as") + 1]))
    assert faults == ()
    assert rule is not None
    assert rule.limit == 72.0
    assert rules_of(page._controller.settings) == DEFAULT_RULES
    use_language("zh_CN")
    page.retranslate()
    assert "7 次" in page.replay.sentence.text()
    assert "。 " not in page.replay.sentence.text()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (answering([]), "In the last 7 days it would not have fired."),
        (answering([], readings=0), "The record has nothing to preview it with yet."),
        (
            "sys.exit('the record cannot be read')",
            "The preview over the last 7 days failed: the record cannot be read",
        ),
        ("print('nonsense')", "The preview over the last 7 days failed: "),
        ("sys.exit(3)", "The preview over the last 7 days failed: it ended without an error message"),
    ],
)
def test_every_answer_is_told(
    page: RulesPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, said: str
) -> None:
    install(monkeypatch, tmp_path, code)
    assert ask(page, qtbot).startswith(said)


def test_many_dates_are_cut_short(
    page: RulesPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, answering(list(range(1, 13))))
    ask(page, qtbot)
    assert page.replay.dates.text().endswith("and 4 more")


def test_a_rule_that_is_not_right_or_not_recorded_is_not_tried(page: RulesPage) -> None:
    page.form.numbers["limit"].setText("?")
    assert not page.replay._timer.isActive()
    page.form.lines["name"].setText("memory")
    said = page.replay.sentence.text().replace("\u00a0", " ")
    assert said == "These need valid values before the preview can run: Limit, Name"
    page.form.lines["name"].setText("cpu")
    page.form.numbers["limit"].setText("5")
    page.form.numbers["clear"].setText("")
    measure = page.form.choices["measure"]
    measure.setCurrentIndex(measure.findData("custom:"))
    page.form.custom.setText("queue")
    assert not page.replay._timer.isActive()
    assert "plug-in" in page.replay.sentence.text()


def test_without_a_rule_there_is_nothing_to_say(page: RulesPage) -> None:
    page.replay.show_rule(None)
    assert page.replay.sentence.text() == ""


def test_a_question_ends_with_the_page_and_with_the_next_one(
    page: RulesPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, POLITE + FOR_LONG)
    page.replay.ask()
    process = page.replay.child._process
    assert process is not None
    qtbot.waitUntil(lambda: process.processId() > 0)
    number = process.processId()
    page.form.numbers["limit"].setText("73")
    assert not page.replay.child.running
    page.replay.ask()
    page.leave()
    assert not page.replay.child.running
    assert not page.replay._timer.isActive()
    qtbot.waitUntil(lambda: not is_alive(number))
