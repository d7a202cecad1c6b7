"""Every declared setting gives a field that accepts exactly what the setting accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from aios_gui.instance.settings import DECLARED
from aios_gui.settings.model import Setting, SettingValue
from aios_gui.ui.settings.editors import (
    ChoiceEditor,
    Editor,
    KeysEditor,
    NumberEditor,
    SwitchEditor,
    TextEditor,
    editor_for,
)
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.number_box import stepped

TYPED = [each for each in DECLARED if each.kind in (int, float)]
WORDS = Setting("later.words", "calm")


class Told:
    """What a field told."""

    def __init__(self, editor: Editor) -> None:
        self.chosen: list[SettingValue] = []
        self.refused = ""
        editor.chosen.connect(self.chosen.append)
        editor.refused.connect(self._refuse)

    def _refuse(self, text: str) -> None:
        self.refused = text


@pytest.fixture
def make(theme: Theme) -> Iterator[Callable[[Setting], tuple[Editor, Told]]]:
    made: list[Editor] = []

    def build(setting: Setting) -> tuple[Editor, Told]:
        editor = editor_for(setting, theme)
        made.append(editor)
        editor.show_value(setting.default)
        return editor, Told(editor)

    yield build
    for editor in made:
        if isValid(editor):
            editor.revert()
            editor.deleteLater()


Make = Callable[[Setting], tuple[Editor, Told]]

TEXTS = st.one_of(
    st.text(max_size=12),
    st.integers(-(10**6), 10**6).map(str),
    st.floats(-(10**5), 10**5).map(str),
    st.sampled_from(["nan", "inf", "-inf", "1e309", "9" * 400, "0x10", "1_0", " 7 ", "+5", "1e2", "3.0"]),
)


@pytest.mark.parametrize("setting", [*TYPED, WORDS], ids=lambda setting: setting.name)
@limits(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=TEXTS)
@example(text="\ufeff")
def test_what_is_typed_counts_exactly_if_the_setting_accepts_it(
    make: Make, setting: Setting, text: str
) -> None:
    editor, told = make(setting)
    assert isinstance(editor, NumberEditor | TextEditor)
    editor.judge(text)
    assert told.chosen == []  # not before the typing has ended
    editor.settle()
    try:
        expected = [setting.read(text)]
    except ValueError:
        expected = []
    assert told.chosen == expected
    # Qt takes a byte order mark before a text for none of it.
    assert bool(told.refused) is (not expected and bool(text.removeprefix("\ufeff")))


@pytest.mark.parametrize("setting", [each for each in DECLARED if each.choices], ids=lambda each: each.name)
def test_choices_are_those_that_the_setting_accepts(make: Make, setting: Setting) -> None:
    editor, told = make(setting)
    assert isinstance(editor, ChoiceEditor)
    offered = [editor.box.itemData(index) for index in range(editor.box.count())]
    assert set(offered) <= set(setting.choices)
    assert setting.name == "autostart.mechanism" or offered == list(setting.choices)
    for index, choice in enumerate(offered):
        assert setting.check(choice) == choice
        editor.box.activated.emit(index)
    assert told.chosen == offered


def test_a_choice_of_another_system_is_shown_where_it_is_in_force(make: Make) -> None:
    editor, _told = make(DECLARED["autostart.mechanism"])
    assert isinstance(editor, ChoiceEditor)
    for choice in DECLARED["autostart.mechanism"].choices:
        editor.show_value(choice)
        assert editor.box.currentData() == choice
        assert editor.box.currentText()


@pytest.mark.parametrize(
    "setting", [each for each in DECLARED if each.kind is bool], ids=lambda each: each.name
)
def test_a_switch_is_on_or_off(make: Make, setting: Setting) -> None:
    editor, told = make(setting)
    assert isinstance(editor, SwitchEditor)
    assert editor.switch.isChecked() is setting.default
    editor.show()
    QTest.mouseClick(editor.switch, Qt.MouseButton.LeftButton)
    QTest.keyClick(editor.switch, Qt.Key.Key_Space)
    assert told.chosen == [not setting.default, setting.default]


@pytest.mark.parametrize("setting", [each for each in DECLARED if each.keys], ids=lambda each: each.name)
@pytest.mark.parametrize(
    ("pressed", "kept"), [("Ctrl+Alt+M", "Ctrl+Alt+M"), ("F7", "F7"), ("", ""), ("K", None), ("Ctrl+Z", None)]
)
def test_keys_are_pressed_and_those_that_type_are_refused(
    make: Make, setting: Setting, pressed: str, kept: str | None
) -> None:
    editor, told = make(setting)
    assert isinstance(editor, KeysEditor)
    editor.keys.setKeySequence(QKeySequence("Ctrl+Alt+L"))
    told.chosen.clear()
    editor.keys.setKeySequence(QKeySequence(pressed))
    assert told.chosen == ([] if kept is None else [kept])
    assert told.refused == (pressed if kept is None else "")


def test_enter_and_leaving_the_field_make_it_count_at_once(make: Make, qtbot: QtBot) -> None:
    editor, told = make(DECLARED["beat.interval_s"])
    assert isinstance(editor, NumberEditor)
    editor.show()
    editor.box.setFocus()
    editor.box.selectAll()
    QTest.keyClicks(editor.box, "0.5")
    QTest.keyClick(editor.box, Qt.Key.Key_Return)
    assert told.chosen == [0.5]
    editor.show_value(0.5)
    editor.box.selectAll()
    QTest.keyClicks(editor.box, "2")
    qtbot.waitUntil(lambda: told.chosen == [0.5, 2.0])


def test_arrow_keys_step_within_the_range(make: Make) -> None:
    editor, told = make(DECLARED["record.raw_days"])
    assert isinstance(editor, NumberEditor)
    QTest.keyClick(editor.box, Qt.Key.Key_Up)
    QTest.keyClick(editor.box, Qt.Key.Key_PageUp)
    editor.settle()
    assert told.chosen == [376]
    editor.show_value(2)
    QTest.keyClick(editor.box, Qt.Key.Key_PageDown)
    editor.settle()
    assert told.chosen == [376, 1]
    editor.box.setText("nothing")
    QTest.keyClick(editor.box, Qt.Key.Key_Up)
    assert editor.box.text() == "nothing"


@given(st.sampled_from(TYPED), st.data())
def test_a_step_up_and_down_stays_among_figures_that_can_be_read(
    setting: Setting, data: st.DataObject
) -> None:
    value = data.draw(st.floats(setting.minimum, setting.maximum))
    for steps in (1, -1, 10, -10):
        there = stepped(
            float(setting.check(round(value))) if setting.kind is int else value, steps, setting.kind is int
        )
        wanted = min(setting.maximum or 0, max(setting.minimum or 0, there))
        assert setting.read(setting.written(setting.check(wanted))) == setting.check(wanted)


def test_escape_brings_back_what_is_in_force(make: Make) -> None:
    editor, told = make(DECLARED["beat.interval_s"])
    assert isinstance(editor, NumberEditor)
    editor.box.selectAll()
    QTest.keyClicks(editor.box, "9999")
    assert told.refused == "9999"
    QTest.keyClick(editor.box, Qt.Key.Key_Escape)
    assert (editor.box.text(), told.refused, told.chosen) == ("1", "", [])


def test_what_is_being_typed_stays_while_something_else_changes(make: Make) -> None:
    editor, _told = make(DECLARED["beat.interval_s"])
    assert isinstance(editor, NumberEditor)
    editor.box.selectAll()
    QTest.keyClicks(editor.box, "99")
    editor.show_value(1.0)
    assert editor.box.text() == "99"
    editor.show_value(2.0)  # and goes where the very setting is changed elsewhere
    assert editor.box.text() == "2"


@pytest.mark.parametrize("name", ["window.theme", "beat.interval_s"])
def test_the_wheel_moves_the_page_and_not_the_value(make: Make, name: str) -> None:
    editor, told = make(DECLARED[name])
    wheel = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPointF(0, 0).toPoint(),
        QPointF(0, -120).toPoint(),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    editor.field.event(QEvent(QEvent.Type.Enter))
    editor.field.wheelEvent(wheel)
    assert not wheel.isAccepted()
    assert told.chosen == []
