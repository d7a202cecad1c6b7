"""Notices: which are shown, how long, and in which language."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.instance.model.snapshot import BrokenPart
from aios_gui.record.model.health import StoreHealth
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.notice_watch import NoticeWatch
from aios_gui.ui.shell.notices import MOST_AT_ONCE, Notice, NoticeBar
from aios_gui.ui.theme import Theme
from tests.ui.fakes import FakeRemote, FakeResident, local_source, remote_source


@pytest.fixture
def bar(theme: Theme, qtbot: QtBot) -> NoticeBar:
    made = NoticeBar(theme)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def watch(controller: Controller, bar: NoticeBar) -> NoticeWatch:
    return NoticeWatch(controller, bar)


def _notice(key: str, closable: bool = True) -> Notice:
    return Notice(key, Severity.WARNING, lambda: f"text of {key}", closable=closable)


def test_empty_takes_no_room(bar: NoticeBar) -> None:
    assert bar.isHidden()
    bar.show_notice(_notice("a"))
    assert not bar.isHidden()
    bar.drop("a")
    assert bar.isHidden()


def test_one_that_was_dismissed_stays_away_until_it_is_over(bar: NoticeBar) -> None:
    bar.show_notice(_notice("a"))
    bar.row("a").closer.click()
    bar.show_notice(_notice("a"))
    assert bar.keys == ()
    bar.drop("a")
    bar.show_notice(_notice("a"))
    assert bar.keys == ("a",)


def test_the_oldest_that_may_go_makes_room(bar: NoticeBar) -> None:
    bar.show_notice(_notice("stays", closable=False))
    for number in range(MOST_AT_ONCE + 2):
        bar.show_notice(_notice(str(number)))
    assert bar.keys == ("stays", "3", "4")


def test_what_is_grave_is_not_pushed_out_by_what_is_not(bar: NoticeBar) -> None:
    bar.show_notice(Notice("not recording", Severity.CRITICAL, lambda: "Beats are not recorded."))
    for number in range(MOST_AT_ONCE + 2):
        bar.show_notice(Notice(str(number), Severity.OK, lambda: "Settings have changed."))
    assert bar.keys == ("not recording", "3", "4")


def test_the_keyboard_does_not_jump_when_a_notice_goes(theme: Theme, qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    other = QPushButton(page)
    bar = NoticeBar(theme, page)
    page.show()
    bar.show_notice(_notice("a"))
    page.activateWindow()
    qtbot.waitActive(page)
    bar.row("a").closer.setFocus()
    bar.row("a").closer.click()
    assert not other.hasFocus()


def test_hostile_text_is_shown_as_text(bar: NoticeBar) -> None:
    text = "<b>bold</b><script>alert(1)</script>"
    bar.show_notice(Notice("a", Severity.CRITICAL, lambda: text))
    assert bar.row("a").label.text() == text
    assert bar.row("a").label.textFormat().name == "PlainText"


def test_a_record_set_aside_is_told_once(watch: NoticeWatch, bar: NoticeBar, resident: FakeResident) -> None:
    event = Event(EventKind.STORE_SET_ASIDE, 1, facts={"path": "/data/heartbeat.damaged"})
    resident.feed.snapshot = replace(resident.feed.snapshot, notices=(event,))
    watch.look()
    assert len(bar.keys) == 1
    assert "/data/heartbeat.damaged" in bar.row(bar.keys[0]).label.text()
    bar.row(bar.keys[0]).closer.click()
    watch.look()
    assert bar.keys == ()


def test_a_full_disk_is_told_as_long_as_it_lasts(
    watch: NoticeWatch, bar: NoticeBar, resident: FakeResident
) -> None:
    def health(store: StoreHealth) -> None:
        resident.feed.snapshot = replace(resident.feed.snapshot, store=store)
        watch.look()

    health(StoreHealth(False, 3, "disk full"))
    assert "3 beats not recorded" in bar.row("store").label.text()
    health(StoreHealth(False, 4, "disk full"))
    assert "4 beats not recorded" in bar.row("store").label.text()
    health(StoreHealth(True, 4, ""))
    assert bar.keys == ()


def _button(bar: NoticeBar, key: str) -> QPushButton:
    button = bar.row(key).button
    assert button is not None
    return button


def test_the_service_is_named_and_can_be_taken_over(
    make_controller: Callable[..., Controller], bar: NoticeBar, resident: FakeResident, qtbot: QtBot
) -> None:
    source = remote_source(FakeRemote())
    source.start()
    controller = make_controller(source, lambda: local_source(resident))
    watch = NoticeWatch(controller, bar)
    watch.look()
    assert bar.row("service").label.text() == "This window shows what the background service records."
    _button(bar, "service").click()
    qtbot.waitUntil(lambda: not controller.is_remote)
    watch.look()
    assert bar.keys == ()


def test_a_service_that_dies_lets_one_record_here(
    make_controller: Callable[..., Controller], bar: NoticeBar, resident: FakeResident
) -> None:
    remote = FakeRemote()
    source = remote_source(remote)
    source.start()
    controller = make_controller(source, lambda: local_source(resident))
    watch = NoticeWatch(controller, bar)
    watch.look()
    remote.die()
    watch.look()
    assert bar.keys == ("lost",)
    assert not bar.row("lost").notice.closable
    _button(bar, "lost").click()
    watch.look()
    assert bar.keys == ()
    assert not controller.is_remote


def test_a_part_that_is_broken_is_told_as_long_as_it_is(
    watch: NoticeWatch, bar: NoticeBar, resident: FakeResident
) -> None:
    resident.feed.snapshot = replace(
        resident.feed.snapshot, broken_parts=(BrokenPart("rules", "KeyError: 'x'"),)
    )
    watch.look()
    watch.look()
    assert "“rules”" in bar.row("parts").label.text()
    assert "KeyError" in bar.row("parts").label.text()
    resident.feed.snapshot = replace(resident.feed.snapshot, broken_parts=())
    watch.look()
    assert bar.keys == ()
