"""The options of the start at log-in: what the way cannot do says why, and what is written follows them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aios_gui.autostart.model import MechanismOption
from aios_gui.ui.settings.editors import ChoiceEditor
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.startup.panel import StartupPanel
from tests.autostart.fake_mechanisms import PROGRAM, FakeMechanism
from tests.ui.startup.driving import done, looked


def choices(panel: StartupPanel, name: str) -> dict[str, bool]:
    """What can be chosen, and what cannot."""
    editor = panel.options.rows[name].editor
    assert isinstance(editor, ChoiceEditor)
    model = editor.box.model()
    assert isinstance(model, QStandardItemModel)
    return {
        str(editor.box.itemData(place)): model.item(place).isEnabled() for place in range(editor.box.count())
    }


def plan_of(panel: StartupPanel) -> str:
    return panel.plan.text.toPlainText()


def test_options_are_folded_away_until_asked_for(panel: StartupPanel, qtbot: QtBot) -> None:
    assert panel.options.inside.isHidden()
    qtbot.keyClick(panel.options.fold, Qt.Key.Key_Space)
    assert not panel.options.inside.isHidden()
    assert panel.options.fold.accessibleDescription() == "shown"
    panel.options.fold.click()
    assert panel.options.inside.isHidden()


def test_what_the_way_cannot_do_is_grey_and_says_why(
    panel: StartupPanel, headless: FakeMechanism, controller: Controller, qtbot: QtBot
) -> None:
    panel.options.fold.click()
    battery, priority = (panel.options.rows[name] for name in ("autostart.on_battery", "autostart.nice"))
    assert not battery.editor.isEnabled()
    assert battery.help.text() == "Not possible with: Autostart folder."
    assert priority.editor.isEnabled()
    headless.available = True
    looked(panel, qtbot)
    assert battery.help.text() == (
        "Not possible with: Autostart folder. Possible with: systemd user service."
    )
    assert battery.editor.field.accessibleDescription() == battery.help.text()
    controller.set_value("autostart.face", "headless")
    looked(panel, qtbot)  # now the service is what suits best
    assert battery.editor.isEnabled()
    assert "battery" in battery.help.text()


def test_modes_and_mechanisms_that_cannot_be_are_not_to_be_chosen(
    panel: StartupPanel, headless: FakeMechanism, controller: Controller, qtbot: QtBot
) -> None:
    panel.options.fold.click()
    assert choices(panel, "autostart.face") == {"tray": True, "window": True, "headless": True}
    ways = choices(panel, "autostart.mechanism")
    assert ways["auto"]
    assert not ways.get("systemd_unit", False)
    headless.available = True
    controller.set_value("autostart.mechanism", "systemd_unit")
    looked(panel, qtbot)
    assert choices(panel, "autostart.face") == {"tray": False, "window": False, "headless": True}


def test_what_would_be_written_follows_the_options(
    panel: StartupPanel, mechanism: FakeMechanism, controller: Controller, qtbot: QtBot
) -> None:
    assert panel.plan.title.text() == "Exactly what will be written"
    assert panel.plan.where.text == "list desktop_file"
    assert plan_of(panel).endswith("--minimized --after 10")
    assert panel.plan.commands.toPlainText() == "reload desktop_file"
    mechanism.command = PROGRAM.command(panel._snapshot.options)  # type: ignore[union-attr]
    looked(panel, qtbot)
    assert panel.plan.title.text() == "Exactly what is written"
    panel.activate()
    panel.options.fold.click()
    box = panel.options.rows["autostart.delay_s"].editor.field
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(box, "45")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: plan_of(panel).endswith("--minimized --after 45"))
    assert panel.head.button.text() == "Apply the changes"
    assert mechanism.command[-1] == "10"  # nothing is written yet
    panel.deactivate()
    done(panel, qtbot, panel.head.button.click)
    assert mechanism.command[-1] == "45"
    assert controller.settings["autostart.delay_s"] == 45


def test_what_is_typed_counts_when_the_button_is_pressed(
    panel: StartupPanel, mechanism: FakeMechanism, qtbot: QtBot
) -> None:
    panel.options.fold.click()
    box = panel.options.rows["autostart.delay_s"].editor.field
    qtbot.keyClick(box, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(box, "7")
    done(panel, qtbot, panel.head.button.click)
    assert mechanism.command[-2:] == ("--after", "7")


def test_what_cannot_be_written_says_why_and_shows_what_can(
    panel: StartupPanel,
    mechanism: FakeMechanism,
    headless: FakeMechanism,
    controller: Controller,
    qtbot: QtBot,
) -> None:
    headless.available = True
    controller.set_value("autostart.mechanism", "systemd_unit")
    looked(panel, qtbot)
    evidence = panel.head.evidence.text()
    assert "systemd user service cannot start it in the tray." in evidence
    assert "This system has another way: Autostart folder." in evidence
    assert panel.head.button.text() == "Set up in another way"
    assert panel.plan.where.text == mechanism.where
    planned = plan_of(panel)
    done(panel, qtbot, panel.head.button.click)
    assert planned.endswith(" ".join(mechanism.command))
    mechanism.available = False
    controller.set_value("autostart.mechanism", "systemd_unit")
    looked(panel, qtbot)
    assert panel.plan.text.isHidden()
    assert panel.plan.notes.text() == "systemd user service cannot start it in the tray."


def test_text_of_the_plan_can_be_chosen_and_copied(panel: StartupPanel, qtbot: QtBot) -> None:
    text = panel.plan.text
    assert text.isReadOnly()
    text.setFocus()
    qtbot.keyClick(text, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == plan_of(panel)
    panel.plan.where.actions()[0].trigger()
    assert QApplication.clipboard().text() == "list desktop_file"
    assert text.verticalScrollBar().maximum() == 0


def test_way_that_knows_fewer_options_bars_more(
    panel: StartupPanel, mechanism: FakeMechanism, qtbot: QtBot
) -> None:
    mechanism.options = frozenset({MechanismOption.DELAY})  # type: ignore[misc]  # of the class elsewhere
    panel.options.fold.click()
    looked(panel, qtbot)
    barred = {name for name, row in panel.options.rows.items() if not row.editor.isEnabled()}
    assert barred == {
        "autostart.spread_s",
        "autostart.on_battery",
        "autostart.time_limit_min",
        "autostart.nice",
    }
