"""The collector works between beats only, and is given back in the end."""

import gc
from collections.abc import Iterator

import pytest

from aios_gui.heartbeat.garbage import GarbagePolicy

MS = 1_000_000


@pytest.fixture
def now() -> list[int]:
    return [1_000_000 * MS]


@pytest.fixture
def policy(now: list[int]) -> Iterator[GarbagePolicy]:
    policy = GarbagePolicy(lambda: now[0])
    policy.settle()
    yield policy
    policy.release()


def pile_up(count: int) -> list[list[int]]:
    return [[] for _ in range(count)]


def collections() -> list[int]:
    return [generation["collections"] for generation in gc.get_stats()]


def test_settled_nothing_is_collected_by_itself(policy: GarbagePolicy) -> None:
    assert not gc.isenabled()
    assert gc.get_freeze_count() > 1000
    before = collections()
    pile_up(50_000)
    assert collections() == before


def test_it_collects_when_the_next_beat_is_far(policy: GarbagePolicy, now: list[int]) -> None:
    piled = pile_up(8_000)
    before = collections()
    assert policy.collect_if_quiet(now[0] + 900 * MS)
    assert collections() != before
    assert gc.get_count()[0] < 8_000
    assert len(piled) == 8_000


def test_it_waits_when_the_next_beat_is_near(policy: GarbagePolicy, now: list[int]) -> None:
    piled = pile_up(8_000)
    assert not policy.collect_if_quiet(now[0] + 10 * MS)
    assert policy.collect_if_quiet(now[0] + 900 * MS)
    assert piled


def test_beats_that_follow_closely_do_not_let_it_pile_up_for_ever(
    policy: GarbagePolicy, now: list[int]
) -> None:
    piled = pile_up(60_000)
    assert policy.collect_if_quiet(now[0] + 10 * MS)
    assert piled


def test_with_little_to_collect_it_does_nothing(policy: GarbagePolicy, now: list[int]) -> None:
    gc.collect()
    assert not policy.collect_if_quiet(now[0] + 10_000 * MS)


@pytest.mark.parametrize("new", [0, 8_000])
def test_old_cycles_go_in_the_end(policy: GarbagePolicy, now: list[int], new: int) -> None:
    import weakref

    class Node:
        def __init__(self) -> None:
            self.itself = self

    node = Node()
    gone = weakref.ref(node)
    gc.collect(1)
    del node
    now[0] += 601_000 * MS
    piled = pile_up(new)
    assert not policy.collect_if_quiet(now[0] + 10 * MS)
    assert policy.collect_if_quiet(now[0] + 900 * MS)
    assert gone() is None
    assert not policy.collect_if_quiet(now[0] + 900 * MS)
    assert len(piled) == new


def test_free_memory_is_given_back_where_no_beat_is_near(now: list[int]) -> None:
    given: list[int] = []
    policy = GarbagePolicy(lambda: now[0], give_back=lambda: given.append(now[0]))
    for wait_ms, gap_ms, times in (
        (0, 5, 0),
        (0, 40, 1),
        (19_000, 40, 1),
        (2_000, 40, 2),
        (59_000, 40, 2),
        (2_000, 40, 3),
    ):
        now[0] += wait_ms * MS
        policy.collect_if_quiet(now[0] + gap_ms * MS)
        assert len(given) == times


def test_it_knows_how_much_of_a_span_the_last_collection_took(now: list[int]) -> None:
    policy = GarbagePolicy(lambda: now[0])
    policy.settle()
    try:
        start = now[0]

        def slow(phase: str, _info: dict[str, int]) -> None:
            if phase == "start":
                now[0] += 30 * MS

        gc.callbacks.append(slow)
        gc.collect()
        gc.callbacks.remove(slow)
        assert policy.overlap_ns(start - 100 * MS, start + 100 * MS) == 30 * MS
        assert policy.overlap_ns(start + 10 * MS, start + 20 * MS) == 10 * MS
        assert policy.overlap_ns(start + 40 * MS, start + 50 * MS) == 0
        assert policy.overlap_ns(start - 50 * MS, start - 10 * MS) == 0
    finally:
        policy.release()


def test_settling_twice_and_releasing_twice_is_as_once() -> None:
    before = list(gc.callbacks)
    policy = GarbagePolicy()
    policy.settle()
    policy.settle()
    assert len(gc.callbacks) == len(before) + 1
    policy.release()
    policy.release()
    assert gc.callbacks == before
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
