"""A late wake-up is divided without remainder, and the greatest part names the cause."""

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.beat import Cause, LatenessSplit
from aios_gui.heartbeat.model.items import Event, EventKind, hiccup_event, hiccup_split
from aios_gui.heartbeat.model.lateness import WakeEvidence, cut_to, split_lateness
from aios_gui.heartbeat.model.stall import SeenBy, Stall

spans = st.integers(0, 10**11)
maybe = st.none() | spans


@given(lateness=spans, run_queue=maybe, own_cpu=maybe, stolen=maybe)
def test_the_parts_add_up_and_the_cause_is_the_greatest(
    lateness: int, run_queue: int | None, own_cpu: int | None, stolen: int | None
) -> None:
    split = split_lateness(lateness, WakeEvidence(run_queue, own_cpu, stolen), "culprit")
    parts = {
        Cause.STOLEN: split.stolen_ns,
        Cause.RUN_QUEUE: split.run_queue_ns,
        Cause.SELF_INFLICTED: split.self_inflicted_ns,
        Cause.FROZEN: split.frozen_ns,
    }
    assert sum(parts.values()) == lateness
    assert all(part >= 0 for part in parts.values())
    if run_queue is None and own_cpu is None:
        assert split.cause is Cause.UNKNOWN
    else:
        assert parts[split.cause] == max(parts.values())
        assert bool(split.culprit) == (split.self_inflicted_ns > 0)


@given(lateness=spans, run_queue=maybe, own_cpu=maybe, stolen=maybe, length=spans)
def test_the_parts_of_a_part_of_it_are_never_more_than_that(
    lateness: int, run_queue: int | None, own_cpu: int | None, stolen: int | None, length: int
) -> None:
    whole = split_lateness(lateness, WakeEvidence(run_queue, own_cpu, stolen), "culprit")
    split = cut_to(whole, length)
    parts = split.run_queue_ns, split.self_inflicted_ns, split.frozen_ns, split.stolen_ns
    assert sum(parts) == min(length, lateness)
    assert min(parts) >= 0
    assert (split.cause is Cause.UNKNOWN) == (whole.cause is Cause.UNKNOWN)
    if length >= lateness:
        assert split == whole


def test_a_wait_for_a_core_is_the_machine_short_of_cpu() -> None:
    split = split_lateness(10_000_000, WakeEvidence(9_000_000, 10_000_000))
    assert split.cause is Cause.RUN_QUEUE


def test_own_cpu_in_it_is_self_inflicted_and_names_who() -> None:
    split = split_lateness(120_000_000, WakeEvidence(0, 118_000_000), "json.dumps")
    assert (split.cause, split.culprit) == (Cause.SELF_INFLICTED, "json.dumps")


def test_a_little_own_cpu_blames_nobody_here() -> None:
    split = split_lateness(100_000_000, WakeEvidence(0, 49_000_000), "paint")
    assert (split.cause, split.self_inflicted_ns, split.culprit) == (Cause.FROZEN, 0, "")


def test_neither_is_frozen_from_outside() -> None:
    assert split_lateness(5_000_000_000, WakeEvidence(100_000, 300_000)).cause is Cause.FROZEN


def test_without_a_run_queue_own_cpu_alone_decides() -> None:
    assert split_lateness(50_000_000, WakeEvidence(None, 50_000_000)).cause is Cause.SELF_INFLICTED
    assert split_lateness(50_000_000, WakeEvidence(None, 0)).cause is Cause.FROZEN


def test_what_the_host_took_is_told_apart_where_it_was_half_of_it() -> None:
    split = split_lateness(100_000_000, WakeEvidence(90_000_000, 0, 80_000_000))
    assert (split.cause, split.stolen_ns, split.run_queue_ns) == (Cause.STOLEN, 80_000_000, 20_000_000)
    split = split_lateness(100_000_000, WakeEvidence(90_000_000, 0, 40_000_000))
    assert (split.cause, split.stolen_ns) == (Cause.RUN_QUEUE, 0)


def test_a_stall_that_is_part_of_a_late_wake_up_has_no_parts_beyond_its_length() -> None:
    # The alarm passed while the beat before was held up by this program for 79 ms; that stall was told already.
    ms, second = 1_000_000, 1_000_000_000
    late = split_lateness(233 * ms, WakeEvidence(154 * ms, 79 * ms), "paint")
    expected = LatenessSplit(154 * ms, 0, 0, Cause.RUN_QUEUE)
    told = hiccup_event(Stall(second, 154 * ms, SeenBy.BEAT, 7, 0, late))
    assert hiccup_split(told) == expected
    assert (told.facts["run_queue_ns"], told.facts["self_inflicted_ns"]) == (154 * ms, 0)
    kept = {"cause": 1, "run_queue_ns": 154 * ms, "self_inflicted_ns": 79 * ms, "frozen_ns": 0}
    before = Event(EventKind.HICCUP, second, 7, {"lateness_ns": 154 * ms, **kept})
    assert hiccup_split(before) == expected, "as a record of before has it"
    assert hiccup_split(Event(EventKind.HICCUP, second, 7, {"lateness_ns": 154 * ms})) is None
