"""Window and tray together: with a tray, without one, with one that comes late or goes."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.commands import RaiseWindow
from aios_gui.ui.panel import Place
from aios_gui.ui.shell import tray as tray_module
from aios_gui.ui.shell.controller import ACTIVATION_TOKEN, Controller
from aios_gui.ui.shell.desktop import CloseQuestion, Desktop, no_tray_text
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.shell.tray import Tray
from aios_gui.ui.shell.window import Window
from aios_gui.ui.theme import LIGHT
from aios_gui.ui.widgets.icons import mark_icon
from tests.defaults import DEFAULTS
from tests.ui.children import PATIENCE_MS
from tests.ui.fakes import FakePanel, FakeRemote, FakeResident, entries, fake_panel, in_file, remote_source


@dataclass
class Setup:
    """A desktop whose tray comes and goes as the test says."""

    controller: Controller
    tray_is_there: bool = True
    windows: list[Window] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tray = Tray(self.controller, lambda: self.tray_is_there)
        self.desktop = Desktop(self.controller, self.tray, self._make)

    def _make(self) -> Window:
        self.windows.append(Window(self.controller, entries("one", "two")))
        return self.windows[-1]

    @property
    def window(self) -> Window:
        assert self.desktop.window is not None
        return self.desktop.window

    def close_by_user(self) -> None:
        self.window.close_asked.emit()


@pytest.fixture
def setup(controller: Controller) -> Iterator[Setup]:
    made = Setup(controller)
    yield made
    made.desktop.shutdown()
    for window in made.windows:
        window.deleteLater()
    made.tray.deleteLater()
    made.desktop.deleteLater()


@pytest.fixture
def bare(setup: Setup) -> Setup:
    setup.tray_is_there = False
    return setup


def _question(window: Window) -> CloseQuestion:
    question = window.findChild(CloseQuestion)
    assert question is not None
    return question


@pytest.mark.parametrize("set_before", ["ask", "tray"])
def test_without_a_tray_closing_asks_and_quits_where_that_is_wanted(
    bare: Setup, set_before: str, qtbot: QtBot
) -> None:
    bare.controller.set_value("window.close_button", set_before)
    bare.desktop.start(minimized=False)
    bare.close_by_user()
    assert bare.window.isVisible()
    question = _question(bare.window)
    assert question.text() == "Keep recording without a window?"
    assert "no tray icon" in question.informativeText()
    with qtbot.waitSignal(bare.desktop.finished):
        question.leave.click()
    assert in_file(bare.controller)["window.close_button"] == "quit"


def test_without_a_tray_a_service_goes_on_and_ends_the_window(
    bare: Setup, resident: FakeResident, tmp_path: Path, qtbot: QtBot
) -> None:
    begun = tmp_path / "begun"
    code = f"import time; open({str(begun)!r}, 'w').close(); time.sleep(60)"
    bare.controller._service_command = [sys.executable, "-c", code]
    bare.desktop.start(minimized=False)
    bare.close_by_user()
    _question(bare.window).stay.click()
    assert not bare.window.isVisible()
    qtbot.waitUntil(begun.exists, timeout=PATIENCE_MS)
    service = bare.controller._service
    assert service is not None
    bare.controller._every_while()
    assert bare.controller.snapshot.state is EngineState.RUNNING, "it beats here until it is asked to end"
    assert resident.on_quit is not None
    with qtbot.waitSignal(bare.desktop.finished):
        resident.on_quit()  # as the service does once it is ready
    assert in_file(bare.controller)["window.close_button"] == "service"
    service.kill()
    service.wait()


def test_where_no_service_can_be_had_the_window_comes_back_and_says_so(bare: Setup, qtbot: QtBot) -> None:
    told: list[str] = []
    bare.controller.notice_raised.connect(lambda notice: told.append(notice.text()))
    bare.controller.set_value("window.close_button", "service")
    bare.desktop.start(minimized=False)
    for command in ([sys.executable, "-c", "raise SystemExit(2)"], ["/no/such/program"]):
        bare.controller._service_command = command
        bare.close_by_user()
        if bare.controller._service is not None:
            bare.controller._service.wait()
        bare.controller._every_while()
        assert bare.window.isVisible()
        assert told == ["The background service could not be started. This window goes on recording."]
        told.clear()


def test_on_gnome_it_says_what_brings_a_tray() -> None:
    assert "AppIndicator" in no_tray_text({"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"})
    assert "AppIndicator" not in no_tray_text({"XDG_CURRENT_DESKTOP": "sway"})


def test_a_second_start_hands_on_what_lets_the_window_come_to_the_front(
    setup: Setup, resident: FakeResident, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.delenv(ACTIVATION_TOKEN, raising=False)
    found: list[str] = []
    setup.desktop.start(minimized=True)
    setup.controller.raise_asked.connect(lambda _panel: found.append(os.environ.get(ACTIVATION_TOKEN, "")))
    start_again(resident, "", "gnome-shell_TIME7")
    qtbot.waitUntil(lambda: found == ["gnome-shell_TIME7"])
    monkeypatch.delenv(ACTIVATION_TOKEN)


class RecordedIcon(QSystemTrayIcon):
    """Keeps in which order it was shown and given its tip."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.done: list[str] = []

    def show(self) -> None:
        self.done.append("shown")
        super().show()

    def setToolTip(self, tip: str) -> None:
        self.done.append(tip)
        super().setToolTip(tip)


def test_the_first_tip_is_the_same_each_time_and_set_once_the_icon_is_shown(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tray_module, "QSystemTrayIcon", RecordedIcon)
    setup.desktop.start(minimized=True)
    icon = setup.tray._icon
    assert isinstance(icon, RecordedIcon)
    assert icon.done == ["shown", "AIOS Heartbeat"]
    setup.tray.tick()
    assert icon.done[2].startswith("AIOS Heartbeat\n")


def test_starting_minimized_without_a_tray_shows_the_window_in_the_end(bare: Setup, qtbot: QtBot) -> None:
    bare.desktop.start(minimized=True)
    assert bare.windows == []
    bare.desktop._late_tray.start(0)
    qtbot.waitUntil(lambda: bare.window.isVisible())
    assert bare.window.isMinimized()
    assert not bare.window.is_live


def test_starting_minimized_makes_no_window(setup: Setup) -> None:
    setup.desktop.start(minimized=True)
    assert setup.tray.available
    assert setup.windows == []


def test_a_tray_that_comes_late_is_taken(bare: Setup) -> None:
    bare.desktop.start(minimized=True)
    bare.tray_is_there = True
    bare.tray.tick()
    assert bare.tray.available
    assert not bare.desktop._late_tray.isActive()


def test_a_tray_that_goes_brings_the_hidden_window_back(setup: Setup, qtbot: QtBot) -> None:
    setup.controller.set_value("window.close_button", "tray")
    setup.desktop.start(minimized=False)
    setup.close_by_user()
    assert not setup.window.isVisible()
    setup.tray_is_there = False
    setup.tray.tick()
    assert setup.desktop._late_tray.isActive()
    setup.desktop._late_tray.start(0)
    qtbot.waitUntil(lambda: setup.window.isVisible())


def test_closing_asks_once_and_remembers(setup: Setup, qtbot: QtBot) -> None:
    setup.desktop.start(minimized=False)
    setup.close_by_user()
    setup.close_by_user()
    assert len(setup.window.findChildren(CloseQuestion)) == 1
    assert setup.window.isVisible()
    question = _question(setup.window)
    assert question.remember.isChecked()
    question.stay.click()
    qtbot.waitUntil(lambda: not setup.window.isVisible())
    saved = in_file(setup.controller)
    assert saved["window.close_button"] == "tray"
    setup.desktop.open()
    setup.close_by_user()
    assert not setup.window.isVisible()


def test_an_answer_that_is_not_to_be_remembered_is_not(setup: Setup, qtbot: QtBot) -> None:
    setup.desktop.start(minimized=False)
    setup.close_by_user()
    question = _question(setup.window)
    question.remember.setChecked(False)
    question.stay.click()
    qtbot.waitUntil(lambda: not setup.window.isVisible())
    assert setup.controller.settings == DEFAULTS


def test_where_a_service_records_the_question_does_not_say_that_quitting_ends_that(
    make_controller: Callable[..., Controller], qtbot: QtBot
) -> None:
    source = remote_source(FakeRemote())
    source.start()
    setup = Setup(make_controller(source))
    setup.desktop.start(minimized=False)
    setup.close_by_user()
    assert _question(setup.window).informativeText() == "The background service goes on recording either way."
    setup.desktop.shutdown()
    setup.window.deleteLater()
    setup.tray.deleteLater()
    setup.desktop.deleteLater()


def test_cancelling_keeps_the_window(setup: Setup, qtbot: QtBot) -> None:
    setup.desktop.start(minimized=False)
    setup.close_by_user()
    question = _question(setup.window)
    with qtbot.assertNotEmitted(setup.desktop.finished):
        question.button(QMessageBox.StandardButton.Cancel).click()
    assert setup.window.isVisible()


def test_in_the_tray_nothing_in_the_window_runs(setup: Setup, qtbot: QtBot) -> None:
    setup.controller.set_value("window.close_button", "tray")
    setup.desktop.start(minimized=False)
    qtbot.waitUntil(lambda: "one" in setup.window.panels)
    panel = fake_panel(setup.window, "one")
    assert panel.ticking
    setup.close_by_user()
    assert not setup.window.is_live
    assert not panel.ticking
    setup.desktop.open()
    qtbot.waitUntil(lambda: panel.ticking)
    assert len(setup.windows) == 1


def test_a_second_start_brings_the_window_up(setup: Setup, resident: FakeResident, qtbot: QtBot) -> None:
    setup.desktop.start(minimized=True)
    start_again(resident, "")
    qtbot.waitUntil(lambda: setup.desktop.window is not None and setup.window.isVisible())
    start_again(resident, "two")
    qtbot.waitUntil(lambda: setup.window.panel == "two")
    setup.controller.set_value("window.close_button", "tray")
    setup.close_by_user()
    assert not setup.window.isVisible()
    start_again(resident, "")
    qtbot.waitUntil(lambda: setup.window.isVisible())
    assert setup.window.panel == "two", "the one that was there"


def start_again(resident: FakeResident, panel: str, token: str = "", span: tuple[int, ...] = ()) -> None:
    """Ask for the window as from the channel's thread."""
    assert resident.on_raise is not None
    caller = Thread(target=resident.on_raise, args=(RaiseWindow(panel, token, *span),))
    caller.start()
    caller.join()


def test_what_was_told_before_the_window_opened_is_shown_in_it(setup: Setup) -> None:
    setup.desktop.start(minimized=True)
    setup.controller.notice_raised.emit(Notice("early", Severity.WARNING, lambda: "something"))
    setup.desktop.open()
    assert "early" in setup.window.notices.keys


def test_what_is_over_before_the_window_opens_is_not_told_in_it(setup: Setup) -> None:
    setup.desktop.start(minimized=True)
    setup.controller.notice_raised.emit(Notice("settings", Severity.WARNING, lambda: "not saved yet"))
    setup.controller.notice_over.emit("settings")
    setup.desktop.open()
    assert setup.desktop.window is not None
    assert "settings" not in setup.desktop.window.notices.keys


def test_what_is_grave_is_told_from_the_tray_while_the_window_cannot_be_seen(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(setup.tray, "notify", lambda notice: told.append(notice.key))
    setup.desktop.start(minimized=True)
    setup.controller.notice_raised.emit(Notice("small", Severity.OK, lambda: "all is well"))
    setup.controller.notice_raised.emit(Notice("grave", Severity.CRITICAL, lambda: "the record is full"))
    assert told == ["grave"]
    setup.controller.set_value("window.notifications", False)
    setup.controller.notice_raised.emit(Notice("again", Severity.CRITICAL, lambda: "still full"))
    assert told == ["grave"]
    setup.controller.set_value("window.notifications", True)
    setup.controller.set_value("window.quiet_from", "00:00")
    setup.controller.set_value("window.quiet_to", "00:00")
    setup.controller.notice_raised.emit(Notice("quiet", Severity.WARNING, lambda: "in quiet hours"))
    assert told == ["grave"]
    setup.desktop.open()
    setup.controller.notice_raised.emit(Notice("seen", Severity.CRITICAL, lambda: "in the window"))
    assert told == ["grave"]


def test_a_message_of_the_tray_has_the_words_of_the_notice(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[object, ...]] = []
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _icon, *words: shown.append(words))
    setup.tray.notify(Notice("early", Severity.WARNING, lambda: "nobody there"))
    setup.desktop.start(minimized=True)
    setup.tray.notify(Notice("grave", Severity.CRITICAL, lambda: "the record is full"))
    (words,) = shown
    assert words[:3] == ("AIOS Heartbeat", "the record is full", QSystemTrayIcon.MessageIcon.Critical)


def test_shutdown_ends_everything_once(setup: Setup, resident: FakeResident) -> None:
    setup.desktop.start(minimized=False)
    setup.desktop.shutdown()
    setup.desktop.shutdown()
    assert resident.shutdowns == 1
    assert not setup.tray.available
    assert not setup.window.isVisible()
    setup.desktop.open()
    assert not setup.window.isVisible()


def test_the_tray_tells_the_state(setup: Setup, resident: FakeResident) -> None:
    setup.desktop.start(minimized=True)
    setup.tray.tick()
    assert "Calm for 12 min" in setup.tray.tip
    setup.controller.toggle_pause()
    setup.tray.tick()
    assert resident.feed.snapshot.state is EngineState.PAUSED
    assert "Paused" in setup.tray.tip
    setup.tray.menu.aboutToShow.emit()
    assert "Resume the heartbeat" in [action.text() for action in setup.tray.menu.actions()]


def test_the_tray_speaks_the_language_chosen(setup: Setup, qtbot: QtBot) -> None:
    setup.desktop.start(minimized=True)
    quit_action = setup.tray.menu.actions()[-1]
    with qtbot.waitSignal(setup.controller.language_changed):
        setup.controller.set_value("window.language", "zh_CN")
    assert setup.tray.menu.actions()[-1] is quit_action


def test_states_differ_in_shape_and_not_only_in_colour(controller: Controller) -> None:
    def outline(cell: Severity) -> bytes:
        image = mark_icon(cell, LIGHT).pixmap(32, 32).toImage().convertToFormat(image_format)
        ink = [image.pixelColor(x, y).lightness() < 200 for y in range(8, 24) for x in range(8, 24)]
        return bytes(ink)

    from PySide6.QtGui import QImage

    image_format = QImage.Format.Format_Grayscale8
    assert len({outline(cell) for cell in Severity}) == len(Severity)


def test_maximized_is_remembered(setup: Setup, qtbot: QtBot) -> None:
    setup.desktop.start(minimized=False)
    setup.window.setWindowState(Qt.WindowState.WindowMaximized)
    qtbot.waitUntil(lambda: setup.window.isMaximized())
    setup.desktop.remember()
    other = Setup(setup.controller)
    other.desktop.open()
    assert other.window.isMaximized()
    other.window.leave()
    other.window.deleteLater()
    other.tray.shutdown()


@pytest.mark.parametrize("step", ["remember", "leave", "tray", "controller", "source"])
def test_whatever_fails_on_the_way_out_the_program_ends(
    setup: Setup, resident: FakeResident, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("injected")

    setup.desktop.start(minimized=False)
    owner, name = {
        "remember": (setup.desktop, "remember"),
        "leave": (setup.window, "leave"),
        "tray": (setup.tray, "shutdown"),
        "controller": (setup.controller, "shutdown"),
        "source": (resident, "shutdown"),
    }[step]
    left: list[object] = []
    with monkeypatch.context() as patch:
        patch.setattr("aios_gui.ui.shell.sources.leave_behind", left.append)
        patch.setattr(owner, name, fail)
        with qtbot.waitSignals([setup.desktop.ending, setup.desktop.finished]):
            setup.desktop.quit()
    assert resident.shutdowns == (step not in ("controller", "source"))
    assert bool(left) == (step == "source"), "what was not closed is left behind"
    setup.window.leave()
    setup.tray.shutdown()
    setup.controller.shutdown()


def test_a_second_start_leads_the_window_to_a_span(
    setup: Setup, resident: FakeResident, qtbot: QtBot
) -> None:
    setup.desktop.start(minimized=True)
    start_again(resident, "two", span=(5, 9, 7))
    qtbot.waitUntil(lambda: setup.desktop.window is not None and "two" in setup.window.panels)
    panel = setup.window.panels["two"]
    assert isinstance(panel, FakePanel)
    qtbot.waitUntil(lambda: panel.places == [Place("two", 5, 9, 7)])
