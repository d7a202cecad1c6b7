"""Score and health in sentences."""

from aios_gui.alerts.model.health import LIMITS, Health, HealthState, Reason, ReasonKind
from aios_gui.alerts.model.score import Part, score_of
from aios_gui.alerts.words import score as words
from aios_gui.record.model.hour import Hour

S = 1_000_000_000
NOW_NS = 1_700_000_000 * S
WELL = Hour(3600, duration_ns=3600 * 25_000, minutes=59)
POOR = Hour(3600, missed=100, failed=1000, alerting=720, over=200, duration_ns=3600 * 550_000_000, minutes=59)


def test_the_parts_of_a_score_say_what_they_were_made_from() -> None:
    well, poor = score_of(WELL), score_of(POOR)
    assert well is not None
    assert poor is not None
    assert [words.part_reason(part, well) for part in Part] == [
        "3,600 of 3,600 beats were made and could read their figures",
        "a beat took 25 µs on average; up to 100 ms costs nothing",
        "0 of 3,600 beats over a limit or with a hiccup",
        "CPU and memory stayed within their limits",
    ]
    assert [words.part_reason(part, poor) for part in Part] == [
        "2,600 of 3,700 beats were made and could read their figures",
        "a beat took 550 ms on average; up to 100 ms costs nothing",
        "720 of 3,600 beats over a limit or with a hiccup",
        "200 beats found CPU or memory over a limit",
    ]
    assert [words.part_weight(part) for part in Part] == ["40 %", "20 %", "20 %", "20 %"]
    assert len({words.part_name(part) for part in Part}) == len(Part)
    assert words.score_sentence(well) == "Score 1.00 over the last hour"
    assert words.score_sentence(poor) == "Score 0.48 over the last hour"
    assert words.score_sentence(None) == "No score yet: it takes 60 beats within an hour"


def test_reasons() -> None:
    cases: list[tuple[ReasonKind, float, str]] = [
        (ReasonKind.MEAN, 131.0, "Beats took 131 ms on average, over 100 ms"),
        (ReasonKind.P95, 1_310.0, "The P95 of beats is 1.3 s, over 200 ms"),
        (ReasonKind.CPU, 84.2, "CPU was at 84 % on average, over 80 %"),
        (ReasonKind.CPU, 80.2, "CPU was at 80.20 % on average, over 80 %"),
        (ReasonKind.MEMORY, 91.0, "Memory was at 91 % on average, over 85 %"),
        (ReasonKind.ALERTS, 12.0, "12 alerts, more than 10"),
    ]
    for kind, actual, sentence in cases:
        assert words.reason_sentence(Reason(kind, actual, LIMITS[kind][1])) == sentence


def test_health() -> None:
    healths = [None, *(Health(state) for state in HealthState)]
    assert len({words.health_sentence(health, WELL) for health in healths}) == 4


def test_nothing_is_called_healthy_beside_a_missed_target() -> None:
    assert words.health_sentence(Health(), WELL) == "Healthy over the last hour"
    assert "ealthy" not in words.health_sentence(Health(), WELL, missed=1)


def test_an_hour_is_spoken_of_only_when_there_was_one() -> None:
    assert words.over_hour(Hour(60, minutes=1)) == "over 1 min of the last hour"
    assert words.over_hour(Hour(3_500, minutes=58)) == "over 58 min of the last hour"
    assert words.health_sentence(Health(), Hour(60, minutes=1)) == "Healthy over 1 min of the last hour"


def test_a_single_beat_over_a_limit_is_told_and_costs_nothing() -> None:
    score = score_of(Hour(60, alerting=1, over=1, duration_ns=60 * 25_000, minutes=1))
    assert score is not None
    assert (
        words.part_reason(Part.MARGIN, score)
        == "1 beat found CPU or memory over a limit; so few cost nothing"
    )
