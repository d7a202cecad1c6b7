"""A late wake-up is divided without remainder, and the greatest part names the cause."""

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.lateness import WakeEvidence, split_lateness

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
