"""Stalls by the kernel's account: one hiccup for what goes on, none for what the beat's thread has felt."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.stalled import LONGEST_NS, StalledRound, StallSpotter
from tests.fakes import MS, WALL, S


class Rounds:
    """A second each."""

    def __init__(self, calm: int = 10) -> None:
        self.spotter = StallSpotter()
        self.at_ns = WALL - 10 * S
        for _calm in range(calm):
            self.make()
        self.at_ns = WALL

    def make(self, felt: tuple[Event, ...] = (), length_ns: int = S, **stalled_ms: int) -> list[Event]:
        start_ns, self.at_ns = self.at_ns, self.at_ns + length_ns
        stalled_ns = {name: ms * MS for name, ms in stalled_ms.items()}
        return self.spotter.take(StalledRound(start_ns, self.at_ns, stalled_ns), felt)


def test_a_round_with_too_much_of_it_is_a_stall_of_that_length() -> None:
    rounds = Rounds()
    assert rounds.make(io=300, cpu=149, memory=49) == []
    (stall,) = rounds.make()
    assert (stall.kind, stall.wall_ns, stall.seq) == (EventKind.RESOURCE_STALL, WALL + S, None)
    assert stall.facts == {
        "lateness_ns": 300 * MS,
        "missed": 0,
        "seen_by": "kernel",
        "resource": "io",
        "stalled_ns": 300 * MS,
    }
    assert rounds.make() == []


def test_what_goes_on_from_round_to_round_is_one() -> None:
    rounds = Rounds()
    for stalled_ms in (300, 1000, 1000, 200):
        assert rounds.make(io=stalled_ms) == []
    (stall,) = rounds.make(io=30)
    # From the last 300 ms of the first second to the first 200 ms of the fourth.
    assert stall.wall_ns == WALL + 3200 * MS
    assert (stall.facts["lateness_ns"], stall.facts["stalled_ns"]) == (2500 * MS, 2500 * MS)


def test_what_is_stalled_on_all_the_time_is_no_stall_but_what_comes_on_top_of_it_is() -> None:
    rounds = Rounds(0)
    assert [each for number in range(600) for each in rounds.make(cpu=20 + number % 3 * 10, io=40)] == []
    assert rounds.make(cpu=110, io=80) == []
    assert rounds.make(cpu=30, io=40) == []
    assert rounds.make(cpu=30, io=160) == []
    (stall,) = rounds.make(cpu=30, io=40)
    assert stall.facts["resource"] == "io"


def test_on_a_restless_machine_a_stall_has_to_stand_out() -> None:
    rounds = Rounds(0)
    chance = Random(1)
    found = [each for _round in range(600) for each in rounds.make(io=chance.choice((0, 10, 60, 79)))]
    assert found == []
    rounds.make(io=100)
    assert rounds.make(io=20) == []
    rounds.make(io=600)
    assert len(rounds.make(io=20)) == 1


def test_one_that_two_rounds_share_is_one() -> None:
    rounds = Rounds()
    assert [each for _round in range(60) for each in rounds.make()] == rounds.make(io=40) == []
    assert not rounds.spotter.is_stalled
    assert rounds.make(io=30) == []
    assert rounds.spotter.is_stalled
    (stall,) = rounds.make()
    assert 60 * MS < int(stall.facts["lateness_ns"]) <= 70 * MS
    assert WALL + 61 * S + 20 * MS < stall.wall_ns <= WALL + 61 * S + 30 * MS
    assert rounds.make(io=40) == rounds.make() == rounds.make(io=40) == rounds.make() == []


def test_right_after_the_start_nothing_is_known_to_be_unusual() -> None:
    rounds = Rounds(0)
    assert [each for _round in range(100) for each in rounds.make(cpu=900, io=300)] == []
    rounds.make(io=900)
    assert len(rounds.make(cpu=900, io=300)) == 1


def test_two_resources_are_two() -> None:
    rounds = Rounds()
    rounds.make(io=300, cpu=900)
    assert {each.facts["resource"] for each in rounds.make()} == {"cpu", "io"}


def test_two_that_end_with_one_round_have_each_a_microsecond_of_their_own() -> None:
    rounds = Rounds()
    rounds.make(cpu=400, io=300, memory=300)
    stalls = rounds.make()
    assert [each.facts["resource"] for each in stalls] == ["cpu", "io", "memory"]
    assert len({each.wall_ns // 1000 for each in stalls}) == 3
    assert all(0 <= WALL + S - each.wall_ns < MS for each in stalls)


def test_one_without_an_end_is_told_of_every_minute_until_it_is_what_is_usual() -> None:
    rounds = Rounds()
    found = [each for _round in range(3600) for each in rounds.make(cpu=1000)]
    assert 2 <= len(found) <= 8
    assert all(each.facts["lateness_ns"] <= LONGEST_NS for each in found)  # type: ignore[operator]


def test_what_the_beats_thread_has_felt_is_not_told_twice() -> None:
    rounds = Rounds()
    felt = Event(EventKind.HICCUP, WALL + S, 1, {"lateness_ns": 920 * MS})
    assert rounds.make((felt,), cpu=950, io=950) == []
    assert rounds.make() == []


def test_a_span_in_which_no_rounds_were_made_is_none() -> None:
    rounds = Rounds()
    rounds.make(length_ns=3600 * S, io=900_000)
    rounds.make(length_ns=0, io=900)
    rounds.make(length_ns=-S, io=900)
    assert rounds.make() == []


def test_what_is_felt_in_the_midst_of_one_does_not_divide_it() -> None:
    rounds = Rounds()
    felt = Event(EventKind.HICCUP, WALL + 2 * S, 1, {"lateness_ns": 900 * MS})
    assert rounds.make(cpu=950) == rounds.make((felt,), cpu=950) == rounds.make(cpu=950) == []
    (stall,) = rounds.make()
    assert stall.facts["lateness_ns"] == 2900 * MS


@given(
    st.lists(
        st.tuples(st.integers(-10 * S, 100 * S), st.integers(0, 10 * S), st.integers(0, 2 * S)), max_size=20
    )
)
def test_no_length_is_negative(steps: list[tuple[int, int, int]]) -> None:
    rounds = Rounds()
    for length_ns, stalled_ns, felt_ns in steps:
        felt = (Event(EventKind.HICCUP, WALL, 1, {"lateness_ns": felt_ns}),) if felt_ns else ()
        for stall in rounds.make(felt, length_ns, io=stalled_ns // MS):
            assert int(stall.facts["lateness_ns"]) >= 0
            assert int(stall.facts["stalled_ns"]) > 0
    assert StalledRound(0, 0, {"io": 5}).percent("io") == 100.0
