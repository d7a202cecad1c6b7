"""The chart of the first beats: its series, its labels that never cover anything, and when it is drawn."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from aios_gui.heartbeat.model.warmup_stats import FirstBeats, WarmupStatus
from aios_gui.ui.theme import Theme
from aios_gui.ui.warmup.first_beats_card import (
    FirstBeatsPlot,
    FirstBeatsScene,
    apart,
    description,
    median_ns,
    rows,
)
from tests.ui.warmup.warmth import NOW_NS, a_status

FULL = FirstBeatsScene.of(a_status(NOW_NS))


@pytest.fixture
def plot(theme: Theme, qtbot: QtBot) -> Iterator[FirstBeatsPlot]:
    # Within another widget, as in the panel: pyqtgraph's own way to close a view would end it too early.
    around = QWidget()
    qtbot.addWidget(around)
    made = FirstBeatsPlot(theme, around)
    made.resize(680, 210)
    around.resize(1200, 400)
    around.show()
    made.show_scene(FULL)
    yield made
    around.hide()


def test_a_beat_without_rehearsal_took_what_it_took() -> None:
    scene = FirstBeatsScene.of(WarmupStatus(first=FirstBeats((24_000, 90_000), (110_000, 0), (800_000,))))
    assert scene.rehearsed == ((1, 24_000),)
    assert scene.unrehearsed == ((1, 110_000), (2, 90_000))
    assert scene.cold == ((1, 800_000),)
    assert scene.extremes == (24_000, 800_000)
    assert [fact.text for fact in rows(scene)[0]] == ["1", "24 µs", "110 µs", "800 µs"]
    assert [fact.text for fact in rows(scene)[1]] == ["2", "–", "90 µs", "–"]


def test_every_series_is_named_at_the_right(plot: FirstBeatsPlot) -> None:
    assert [label for label, _box in plot.labels] == [
        "first run 940 µs",
        "after cooling down",
        "without rehearsal",
        "with rehearsal",
    ]
    assert plot.accessibleName() == "The first 60 beats: each dot is one beat"
    assert plot.accessibleDescription() == description(FULL)


@pytest.mark.parametrize(("width", "height"), [(680, 210), (1100, 320), (600, 110), (300, 110)])
@pytest.mark.parametrize("alike", [False, True])
def test_labels_cover_neither_each_other_nor_the_beats(
    plot: FirstBeatsPlot, width: int, height: int, alike: bool
) -> None:
    same = tuple((number, 100_000) for number in range(1, 61))
    plot.show_scene(FirstBeatsScene(same, same, same, 100_000) if alike else FULL)
    plot.resize(width, height)
    boxes = [box for _label, box in plot.labels]
    for one, other in itertools.combinations(boxes, 2):
        assert not one.intersects(other.adjusted(0, 0.5, 0, -0.5))
    for box in boxes:
        assert box.left() > plot.frame.rect.right()
        assert QRectF(plot.rect()).contains(box)


@given(
    st.lists(st.floats(0, 200), min_size=1, max_size=4).map(sorted),
)
def test_heights_are_apart_and_within(wanted: list[float]) -> None:
    placed = apart(wanted, 15.0, 0.0, 200.0)
    assert all(after - before >= 15.0 - 1e-9 for before, after in itertools.pairwise(placed))
    assert placed[0] >= -1e-9
    assert placed[-1] <= 200.0 + 1e-9


def test_it_is_painted_only_where_the_beats_are_others(
    plot: FirstBeatsPlot, count_paints: Callable[..., object]
) -> None:
    plot.grab()
    QApplication.processEvents()
    counter = count_paints(plot.viewport())
    plot.show_scene(replace(FULL))
    QApplication.processEvents()
    assert counter.count == 0  # type: ignore[attr-defined]
    plot.show_scene(replace(FULL, first_run_ns=0))
    QApplication.processEvents()
    assert counter.count == 1  # type: ignore[attr-defined]


def test_drawn_again_and_again_no_picture_of_a_dot_is_kept_twice(plot: FirstBeatsPlot) -> None:
    def kept() -> list[int]:
        plot.grab()
        return [len(dots.fragmentAtlas) for dots in plot._dots]

    before = kept()
    for number in range(20):
        plot.show_scene(replace(FULL, first_run_ns=900_000 + number))
        plot.grab()
    assert kept() == before
    assert max(before) == 1


def test_an_empty_chart_says_so(plot: FirstBeatsPlot) -> None:
    plot.show_scene(FirstBeatsScene())
    assert plot.labels == []
    assert plot.accessibleDescription() == "No beats yet"
    assert median_ns(()) == 0
    plot.grab()


def test_a_beat_is_read_under_the_mouse(plot: FirstBeatsPlot) -> None:
    left, width = plot.frame.rect.left(), plot.frame.rect.width()
    first, _name, *series = plot.tip_at(left + width * 2 / 62).splitlines()
    assert first == "Beat 1"
    assert series[-1].startswith("with rehearsal ")
    assert plot.tip_at(left + width / 62) == "First run\nfirst run 940 µs"
    assert plot.tip_at(left - 50) == ""
    # The pointer of the machine itself is moved by each system as it likes.
    place, none = QPointF(left + width / 2, 50), Qt.MouseButton.NoButton
    moved = QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        plot.viewport().mapToGlobal(place),
        none,
        none,
        Qt.KeyboardModifier.NoModifier,
    )
    QCoreApplication.sendEvent(plot.viewport(), moved)
    assert plot.toolTip().startswith("Beat ")


def test_the_wheel_scrolls_the_page_around_it(plot: FirstBeatsPlot) -> None:
    at = QPointF(100, 100)
    event = QWheelEvent(
        at,
        at,
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    plot.wheelEvent(event)
    assert not event.isAccepted()
