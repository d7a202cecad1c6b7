"""The window of time: follows until it is moved, and follows again when it is moved back."""

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.ui.live.time_window import GREATEST_SPAN_S, LEAST_FILLED_S, LEAST_SPAN_S, TimeWindow

NOW = 1_741_785_300.0


def test_moves_by_whole_pixels_only() -> None:
    window = TimeWindow(86_400.0, NOW)
    assert not window.advance(NOW + 1, 98.0)
    assert window.end_s == NOW
    assert window.advance(NOW + 98, 98.0)
    assert window.end_s == NOW + 98


def test_a_clock_set_back_is_followed() -> None:
    window = TimeWindow(900.0, NOW)
    assert window.advance(NOW - 3600, 1.0)
    assert window.end_s == NOW - 3600


def test_panning_back_stays_and_panning_to_now_follows() -> None:
    window = TimeWindow(900.0, NOW)
    window.pan(-450)
    assert not window.following
    assert not window.advance(NOW + 10, 1.0)
    assert window.end_s == NOW - 450
    window.pan(10_000)
    assert window.following
    assert window.end_s == NOW + 10


def test_zoom_keeps_the_moment_under_the_mouse() -> None:
    window = TimeWindow(900.0, NOW)
    window.pan(-5000)
    at_s = window.start_s + 300
    window.zoom(0.5, at_s)
    assert window.span_s == 450
    assert abs((at_s - window.start_s) / window.span_s - 1 / 3) < 1e-6


def test_zoom_while_following_keeps_the_newest() -> None:
    window = TimeWindow(900.0, NOW)
    window.zoom(2.0, NOW - 800)
    assert (window.following, window.end_s, window.span_s) == (True, NOW, 1800.0)


@given(st.lists(st.tuples(st.sampled_from(["pan", "zoom", "span"]), st.floats(-3, 3)), max_size=20))
def test_never_shows_the_future_nor_an_odd_span(moves: list[tuple[str, float]]) -> None:
    window = TimeWindow(900.0, NOW)
    for move, amount in moves:
        if move == "pan":
            window.pan(amount * window.span_s)
        elif move == "zoom":
            window.zoom(2.0**amount, window.start_s)
        else:
            window.choose_span(amount * 1e5)
        assert window.end_s <= NOW
        assert LEAST_SPAN_S <= window.span_s <= GREATEST_SPAN_S
        assert window.following == (window.end_s == NOW)


def test_a_young_record_fills_the_picture_until_it_is_as_long_as_the_span() -> None:
    window = TimeWindow(900.0, NOW)
    window.begin_s = NOW - 5
    assert window.shown_s == LEAST_FILLED_S
    window.advance(NOW + 115, 0.1)
    assert window.shown_s == 120
    window.advance(NOW + 5000, 0.1)
    assert window.shown_s == 900


def test_panning_a_young_record_does_not_change_its_scale() -> None:
    window = TimeWindow(900.0, NOW)
    window.begin_s = NOW - 100
    window.pan(-50)
    assert (window.start_s, window.end_s) == (NOW - 150, NOW - 50)
    window.choose_span(900)
    assert window.begin_s is None
