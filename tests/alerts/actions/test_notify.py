"""Notifications: harmless words, by the desktop's own program or by a tray, never twice."""

import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from aios_gui.alerts.actions import notify
from aios_gui.alerts.actions.notify import (
    WINDOW_NS,
    NotificationRouter,
    desktop_notifier,
    no_notifier,
    notification_of,
    notify_send,
)
from aios_gui.alerts.actions.request import ActionPorts, Notification
from aios_gui.alerts.actions.steering import OwnChildren
from aios_gui.alerts.model.action import ActionState, Why
from aios_gui.alerts.model.announcing import PER_RULE_NS
from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind
from aios_gui.alerts.model.rules import Level, Measure, Rule
from aios_gui.heartbeat.model.items import Event, EventKind
from tests.alerts.actions.fakes import found, request_of
from tests.fakes import MS, WALL, S

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "--help",
    "x" * 4096,
    "a\x1b[31m\x00\r\n\tb",
    "\udcff",
]
SAID = Notification("title", "text", Level.CRITICAL, 1)
posix = pytest.mark.skipif(sys.platform == "win32", reason="a script is started as a program")


def program(folder: Path, script: str) -> str:
    file = folder / "notify-send"
    file.write_text(f"#!{sys.executable}\n{script}")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


def test_it_says_what_happened_and_who_did_it() -> None:
    said = notification_of(request_of("notify", found("cargo")))
    assert said.title == "CPU over 80 % for 0 µs"
    assert said.text == "cargo kept 90 % of a core busy"


def test_hostile_names_are_one_short_printable_line() -> None:
    for name in HOSTILE:
        finding = Finding(
            FindingKind.ONE_PROCESS, {"name": name, "cpu_percent": 9.0}, (Culprit(name, 7, 9.0),)
        )
        said = notification_of(request_of("notify", finding))
        for text in (said.title, said.text):
            assert text.isprintable()
            assert len(text) <= 300
            text.encode()


@posix
@pytest.mark.parametrize("name", HOSTILE)
def test_the_desktops_program_gets_no_markup_and_no_options(name: str, tmp_path: Path) -> None:
    told = tmp_path / "told"
    path = program(tmp_path, f"import sys; open({str(told)!r}, 'w').write('\\n'.join(sys.argv[1:]))")
    finding = Finding(FindingKind.ONE_PROCESS, {"name": name, "cpu_percent": 9.0}, (Culprit(name, 7, 9.0),))
    assert notify_send(notification_of(request_of("notify", finding)), lambda _: path, 20.0) == ""
    arguments = told.read_text().split("\n")
    assert arguments[:3] == ["--app-name=AIOS Heartbeat", "--urgency=critical", "--"]
    assert len(arguments) == 5
    assert "<" not in arguments[4]


@posix
def test_what_goes_wrong_with_it_is_told(tmp_path: Path) -> None:
    failing = program(tmp_path, "import sys; sys.exit('no desktop')")
    assert notify_send(SAID, lambda _: failing, 20.0) == "no desktop"
    hanging = program(tmp_path, "import time; time.sleep(60)")
    assert "timed out" in notify_send(SAID, lambda _: hanging, 0.1)
    assert "absent" in notify_send(SAID, lambda _: str(tmp_path / "absent"))


def test_where_there_is_none_it_says_so() -> None:
    assert notify_send(SAID, lambda _: None) == Why.NO_NOTIFIER
    assert no_notifier(SAID) == Why.NO_NOTIFIER
    assert desktop_notifier("win32") is no_notifier
    assert desktop_notifier("linux") is notify_send


class Setting:
    """Who notifies: the desktop, unless a tray does. ``answer`` is what the desktop's program says."""

    def __init__(self) -> None:
        self.wanted, self.now_ns, self.full_screen, self.answer = True, 0, False, ""
        self.quiet: set[bool] = set()
        self.shown: list[Notification] = []
        self.notify = NotificationRouter(
            lambda: self.wanted,
            self._show,
            lambda: self.now_ns,
            lambda: self.full_screen,
            lambda critical: critical in self.quiet,
        )

    def _show(self, notification: Notification) -> str:
        self.shown.append(notification)
        return self.answer


def test_where_a_tray_notifies_the_desktop_does_not_and_that_is_not_called_done() -> None:
    setting = Setting()
    setting.notify.tray_notifies = True
    assert setting.notify(SAID) == Why.TRAY
    assert setting.shown == []


def test_a_window_elsewhere_notifies_as_long_as_it_watches() -> None:
    setting = Setting()
    setting.notify.window_asked()
    assert setting.notify(SAID) == Why.TRAY
    setting.now_ns = WINDOW_NS
    assert setting.notify(SAID) == ""
    assert setting.shown == [SAID]


def test_where_it_is_not_wanted_nothing_is_shown() -> None:
    setting = Setting()
    setting.wanted = False
    assert setting.notify(SAID) == Why.SWITCHED_OFF
    assert setting.shown == []


def test_of_one_rule_one_a_minute_is_shown_and_the_next_counts_the_rest() -> None:
    setting = Setting()
    hiccup, cpu = replace(SAID, rule="hiccup"), replace(SAID, rule="cpu")
    assert setting.notify(hiccup) == ""
    for _again in range(3):
        setting.now_ns += S
        assert setting.notify(hiccup) == Why.TOLD_LATELY
    assert setting.notify(cpu) == "", "another rule is another matter"
    setting.now_ns += PER_RULE_NS
    assert setting.notify(hiccup) == ""
    assert setting.shown[-1].text == "text\n3 more since the last notification"
    setting.now_ns += PER_RULE_NS
    assert setting.notify(hiccup) == ""
    assert setting.shown[-1] == hiccup


def test_over_a_full_screen_nothing_is_shown_but_counted() -> None:
    setting = Setting()
    setting.full_screen = True
    assert setting.notify(SAID) == Why.FULL_SCREEN
    setting.full_screen = False
    assert setting.notify(SAID) == ""
    assert "1 more" in setting.shown[0].text


def test_in_quiet_hours_nothing_is_shown_but_counted_and_what_is_critical_where_that_is_wanted() -> None:
    setting = Setting()
    setting.quiet = {False}
    grave = replace(SAID, level=Level.CRITICAL, rule="grave")
    warning = replace(SAID, level=Level.WARNING)
    assert [setting.notify(each) for each in (warning, warning, grave)] == [Why.QUIET_HOURS] * 2 + [""]
    setting.quiet = {False, True}
    setting.now_ns += PER_RULE_NS
    assert setting.notify(grave) == Why.QUIET_HOURS
    setting.quiet = set()
    assert setting.notify(warning) == ""
    assert "2 more" in setting.shown[-1].text


def test_what_could_not_be_shown_keeps_none_back() -> None:
    setting = Setting()
    setting.answer = "no desktop"
    assert setting.notify(SAID) == "no desktop"
    setting.answer = ""
    assert setting.notify(SAID) == ""


STALLS = Rule("hiccup", Measure.LATENESS, 50.0, for_s=0.0, clear=50.0)


@pytest.mark.parametrize(
    ("length_ns", "answer", "state", "detail"),
    [
        (999 * MS, "", ActionState.REFUSED, Why.SHORT_STALL),
        (S, "", ActionState.DONE, ""),
        (S, Why.TRAY, ActionState.PASSED_ON, Why.TRAY),
        (S, Why.NO_NOTIFIER, ActionState.REFUSED, Why.NO_NOTIFIER),
        (S, "no desktop", ActionState.FAILED, "no desktop"),
    ],
)
def test_a_stall_is_worth_a_notification_from_a_length_of_its_own(
    length_ns: int, answer: str, state: ActionState, detail: str
) -> None:
    hiccup = Event(EventKind.HICCUP, WALL, 0, {"lateness_ns": length_ns})
    request = request_of("notify", found("cargo"))
    request = replace(request, question=replace(request.question, rule=STALLS, hiccup=hiccup))
    shown: list[Notification] = []

    def notifier(notification: Notification) -> str:
        shown.append(notification)
        return answer

    ports = ActionPorts(notifier, lambda event: None, OwnChildren(), stall_notified_ns=lambda: S)
    outcome = notify.do(request, ports)
    assert (outcome.state, outcome.detail) == (state, detail)
    if length_ns == S:
        assert shown[0].title == "Hiccup of 1.0 s"
        assert shown[0].text == "cargo kept 90 % of a core busy"
    else:
        assert shown == []
