"""The button in the task bar of Windows: its mark follows the state into a new task bar, too; its menu the language."""

from __future__ import annotations

import ctypes
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aios_gui.alerts.model.rules import Level
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance import start_options
from aios_gui.system.own_program import own_window_command
from aios_gui.system.windows.jump_list import Task
from aios_gui.system.windows.taskbar import Taskbar, free_icon
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.sources import RemoteSource
from aios_gui.ui.shell.taskbar import ButtonMark, ButtonWatch, TaskbarButton, menu_tasks
from aios_gui.ui.theme import LIGHT
from tests.system.windows.com_objects import FakeShell
from tests.ui.fakes import FakeRemote, FakeResident, a_snapshot

CREATED = 0xC123


class FakeMessage(ctypes.Structure):
    """MSG."""

    _fields_ = [("window", ctypes.c_void_p), ("number", ctypes.c_uint32), ("rest", ctypes.c_uint64 * 4)]


class Looker(QObject):
    """Tells when to look."""

    looked = Signal()


@dataclass
class FakeWriter:
    """Keeps the menus written."""

    menus: list[tuple[Task, ...]] = field(default_factory=list)
    waited: bool = False

    def write(self, tasks: tuple[Task, ...]) -> None:
        self.menus.append(tasks)

    def wait(self, _patience_s: float) -> bool:
        self.waited = True
        return True


@dataclass
class FakeIcons:
    """Handles for pictures; each must be freed once."""

    pictures: dict[int, QImage] = field(default_factory=dict)
    alive: set[int] = field(default_factory=set)

    def make(self, picture: QImage) -> int:
        handle = 0x100 + len(self.pictures)
        self.pictures[handle] = picture
        self.alive.add(handle)
        return handle

    def free(self, handle: int) -> None:
        self.alive.remove(handle)


class Setup:
    """A window with a button in the task bar of a shell that is a fake."""

    def __init__(self, controller: Controller, window: QWidget) -> None:
        self.controller, self.window = controller, window
        self.shell, self.icons, self.writer, self.looker = FakeShell(), FakeIcons(), FakeWriter(), Looker()
        self.mark = ButtonMark(controller, window, self.open, self.icons.make)
        self.button: TaskbarButton | None = None

    def open(self) -> Taskbar:
        return Taskbar(self.shell.create, self.icons.free)

    def join(self) -> TaskbarButton:
        self.button = TaskbarButton(
            self.controller, self.window, self.looker.looked, self.mark, self.writer, CREATED
        )
        return self.button

    @property
    def shown(self) -> str:
        """What a screen reader says of the mark; "" where there is none."""
        return self.shell.marks.get(int(self.window.winId()), (0, ""))[1]

    @property
    def picture(self) -> QImage:
        return self.icons.pictures[self.shell.marks[int(self.window.winId())][0]]

    @property
    def calls(self) -> int:
        return sum(each.calls for each in self.shell.taskbars)

    def tell_created(self, window: int) -> None:
        message = FakeMessage(window=window, number=CREATED)
        assert self.button is not None
        answer = self.button._watch.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(message))
        assert answer == (False, 0), "others are to hear of it, too"


@pytest.fixture
def setup(controller: Controller) -> Iterator[Setup]:
    window = QWidget()
    window.show()
    made = Setup(controller, window)
    yield made
    if made.button is not None:
        made.button.close()
        made.button.deleteLater()
    made.mark.close()
    made.mark.deleteLater()
    window.deleteLater()
    assert not made.icons.alive, "icons left"
    assert all(each.references == 0 for each in made.shell.taskbars), "task bars left"


def alarm(resident: FakeResident, level: Level | None) -> None:
    resident.feed.snapshot = replace(a_snapshot(), worst=level)


def test_the_worst_there_is_is_marked_and_nothing_where_all_is_well(
    setup: Setup, resident: FakeResident
) -> None:
    setup.join()
    assert (setup.shown, setup.icons.pictures) == ("", {})
    alarm(resident, Level.WARNING)
    setup.looker.looked.emit()
    assert setup.shown == "Warning"
    alarm(resident, Level.CRITICAL)
    setup.looker.looked.emit()
    assert setup.shown == "Critical"
    resident.feed.snapshot = replace(a_snapshot(), state=EngineState.PAUSED)
    setup.looker.looked.emit()
    assert setup.shown == "No beats"
    alarm(resident, None)
    setup.looker.looked.emit()
    assert setup.shown == ""


def test_the_mark_is_the_trays_as_large_as_a_button_has_it(setup: Setup, resident: FakeResident) -> None:
    alarm(resident, Level.WARNING)
    setup.mark.look()
    picture = setup.picture
    side = round(16 * setup.window.devicePixelRatioF())
    assert (picture.width(), picture.height()) == (side, side)
    assert picture.pixelColor(side // 2, side // 2).name().lower() == LIGHT.warning.lower()
    assert picture.pixelColor(0, 0).alpha() == 0


def test_the_task_bar_is_called_only_when_the_state_changes(setup: Setup, resident: FakeResident) -> None:
    setup.join()
    alarm(resident, Level.WARNING)
    setup.looker.looked.emit()
    before = setup.calls
    for _look in range(5):
        setup.looker.looked.emit()
    assert setup.calls == before


def test_a_task_bar_that_restarts_is_marked_again(setup: Setup, resident: FakeResident, qtbot: QtBot) -> None:
    setup.join()
    alarm(resident, Level.WARNING)
    setup.looker.looked.emit()
    setup.shell.restart()
    setup.tell_created(int(setup.window.winId()))
    assert setup.shown == "", "not while the message is being answered"
    qtbot.waitUntil(lambda: setup.shown == "Warning")


def test_a_button_of_another_window_is_nothing_to_it(setup: Setup, resident: FakeResident) -> None:
    told: list[int] = []
    watch = ButtonWatch(CREATED, told.append)
    for number in (CREATED - 1, CREATED):
        message = FakeMessage(window=0x77, number=number)
        assert watch.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(message)) == (False, 0)
    assert told == [0x77]
    setup.join()
    before = setup.calls
    setup.tell_created(0x77)
    setup.window.hide()
    setup.tell_created(int(setup.window.winId()))
    assert setup.calls == before


def test_a_window_that_comes_back_from_the_tray_is_marked_again(setup: Setup, resident: FakeResident) -> None:
    alarm(resident, Level.WARNING)
    setup.mark.look()
    setup.window.hide()
    setup.shell.marks.clear()  # the button is gone, and its mark with it
    setup.mark.look()
    assert setup.shown == ""
    setup.window.show()
    setup.mark.look()
    assert setup.shown == "Warning"


def test_the_mark_follows_theme_and_language(setup: Setup, resident: FakeResident) -> None:
    alarm(resident, Level.WARNING)
    setup.join()
    light = setup.picture
    setup.controller.set_value("window.theme", "dark")
    assert setup.picture != light
    setup.controller.set_value("window.language", "zh_CN")
    assert setup.shown == "警告"


def test_without_a_task_bar_the_window_works_and_the_log_says_so_once(
    setup: Setup, resident: FakeResident, caplog: pytest.LogCaptureFixture
) -> None:
    setup.shell.missing = {"task bar"}
    with caplog.at_level(logging.DEBUG):
        setup.join()
        for level in (Level.WARNING, Level.CRITICAL):
            alarm(resident, level)
            setup.looker.looked.emit()
    assert [record.levelname for record in caplog.records if "0x80040154" in record.message] == ["DEBUG"]
    setup.shell.missing = set()
    setup.mark.begin_anew()
    assert setup.shown == "Critical", "there is one now"


def test_the_menu_is_written_at_once_and_in_another_language(setup: Setup) -> None:
    button = setup.join()
    setup.controller.source_changed.emit()
    assert [task.title for task in setup.writer.menus[-1]] == [
        "Open AIOS Heartbeat",
        "Incidents",
        "Settings",
        "Quit",
    ]
    assert len(setup.writer.menus) == 1
    setup.controller.set_value("window.language", "zh_CN")
    assert len(setup.writer.menus) == 2
    assert all(any("一" <= each <= "鿿" for each in task.title) for task in setup.writer.menus[-1])
    button.close()
    assert setup.writer.waited


def test_the_menu_starts_this_program_with_the_home_that_it_has(aios_home: object) -> None:
    where = ["--home", str(aios_home)]
    commands = [list(task.command) for task in menu_tasks(is_remote=False)]
    assert commands == [
        own_window_command(*where),
        own_window_command("--panel", "incidents", *where),
        own_window_command("--panel", "settings", *where),
        own_window_command("quit", *where),
    ]


def test_without_a_home_of_its_own_the_menu_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIOS_HOME", raising=False)
    assert menu_tasks(is_remote=False)[0].command == tuple(own_window_command())


def test_the_menu_does_not_end_the_background_service(make_controller: Callable[..., Controller]) -> None:
    controller = make_controller(RemoteSource(FakeRemote()))
    window = QWidget()
    window.show()
    setup = Setup(controller, window)
    try:
        setup.join().close()
        assert [task.title for task in setup.writer.menus[-1]][-1] == "Settings"
    finally:
        for each in (setup.button, setup.mark, window):
            assert each is not None
            each.deleteLater()


def test_a_trial_leaves_the_menu_alone(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(start_options.TRIAL_VARIABLE, "somewhere")
    setup.join()
    assert setup.writer.menus == []


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows has such icons")
def test_windows_takes_the_picture_as_it_is(setup: Setup, resident: FakeResident) -> None:
    alarm(resident, Level.CRITICAL)
    mark = ButtonMark(setup.controller, setup.window)
    picture = mark._picture(Severity.CRITICAL, 24)
    icon = mark._icon_of(picture)
    try:
        taken = QImage.fromHICON(icon)  # type: ignore[attr-defined, unused-ignore]
    finally:
        free_icon(icon)
        mark.deleteLater()
    assert taken.size() == picture.size()
    colour = picture.pixelColor(12, 12)
    assert (taken.pixelColor(12, 12), taken.pixelColor(0, 0).alpha()) == (colour, 0)


def test_nothing_of_it_is_loaded_for_the_tray_alone() -> None:
    program = (
        "import sys, aios_gui.ui.shell.session; print([each for each in sys.modules if 'taskbar' in each])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
