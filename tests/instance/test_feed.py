"""The feed in memory: items in order, none twice, none lost unseen, also while another thread publishes."""

import threading
from collections.abc import Iterable
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.items import LiveItem, RecordedBeat
from aios_gui.instance.feed import RecentItems, _LazySnapshot
from aios_gui.instance.model.snapshot import Snapshot
from tests.fakes import recorded_beat


def seqs(items: Iterable[LiveItem]) -> list[int]:
    """The numbers of the beats among them."""
    return [item.seq for item in items if isinstance(item, RecordedBeat)]


@given(capacity=st.integers(1, 20), steps=st.lists(st.integers(0, 12), max_size=20), looks=st.integers(1, 4))
def test_a_reader_gets_each_item_once_or_is_told_that_some_are_gone(
    capacity: int, steps: list[int], looks: int
) -> None:
    recent = RecentItems(capacity)
    made, cursor, seen = 0, 0, 0
    for number, count in enumerate(steps):
        beats = [recorded_beat(made + n) for n in range(count)]
        made += count
        recent.publish(beats, partial(Snapshot, made=made))
        assert recent.snapshot.made == made
        if number % looks:
            continue
        cursor, items = recent.since(cursor)
        if items is None:
            assert made - seen > capacity
        else:
            assert seqs(items) == list(range(seen, made))
        seen = made
    assert seqs(recent.kept()) == list(range(max(0, made - capacity), made))


def test_what_is_published_during_a_look_comes_with_the_next() -> None:
    class Overtaking(RecentItems):
        """The publisher adds to the items right after the reader has read their count."""

        overtaken = False

        def __getattribute__(self, name: str) -> object:
            value = super().__getattribute__(name)
            if name == "_published" and not self.overtaken and value[0] == 10:
                self.overtaken = True
                items = super().__getattribute__("_items")
                for n in (10, 11):
                    items.append((n + 1, recorded_beat(n)))
            return value

    recent = Overtaking()
    recent.publish([recorded_beat(n) for n in range(8)], Snapshot)
    cursor, _ = recent.since(0)
    recent._published = (10, _LazySnapshot(Snapshot))
    recent._items.extend((n + 1, recorded_beat(n)) for n in (8, 9))
    cursor, items = recent.since(cursor)
    assert recent.overtaken
    assert items is not None
    assert seqs(items) == [8, 9]
    recent._published = (12, _LazySnapshot(Snapshot))
    assert seqs(recent.since(cursor)[1] or ()) == [10, 11]


def test_a_cursor_of_another_feed_means_read_again() -> None:
    recent = RecentItems()
    recent.publish([recorded_beat(0)], Snapshot)
    assert recent.since(99) == (1, None)


def test_the_picture_is_made_once_and_only_where_somebody_looks() -> None:
    made: list[int] = []

    def draw(number: int) -> Snapshot:
        made.append(number)
        return Snapshot(made=number)

    recent = RecentItems()
    for number in range(3):
        recent.publish([recorded_beat(number)], partial(draw, number))
    assert made == []
    first = recent.snapshot
    assert recent.snapshot is first
    assert made == [first.made] == [2]


def test_read_while_it_is_published() -> None:
    recent = RecentItems(100_000)

    def publish() -> None:
        for start in range(0, 30_000, 3):
            recent.publish([recorded_beat(start + n) for n in range(3)], Snapshot)

    publisher = threading.Thread(target=publish)
    publisher.start()
    seen: list[int] = []
    cursor = 0
    while publisher.is_alive() or cursor < 30_000:
        cursor, items = recent.since(cursor)
        assert items is not None
        seen += seqs(items)
    publisher.join()
    assert seen == list(range(30_000))
