"""What the targets are judged by, out of the record and of an instance that runs."""

import gc
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, RecordedBeat
from aios_gui.heartbeat.model.rehearsal import RehearsalStatus
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.heartbeat.model.warmup_stats import WarmupStatus
from aios_gui.instance.model.session_stats import PERCENTILE_BEATS, SessionStats
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.target_facts import gather, last_speedups, private_bytes, recorded_facts, running_facts
from aios_gui.record.store.reader import RecordReader
from aios_gui.selfcheck.record import Measurement, MeasurementKind
from aios_gui.selfcheck.targets.model import TargetFacts, TargetState, judge_all
from aios_gui.system.paths import Paths, find_paths
from tests.fakes import MS, WALL, S, recorded_beat, write_run
from tests.processes import service, wait_until
from tests.systems import counts_private_memory

HICCUP_NS = 50 * MS
MB = 1 << 20


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    return find_paths()


def test_an_empty_record_tells_nothing(paths: Paths) -> None:
    found = gather(paths, HICCUP_NS)
    assert (found.facts, found.pid, found.until_ns) == (TargetFacts(), 0, None)


def test_a_heartbeat_that_has_just_started_tells_nothing_yet() -> None:
    facts = running_facts(Snapshot(), LaunchMode.TRAY, None, {})
    assert {result.state for result in judge_all(facts)} == {TargetState.UNKNOWN}


def test_the_last_run_of_the_record(paths: Paths) -> None:
    earlier = [recorded_beat(seq, WALL - 100 * S + seq * S, duration_ns=90 * MS) for seq in range(50)]
    write_run(paths.store, earlier)
    beats = [recorded_beat(seq, duration_ns=20_000 + seq, missed=seq == 7) for seq in range(200)]
    samples = [ContextSample(WALL + n * 30 * S, 0.05 * n, (20 + n) * MB) for n in range(5)]
    write_run(paths.store, [*beats, *samples], WALL - MS)
    found = gather(paths, HICCUP_NS)
    facts = found.facts
    assert found.until_ns == beats[-1].wall_ns
    assert facts.shown_as is LaunchMode.HEADLESS
    assert (facts.hour.beats, facts.made, facts.due) == (250, 200, 201)
    assert (facts.duration.count, facts.duration.maximum) == (200, 20_199)
    assert facts.first_beat_ns == 20_000
    assert facts.own_cpu_percent == pytest.approx(0.10)
    assert facts.resident_bytes == 24 * MB
    assert {result.state for result in judge_all(facts)} == set(TargetState)


@pytest.mark.parametrize("every_s", [1, 20])
def test_a_run_that_is_over_tells_what_it_told_before(paths: Paths, every_s: int) -> None:
    """Only one of both took stalls between beats for late beats, only one knew of an earlier run within the hour, of
    what was missed before it, of the last 600 rehearsals, and what the first beat took.
    """
    start_ns = WALL + 60 * S
    earlier = [recorded_beat(seq, WALL + seq * S, duration_ns=90 * MS, session=1) for seq in range(50)]
    beats = [
        replace(
            recorded_beat(seq, start_ns + seq * every_s * S, session=2, duration_ns=20_000 + seq),
            missed=int(seq == 7),
            unrehearsed_ns=90_000 - seq,
        )
        for seq in range(700)
    ]
    others: list[Event | ContextSample] = [
        Event(EventKind.WARMED_UP, start_ns - MS, 0, {"reason": "start"}),
        *(Event(EventKind.HICCUP, each.wall_ns + MS, None, {"lateness_ns": S}) for each in beats[600:]),
        *(ContextSample(beats[-n].wall_ns + S // 2, 0.1 * n, n * MB) for n in range(20, 1, -1)),
    ]
    write_run(paths.store, earlier)
    write_run(paths.store, [*beats, *others], start_ns - S)
    told = SessionStats(start_ns)
    for beat in earlier:
        told.hour.add_beat(beat, HICCUP_NS)
    items: list[RecordedBeat | Event | ContextSample] = [*beats, *others]
    for item in sorted(items, key=lambda each: each.wall_ns):
        told.add(item, HICCUP_NS)
    snapshot = Snapshot(
        made=700,
        due=701,
        duration=told.duration.summary(),
        lateness=told.lateness.summary(),
        hour=told.hour.total(),
        warm_up=WarmupStatus(first=told.warmth.first),
        rehearsal=RehearsalStatus(unrehearsed=told.warmth.unrehearsed),
        own_cpu_percent=told.own_cpu_percent,
        context=told.context,
    )
    running = running_facts(snapshot, LaunchMode.HEADLESS, None, {})
    assert running.first_beat_ns == 20_000
    assert running.lateness.maximum < S
    assert gather(paths, HICCUP_NS).facts == running


class CountingReader(RecordReader):
    """Counts the beats that are held when the last one has been read, but for those of other tests."""

    held = 0

    def beats(self, start_ns: int, end_ns: int) -> Iterator[RecordedBeat]:
        gc.collect()
        before = _beats_held()
        yield from super().beats(start_ns, end_ns)
        self.held = _beats_held() - before


def _beats_held() -> int:
    return sum(type(each) is RecordedBeat for each in gc.get_objects())


def test_of_an_hour_of_quick_beats_only_those_are_held_that_are_ranked(paths: Paths) -> None:
    write_run(
        paths.store, [recorded_beat(seq, WALL + seq * 20 * MS) for seq in range(PERCENTILE_BEATS + 1_000)]
    )
    with CountingReader(paths.store) as reader:
        assert recorded_facts(reader, HICCUP_NS).facts.hour.beats == PERCENTILE_BEATS + 1_000
        assert reader.held < PERCENTILE_BEATS + 500


def test_a_run_with_the_window_has_its_own_goals(paths: Paths) -> None:
    write_run(paths.store, map(recorded_beat, range(10)), mode="window")
    with RecordReader(paths.store) as reader:
        facts = recorded_facts(reader, HICCUP_NS).facts
    assert facts.shown_as is LaunchMode.WINDOW
    assert facts.own_cpu_percent is facts.resident_bytes is None


def test_the_newest_benchmark_that_can_be_read_counts(paths: Paths) -> None:
    kind = MeasurementKind.BENCHMARK
    write_run(
        paths.store,
        [
            Measurement(kind, WALL, {"speedup": {"original/warmed": 1.0}}),
            Measurement(kind, WALL + S, {"speedup": {"original/warmed": 44_000, "minimal/warmed": None}}),
            Measurement(kind, WALL + 2 * S, {"of": "another version"}),
            Measurement(kind, WALL + 3 * S, {"speedup": {"original/warmed": "fast"}}),
        ],
    )
    with RecordReader(paths.store) as reader:
        assert last_speedups(reader) == {"original/warmed": 44_000.0, "minimal/warmed": None}


def test_an_earlier_run_is_judged_by_how_it_showed_itself(paths: Paths) -> None:
    for mode, start in (("service", 0), ("window", 1_000)):
        beats = [recorded_beat(seq, WALL + (start + seq) * S) for seq in range(10)]
        write_run(paths.store, beats, WALL + start * S, mode)
    with RecordReader(paths.store) as reader:
        assert recorded_facts(reader, HICCUP_NS).facts.shown_as is LaunchMode.WINDOW
        assert recorded_facts(reader, HICCUP_NS, WALL + 500 * S).facts.shown_as is LaunchMode.HEADLESS


@counts_private_memory
def test_memory_of_a_process_that_is_not_there_is_unknown() -> None:
    assert (private_bytes(os.getpid()) or 0) > MB
    assert private_bytes(2**22 + 1) is None


@counts_private_memory
def test_an_instance_that_runs_is_asked(paths: Paths) -> None:
    with service(paths, "--interval", "0.02") as running:
        running.wait_for_beats(100)
        wait_until(lambda: gather(paths, HICCUP_NS).facts.hour.beats >= 100, "a hundred beats in the picture")
        found = gather(paths, HICCUP_NS)
        assert found.pid == running.process.pid
        assert found.facts.shown_as is LaunchMode.HEADLESS
        assert (found.facts.private_bytes or 0) > MB
        results = {result.target.name: result for result in judge_all(found.facts)}
        assert results["heartbeat"].state is TargetState.PASS
        assert results["score"].actual is not None
