"""The mark on the button in the task bar of Windows follows the state, the theme and the language."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from aios_gui.alerts.model.incident import IncidentBrief, Silence
from aios_gui.alerts.model.rules import Level
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.taskbar import AGAIN_NS, TaskbarMark
from aios_gui.ui.theme import LIGHT
from tests.ui.fakes import FakeResident, a_snapshot


class Looker(QObject):
    """Tells when to look."""

    looked = Signal()


class Setup:
    """A window, and what the task bar was asked to lay over its button."""

    def __init__(self, controller: Controller) -> None:
        self.controller, self.window, self.looker = controller, QWidget(), Looker()
        self.pictures: list[QImage] = []
        self.laid: list[tuple[int, int, str]] = []
        self.refuses = False
        self.now_ns = 0
        self.window.show()

    def join(self) -> TaskbarMark:
        return TaskbarMark(
            self.controller, self.window, self.looker.looked, self._lay, self._make, lambda: self.now_ns
        )

    def _make(self, picture: QImage) -> int:
        self.pictures.append(picture)
        return len(self.pictures)

    def _lay(self, window: int, icon: int, description: str) -> None:
        if self.refuses:
            raise OSError("0x80040154")
        self.laid.append((window, icon, description if icon else ""))

    def look(self) -> None:
        self.looker.looked.emit()

    @property
    def shown(self) -> str:
        """What a screen reader says of the mark; "" where there is none."""
        window, _icon, description = self.laid[-1]
        assert window == int(self.window.winId())
        return description


@pytest.fixture
def setup(controller: Controller) -> Iterator[Setup]:
    made = Setup(controller)
    yield made
    made.window.deleteLater()


def alarm(resident: FakeResident, level: Level | None) -> None:
    incident = IncidentBrief(
        1, "cpu", "cpu_percent", level or Level.WARNING, 1, 97.0, 80.0, 1, Silence.NONE, False
    )
    resident.feed.snapshot = replace(a_snapshot(), open_incidents=() if level is None else (incident,))


def test_the_worst_state_is_marked_and_nothing_where_all_is_well(
    setup: Setup, resident: FakeResident
) -> None:
    setup.join()
    assert (setup.shown, setup.pictures) == ("", [])
    for level, said in ((Level.WARNING, "Warning"), (Level.CRITICAL, "Critical"), (None, "")):
        alarm(resident, level)
        setup.look()
        assert setup.shown == said
    resident.feed.snapshot = replace(a_snapshot(), state=EngineState.PAUSED)
    setup.look()
    assert setup.shown == "No beats"


def test_the_mark_is_the_trays_as_large_as_a_button_has_it(setup: Setup, resident: FakeResident) -> None:
    alarm(resident, Level.WARNING)
    setup.join()
    picture = setup.pictures[-1]
    side = round(16 * setup.window.devicePixelRatioF())
    assert (picture.width(), picture.height()) == (side, side)
    assert picture.pixelColor(side // 2, side // 2).name().lower() == LIGHT.warning.lower()
    assert picture.pixelColor(0, 0).alpha() == 0


def test_a_mark_that_stays_is_laid_again_every_ten_seconds(setup: Setup, resident: FakeResident) -> None:
    alarm(resident, Level.WARNING)
    setup.join()
    for _look in range(5):
        setup.look()
    assert len(setup.laid) == 1
    setup.now_ns += AGAIN_NS
    setup.look()
    assert len(setup.laid) == 2
    alarm(resident, None)
    setup.look()
    setup.now_ns += AGAIN_NS
    setup.look()
    assert len(setup.laid) == 3, "where all is well there is nothing to lose"


def test_a_window_that_comes_back_from_the_tray_is_marked_again(setup: Setup, resident: FakeResident) -> None:
    alarm(resident, Level.WARNING)
    setup.join()
    setup.window.hide()
    setup.look()
    assert len(setup.laid) == 1
    setup.window.show()
    setup.look()
    assert (len(setup.laid), setup.shown) == (2, "Warning")


def test_the_mark_follows_theme_and_language(setup: Setup, resident: FakeResident) -> None:
    alarm(resident, Level.WARNING)
    setup.join()
    setup.controller.set_value("window.theme", "dark")
    assert setup.pictures[-1] != setup.pictures[0]
    setup.controller.set_value("window.language", "zh_CN")
    assert setup.shown == "警告"


def test_without_a_task_bar_the_window_works_and_the_log_says_so_once(
    setup: Setup, resident: FakeResident, caplog: pytest.LogCaptureFixture
) -> None:
    setup.refuses = True
    with caplog.at_level(logging.DEBUG):
        alarm(resident, Level.WARNING)
        mark = setup.join()
        alarm(resident, Level.CRITICAL)
        setup.look()
    assert [record.levelname for record in caplog.records if "0x80040154" in record.message] == ["DEBUG"]
    setup.refuses = False
    mark.renew()
    assert setup.shown == "Critical", "there is one now"


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows has such icons")
def test_windows_takes_the_picture_as_it_is(setup: Setup, resident: FakeResident) -> None:
    from aios_gui.system.windows.taskbar import free_icon

    alarm(resident, Level.CRITICAL)
    setup.join()
    picture = setup.pictures[-1]
    icon = picture.toHICON()  # type: ignore[attr-defined, unused-ignore]
    try:
        taken = QImage.fromHICON(icon)  # type: ignore[attr-defined, unused-ignore]
    finally:
        free_icon(icon)
    assert taken.size() == picture.size()
    assert taken.pixelColor(8, 8) == picture.pixelColor(8, 8)
    assert taken.pixelColor(0, 0).alpha() == 0


def test_nothing_of_it_is_loaded_for_the_tray_alone() -> None:
    program = (
        "import sys, aios_gui.ui.shell.session; print([each for each in sys.modules if 'taskbar' in each])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
