"""Messages of the system: who is told of which incident, and where a click leads."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from aios_gui.alerts.model.incident import IncidentBrief, Mute, Silence
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.settings import rules_of
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.reports.digest import Digest, Told, keep_digest, read_digest
from aios_gui.ui.panel import Place
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.desktop import Desktop
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.shell.notifications import Notifications
from aios_gui.ui.shell.tray import Tray
from aios_gui.ui.shell.window import Window
from tests.ui.fakes import FakeResident, entries

S = 1_000_000_000
CPU = IncidentBrief(
    7, "cpu", "cpu_percent", Level.CRITICAL, 10 * S, 97.0, 80.0, 1, Silence.NONE, False, "make", 188.0, 36 * S
)
DISK = replace(CPU, id=8, rule="disk-warning", measure="disk_free_percent", level=Level.WARNING, culprit="")


class ListeningTray(Tray):
    """Keeps the messages that it is to show."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller, lambda: True)
        self.messages: list[tuple[str, str, Severity]] = []

    def notify(self, notice: Notice, title: str = "", on_click: object = None) -> None:
        self.messages.append((title, notice.text(), notice.level))
        super().notify(notice, title, on_click)  # type: ignore[arg-type]


class Setup:
    """A desktop in the tray, whose clock is set by hand."""

    def __init__(self, controller: Controller, resident: FakeResident) -> None:
        self.controller, self.resident = controller, resident
        self.now_ns = 0
        self.watched = False
        self.tray = ListeningTray(controller)
        self.desktop = Desktop(
            controller, self.tray, lambda: Window(controller, entries("live", "incidents"))
        )
        self.notifications = Notifications(controller, self.tray, lambda: self.watched, lambda: self.now_ns)
        self.notifications.asked.connect(self.desktop.open_incident)
        self.desktop.start(minimized=True)

    def open(self, *incidents: IncidentBrief, seconds: int = 6) -> list[tuple[str, str, Severity]]:
        self.resident.feed.snapshot = replace(self.resident.feed.snapshot, open_incidents=incidents)
        for _tick in range(seconds // 2):
            self.now_ns += 2 * S
            self.tray.tick()
        return self.tray.messages


@pytest.fixture
def setup(controller: Controller, resident: FakeResident) -> Iterator[Setup]:
    made = Setup(controller, resident)
    yield made
    made.desktop.shutdown()
    if made.desktop.window is not None:
        made.desktop.window.deleteLater()
    made.notifications.deleteLater()
    made.tray.deleteLater()
    made.desktop.deleteLater()


def test_an_incident_is_told_once(setup: Setup) -> None:
    messages = setup.open(CPU, seconds=200)
    assert messages == [("CPU over 80 % for 36 s", "make is using 1.9 cores", Severity.CRITICAL)]


def test_what_is_over_by_then_is_told_as_over(setup: Setup) -> None:
    ((title, _text, _level),) = setup.open(replace(CPU, settling=True))
    assert title == "CPU was over 80 % for 36 s"


def test_several_are_one_message(setup: Setup) -> None:
    messages = setup.open(DISK, CPU)
    assert len(messages) == 1
    assert messages[0][0] == "2 incidents"
    assert messages[0][1].splitlines()[0].startswith("CPU")


@pytest.mark.parametrize(
    "incident",
    [
        replace(CPU, silence=Silence.MUTED),
        replace(CPU, silence=Silence.QUIET_HOURS),
        replace(CPU, silence=Silence.ALLOWED),
        replace(CPU, acknowledged=True),
    ],
)
def test_what_alerts_nobody_or_was_seen_is_not_told(setup: Setup, incident: IncidentBrief) -> None:
    assert setup.open(incident, seconds=20) == []


def test_who_wants_no_messages_gets_none_and_none_later(setup: Setup) -> None:
    setup.controller.set_value("window.notifications", False)
    assert setup.open(CPU, seconds=20) == []
    setup.controller.set_value("window.notifications", True)
    assert setup.open(CPU, seconds=20) == []


def test_who_looks_at_the_window_needs_no_message(setup: Setup) -> None:
    setup.watched = True
    assert setup.open(CPU, seconds=20) == []


def test_a_rule_that_is_not_to_notify_does_not(setup: Setup) -> None:
    rules = tuple(
        replace(rule, actions=("capture",)) if rule.name == "cpu" else rule
        for rule in rules_of(setup.controller.settings)
    )
    setup.controller.set_rules(rules)
    assert [title for title, _text, _level in setup.open(CPU, DISK, seconds=20)] == [
        "Free disk space under 80 % for 36 s"
    ]


def test_a_click_leads_to_the_incident(setup: Setup, qtbot: QtBot) -> None:
    setup.open(CPU)
    asked: list[Place] = []
    setup.controller.place_asked.connect(asked.append)
    setup.tray._on_message_clicked()
    assert setup.desktop.window is not None
    assert setup.desktop.window.panel == "incidents"
    assert asked == [Place("incidents", incident=7)]
    qtbot.waitUntil(lambda: "incidents" in setup.desktop.window.panels)  # type: ignore[union-attr]


def test_a_click_on_any_other_message_opens_the_window(setup: Setup) -> None:
    setup.open(CPU)
    setup.tray.notify(Notice("store", Severity.CRITICAL, lambda: "the disk is full"))
    setup.tray._on_message_clicked()
    assert setup.desktop.window is not None
    assert setup.desktop.window.panel == "live"


def test_without_a_window_nobody_watches_it(setup: Setup) -> None:
    assert not setup.desktop.is_watched


def test_what_a_process_is_called_is_no_markup_in_a_message(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[object, ...]] = []
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _icon, *words: shown.append(words))
    setup.open(replace(CPU, culprit="<script>a&b"))
    assert "<" not in str(shown[0][1])
    assert "script" in str(shown[0][1])


def test_nor_in_what_the_icon_says(setup: Setup) -> None:
    setup.open(replace(CPU, culprit="<b>a&b\x1b[2J"))
    assert setup.tray.tip.splitlines()[1].endswith(": \u2039b\u203aa\uff06b [2J")


def test_whoever_beats_knows_that_the_tray_tells(setup: Setup, resident: FakeResident) -> None:
    setup.tray.tick()
    assert resident.tray_notifies


def stall(seconds: float, ended_s: int) -> Event:
    facts: dict[str, int | float | str] = {"lateness_ns": round(seconds * S), "cause": int(Cause.RUN_QUEUE)}
    return Event(EventKind.HICCUP, ended_s * S, 7, facts)


def see(setup: Setup, event: Event) -> list[tuple[str, str, Severity]]:
    """A stall, and what was shown by then."""
    setup.resident.feed.put(event)
    setup.now_ns += 2 * S
    setup.tray.tick()
    return setup.tray.messages


def test_a_long_stall_is_told_of_at_once_with_its_cause_though_it_is_over(setup: Setup) -> None:
    ((title, text, level),) = see(setup, stall(1.4, 1_000_000))
    assert title == "Hiccup of 1.4 s"
    assert text.endswith("no free core")
    assert level is Severity.WARNING
    assert len(setup.open(seconds=20)) == 1, "once"


def test_of_a_long_stall_that_a_short_one_follows_at_once_is_told(setup: Setup) -> None:
    setup.resident.feed.put(stall(5.0, 1_000_000))
    ((title, _text, _level),) = see(setup, stall(0.2, 1_000_001))
    assert title == "Hiccup of 5.0 s"


def test_in_quiet_hours_only_what_is_critical_is_told_and_the_rest_when_they_are_over(setup: Setup) -> None:
    setup.controller.set_value("window.quiet_from", "00:00")
    setup.controller.set_value("window.quiet_to", "00:00")
    assert setup.open(DISK, seconds=20) == []
    assert see(setup, stall(1.4, 1_000_000)) == []
    assert [level for _title, _text, level in setup.open(DISK, CPU)] == [Severity.CRITICAL]
    setup.controller.set_value("window.quiet_critical", False)
    assert len(setup.open(replace(CPU, id=9, rule="other"), DISK)) == 1
    setup.controller.set_value("window.quiet_from", "off")
    assert len(setup.open(DISK)) == 2


def test_a_short_one_and_one_of_an_earlier_run_are_not(setup: Setup) -> None:
    assert see(setup, stall(0.9, 1_000_000)) == []


def test_a_stall_that_was_there_at_the_start_is_not_told_of(
    controller: Controller, resident: FakeResident, qtbot: QtBot
) -> None:
    resident.feed.put(stall(5.0, 1_000_000))
    made = Setup(controller, resident)
    # As of a service, whose picture comes a moment after the window is there.
    resident.feed.snapshot = replace(resident.feed.snapshot, last_hiccup=stall(5.0, 999_990))
    made.tray.tick()
    assert made.tray.messages == []
    made.desktop.shutdown()
    made.notifications.deleteLater()
    made.tray.deleteLater()
    made.desktop.deleteLater()


def test_of_a_burst_one_is_told_of_and_the_next_counts_the_rest(setup: Setup) -> None:
    see(setup, stall(2.0, 1_000_000))
    for number in range(1, 4):
        assert len(see(setup, stall(2.0, 1_000_000 + 5 * number))) == 1
    setup.now_ns += 60 * S
    messages = see(setup, stall(3.0, 1_000_100))
    assert len(messages) == 2
    assert messages[-1][1].endswith("3 more since the last notification")


def test_while_the_user_looks_or_the_rule_is_muted_a_stall_is_not_told_of(setup: Setup) -> None:
    setup.watched = True
    assert see(setup, stall(2.0, 1_000_000)) == []
    setup.watched = False
    setup.resident.feed.snapshot = replace(setup.resident.feed.snapshot, mutes=(Mute("hiccup", 2**62),))
    assert see(setup, stall(2.0, 1_000_010)) == []


def test_the_week_is_told_by_the_tray_once_and_never_called_shown(setup: Setup) -> None:
    paths, controller = setup.controller.paths, setup.controller
    keep_digest(paths, Digest(5 * S, 9 * S, ("A calm week.", "Two hiccups."), Told.FOR_THE_TRAY))
    assert setup.open() == [], "it is not wanted"
    controller.set_value("reports.digest", True)
    assert setup.open() == [("A calm week.", "Two hiccups.", Severity.OK)]
    assert read_digest(paths).told is Told.PASSED_ON
    setup.now_ns += 120 * S
    assert len(setup.open()) == 1
    asked: list[Place] = []
    controller.place_asked.connect(asked.append)
    setup.tray._on_message_clicked()
    assert asked == [Place("reports", 5 * S, 9 * S, template="week")]


def test_the_week_waits_for_the_end_of_quiet_hours(setup: Setup) -> None:
    hour = time.localtime().tm_hour
    for name, value in (
        ("window.quiet_from", f"{hour:02}:00"),
        ("window.quiet_to", f"{(hour + 2) % 24:02}:00"),
        ("reports.digest", True),
    ):
        setup.controller.set_value(name, value)
    keep_digest(setup.controller.paths, Digest(5 * S, 9 * S, ("A calm week.",), Told.FOR_THE_TRAY))
    assert setup.open() == []
    setup.controller.set_value("window.quiet_from", "off")
    setup.now_ns += 120 * S
    assert len(setup.open()) == 1
