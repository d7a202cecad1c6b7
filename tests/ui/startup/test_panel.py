"""What the Startup panel says in every state, what its one button does about it, and that it never waits."""

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from aios_gui.autostart.login_start import LoginStart, keep_login_start
from aios_gui.autostart.model.autostart import State
from aios_gui.autostart.model.setup import SetupStep, TrialOutcome, TrialResult
from aios_gui.autostart.model.verdict import Mend
from aios_gui.autostart.service import Clerk
from aios_gui.system.atomic_file import make_private
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import use_language
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.startup.panel import StartupPanel
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.dot import Mark
from tests.fakes import WALL
from tests.ui.startup.driving import done, looked
from tests.ui.startup.ways import GONE, OTHER, PROGRAM, FakeTrial, FakeWay

WISHED = (*PROGRAM.window, "--at-login", "--minimized", "--after", "10")
SERVICE = (*PROGRAM.service, "--at-login")


def facts(panel: StartupPanel) -> dict[str, str]:
    return {row.label.text(): row.value.text for row in panel.registered.rows if not row.isHidden()}


def headline(panel: StartupPanel) -> str:
    return panel.head.headline.text().replace("\u00a0", " ")


def state_of(way: FakeWay, state: State, service: FakeWay) -> None:
    """Bring the system into a state."""
    if state is State.ON:
        way.registered = WISHED
    elif state is State.OTHER_PROGRAM:
        way.registered = OTHER
    elif state is State.PROGRAM_GONE:
        way.registered = GONE
    elif state is State.DISABLED:
        way.registered, way.is_off = WISHED, True
    elif state is State.CHANGED:
        way.registered = (*PROGRAM.window, "--at-login", "--minimized")
    elif state is State.TWICE:
        way.registered, service.available, service.registered = WISHED, True, SERVICE
    elif state is State.UNREADABLE:
        way.is_garbled = True
    elif state is State.BLOCKED:
        way.puts_back = True


@pytest.mark.parametrize(
    ("state", "words", "button", "mark"),
    [
        (State.OFF, "It does not start when you log in", "Set up autostart", Mark.NONE),
        (State.ON, "Starts 10 s after you log in, in the tray", "Set up autostart ✓", Mark.FINE),
        (State.OTHER_PROGRAM, "Another copy starts when you log in, not this one", "Repair", Mark.WARNING),
        (State.PROGRAM_GONE, "Nothing starts when you log in: the program is gone", "Repair", Mark.FAILED),
        (State.DISABLED, "Switched off: it does not start when you log in", "Allow it again", Mark.NONE),
        (State.CHANGED, "Starts when you log in, but not as chosen here", "Apply the changes", Mark.WARNING),
        (State.TWICE, "Registered twice", "Remove the double", Mark.WARNING),
        (State.UNREADABLE, "What is registered cannot be read", "Write it anew", Mark.FAILED),
    ],
)
def test_every_state_has_its_words_and_the_button_that_mends_it(
    panel: StartupPanel,
    way: FakeWay,
    service: FakeWay,
    qtbot: QtBot,
    state: State,
    words: str,
    button: str,
    mark: Mark,
) -> None:
    state_of(way, state, service)
    looked(panel, qtbot)
    assert (headline(panel), panel.head.button.text(), panel.head.dot.mark) == (words, button, mark)
    assert panel.head.evidence.text().endswith(".")
    assert panel.registered.test.isEnabled() is (state is not State.OFF)
    done(panel, qtbot, panel.head.button.click)
    assert headline(panel) == "Starts 10 s after you log in, in the tray"
    assert (way.registered, way.is_off, service.registered) == (WISHED, False, ())


def test_what_is_put_back_is_told_and_another_way_offered(
    panel: StartupPanel, way: FakeWay, service: FakeWay, controller: Controller, qtbot: QtBot
) -> None:
    way.puts_back = True
    service.available = True
    done(panel, qtbot, panel.head.button.click)
    assert headline(panel) == "Something keeps it from being registered"
    assert "a security program may do that" in panel.head.evidence.text()
    assert panel.head.button.text() == "Set up autostart"  # the service cannot sit in the tray
    controller.set_value("autostart.face", "headless")
    controller.set_value("autostart.mechanism", "desktop_file")
    looked(panel, qtbot)
    assert panel.head.mend is Mend.OTHER_WAY
    done(panel, qtbot, panel.head.button.click)
    assert service.registered
    assert controller.settings["autostart.mechanism"] == "systemd_unit"
    assert panel.head.dot.mark is Mark.FINE


def test_way_that_is_not_available_gives_way(
    panel: StartupPanel, way: FakeWay, controller: Controller, qtbot: QtBot
) -> None:
    controller.set_value("autostart.face", "headless")
    controller.set_value("autostart.mechanism", "systemd_unit")
    looked(panel, qtbot)
    assert headline(panel) == "The way that is chosen is not available here"
    assert panel.head.evidence.text() == (
        "This way is not available here: no bus. This system has another way: Autostart folder."
    )
    done(panel, qtbot, panel.head.button.click)
    assert way.registered[-4:] == ("service", "--at-login", "--after", "10")


def test_system_without_any_way_offers_nothing(paths: Paths, make_panel: Callable[..., StartupPanel]) -> None:
    panel = make_panel(lambda: Clerk(paths, PROGRAM, [], {}))
    assert headline(panel) == "This system has no known way to start programs at log-in"
    assert not panel.head.button.isEnabled()


def test_other_copy_that_was_switched_off_is_only_switched_on(
    panel: StartupPanel, way: FakeWay, qtbot: QtBot
) -> None:
    way.registered, way.is_off = OTHER, True
    looked(panel, qtbot)
    done(panel, qtbot, panel.head.button.click)
    assert way.registered == OTHER
    assert panel.head.button.text() == "Repair"


def test_what_was_switched_off_and_is_not_as_chosen_is_registered_anew(
    panel: StartupPanel, way: FakeWay, qtbot: QtBot
) -> None:
    way.registered, way.is_off = (*PROGRAM.window, "--at-login"), True
    looked(panel, qtbot)
    done(panel, qtbot, panel.head.button.click)
    assert (way.registered, way.is_off) == (WISHED, False)
    assert list(panel.steps.rows)[:3] == [SetupStep.ALLOW, SetupStep.VERIFY, SetupStep.RIGHTS]
    assert SetupStep.REGISTER in panel.steps.rows


# What is registered


def test_facts_are_those_of_the_system(
    panel: StartupPanel, way: FakeWay, service: FakeWay, paths: Paths, qtbot: QtBot
) -> None:
    assert facts(panel) == {"Mechanism": "nothing is registered", "Last start by the system": "none so far"}
    make_private(paths.data)
    keep_login_start(paths, LoginStart(WALL, WALL, 300_000_000))
    state_of(way, State.TWICE, service)
    way.is_off = False
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
    way.is_off = True
    looked(panel, qtbot)
    assert facts(panel)["Mechanism"] == "systemd user service"
    service.registered = ()
    looked(panel, qtbot)
    assert facts(panel)["Turned off by you?"].startswith("yes, 2023-11-1")


def test_what_the_system_says_is_shown_as_plain_text(panel: StartupPanel, way: FakeWay, qtbot: QtBot) -> None:
    way.registered = ("/opt/<b>x</b>\x1b[2J", "--minimized")
    looked(panel, qtbot)
    assert facts(panel)["Program"] == "/opt/<b>x</b> [2J --minimized"
    assert panel.steps.outcome.textFormat() is Qt.TextFormat.PlainText


def test_it_is_asked_anew_and_never_on_the_thread_of_the_window(
    panel: StartupPanel, way: FakeWay, qtbot: QtBot
) -> None:
    way.registered = WISHED
    looked(panel, qtbot)
    way.registered = ()
    looked(panel, qtbot)
    assert panel.head.button.text() == "Set up autostart"
    done(panel, qtbot, panel.head.button.click)
    assert threading.get_ident() not in way.asked_on


def test_it_looks_every_while_only_while_it_is_shown(panel: StartupPanel) -> None:
    panel.activate()
    assert panel._timer.isActive()
    panel.deactivate()
    assert not panel._timer.isActive()


def test_system_that_cannot_be_asked_is_told_in_words(
    make_panel: Callable[..., StartupPanel], caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Clerk:
        raise OSError("no such registry")

    panel = make_panel(broken)
    assert headline(panel) == "What is registered cannot be read"
    assert panel.head.evidence.text() == "OSError: no such registry"
    assert panel.registered.isHidden()
    assert "no such registry" in caplog.text


# What is done


def test_steps_are_a_checklist_as_they_happen(panel: StartupPanel, trial: FakeTrial, qtbot: QtBot) -> None:
    trial.held = True
    trial.upto = (SetupStep.START, SetupStep.FIRST_BEAT)
    assert panel.steps.isHidden()
    panel.head.button.click()
    qtbot.waitUntil(lambda: panel.steps.rows[SetupStep.TRIAL].dot.mark is Mark.RUNNING)
    marks = [row.dot.mark for row in panel.steps.rows.values()]
    assert marks == [*[Mark.FINE] * 5, Mark.RUNNING, Mark.WAITING]
    assert not panel.head.button.isEnabled()
    assert not panel.registered.remove.isEnabled()
    done(panel, qtbot, trial.go.set)
    assert {row.dot.mark for row in panel.steps.rows.values()} == {Mark.FINE}
    assert panel.steps.rows[SetupStep.REGISTER].detail.text() == "Written: list desktop_file"
    assert (
        panel.steps.outcome.text().replace("\u00a0", " ") == "It sits in the tray, first beat after 234 ms."
    )
    assert panel.head.button.isEnabled()
    panel.steps.dismiss.click()
    assert panel.steps.isHidden()


def test_what_the_system_refuses_is_the_step_s_and_nothing_is_claimed(
    panel: StartupPanel, way: FakeWay, qtbot: QtBot
) -> None:
    way.refusal = "/home/ada/.config: Read-only file system"
    done(panel, qtbot, panel.head.button.click)
    row = panel.steps.rows[SetupStep.REGISTER]
    assert (row.dot.mark, row.detail.text()) == (Mark.FAILED, way.refusal)
    assert panel.steps.outcome.text() == (
        "It did not succeed. Put right what the failed step names, then try again."
    )
    assert panel.head.button.text() == "Set up autostart"
    way.refusal = ""
    done(panel, qtbot, panel.head.button.click)
    assert panel.head.dot.mark is Mark.FINE


def test_test_start_that_fails_leaves_it_registered(
    panel: StartupPanel, trial: FakeTrial, qtbot: QtBot
) -> None:
    trial.result = TrialResult(TrialOutcome.ENDED, status=2, said="no display")
    trial.upto = (SetupStep.START,)
    done(panel, qtbot, panel.head.button.click)
    assert panel.head.dot.mark is Mark.FINE
    assert panel.steps.rows[SetupStep.TRIAL].dot.mark is Mark.FAILED
    assert panel.steps.outcome.text() == "It is registered, but the test start did not succeed."
    done(panel, qtbot, panel.registered.test.click)
    assert "no display" in panel.steps.rows[SetupStep.FIRST_BEAT].detail.text()


def test_test_start_tells_how_long_until_it_beat(
    panel: StartupPanel, way: FakeWay, trial: FakeTrial, qtbot: QtBot
) -> None:
    way.registered = WISHED
    looked(panel, qtbot)
    done(panel, qtbot, panel.registered.test.click)
    assert trial.runs == 1
    assert list(panel.steps.rows) == [
        SetupStep.START,
        SetupStep.FIRST_BEAT,
        SetupStep.APPEAR,
        SetupStep.END,
    ]
    assert {row.dot.mark for row in panel.steps.rows.values()} == {Mark.FINE}
    assert (
        panel.steps.outcome.text().replace("\u00a0", " ") == "It sits in the tray, first beat after 234 ms."
    )


def test_test_start_can_be_cancelled(
    panel: StartupPanel, way: FakeWay, trial: FakeTrial, qtbot: QtBot
) -> None:
    way.registered = WISHED
    trial.held = True
    looked(panel, qtbot)
    panel.registered.test.click()
    qtbot.waitUntil(lambda: panel.steps.rows[SetupStep.FIRST_BEAT].dot.mark is Mark.RUNNING)
    done(panel, qtbot, panel.steps.cancel.click)
    assert panel.steps.outcome.text() == "The test start was cancelled."
    assert panel.steps.outcome.property("look") == "muted"
    assert way.registered == WISHED
    assert panel.registered.test.isEnabled()


def test_removing_leaves_nothing_and_asks_nothing(
    panel: StartupPanel, way: FakeWay, service: FakeWay, qtbot: QtBot
) -> None:
    state_of(way, State.TWICE, service)
    looked(panel, qtbot)
    done(panel, qtbot, panel.registered.remove.click)
    assert (way.registered, service.registered) == ((), ())
    assert QApplication.activeModalWidget() is None
    assert panel.steps.outcome.text() == "It is removed; this program no longer starts at log-in."
    assert not panel.registered.remove.isEnabled()


def test_unexpected_fault_is_told_in_words_and_ends(
    panel: StartupPanel, trial: FakeTrial, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def explode(*_arguments: object) -> TrialResult:
        raise RuntimeError("out of threads")

    monkeypatch.setattr(trial, "run", explode)
    done(panel, qtbot, panel.head.button.click)
    assert panel.steps.outcome.text() == "It did not succeed: RuntimeError: out of threads"
    assert panel.head.button.isEnabled()


# How it is used


def test_everything_by_keyboard(panel: StartupPanel, trial: FakeTrial, qtbot: QtBot) -> None:
    panel.activateWindow()
    panel.head.button.setFocus()
    trial.held = True
    qtbot.keyClick(panel.head.button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: panel.steps.rows[SetupStep.TRIAL].dot.mark is Mark.RUNNING)
    assert panel.steps.cancel.hasFocus()
    done(panel, qtbot, lambda: qtbot.keyClick(panel.steps.cancel, Qt.Key.Key_Space))
    assert panel.head.button.hasFocus()
    reached = set()
    panel.options.fold.click()
    for _step in range(30):
        focused = QApplication.focusWidget()
        reached.add(focused)
        assert focused is not None
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    wanted = {panel.registered.test, panel.registered.remove, panel.plan.text, panel.options.fold}
    fields = {row.editor.field for row in panel.options.rows.values() if row.editor.field.isEnabled()}
    assert (wanted | fields) - reached == set()


def test_every_control_has_a_name(panel: StartupPanel, way: FakeWay, qtbot: QtBot) -> None:
    way.registered = WISHED
    looked(panel, qtbot)
    for button in panel.findChildren(QAbstractButton):
        assert button.accessibleName() or button.text(), button
    assert panel.plan.text.accessibleName()
    assert panel.head.button.accessibleName() == "Set up autostart"
    assert panel.head.button.accessibleDescription()
    assert panel.head.accessibleName() == "Starts\u00a010 s after you log in, in the tray".replace(
        "\u00a0", " "
    )
    assert panel.registered.rows[3].accessibleName() == "This program: yes"


def test_it_is_said_anew_in_another_language_and_dressed_anew(
    panel: StartupPanel, way: FakeWay, theme: Theme, qtbot: QtBot
) -> None:
    done(panel, qtbot, panel.head.button.click)
    panel.options.fold.click()
    use_language("zh_CN")
    panel.retranslate()
    assert panel.options.rows["autostart.face"].name.text() != "What is started"
    assert panel.steps.rows[SetupStep.REGISTER].title.text() != "Register"
    use_language("en")
    panel.retranslate()
    assert panel.head.button.text() == "Set up autostart ✓"
    theme.choose("dark")
    assert panel.grab().toImage().pixelColor(4, 4).lightness() < 60
    theme.choose("light")
    assert panel.grab().toImage().pixelColor(4, 4).lightness() > 200


@pytest.mark.parametrize("width", [640, 1196, 1836])
def test_nothing_is_wider_than_the_panel(panel: StartupPanel, way: FakeWay, qtbot: QtBot, width: int) -> None:
    way.registered = ("/opt/" + "x" * 300, "--minimized")
    panel.resize(width, 600)
    looked(panel, qtbot)
    done(panel, qtbot, panel.registered.test.click)
    panel.options.fold.click()
    QApplication.processEvents()
    page = panel.view.widget()
    assert page.width() <= panel.view.viewport().width()
    assert page.minimumSizeHint().width() <= panel.view.viewport().width()
