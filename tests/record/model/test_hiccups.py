"""Any number of hiccups is counted; of very many, only the events of the longest are kept."""

from __future__ import annotations

from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.record.model.hiccups import MOST_EVENTS, Hiccups

S = 1_000_000_000
MS = 1_000_000


def hiccup(at_ns: int, lateness_ns: int = 60 * MS) -> Event:
    return Event(EventKind.HICCUP, at_ns, None, {"lateness_ns": lateness_ns})


def test_a_few_are_all_there_in_the_order_of_time() -> None:
    events = [hiccup(number * S) for number in (3, 1, 2)]
    found = Hiccups(events)
    assert found.events == sorted(events, key=lambda event: event.wall_ns)
    assert (len(found), found.count(1 * S, 2 * S), found.count(4 * S, 9 * S)) == (3, 2, 0)


def test_one_that_was_stored_in_microseconds_is_the_same() -> None:
    found = Hiccups([hiccup(5 * S + 1000)])
    assert not found.add(hiccup(5 * S + 1999))
    assert not found.add(hiccup(5 * S + 1))
    assert found.add(hiccup(5 * S))
    assert found.add(hiccup(5 * S + 2000))
    assert len(found) == 3


def test_however_many_there_are_the_longest_stay_and_all_are_counted() -> None:
    count = 5 * MOST_EVENTS
    long = {number * S: (number + 1) * MS for number in (1, 500, count // 2, count)}
    found = Hiccups(hiccup(at, long.get(at, 60_000)) for at in range(S, (count + 1) * S, S))
    assert len(found.events) <= MOST_EVENTS
    assert found.events == sorted(found.events, key=lambda event: event.wall_ns)
    assert long.keys() <= {event.wall_ns for event in found.events}
    assert (len(found), found.count(S, 500 * S)) == (count, 500)
    # One whose event is gone is still known.
    assert not any(found.add(hiccup(at)) for at in range(S, count * S, 97 * S))
    assert len(found) == count


def test_those_before_a_moment_are_let_go() -> None:
    found = Hiccups(hiccup(number * S) for number in range(10))
    found.trim(4 * S)
    assert (len(found), [event.wall_ns for event in found.events][:1]) == (6, [4 * S])


def test_a_copy_goes_its_own_way() -> None:
    found = Hiccups([hiccup(S)])
    other = found.copy()
    other.add(hiccup(2 * S))
    other.trim(2 * S)
    assert (len(found), len(found.events), len(other), len(other.events)) == (1, 1, 1, 1)
