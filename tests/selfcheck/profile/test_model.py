"""Costs by the nearest rank, and what the timing of stages adds."""

from aios_gui.selfcheck.profile.model import Cost, Profile


def test_a_cost_has_median_and_99th_percentile() -> None:
    assert Cost.of([*range(1, 101)]) == Cost(100, 50, 99)
    assert Cost.of([7]) == Cost(1, 7, 7)
    assert Cost.of([]) == Cost()


def test_the_difference_is_what_timing_adds_and_may_be_negative_in_noise() -> None:
    profile = Profile(10, "fake", (), Cost(10, 20, 50), Cost(10, 22, 49), Cost(), Cost())
    assert (profile.difference_p50_ns, profile.difference_p99_ns) == (2, -1)
