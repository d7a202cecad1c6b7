"""What the Startup panel says in every state, what its one button does about it, and that it never waits."""

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aios_gui.autostart.login_start import LoginStart, keep_login_start
from aios_gui.autostart.model import (
    AutostartReason,
    AutostartState,
    SetupStep,
    SmokeTestOutcome,
    SmokeTestResult,
)
from aios_gui.autostart.service import AutostartService
from aios_gui.system.atomic_file import make_private
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import use_language
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.startup.panel import StartupPanel
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.dot import Mark
from tests.autostart.fake_mechanisms import GONE, OTHER, PROGRAM, FakeMechanism, FakeSmokeTest
from tests.fakes import WALL
from tests.ui.spoken import unspoken
from tests.ui.startup.driving import done, looked

WISHED = (*PROGRAM.window, "--at-login", "--minimized", "--after", "10")
SERVICE = (*PROGRAM.service, "--at-login")


Standing = AutostartState | AutostartReason


def facts(panel: StartupPanel) -> dict[str, str]:
    return {row.label.text(): row.value.text for row in panel.registered.rows if not row.isHidden()}


def headline(panel: StartupPanel) -> str:
    return panel.head.headline.text().replace("\u00a0", " ")


def state_of(mechanism: FakeMechanism, state: Standing, headless: FakeMechanism) -> None:
    """Bring the system into a state."""
    if state is AutostartState.ON:
        mechanism.command = WISHED
    elif state is AutostartReason.OTHER_PROGRAM:
        mechanism.command = OTHER
    elif state is AutostartReason.PROGRAM_GONE:
        mechanism.command = GONE
    elif state is AutostartReason.SWITCHED_OFF:
        mechanism.command, mechanism.is_off = WISHED, True
    elif state is AutostartReason.EDITED:
        mechanism.command = (*PROGRAM.window, "--at-login", "--minimized")
    elif state is AutostartReason.TWICE:
        mechanism.command, headless.available, headless.command = WISHED, True, SERVICE
    elif state is AutostartReason.UNREADABLE:
        mechanism.is_garbled = True
    elif state is AutostartReason.BLOCKED:
        mechanism.puts_back = True


@pytest.mark.parametrize(
    ("state", "words", "button", "mark"),
    [
        (AutostartState.OFF, "It does not start when you log in", "Set up autostart", Mark.NONE),
        (AutostartState.ON, "Starts 10 s after you log in, in the tray", "Set up autostart", Mark.FINE),
        (
            AutostartReason.OTHER_PROGRAM,
            "Another copy starts when you log in, not this one",
            "Repair",
            Mark.WARNING,
        ),
        (
            AutostartReason.PROGRAM_GONE,
            "Nothing starts when you log in: the program is gone",
            "Repair",
            Mark.FAILED,
        ),
        (
            AutostartReason.SWITCHED_OFF,
            "Switched off: it does not start when you log in",
            "Allow it again",
            Mark.NONE,
        ),
        (
            AutostartReason.EDITED,
            "Starts when you log in, but not as chosen here",
            "Apply the changes",
            Mark.WARNING,
        ),
        (AutostartReason.TWICE, "Registered twice", "Remove the duplicate", Mark.WARNING),
        (AutostartReason.UNREADABLE, "What is registered cannot be read", "Repair", Mark.FAILED),
    ],
)
def test_every_state_has_its_words_and_the_button_that_mends_it(
    panel: StartupPanel,
    mechanism: FakeMechanism,
    headless: FakeMechanism,
    qtbot: QtBot,
    state: Standing,
    words: str,
    button: str,
    mark: Mark,
) -> None:
    state_of(mechanism, state, headless)
    looked(panel, qtbot)
    assert (headline(panel), panel.head.button.text(), panel.head.dot.mark) == (words, button, mark)
    assert panel.head.evidence.text().endswith(".")
    assert panel.registered.test.isEnabled() is (state is not AutostartState.OFF)
    assert panel.head.button.isHidden() is panel.head.switch.isVisible() is (state is AutostartState.ON)
    assert panel.more.isVisible() is (state is not AutostartState.ON)
    if state is AutostartState.ON:
        return
    done(panel, qtbot, panel.head.button.click)
    assert headline(panel) == "Starts 10 s after you log in, in the tray"
    assert (mechanism.command, mechanism.is_off, headless.command) == (WISHED, False, ())


def test_without_a_tray_none_is_promised(panel: StartupPanel, qtbot: QtBot) -> None:
    panel.head.there_is_a_tray = lambda: False
    done(panel, qtbot, panel.head.button.click)
    assert headline(panel) == "Starts 10 s after you log in, minimized, since there is no tray"


def test_what_is_put_back_is_told_and_another_way_offered(
    panel: StartupPanel,
    mechanism: FakeMechanism,
    headless: FakeMechanism,
    controller: Controller,
    qtbot: QtBot,
) -> None:
    mechanism.puts_back = True
    headless.available = True
    done(panel, qtbot, panel.head.button.click)
    assert headline(panel) == "Something keeps it from being registered"
    assert "perhaps a security program" in panel.head.evidence.text()
    assert panel.head.button.text() == "Set up autostart"  # the service cannot sit in the tray
    controller.set_value("autostart.face", "headless")
    controller.set_value("autostart.mechanism", "desktop_file")
    looked(panel, qtbot)
    assert panel.head.button.text() == "Set up in another way"
    done(panel, qtbot, panel.head.button.click)
    assert headless.command
    assert controller.settings["autostart.mechanism"] == "systemd_unit"
    assert panel.head.dot.mark is Mark.FINE


def test_way_that_is_not_available_gives_way(
    panel: StartupPanel, mechanism: FakeMechanism, controller: Controller, qtbot: QtBot
) -> None:
    controller.set_value("autostart.face", "headless")
    controller.set_value("autostart.mechanism", "systemd_unit")
    looked(panel, qtbot)
    assert headline(panel) == "The chosen way is not available here"
    assert panel.head.evidence.text() == (
        "This way is not available here: no bus. This system has another way: Autostart folder."
    )
    done(panel, qtbot, panel.head.button.click)
    assert mechanism.command[-4:] == ("service", "--at-login", "--after", "10")


def test_system_without_any_way_offers_nothing(paths: Paths, make_panel: Callable[..., StartupPanel]) -> None:
    panel = make_panel(lambda: AutostartService(paths, PROGRAM, [], FakeSmokeTest().make, {}))
    assert headline(panel) == "This system has no known way to start programs at log-in"
    assert not panel.head.button.isEnabled()


@pytest.mark.parametrize("command", [OTHER, (*PROGRAM.window, "--at-login")])
def test_what_was_switched_off_is_switched_on_as_chosen(
    panel: StartupPanel, mechanism: FakeMechanism, qtbot: QtBot, command: tuple[str, ...]
) -> None:
    mechanism.command, mechanism.is_off = command, True
    looked(panel, qtbot)
    done(panel, qtbot, panel.head.button.click)
    assert (mechanism.command, mechanism.is_off) == (WISHED, False)


def test_what_the_user_switched_off_is_not_switched_on_by_setting_it_up(
    panel: StartupPanel, mechanism: FakeMechanism, qtbot: QtBot
) -> None:
    mechanism.is_off = True  # left behind by an entry that is gone
    looked(panel, qtbot)
    done(panel, qtbot, panel.head.button.click)
    assert mechanism.is_off
    assert panel.head.button.text() == "Allow it again"


# What is registered


def test_facts_are_those_of_the_system(
    panel: StartupPanel, mechanism: FakeMechanism, headless: FakeMechanism, paths: Paths, qtbot: QtBot
) -> None:
    assert facts(panel) == {"Mechanism": "nothing is registered", "Last start by the system": "none so far"}
    make_private(paths.data)
    keep_login_start(paths, LoginStart(WALL, WALL, 300_000_000))
    state_of(mechanism, AutostartReason.TWICE, headless)
    mechanism.is_off = False
    looked(panel, qtbot)
    told = facts(panel)
    assert told["Mechanism"] == "Autostart folder"
    assert told["Where"] == "list desktop_file"
    assert told["Program"] == " ".join(WISHED)
    assert told["This program?"] == "yes"
    assert told["Turned off by you?"] == "no"
    assert told["Registered twice?"] == "yes, also: systemd user service"
    assert told["Last start by the system"].endswith(", first beat after 300 ms")
    assert panel.registered.by_hand.text().startswith("By hand: Your desktop lists it")
    mechanism.is_off = True
    looked(panel, qtbot)
    assert facts(panel)["Mechanism"] == "systemd user service"
    headless.command = ()
    looked(panel, qtbot)
    assert facts(panel)["Turned off by you?"].startswith("yes, 2023-11-1")


def test_what_the_system_says_is_shown_as_plain_text(
    panel: StartupPanel, mechanism: FakeMechanism, qtbot: QtBot
) -> None:
    mechanism.command = ("/opt/<b>x</b>\x1b[2J", "--minimized")
    looked(panel, qtbot)
    assert facts(panel)["Program"] == "/opt/<b>x</b> [2J --minimized"
    assert panel.steps.outcome.textFormat() is Qt.TextFormat.PlainText


def test_it_is_asked_again_and_never_on_the_thread_of_the_window(
    panel: StartupPanel, mechanism: FakeMechanism, qtbot: QtBot
) -> None:
    mechanism.command = WISHED
    looked(panel, qtbot)
    mechanism.command = ()
    looked(panel, qtbot)
    assert panel.head.button.text() == "Set up autostart"
    done(panel, qtbot, panel.head.button.click)
    assert threading.get_ident() not in mechanism.asked_on


def test_it_looks_every_while_only_while_it_is_shown(panel: StartupPanel) -> None:
    panel.activate()
    assert panel._timer.isActive()
    panel.deactivate()
    assert not panel._timer.isActive()


def test_system_that_cannot_be_asked_is_told_in_words(
    make_panel: Callable[..., StartupPanel], caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> AutostartService:
        raise OSError("no such registry")

    panel = make_panel(broken)
    assert headline(panel) == "What is registered cannot be read"
    assert panel.head.evidence.text() == "OSError: no such registry"
    assert panel.registered.isHidden()
    assert "no such registry" in caplog.text


# What is done


def test_steps_are_a_checklist_as_they_happen(
    panel: StartupPanel, smoke_test: FakeSmokeTest, qtbot: QtBot
) -> None:
    smoke_test.held = True
    assert panel.steps.isHidden()
    panel.head.button.click()
    qtbot.waitUntil(lambda: panel.steps.rows[SetupStep.TRIAL].dot.mark is Mark.RUNNING)
    marks = [row.dot.mark for row in panel.steps.rows.values()]
    assert marks == [*[Mark.FINE] * 3, Mark.RUNNING]
    assert not panel.head.button.isEnabled()
    assert not panel.registered.remove.isEnabled()
    done(panel, qtbot, smoke_test.go.set)
    assert {row.dot.mark for row in panel.steps.rows.values()} == {Mark.FINE}
    assert panel.steps.rows[SetupStep.REGISTER].detail.text() == "Written: list desktop_file"
    assert (
        panel.steps.outcome.text().replace("\u00a0", " ") == "It sits in the tray, first beat after 234 ms."
    )
    assert panel.head.switch.isEnabled()
    panel.steps.dismiss.click()
    assert panel.steps.isHidden()


def test_what_the_system_refuses_is_the_step_s_and_nothing_is_claimed(
    panel: StartupPanel, mechanism: FakeMechanism, qtbot: QtBot
) -> None:
    mechanism.refusal = "/home/ada/.config: Read-only file system"
    done(panel, qtbot, panel.head.button.click)
    row = panel.steps.rows[SetupStep.REGISTER]
    assert (row.dot.mark, row.detail.text()) == (Mark.FAILED, mechanism.refusal)
    assert panel.steps.outcome.text() == ("That did not work. Fix what the failed step says, then try again.")
    assert panel.head.button.text() == "Set up autostart"
    mechanism.refusal = ""
    done(panel, qtbot, panel.head.button.click)
    assert panel.head.dot.mark is Mark.FINE


def test_what_was_done_is_told_until_it_no_longer_holds(
    panel: StartupPanel, mechanism: FakeMechanism, qtbot: QtBot
) -> None:
    done(panel, qtbot, panel.head.button.click)
    looked(panel, qtbot)
    assert not panel.steps.isHidden()
    mechanism.command = GONE
    looked(panel, qtbot)
    assert panel.steps.isHidden()


def test_test_start_that_fails_leaves_it_registered(
    panel: StartupPanel, smoke_test: FakeSmokeTest, qtbot: QtBot
) -> None:
    smoke_test.result = SmokeTestResult(SmokeTestOutcome.ENDED, status=2, message="no display")
    done(panel, qtbot, panel.head.button.click)
    assert panel.head.dot.mark is Mark.FINE
    assert panel.steps.rows[SetupStep.TRIAL].dot.mark is Mark.FAILED
    assert panel.steps.outcome.text() == "It is registered, but the test start did not succeed."
    done(panel, qtbot, panel.registered.test.click)
    assert "no display" in panel.steps.rows[SetupStep.TRIAL].detail.text()


def test_test_start_tells_how_long_until_it_beat(
    panel: StartupPanel, mechanism: FakeMechanism, smoke_test: FakeSmokeTest, qtbot: QtBot
) -> None:
    mechanism.command = WISHED
    looked(panel, qtbot)
    done(panel, qtbot, panel.registered.test.click)
    assert smoke_test.runs == 1
    assert list(panel.steps.rows) == [SetupStep.TRIAL]
    assert {row.dot.mark for row in panel.steps.rows.values()} == {Mark.FINE}
    assert (
        panel.steps.outcome.text().replace("\u00a0", " ") == "It sits in the tray, first beat after 234 ms."
    )


def test_test_start_can_be_cancelled(
    panel: StartupPanel, mechanism: FakeMechanism, smoke_test: FakeSmokeTest, qtbot: QtBot
) -> None:
    mechanism.command = WISHED
    smoke_test.held = True
    looked(panel, qtbot)
    panel.registered.test.click()
    qtbot.waitUntil(lambda: panel.steps.rows[SetupStep.TRIAL].dot.mark is Mark.RUNNING)
    done(panel, qtbot, panel.steps.cancel.click)
    assert panel.steps.outcome.text() == "The test start was cancelled."
    assert panel.steps.outcome.property("look") == "muted"
    assert mechanism.command == WISHED
    assert panel.registered.test.isEnabled()


def test_removing_leaves_nothing_and_asks_nothing(
    panel: StartupPanel, mechanism: FakeMechanism, headless: FakeMechanism, qtbot: QtBot
) -> None:
    state_of(mechanism, AutostartReason.TWICE, headless)
    looked(panel, qtbot)
    done(panel, qtbot, panel.registered.remove.click)
    assert (mechanism.command, headless.command) == ((), ())
    assert QApplication.activeModalWidget() is None
    assert panel.steps.outcome.text() == "Removed. AIOS Heartbeat no longer starts when you log in."
    assert not panel.registered.remove.isEnabled()


def test_once_it_is_set_up_a_switch_takes_it_back(
    panel: StartupPanel, mechanism: FakeMechanism, qtbot: QtBot
) -> None:
    assert panel.more.isVisible()
    done(panel, qtbot, panel.head.button.click)
    assert panel.head.switch.isChecked()
    assert panel.head.button.isHidden()
    assert not panel.more.isVisible()
    panel.fold.click()
    looked(panel, qtbot)
    assert panel.registered.isVisible()
    done(panel, qtbot, panel.head.switch.click)
    assert mechanism.command == ()
    assert panel.head.switch.isHidden()
    assert panel.head.button.isVisible()
    assert not panel.registered.isVisible()


def test_what_a_test_start_found_goes_when_the_command_is_another_one(
    panel: StartupPanel, mechanism: FakeMechanism, qtbot: QtBot
) -> None:
    mechanism.command = OTHER
    looked(panel, qtbot)
    done(panel, qtbot, panel.registered.test.click)
    looked(panel, qtbot)
    assert not panel.steps.isHidden()
    mechanism.command = (*OTHER, "--more")
    looked(panel, qtbot)
    assert panel.steps.isHidden()


def test_unexpected_fault_is_told_in_words_and_ends(
    panel: StartupPanel, smoke_test: FakeSmokeTest, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def explode(*_arguments: object) -> SmokeTestResult:
        raise RuntimeError("out of threads")

    monkeypatch.setattr(smoke_test, "run", explode)
    done(panel, qtbot, panel.head.button.click)
    assert panel.steps.outcome.text() == "That did not work: RuntimeError: out of threads"
    assert panel.head.button.isEnabled()


# How it is used


def test_everything_by_keyboard(panel: StartupPanel, smoke_test: FakeSmokeTest, qtbot: QtBot) -> None:
    panel.activateWindow()
    panel.head.button.setFocus()
    smoke_test.held = True
    qtbot.keyClick(panel.head.button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: panel.steps.rows[SetupStep.TRIAL].dot.mark is Mark.RUNNING)
    assert panel.steps.cancel.hasFocus()
    done(panel, qtbot, lambda: qtbot.keyClick(panel.steps.cancel, Qt.Key.Key_Space))
    assert panel.head.switch.hasFocus()
    reached = set()
    panel.fold.click()
    panel.options.fold.click()
    for _step in range(30):
        focused = QApplication.focusWidget()
        reached.add(focused)
        assert focused is not None
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    wanted = {panel.registered.test, panel.registered.remove, panel.plan.text, panel.options.fold}
    fields = {row.editor.field for row in panel.options.rows.values() if row.editor.field.isEnabled()}
    assert (wanted | fields) - reached == set()


def test_every_control_has_a_name(panel: StartupPanel, mechanism: FakeMechanism, qtbot: QtBot) -> None:
    mechanism.command = WISHED
    looked(panel, qtbot)
    assert unspoken(panel) == []
    assert panel.plan.text.accessibleName()
    assert panel.head.button.accessibleName() == "Set up autostart"
    assert panel.head.button.accessibleDescription()
    assert panel.head.accessibleName() == "Starts\u00a010 s after you log in, in the tray".replace(
        "\u00a0", " "
    )
    assert panel.registered.rows[3].accessibleName() == "This program: yes"


def test_it_is_said_in_another_language_and_dressed_in_another_theme(
    panel: StartupPanel, mechanism: FakeMechanism, theme: Theme, qtbot: QtBot
) -> None:
    done(panel, qtbot, panel.head.button.click)
    panel.options.fold.click()
    use_language("zh_CN")
    panel.retranslate()
    assert panel.options.rows["autostart.face"].name.text() != "What is started"
    assert panel.steps.rows[SetupStep.REGISTER].title.text() != "Register"
    use_language("en")
    panel.retranslate()
    assert panel.head.switch.accessibleName() == "Start at log-in"
    theme.choose("dark")
    assert panel.grab().toImage().pixelColor(4, 4).lightness() < 60
    theme.choose("light")
    assert panel.grab().toImage().pixelColor(4, 4).lightness() > 200


@pytest.mark.parametrize("width", [640, 1196, 1836])
def test_nothing_is_wider_than_the_panel(
    panel: StartupPanel, mechanism: FakeMechanism, qtbot: QtBot, width: int
) -> None:
    mechanism.command = ("/opt/" + "x" * 300, "--minimized")
    panel.resize(width, 600)
    looked(panel, qtbot)
    done(panel, qtbot, panel.registered.test.click)
    panel.options.fold.click()
    QApplication.processEvents()
    page = panel.view.widget()
    assert page is not None
    assert page.width() <= panel.view.viewport().width()
    assert page.minimumSizeHint().width() <= panel.view.viewport().width()
