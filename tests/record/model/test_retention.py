"""Age is counted along the record: no clock makes anything old by itself."""

from bisect import bisect_right
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.record.model.retention import DAY_US, LONGEST_PAUSE_US, oldest_to_keep_us

HOUR_US = DAY_US // 24
KEEP = 8 * DAY_US

steps = st.one_of(
    st.integers(1, 3 * HOUR_US),
    st.sampled_from((LONGEST_PAUSE_US - 1, LONGEST_PAUSE_US, LONGEST_PAUSE_US + 1)),
    st.integers(HOUR_US, 20 * DAY_US),
)
records = st.lists(steps, min_size=0, max_size=60).map(lambda found: moments_of(found))


def moments_of(spans: list[int]) -> list[int]:
    """Moments on record, as far apart as told."""
    moments = [1_000 * DAY_US]
    for span in spans:
        moments.append(moments[-1] + span)
    return moments


def oldest(moments: list[int], newest_us: int, span_us: int = KEEP) -> int | None:
    """As the store asks it."""

    def last_until(moment_us: int) -> int | None:
        place = bisect_right(moments, moment_us)
        return moments[place - 1] if place else None

    def first_after(moment_us: int) -> int | None:
        place = bisect_right(moments, moment_us)
        return moments[place] if place < len(moments) else None

    return oldest_to_keep_us(newest_us, span_us, last_until, first_after)


def counted(moments: list[int]) -> int:
    """How much time a record stands for."""
    return sum(b - a for a, b in pairwise(moments) if b - a <= LONGEST_PAUSE_US)


@given(records, st.integers(1, 20 * DAY_US))
def test_what_is_kept_stands_for_all_the_time_that_is_to_be_kept(moments: list[int], span_us: int) -> None:
    found = oldest(moments, moments[-1], span_us)
    if found is None:
        assert counted(moments) < span_us
        return
    kept = [found, *(moment for moment in moments if moment > found)]
    assert counted(kept) == span_us
    # One that is older by a moment is more than is to be kept.
    assert counted(moments) >= span_us


@given(records, st.lists(steps, max_size=20), st.integers(LONGEST_PAUSE_US + 1, 40_000 * DAY_US))
def test_a_clock_that_leads_by_more_than_a_day_removes_only_what_the_time_since_does(
    before: list[int], since: list[int], lead_us: int
) -> None:
    """Whether it is a wrong clock or three weeks off: what goes is what as much recording would have removed."""
    went_on = [before[-1] + sum(since[:count]) for count in range(1, len(since) + 1)]
    right = oldest([*before, *went_on], [*before, *went_on][-1])
    first_us = before[-1] + lead_us
    ahead = [first_us + sum(since[:count]) for count in range(len(since) + 1)]
    wrong = oldest([*before, *ahead], ahead[-1])
    if wrong is None or wrong > before[-1]:
        assert right is None or right >= before[-1]
    else:
        assert wrong == right


@given(records, st.integers(0, 40 * DAY_US))
def test_after_a_clock_was_set_back_nothing_goes_that_was_recorded_since_nor_what_is_dated_later(
    moments: list[int], back_us: int
) -> None:
    now = moments[-1] - back_us
    found = oldest(sorted([*moments, now]), now)
    assert found is None or found <= now - KEEP


def test_off_for_three_weeks_the_old_goes_once_as_much_was_recorded_again() -> None:
    old = [hour * HOUR_US for hour in range(8 * 24 + 1)]
    back = old[-1] + 21 * DAY_US
    assert oldest([*old, back], back) == 0
    for days in (1, 3, 7):
        again = [back + hour * HOUR_US for hour in range(days * 24 + 1)]
        assert oldest([*old, *again], again[-1]) == days * DAY_US
    again = [back + hour * HOUR_US for hour in range(9 * 24)]
    assert oldest([*old, *again], again[-1]) == again[-1] - KEEP


def test_nights_count_as_time() -> None:
    evenings = [day * DAY_US + hour * HOUR_US for day in range(30) for hour in range(18, 24)]
    assert oldest(evenings, evenings[-1]) == evenings[-1] - KEEP
