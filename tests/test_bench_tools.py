"""The bench's own arithmetic: percentiles, verdicts, ratios, phases, the table."""

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.record_reader import hiccup_findings
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.heartbeat.model.items import EventKind, RecordedBeat
from aios_gui.record.model.timerange import END_OF_TIME_NS
from aios_gui.record.store.reader import RecordReader
from tests.bench import growth
from tests.bench.arithmetic import Figures, Goal, Verdict, middle, percentile, ratio
from tests.bench.group import distance_ns
from tests.bench.process import Cost
from tests.bench.record import beats_of
from tests.bench.rows import MEGABYTES, MICROSECONDS, PERCENT, TIMES, Row, render, summary

numbers = st.integers(0, 10**12)


def _row(key: str, value: float | None, goal: Goal | None) -> Row:
    return Row(key, f"what {key} is", MICROSECONDS, value, goal, "16.1 ms", "psutil 329.0 µs", "(n=60)")


def _beat(duration_ns: int, lateness_ns: int, missed: int = 0, rehearsed: bool = True) -> RecordedBeat:
    return RecordedBeat(
        1, 0, 0, duration_ns, lateness_ns, 0, missed, rehearsed, Cause.NONE, (), False, 1.0, 2.0
    )


def test_percentile_is_by_nearest_rank() -> None:
    values = list(range(100, 0, -1))
    assert (percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)) == (50, 99, 100)
    assert percentile(values[:60], 0.99) == 100  # of fewer than 100 values the greatest


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1], 0), ([1], 1.01)])
def test_percentile_refuses_what_has_no_answer(values: list[int], share: float) -> None:
    with pytest.raises(ValueError, match="no"):
        percentile(values, share)


@given(st.lists(numbers, min_size=1), st.floats(0.001, 1))
def test_percentile_leaves_at_least_its_share_at_or_below(values: list[int], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)


def test_figures_of_nothing_are_unknown() -> None:
    assert Figures.of([]) == Figures(0, None, None, None)
    assert Figures.of([3, 1, 2]) == Figures(3, 2, 3, 3)


def test_a_ratio_with_an_unknown_or_a_zero_is_unknown() -> None:
    assert ratio(8, 2) == 4
    assert ratio(None, 2) is None
    assert ratio(8, None) is None
    assert ratio(8, 0) is None
    assert middle([]) is None


def test_a_row_passes_at_its_limit_and_says_nothing_of_the_unknown() -> None:
    cases: list[tuple[Goal | None, float | None, Verdict]] = [
        (Goal(5), 5, Verdict.PASS),
        (Goal(5), 5.1, Verdict.FAIL),
        (Goal(5, at_least=True), 5, Verdict.PASS),
        (Goal(5, at_least=True), 4.9, Verdict.FAIL),
        (Goal(5), None, Verdict.NONE),
        (None, 1, Verdict.NONE),
        (Goal.of("beat_p50"), 35_000, Verdict.PASS),
        (Goal.of("cpu_headless"), 0.101, Verdict.FAIL),
        (Goal.of("availability_own"), 99.99, Verdict.PASS),
        (Goal.of("memory_headless"), 25_000_001, Verdict.FAIL),
        (Goal.of("minimal_to_warmed"), 7.9, Verdict.FAIL),
    ]
    for goal, value, verdict in cases:
        assert _row("a", value, goal).verdict is verdict


def test_figures_and_goals_are_shown_in_the_rows_unit() -> None:
    row = Row("beat.p50", "P50", MICROSECONDS, 34_960, Goal(35_000), note="(n=60)")
    assert (row.ours, row.goal_text) == ("35.0 µs (n=60)", "≤ 35.0 µs")
    assert Row("r", "ratio", TIMES, 8.449, Goal(8, at_least=True)).goal_text == "≥ 8.00×"
    assert Row("m", "memory", MEGABYTES, None).ours == "–"
    assert Row("c", "CPU", PERCENT, 0.0994).ours == "0.099%"


def test_json_carries_numbers_in_the_unit_it_names() -> None:
    facts = json.loads(json.dumps(_row("beat.p50", 20_500, Goal(35_000)).facts()))
    assert (facts["value"], facts["goal"], facts["unit"]) == (pytest.approx(20.5), pytest.approx(35), "µs")
    assert (facts["goal_is"], facts["verdict"], facts["seed_says"]) == ("at_most", "pass", "16.1 ms")
    assert _row("x", None, None).facts()["goal"] is None


def test_the_table_lines_up_and_names_what_failed() -> None:
    rows = [_row("good", 10_000, Goal(20_000)), _row("bad", 30_000, Goal(20_000)), _row("free", 1_000, None)]
    lines = render(rows).splitlines()
    assert len({line.index("16.1 ms") for line in lines[2:5]}) == 1
    assert [line.split()[-1] for line in lines[2:5]] == ["pass", "fail", "n.a."]
    assert lines[-1] == summary(rows) == "1 passed, 1 failed, 1 without a verdict: bad failed"


@given(numbers, numbers, st.integers(1, 10**10))
def test_phases_lie_on_a_circle(first_ns: int, second_ns: int, interval_ns: int) -> None:
    apart_ns = distance_ns(first_ns, second_ns, interval_ns)
    assert 0 <= apart_ns <= interval_ns / 2
    assert apart_ns == distance_ns(second_ns, first_ns, interval_ns)
    assert apart_ns == distance_ns(first_ns + interval_ns, second_ns, interval_ns)


def test_cpu_is_the_share_of_one_core_between_two_readings() -> None:
    assert (
        Cost(2_000_000_000, 30_000_000, 0, 0).cpu_percent_since(Cost(1_000_000_000, 10_000_000, 0, 0)) == 2.0
    )


def test_beats_count_what_was_missed_and_rehearsed() -> None:
    beats = beats_of([_beat(10, 1), _beat(20, 2, missed=2), _beat(30, 3, rehearsed=False)])
    assert (beats.duration.p50, beats.lateness.maximum, beats.missed, beats.rehearsed) == (20, 3, 2, 2)
    assert beats.availability_percent == pytest.approx(60)
    assert beats_of([]).availability_percent is None


def test_growth_is_what_the_file_gains(aios_home: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("growth")
    few, many = growth.grow(folder / "few.sqlite3", 500), growth.grow(folder / "many.sqlite3", 2_000)
    assert 0 < few < many


def test_a_record_of_rounds_has_a_pause_two_warm_ups_and_two_stalls_in_each(
    aios_home: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    record = tmp_path_factory.mktemp("growth") / "rounds.sqlite3"
    growth.grow(record, 60, round_ns=20_000_000_000)
    with RecordReader(record) as reader:
        beats = list(reader.beats(0, END_OF_TIME_NS))
        gaps = reader.gaps(0, END_OF_TIME_NS)
        events = Counter(event.kind for event in reader.events(0, END_OF_TIME_NS))
        findings = hiccup_findings(reader, 0, END_OF_TIME_NS)
    assert [gap.kind for gap in gaps] == [GapKind.PAUSED] * 3
    assert not [beat for beat in beats for gap in gaps if gap.start_ns < beat.wall_ns < gap.end_ns]
    assert [beat.seq for beat in beats] == list(range(len(beats)))
    assert events == {EventKind.COOLED_DOWN: 3, EventKind.WARMED_UP: 6, EventKind.RESOURCE_STALL: 6}
    assert len(findings) == 6
