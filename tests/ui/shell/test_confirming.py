"""What waits to be confirmed, in the window: told of, shown with its whole text, and done only where it was ticked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aios_gui.alerts.confirmations import Confirmations
from aios_gui.alerts.model.rules import Rule
from aios_gui.ui.shell.confirming import ConfirmingStore, ConfirmQuestion
from aios_gui.ui.shell.notices import Notice
from tests.ui.fakes import Show

HOT = Rule("hot", "cpu_percent", 90.0, actions=("run:echo <b>hot</b>", "renice:cargo"))


class Run:
    """A store over the rule HOT, and what it told."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rules: tuple[Rule, ...] = (HOT,)
        self.store = ConfirmingStore(Confirmations(path), lambda: self.rules)
        self.notices: list[str] = []
        self.store.notice_raised.connect(self._on_notice)
        self.store.over.connect(lambda key: self.notices.append(f"{key} is over"))

    def _on_notice(self, notice: Notice) -> None:
        self.notices.append(notice.text())

    @property
    def waiting(self) -> list[str]:
        return [each.text for each in self.store.waiting]


@pytest.fixture
def run(tmp_path: Path, qapp: object) -> Iterator[Run]:
    run = Run(tmp_path / "confirmed.json")
    yield run
    run.store.close(10.0)


def test_only_what_is_ticked_in_the_question_is_confirmed(run: Run, show: Show, qtbot: QtBot) -> None:
    question = ConfirmQuestion(run.store, show(QWidget()))
    texts = [question.list.item(row).text() for row in range(question.list.count())]
    assert texts == [
        "The rule “hot” runs: echo <b>hot</b>",
        "The rule “hot” lowers the priority of: cargo",
    ]
    assert not question.confirm.isEnabled()
    question.list.item(1).setCheckState(Qt.CheckState.Checked)
    with qtbot.waitSignal(run.store.changed):
        question.confirm.click()
    assert run.waiting == ["run:echo <b>hot</b>"]
    assert len(Confirmations(run.path).read()) == 1


def test_what_waits_is_told_once_and_taken_back(run: Run, qtbot: QtBot) -> None:
    run.store.look()
    run.store.look()
    (told,) = [each for each in run.notices if "over" not in each]
    assert told.startswith("2 things")
    run.notices.clear()
    Confirmations(run.path).add(HOT.actions)

    def is_taken_back() -> bool:
        run.store.look()  # as a window does again and again: it is passed over while the last is still at it
        return run.notices == ["confirm is over"]

    qtbot.waitUntil(is_taken_back)


def test_what_a_person_writes_and_saves_is_confirmed_and_what_waited_is_not(run: Run, qtbot: QtBot) -> None:
    with qtbot.waitSignal(run.store.changed):
        run.store.confirm_new(replace(HOT, actions=(*HOT.actions, "run:mine")), run.store.waiting)
    run.rules = (replace(HOT, actions=(*HOT.actions, "run:mine")),)
    assert run.waiting == list(HOT.actions)


def test_what_cannot_be_kept_is_told_and_waits(run: Run, qtbot: QtBot) -> None:
    run.path.mkdir()
    with qtbot.waitSignal(run.store.notice_raised):
        run.store.confirm(["run:mine"])
    assert "could not be kept" in run.notices[-1]
