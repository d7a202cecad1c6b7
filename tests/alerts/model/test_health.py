"""Health and its reasons, and what counts as an alert."""

from dataclasses import replace

from aios_gui.alerts.model.health import (
    FiringCount,
    Health,
    HealthState,
    Reason,
    ReasonKind,
    health_over,
)
from aios_gui.alerts.model.incident import Incident, IncidentMark, Silence
from aios_gui.alerts.model.rules import Level
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.record.model.hour import Hour

FINE = Hour(100, duration_ns=100 * 25_000, cpu_beats=100, cpu_sum=2_000, memory_beats=100, memory_sum=4_000)
QUICK = Percentiles(100, 25_000, 30_000, 40_000, 50_000)
SINCE = 1_000_000
INCIDENT = Incident(7, "cpu", "cpu_percent", Level.CRITICAL, SINCE + 1, 99.0, 80.0)


def test_a_machine_that_is_well() -> None:
    assert health_over(FINE, QUICK) == Health(HealthState.HEALTHY)


def test_too_few_beats_say_nothing() -> None:
    assert health_over(Hour(59), QUICK) is None


def test_the_first_beats_after_an_earlier_run_have_no_p95() -> None:
    first = Percentiles(1, 250_000_000, 250_000_000, 250_000_000, 250_000_000)
    assert health_over(FINE, first) == Health()


def test_each_reason() -> None:
    cases: list[tuple[Hour, Percentiles, HealthState, tuple[ReasonKind, float]]] = [
        (replace(FINE, duration_ns=100 * 101_000_000), QUICK, HealthState.DEGRADED, (ReasonKind.MEAN, 101.0)),
        (FINE, replace(QUICK, p95=201_000_000), HealthState.DEGRADED, (ReasonKind.P95, 201.0)),
        (replace(FINE, cpu_sum=8_100), QUICK, HealthState.WARNING, (ReasonKind.CPU, 81.0)),
        (replace(FINE, memory_sum=8_600), QUICK, HealthState.WARNING, (ReasonKind.MEMORY, 86.0)),
        (replace(FINE, firings=11), QUICK, HealthState.WARNING, (ReasonKind.ALERTS, 11.0)),
    ]
    for hour, duration, state, reason in cases:
        health = health_over(hour, duration)
        assert health is not None
        assert health.state is state
        assert [(each.kind, each.actual) for each in health.reasons] == [reason]


def test_on_the_limit_is_still_well_and_the_worst_reason_comes_first() -> None:
    on_it = replace(FINE, duration_ns=100 * 100_000_000, cpu_sum=8_000.0, memory_sum=8_500.0, firings=10)
    assert health_over(on_it, replace(QUICK, p95=200_000_000)) == Health()
    both = health_over(replace(FINE, cpu_sum=9_000.0), replace(QUICK, p95=300_000_000))
    assert both is not None
    assert both.state is HealthState.DEGRADED
    assert both.reasons == (Reason(ReasonKind.P95, 300.0, 200.0), Reason(ReasonKind.CPU, 90.0, 80.0))


def test_an_incident_counts_once_and_again_when_it_fires_again() -> None:
    count = FiringCount(SINCE)
    assert count.take([INCIDENT, IncidentMark(7)]) == 1
    assert count.take([replace(INCIDENT, peak=100.0)]) == 0
    assert count.take([replace(INCIDENT, count=4)]) == 3
    assert count.take([replace(INCIDENT, id=8)]) == 1


def test_what_fired_in_an_earlier_run_counted_then() -> None:
    count = FiringCount(SINCE)
    old = replace(INCIDENT, started_ns=SINCE - 1, count=5)
    assert count.take([old]) == 0
    assert count.take([replace(old, count=6)]) == 1


def test_what_alerts_nobody_is_no_alert() -> None:
    count = FiringCount(SINCE)
    assert count.take([replace(INCIDENT, silence=Silence.MUTED)]) == 0
    assert count.take([replace(INCIDENT, count=2)]) == 1


def test_one_that_goes_on_counts_once_however_many_others_come_and_go() -> None:
    count = FiringCount(SINCE)
    goes_on = replace(INCIDENT, rule="memory-warning")
    assert count.take([goes_on]) == 1
    others = [replace(INCIDENT, id=number) for number in range(8, 1008)]
    assert sum(count.take([each, replace(goes_on, peak=float(each.id))]) for each in others) == 1000
    assert count.take([replace(goes_on, count=2)]) == 1


def test_what_is_said_of_an_incident_that_another_one_has_followed_is_no_firing() -> None:
    count = FiringCount(SINCE)
    count.take([INCIDENT, replace(INCIDENT, id=8)])
    assert count.take([replace(INCIDENT, note="late")]) == 0
    assert count.take([replace(INCIDENT, id=8, peak=100.0)]) == 0
