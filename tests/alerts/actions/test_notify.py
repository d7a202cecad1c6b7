"""Notifications: harmless words, by the desktop's own program or by a tray, never twice."""

import stat
import sys
from pathlib import Path

import pytest

from aios_gui.alerts.actions.notify import (
    WINDOW_NS,
    NotificationRouter,
    desktop_notifier,
    no_notifier,
    notification_of,
    notify_send,
)
from aios_gui.alerts.actions.request import Notification
from aios_gui.alerts.model.action import Why
from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind
from aios_gui.alerts.model.rules import Level
from tests.alerts.actions.fakes import found, request_of

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
    assert said.title == "CPU of the machine went to 99 %, the limit is 80 %"
    assert said.text == "cargo used 90 % of a core"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_one_short_printable_line(name: str) -> None:
    finding = Finding(FindingKind.ONE_PROCESS, {"name": name, "cpu_percent": 9.0}, (Culprit(name, 7, 9.0),))
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
    """Who tells: the desktop, unless a tray does."""

    def __init__(self) -> None:
        self.wanted, self.now_ns, self.told = True, 0, 0
        self.telling = NotificationRouter(lambda: self.wanted, self._tell, lambda: self.now_ns)

    def _tell(self, notification: Notification) -> str:
        self.told += 1
        return "by the desktop"


def test_where_a_tray_tells_the_desktop_does_not() -> None:
    setting = Setting()
    assert setting.telling(SAID) == "by the desktop"
    setting.telling.tray_notifies = True
    assert setting.telling(SAID) == ""
    assert setting.told == 1


def test_a_window_elsewhere_tells_as_long_as_it_watches() -> None:
    setting = Setting()
    setting.telling.window_asked()
    assert setting.telling(SAID) == ""
    setting.now_ns = WINDOW_NS
    assert setting.telling(SAID) == "by the desktop"


def test_where_nobody_wants_it_nobody_is_told() -> None:
    setting = Setting()
    setting.wanted = False
    assert setting.telling(SAID) == Why.SWITCHED_OFF
    assert setting.told == 0
