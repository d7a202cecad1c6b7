"""What warming, cooling and rehearsing did is read off the beats that came after."""

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.items import Event, EventKind, RecordedBeat
from aios_gui.heartbeat.model.warmup_stats import FIRST_BEATS, UNREHEARSED_BEATS, WarmupStats
from tests.fakes import WALL, recorded_beat


def beat(seq: int, duration_ns: int, unrehearsed_ns: int | None = None) -> RecordedBeat:
    made = recorded_beat(seq, duration_ns=duration_ns, rehearsed=unrehearsed_ns is not None)
    return RecordedBeat(
        **{name: getattr(made, name) for name in RecordedBeat.__slots__} | {"unrehearsed_ns": unrehearsed_ns}
    )


def event(kind: EventKind, seq: int, **facts: float | str) -> Event:
    return Event(kind, WALL, seq, facts)


def test_the_next_beat_shows_what_an_action_did() -> None:
    figures = WarmupStats()
    figures.add_event(event(EventKind.COOLED_DOWN, 7, beats=60), 23_000)
    figures.add_beat(beat(6, 24_000))  # was on its way already
    before = figures.effect
    assert before is not None
    assert before.next_beat_ns is None
    figures.add_beat(beat(7, 812_000))
    figures.add_beat(beat(8, 110_000))
    after = figures.effect
    assert after is not None
    assert (after.next_beat_ns, after.usual_ns) == (812_000, 23_000)


def test_a_later_action_takes_the_place_of_an_earlier_one() -> None:
    figures = WarmupStats()
    figures.add_event(event(EventKind.WARMED_UP, 3, reason="asked"), 0)
    figures.add_event(event(EventKind.REHEARSAL_CHANGED, 4, mode="off"), 0)
    assert figures.effect is not None
    assert (figures.effect.kind, figures.effect.word) == (EventKind.REHEARSAL_CHANGED, "off")


def test_first_beats_are_kept_apart_by_what_came_before_them() -> None:
    figures = WarmupStats()
    figures.add_event(event(EventKind.WARMED_UP, 0, reason="start"), 0)
    figures.add_beat(beat(0, 24, 100))
    figures.add_beat(beat(1, 23, None))
    figures.add_event(event(EventKind.COOLED_DOWN, 2, beats=60), 23)
    figures.add_beat(beat(2, 800))
    figures.add_event(event(EventKind.WARMED_UP, 3, reason="asked"), 23)
    first = figures.first
    assert (first.warm, first.unrehearsed, first.cold) == ((24, 23), (100, 0), (800,))
    figures.add_beat(beat(3, 25, 90))
    assert (figures.first.warm, figures.first.cold) == ((25,), (800,))


@given(st.lists(st.tuples(st.integers(1, 10**6), st.none() | st.integers(1, 10**6)), max_size=100))
def test_only_the_first_are_kept_and_only_rehearsed_ones_tell_what_rehearsing_saves(
    costs: list[tuple[int, int | None]],
) -> None:
    figures = WarmupStats()
    figures.add_event(event(EventKind.WARMED_UP, 0, reason="start"), 0)
    for seq, (cost, unrehearsed) in enumerate(costs):
        figures.add_beat(beat(seq, cost, unrehearsed))
    kept = costs[:FIRST_BEATS]
    assert figures.first.warm == tuple(cost for cost, _ in kept)
    assert figures.first.unrehearsed == tuple(unrehearsed or 0 for _, unrehearsed in kept)
    told = [unrehearsed for _, unrehearsed in costs if unrehearsed is not None]
    assert figures.unrehearsed.count == min(len(told), UNREHEARSED_BEATS)
    assert figures.unrehearsed.maximum == max(told, default=0)
