"""Which spans are offered for a comparison."""

from datetime import datetime

from aios_gui.history.changes.model import Change, ChangeKind
from aios_gui.history.comparison.suggested import Suggestion, Why, suggested
from aios_gui.history.comparison.words import suggestion_phrase
from aios_gui.record.model.timerange import TimeRange

S = 1_000_000_000
HOUR, DAY = 3600 * S, 86_400 * S


def local(month: int, day: int, hour: int = 0) -> int:
    return int(datetime(2025, month, day, hour).astimezone().timestamp()) * S


RECORD = TimeRange(local(1, 1), local(3, 1))


def of(found: list[Suggestion], why: Why) -> Suggestion | None:
    return next((each for each in found if each.why is why), None)


def test_the_time_before_and_the_week_before() -> None:
    span = TimeRange(local(2, 10), local(2, 12))
    found = suggested(span, RECORD, ())
    assert of(found, Why.JUST_BEFORE) == Suggestion(
        Why.JUST_BEFORE, TimeRange(local(2, 8), local(2, 10)), span
    )
    assert of(found, Why.WEEK_BEFORE) == Suggestion(
        Why.WEEK_BEFORE, TimeRange(local(2, 3), local(2, 5)), span
    )
    day = TimeRange(local(2, 11), local(2, 12))
    assert of(found, Why.SAME_WEEKDAY) == Suggestion(
        Why.SAME_WEEKDAY, TimeRange(local(2, 4), local(2, 5)), day
    )


def test_of_more_than_a_week_as_many_weeks_as_lie_apart() -> None:
    found = of(suggested(TimeRange(local(2, 10), local(2, 20)), RECORD, ()), Why.WEEK_BEFORE)
    assert found is not None
    assert found.a == TimeRange(local(1, 27), local(2, 6))
    assert suggestion_phrase(found) == "The same time 2 weeks before"


def test_nothing_that_the_record_does_not_reach_and_nothing_too_short() -> None:
    assert suggested(TimeRange(local(1, 2), local(1, 4)), RECORD, ()) == []
    assert suggested(TimeRange(local(2, 2, 1), local(2, 2, 4)), RECORD, ()) == []
    assert suggested(TimeRange(local(4, 2), local(4, 4)), RECORD, ()) == []


def test_around_what_changed_newest_first_as_far_as_the_record_reaches() -> None:
    changes = [
        Change(local(1, 10), ChangeKind.DRIVER, "drivers", "nvidia", "1", "2"),
        Change(local(2, 1), ChangeKind.BOOT, "kernel", "kernel"),
        Change(local(2, 26), ChangeKind.KERNEL, "kernel", "kernel", "6.1", "6.2"),
    ]
    found = [
        each
        for each in suggested(TimeRange(local(2, 10), local(2, 12)), RECORD, changes)
        if each.why is Why.AROUND_CHANGE
    ]
    assert [(each.a, each.b) for each in found] == [
        (TimeRange(local(2, 23), local(2, 26)), TimeRange(local(2, 26), local(3, 1))),
        (TimeRange(local(1, 3), local(1, 10)), TimeRange(local(1, 10), local(1, 17))),
    ]
    assert suggestion_phrase(found[1]).endswith("nvidia: 1 → 2")
