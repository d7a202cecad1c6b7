"""The span: one step leads back from wherever a person went, and only a span that ends now goes on by itself."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from aios_gui.history.analysis.model.smoke import DayMark
from aios_gui.history.model.distribution import Band
from aios_gui.record.model.timerange import TimeRange
from aios_gui.ui.history.navigation import Navigation
from aios_gui.ui.history.span_state import LEAST_NS, SpanState
from aios_gui.ui.history.strip import RecordStrip, day_of
from aios_gui.ui.history.words import day_sentence
from aios_gui.ui.theme import Theme
from tests.ui.fakes import Show

S = 1_000_000_000
DAY = 86_400 * S
WHOLE = TimeRange(1_000 * DAY, 1_100 * DAY)


def last(days: int) -> TimeRange:
    return TimeRange(WHOLE.end_ns - days * DAY, WHOLE.end_ns)


@pytest.fixture
def state(qapp: object) -> SpanState:
    made = SpanState(WHOLE, last(7))
    made.begin(WHOLE)
    return made


def told(state: SpanState) -> list[TimeRange]:
    found: list[TimeRange] = []
    state.changed.connect(found.append)
    return found


def test_a_drag_is_one_step_and_told_once_it_stands(state: SpanState) -> None:
    changed = told(state)
    moved: list[TimeRange] = []
    state.moved.connect(moved.append)
    for day in range(1, 6):
        state.drag(TimeRange(WHOLE.start_ns + day * DAY, WHOLE.start_ns + (day + 7) * DAY))
    assert (len(moved), changed) == (5, [])
    state.settle()
    assert changed == [state.span]
    state.settle()
    assert len(changed) == 1
    state.back()
    assert state.span == last(7)
    assert not state.can_go_back


def test_back_and_forward_as_in_a_browser(state: SpanState) -> None:
    visited = [last(30), TimeRange(WHOLE.start_ns, WHOLE.start_ns + DAY), last(1)]
    for span in visited:
        state.go(span)
    state.back()
    state.back()
    assert state.span == visited[0]
    state.forward()
    assert state.span == visited[1]
    state.go(last(50))
    assert not state.can_go_forward, "who goes elsewhere leaves the way forward"
    for _step in range(3):
        state.back()
    assert state.span == last(7)


def test_only_a_span_that_ends_now_goes_on_with_the_record(state: SpanState) -> None:
    state.know(TimeRange(WHOLE.start_ns, WHOLE.end_ns + DAY))
    assert state.live
    assert state.span == TimeRange(WHOLE.end_ns - 6 * DAY, WHOLE.end_ns + DAY)
    past = TimeRange(WHOLE.start_ns + DAY, WHOLE.start_ns + 2 * DAY)
    state.go(past)
    changed = told(state)
    state.know(TimeRange(WHOLE.start_ns, WHOLE.end_ns + 2 * DAY))
    assert (state.live, state.span, changed) == (False, past, [])
    state.back()
    assert state.span == TimeRange(WHOLE.end_ns - 5 * DAY, WHOLE.end_ns + 2 * DAY), "the last week of now"


def test_all_of_the_record_stays_all_of_it(state: SpanState) -> None:
    state.go(WHOLE)
    state.know(TimeRange(WHOLE.start_ns, WHOLE.end_ns + DAY))
    assert state.span == TimeRange(WHOLE.start_ns, WHOLE.end_ns + DAY)


def test_nothing_moves_under_a_brush_that_is_held(state: SpanState) -> None:
    held = TimeRange(WHOLE.end_ns - 3 * DAY, WHOLE.end_ns)
    state.drag(held)
    state.know(TimeRange(WHOLE.start_ns, WHOLE.end_ns + DAY))
    assert state.span == held


@given(st.floats(-30, 30), st.floats(0.0001, 1000), st.integers(0, 100 * DAY))
def test_no_way_on_leads_out_of_the_record_or_to_less_than_can_be_seen(
    share: float, factor: float, at_ns: int
) -> None:
    state = SpanState(WHOLE, last(7))
    for span in (state.panned(share), state.zoomed(factor, WHOLE.start_ns + at_ns), state.zoomed(factor)):
        assert WHOLE.start_ns <= span.start_ns < span.end_ns <= WHOLE.end_ns
        assert span.end_ns - span.start_ns >= LEAST_NS
    around = state.around(WHOLE.start_ns + at_ns)
    assert around.end_ns - around.start_ns == state.length_ns
    assert around.start_ns <= WHOLE.start_ns + at_ns <= around.end_ns


def test_zooming_keeps_the_moment_under_the_mouse(state: SpanState) -> None:
    at_ns = WHOLE.end_ns - 2 * DAY
    span = state.zoomed(0.5, at_ns)
    before = (at_ns - state.span.start_ns) / state.length_ns
    assert (at_ns - span.start_ns) / (span.end_ns - span.start_ns) == pytest.approx(before)


class Keyboard(QWidget):
    """Hands every key on."""

    def __init__(self, navigation: Navigation) -> None:
        super().__init__()
        self.navigation = navigation

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.navigation.take_key(event):
            event.ignore()


KEYS = {
    Qt.Key.Key_Left: TimeRange(WHOLE.end_ns - round(7.7 * DAY), WHOLE.end_ns - round(0.7 * DAY)),
    Qt.Key.Key_PageUp: TimeRange(WHOLE.end_ns - 14 * DAY, WHOLE.end_ns - 7 * DAY),
    Qt.Key.Key_Plus: TimeRange(WHOLE.end_ns - round(3.5 * DAY), WHOLE.end_ns),
    Qt.Key.Key_Minus: last(14),
    Qt.Key.Key_Home: TimeRange(WHOLE.start_ns, WHOLE.start_ns + 7 * DAY),
    Qt.Key.Key_PageDown: last(7),
}


@pytest.mark.parametrize("key", KEYS)
def test_keys_move_the_span_and_backspace_leads_back(state: SpanState, show: Show, key: Qt.Key) -> None:
    navigation = Navigation(state)
    keyboard = show(Keyboard(navigation))
    QTest.keyClick(keyboard, key)
    assert state.span == KEYS[key]
    QTest.keyClick(keyboard, Qt.Key.Key_Backspace)
    assert state.span == last(7)
    navigation.stop()


def test_keys_that_are_held_are_one_step(state: SpanState, show: Show) -> None:
    navigation = Navigation(state)
    keyboard = show(Keyboard(navigation))
    for _time in range(5):
        QTest.keyClick(keyboard, Qt.Key.Key_Left)
    QTest.keyClick(keyboard, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert state.span == last(7)
    assert not state.can_go_back
    QTest.keyClick(keyboard, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert state.span.end_ns == WHOLE.end_ns - 5 * round(0.7 * DAY)
    QTest.keyClick(keyboard, Qt.Key.Key_End)
    navigation.stop()
    assert (state.span, state.live) == (last(7), True)


def test_n_and_p_ask_for_hiccups_and_other_keys_are_left_to_others(state: SpanState, show: Show) -> None:
    navigation = Navigation(state)
    asked: list[bool] = []
    navigation.hiccup_wanted.connect(asked.append)
    keyboard = show(Keyboard(navigation))
    for key in (Qt.Key.Key_N, Qt.Key.Key_P, Qt.Key.Key_X):
        QTest.keyClick(keyboard, key)
    QTest.keyClick(keyboard, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert asked == [True, False]
    assert state.span == last(7)


def test_a_day_of_the_strip_says_by_what_it_is_judged() -> None:
    day = DayMark(86_400_000_000_000, Band.EXCELLENT, 1.0, 3, 86_400)
    assert day_sentence(day) == "1970-01-02: excellent by P99, 3 hiccups, recorded 100.00 %"
    # As in the table of days.
    assert day_sentence(replace(day, coverage=0.9998)).endswith("recorded 99.98 %")


def test_a_double_click_on_the_strip_shows_what_there_is_of_the_day(theme: Theme, show: Show) -> None:
    whole = TimeRange(WHOLE.start_ns, WHOLE.end_ns + DAY // 2)
    state = SpanState(whole, whole)
    strip = show(RecordStrip(state, Navigation(state), theme))
    strip.resize(600, strip.height())
    QTest.mouseDClick(
        strip, Qt.MouseButton.LeftButton, pos=QPoint(round(strip.frame.x((whole.end_ns - DAY // 8) / S)), 10)
    )
    day = day_of(whole.end_ns - 1)
    assert state.span == TimeRange(max(day.start_ns, whole.start_ns), whole.end_ns)
