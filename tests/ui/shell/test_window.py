"""The window: what runs when, the keyboard, names for screen readers, language and theme at once."""

import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.ui.panel import PanelEntry
from aios_gui.ui.panels import PANELS
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.shell.window import Window
from tests.ui.fakes import FakeResident, a_snapshot, context_of, entries, fake_panel
from tests.ui.spoken import unspoken

MakeWindow = Callable[..., Window]


@pytest.fixture
def window(make_window: MakeWindow, qtbot: QtBot) -> Window:
    made = make_window()
    made.open_panel("")
    made.show()
    qtbot.waitUntil(lambda: "one" in made.panels)
    return made


def test_panels_are_made_when_they_are_first_seen(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    window.open_panel("two")
    assert window.panels == {}
    window.show()
    qtbot.waitUntil(lambda: list(window.panels) == ["two"])
    window.open_panel("one")
    assert set(window.panels) == {"one", "two"}
    assert not fake_panel(window, "two").ticking
    assert fake_panel(window, "one").ticking


def test_an_unknown_panel_is_the_first(window: Window) -> None:
    window.open_panel("no-such-panel")
    assert window.panel == "one"


def test_minimized_nothing_runs(window: Window, qtbot: QtBot) -> None:
    window.setWindowState(Qt.WindowState.WindowMinimized)
    qtbot.waitUntil(lambda: not window.is_live)
    assert not window._timer.isActive()
    assert not fake_panel(window, "one").ticking
    window.setWindowState(Qt.WindowState.WindowNoState)
    qtbot.waitUntil(lambda: fake_panel(window, "one").ticking)


def test_header_follows_the_feed(window: Window, resident: FakeResident, qtbot: QtBot) -> None:
    resident.feed.snapshot = a_snapshot()
    window.refresh()
    assert window.status_bar.sentence.lines[0] == "Calm for 12 min"


def test_closing_by_the_window_manager_only_asks(window: Window, qtbot: QtBot) -> None:
    from PySide6.QtGui import QCloseEvent

    class Spontaneous(QCloseEvent):
        def spontaneous(self) -> bool:
            return True

    event = Spontaneous()
    with qtbot.waitSignal(window.close_asked):
        window.closeEvent(event)
    assert not event.isAccepted()


def test_the_application_may_quit_without_asking(window: Window, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(window.close_asked):
        window.close()
    assert not window.isVisible()


def test_panels_are_closed_at_the_end_even_those_out_of_sight(window: Window) -> None:
    window.open_panel("two")
    window.leave()
    assert [fake_panel(window, key).told[-2:] for key in window.panels] == [["deactivate", "close"]] * 2


def test_keyboard_reaches_every_panel(window: Window, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitActive(window)
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.panel == "two"
    buttons = window.rail.findChildren(QAbstractButton)
    buttons[1].setFocus()
    QTest.keyClick(buttons[1], Qt.Key.Key_Up)
    assert window.panel == "one"


def test_focus_is_visible_for_the_keyboard(window: Window, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitActive(window)
    button = window.rail.button("two")
    button.clearFocus()
    plain = button.grab().toImage()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.grab().toImage() != plain


def _focusable(window: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(window)
    ]


def test_everything_with_the_keyboard_has_a_name(window: Window) -> None:
    window.notices.show_notice(Notice("n", Severity.WARNING, lambda: "text", lambda: "Do it", lambda: None))
    assert len(_focusable(window)) >= 4  # the panel, the state, and two buttons of the notice
    assert unspoken(window) == []
    assert QAccessible.queryAccessibleInterface(window).role() == QAccessible.Role.Window


def test_the_keyboard_comes_to_the_button_of_a_panel_that_is_opened_from_another(
    window: Window, qtbot: QtBot
) -> None:
    window.activateWindow()
    qtbot.waitActive(window)
    inside = QPushButton(fake_panel(window, "one"))
    inside.show()
    inside.setFocus()
    assert inside.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.rail.button("two").hasFocus()
    window.status_bar.mark.setFocus()
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert window.rail.button("one").hasFocus()
    window.status_bar.mark.setFocus()
    QTest.keyClick(window, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert window.rail.button("one").hasFocus()


def test_language_changes_live(window: Window, controller: Controller, tmp_path: object) -> None:
    controller.set_value("window.language", "zh_CN")
    assert fake_panel(window, "one").told[-1] == "retranslate"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    controller.set_value("window.language", "en")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
    assert window.rail.accessibleName() == "Panels"


def test_theme_changes_live(window: Window, controller: Controller) -> None:
    light = window.status_bar.grab().toImage()
    controller.set_value("window.theme", "dark")
    dark = window.status_bar.grab().toImage()
    corner = dark.width() - 3, 3
    assert light.pixelColor(*corner).lightness() > 200
    assert dark.pixelColor(*corner).lightness() < 60
    controller.set_value("window.theme", "light")
    assert window.status_bar.grab().toImage() == light


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="constants are immortal there")
def test_painting_loses_no_reference(window: Window, resident: FakeResident) -> None:
    def paint_all() -> None:
        for part in (window.status_bar, window.rail):
            part.grab()
        window.refresh()

    paint_all()
    before = sys.getrefcount(None), sys.getrefcount(True)
    for number in range(300):
        resident.feed.snapshot = a_snapshot(number)
        paint_all()
    lost = before[0] - sys.getrefcount(None), before[1] - sys.getrefcount(True)
    assert lost[0] < 100, f"{lost[0]} references to None lost"
    assert lost[1] < 100, f"{lost[1]} references to True lost"


def test_keys_are_those_of_the_settings_and_change_live(
    window: Window, controller: Controller, qtbot: QtBot
) -> None:
    window.activateWindow()
    qtbot.waitActive(window)
    controller.set_value("keyboard.panels", "ctrl")
    assert window.rail.button("two").toolTip() == "Ctrl+2"
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.panel == "one"
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.panel == "two"
    controller.set_value("keyboard.close", "F9")
    with qtbot.waitSignal(window.close_asked):
        QTest.keyClick(window, Qt.Key.Key_F9)
    controller.set_value("keyboard.close", "")
    with qtbot.assertNotEmitted(window.close_asked):
        QTest.keyClick(window, Qt.Key.Key_F9)


def test_of_two_settings_with_the_same_keys_the_first_has_them(
    window: Window, controller: Controller, qtbot: QtBot
) -> None:
    window.activateWindow()
    qtbot.waitActive(window)
    controller.set_value("keyboard.quit", "Ctrl+W")
    with qtbot.waitSignal(window.close_asked), qtbot.assertNotEmitted(window.quit_asked):
        QTest.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)


def test_a_key_pauses_the_heartbeat(window: Window, controller: Controller, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitActive(window)
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert controller.snapshot.state is EngineState.PAUSED


def test_a_panel_that_stands_apart_is_at_the_bottom_of_the_rail(
    make_window: MakeWindow, controller: Controller
) -> None:
    one, two, three = entries("one", "two", "three")
    window = make_window((one, replace(two, apart=True), three))
    window.show()
    tops = {key: window.rail.button(key).y() for key in ("one", "two", "three")}
    assert tops["one"] < tops["three"] < tops["two"]
    assert tops["two"] > window.height() / 2


def test_registered_panels_have_icons_and_titles() -> None:
    from aios_gui.system.resources import resource

    assert PANELS
    for entry in PANELS:
        assert resource("icons", f"{entry.icon}.svg").is_file()
        assert entry.title()
    assert len({entry.key for entry in PANELS}) == len(PANELS)


@pytest.mark.parametrize("entry", PANELS, ids=lambda entry: entry.key)
def test_a_registered_panel_is_the_one_that_its_key_names(entry: PanelEntry, controller: Controller) -> None:
    panel = entry.make(context_of(controller))
    assert panel.key == entry.key
    panel.close()
    panel.deleteLater()
