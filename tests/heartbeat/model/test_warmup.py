"""Warm-up ends when two windows agree at the end of one, or at the cap."""

from aios_gui.heartbeat.model.warmup import (
    MAXIMUM_BEATS,
    WINDOW_BEATS,
    Stability,
    WarmupReason,
    WarmupReport,
)


def report_of(stability: Stability) -> WarmupReport:
    return stability.report(7, WarmupReason.START, 1_700_000_000_000_000_000)


def feed(durations: list[int]) -> tuple[Stability, int]:
    """Feed until it is done; returns how many it took."""
    stability = Stability()
    for number, duration in enumerate(durations, start=1):
        stability.add(duration)
        if stability.done:
            return stability, number
    return stability, 0


def test_a_steady_beat_is_warm_after_two_windows() -> None:
    stability, taken = feed([500, *[100] * 300])
    assert taken == 2 * WINDOW_BEATS
    report = report_of(stability)
    assert (report.beats, report.cold_ns, report.before_ns, report.after_ns) == (taken, 500, 100, 100)
    assert (report.capped, report.took_ns) == (False, 7)


def test_a_beat_that_still_gets_faster_goes_on() -> None:
    durations = [1000] * 16 + [500] * 16 + [250] * 16 + [240] * 16 + [1] * 300
    _, taken = feed(durations)
    assert taken == 4 * WINDOW_BEATS


def test_a_beat_that_never_settles_is_given_up_at_the_cap() -> None:
    durations = [100 * 2 ** (number // WINDOW_BEATS % 2) for number in range(1000)]
    stability, taken = feed(durations)
    assert taken == MAXIMUM_BEATS
    assert report_of(stability).capped


def test_reaching_the_cap_in_agreement_is_no_giving_up() -> None:
    durations = [100 * 2 ** (number // WINDOW_BEATS % 2) for number in range(MAXIMUM_BEATS - 32)]
    stability = Stability()
    for duration in [*durations, *[50] * 32]:
        stability.add(duration)
    assert stability.done
    assert not report_of(stability).capped


def test_one_slow_beat_does_not_keep_it_from_being_warm() -> None:
    durations = [100] * 20 + [90_000] + [100] * 200
    assert feed(durations)[1] == 2 * WINDOW_BEATS


def test_ended_before_it_could_tell_it_has_not_agreed() -> None:
    stability = Stability()
    for _ in range(2 * WINDOW_BEATS - 1):
        stability.add(100)
    report = report_of(stability)
    assert report.capped
    assert (report.before_ns, report.after_ns) == (0, 0)


def test_single_beats_are_not_judged() -> None:
    stability = Stability()
    for _ in range(2 * WINDOW_BEATS - 1):
        stability.add(100)
    assert not stability.done
    assert stability.medians_ns is None
