"""The profile on a scripted clock: every µs lands in its stage, on the code that beats, and nothing is left."""

import gc
from collections import Counter
from pathlib import Path

import pytest

from aios_gui.alerts.settings import thresholds_of
from aios_gui.heartbeat.model.beat import Beat, Wakeup
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.heartbeat.path import BeatPath
from aios_gui.heartbeat.sampling import Choice
from aios_gui.instance.recorder_profile import RecorderRuns
from aios_gui.selfcheck.profile.facts import facts_of
from aios_gui.selfcheck.profile.model import STAGES, Cost, Group, Profile, ProfileFailed, Stage, StageTally
from aios_gui.selfcheck.profile.runs import run_profile
from aios_gui.selfcheck.profile.words import stage_title, table
from aios_gui.system.progress import Progress
from aios_gui.text.terminal.style import TerminalStyle
from aios_gui.text.terminal.text_width import width
from tests.defaults import DEFAULTS
from tests.fakes import FakeClock, FakeSampler

STEP_NS = 100
CPU_NS, MEMORY_NS = 40_000, 30_000
RUNS = 10


class SlowSampler(FakeSampler):
    """Both readings take their time."""

    def read_memory(self) -> tuple[int, int]:
        assert self._clock is not None
        self._clock._pass(self._clock.time_ns + MEMORY_NS)
        return super().read_memory()


class Machine:
    """A clock whose every reading takes 100 ns, and samplers on it."""

    def __init__(self) -> None:
        self.clock = FakeClock(STEP_NS)
        self.samplers: list[SlowSampler] = []
        self.told: list[Progress] = []

    def choose(self) -> Choice:
        sampler = SlowSampler(self.clock, CPU_NS)
        self.samplers.append(sampler)
        return Choice(sampler)

    def profile(self, data: Path, runs: int = RUNS) -> Profile:
        return run_profile(
            runs,
            self.told.append,
            self.clock,
            self.choose,
            thresholds_of(DEFAULTS),
            data,
            lambda folder: RecorderRuns(self.clock, self.choose, DEFAULTS, folder),
        )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def costs(profile: Profile) -> dict[str, Cost]:
    return {stage.name: stage.cost for stage in profile.stages}


def test_every_stage_is_measured_once_a_run_and_in_its_order(data: Path) -> None:
    profile = Machine().profile(data)
    assert [(stage.name, stage.group) for stage in profile.stages] == [
        (stage.name, stage.group) for stage in STAGES
    ]
    counts = {name: cost.count for name, cost in costs(profile).items()}
    assert counts.pop("context") == 4, "at seconds 1, 3, 5 and 10: as often as in use"
    assert set(counts.values()) == {RUNS}
    assert profile.sampler == "fake"


def test_the_time_of_a_stage_lands_in_that_stage(data: Path) -> None:
    found = costs(Machine().profile(data))
    assert found["sample_cpu"].p50_ns == CPU_NS + STEP_NS
    assert found["sample_memory"].p50_ns == MEMORY_NS + STEP_NS
    # Nothing else reads the sampler or takes time of this clock, but for reading it.
    assert found["compare"].p50_ns == found["append"].p50_ns == STEP_NS
    assert found["percentages"].p50_ns == STEP_NS
    assert found["build"].p50_ns == 2 * STEP_NS, "it also takes when the beat was finished"
    assert found["wake"].p50_ns == pytest.approx(50_000, abs=5 * STEP_NS)


def test_what_is_slow_in_comparing_or_handing_over_is_told_there(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine()
    compare = Thresholds.breached_by

    def slowly(self: Thresholds, sample: object) -> tuple[str, ...]:
        machine.clock._pass(machine.clock.time_ns + 5_000)
        return compare(self, sample)  # type: ignore[arg-type]

    monkeypatch.setattr(Thresholds, "breached_by", slowly)
    profile = machine.profile(data)
    found = costs(profile)
    assert found["compare"].p50_ns == found["breach"].p50_ns == 5_000 + STEP_NS
    assert found["build"].p50_ns == 2 * STEP_NS
    assert profile.plain.p50_ns > CPU_NS + MEMORY_NS + 5_000


def test_the_stages_and_what_lies_between_explain_the_whole(data: Path) -> None:
    profile = Machine().profile(data)
    explained = sum(stage.cost.p50_ns for stage in profile.stages if stage.in_total)
    assert explained + profile.unattributed.p50_ns == profile.instrumented.p50_ns
    assert profile.unattributed.p50_ns < 10 * STEP_NS
    # A watch is read before and after each of four collaborators.
    assert profile.difference_p50_ns == profile.difference_p99_ns == 8 * STEP_NS
    assert CPU_NS + MEMORY_NS < profile.duration.p50_ns < profile.plain.p50_ns


def test_plain_and_instrumented_beats_are_made_by_the_same_code_in_turn(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[int, type[Thresholds]]] = []
    rehearsed: Counter[int] = Counter()
    beat, rehearse = BeatPath.beat, BeatPath.rehearse

    def counted_beat(
        self: BeatPath, wakeup: Wakeup, seq: int, unrehearsed_ns: int | None, thresholds: Thresholds
    ) -> Beat:
        made.append((id(self), type(thresholds)))
        return beat(self, wakeup, seq, unrehearsed_ns, thresholds)

    def counted_rehearsal(self: BeatPath, wakeup: Wakeup, thresholds: Thresholds) -> object:
        rehearsed[id(self)] += 1
        return rehearse(self, wakeup, thresholds)

    monkeypatch.setattr(BeatPath, "beat", counted_beat)
    monkeypatch.setattr(BeatPath, "rehearse", counted_rehearsal)
    Machine().profile(data)
    beats = made[: 2 * RUNS]
    paths = [path for path, _thresholds in beats]
    assert Counter(paths) == dict.fromkeys(set(paths), RUNS), "one path each, and as many beats"
    assert len(set(paths)) == 2
    assert [rehearsed[path] for path in set(paths)] == [RUNS, RUNS], "each after a rehearsal"
    plain = [path for path, thresholds in beats if thresholds is Thresholds]
    assert len(plain) == RUNS
    assert len(set(plain)) == 1
    assert all(len(set(paths[at : at + 2])) == 2 for at in range(0, 2 * RUNS, 2)), "by turns"


def test_a_slow_disk_is_told_in_writing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from aios_gui.record.store.writer import SqliteWriter

    machine = Machine()
    write = SqliteWriter.write

    def slowly(self: SqliteWriter, *arguments: object) -> None:
        machine.clock._pass(machine.clock.time_ns + 7_000_000)
        write(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(SqliteWriter, "write", slowly)
    found = costs(machine.profile(data))
    assert found["write"].p50_ns >= 7_000_000
    assert max(found[name].p99_ns for name in ("drain", "context", "publish")) < 1_000_000


def test_a_sampler_that_fails_is_told_in_words_and_all_is_closed(data: Path) -> None:
    machine = Machine()
    choose = machine.choose

    def failing() -> Choice:
        choice = choose()
        machine.samplers[-1].failing = OSError("no /proc here")
        return choice

    machine.choose = failing  # type: ignore[method-assign]
    with pytest.raises(ProfileFailed, match="no /proc here"):
        machine.profile(data)
    assert all(sampler.closed for sampler in machine.samplers)
    assert list(data.iterdir()) == []


def test_a_sampler_that_fails_on_the_way_ends_it_in_words(data: Path) -> None:
    machine = Machine()
    machine.told = Trap(lambda: setattr(machine.samplers[0], "failing", ValueError("cpu line is gone")))
    with pytest.raises(ProfileFailed, match="cpu line is gone"):
        machine.profile(data, 1000)
    assert list(data.iterdir()) == []


def test_a_record_that_cannot_be_written_is_told_in_words(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aios_gui.record.store.writer import SqliteWriter

    def full(self: SqliteWriter, *arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(SqliteWriter, "write", full)
    with pytest.raises(ProfileFailed, match="No space left"):
        Machine().profile(data)
    assert list(data.iterdir()) == []


class Trap(list[Progress]):
    """Does something the second time that progress is told."""

    def __init__(self, spring: object) -> None:
        super().__init__()
        self.spring = spring

    def append(self, item: Progress) -> None:
        super().append(item)
        if len(self) == 2:
            self.spring()  # type: ignore[operator]


def test_ended_on_the_way_nothing_is_left(data: Path) -> None:
    machine = Machine()

    def interrupt() -> None:
        assert len(list(data.iterdir())) == 1
        raise KeyboardInterrupt

    machine.told = Trap(interrupt)
    with pytest.raises(KeyboardInterrupt):
        machine.profile(data, 1000)
    assert list(data.iterdir()) == []
    assert all(sampler.closed for sampler in machine.samplers)
    assert gc.isenabled()


def test_progress_grows_to_the_end_and_names_every_group(data: Path) -> None:
    machine = Machine()
    machine.profile(data, 1000)
    shares = [progress.share for progress in machine.told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1], machine.told[-1].remaining_s) == (0.0, 1.0, 0.0)
    assert machine.told[0].now is Group.BEAT
    assert machine.told[-1].now is Group.SLOW_PATH
    assert all(0 <= progress.remaining_s < 60 for progress in machine.told)


# A new stage


def test_a_stage_is_one_line_between_two_moments() -> None:
    tally = StageTally(Group.BEAT, [Stage("mine", Group.BEAT, "a", "b", True)])
    assert tally.take({"a": 5, "b": 12}) == 7
    assert tally.take({"a": 5}) == 0, "did not happen in this run"
    (found,) = tally.costs
    assert (found.name, found.in_total, found.cost) == ("mine", True, Cost(1, 7, 7))


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_stage_has_a_title(stage: Stage) -> None:
    assert stage_title(stage.name) != stage.name


# Facts and table


def test_facts_are_in_microseconds_and_unknown_is_none(data: Path) -> None:
    profile = Machine().profile(data)
    facts = facts_of(profile)
    stages = {stage["name"]: stage for stage in facts["stages"]}
    assert stages["sample_cpu"]["p50_us"] == (CPU_NS + STEP_NS) / 1000
    assert (stages["sample_cpu"]["group"], stages["sample_cpu"]["in_total"]) == ("beat", True)
    assert stages["wake"]["in_total"] is False
    assert facts["difference_p50_us"] == pytest.approx(facts["instrumented_p50_us"] - facts["plain_p50_us"])
    stage = profile.stages[0]
    never = Profile(1, "x", (type(stage)(stage.name, stage.group, False, Cost()),), *[Cost()] * 4)
    assert facts_of(never)["stages"][0]["p50_us"] is None


@pytest.mark.parametrize("blocks", [True, False])
def test_the_table_has_a_row_a_stage_with_bars_and_both_totals(data: Path, blocks: bool) -> None:
    profile = Machine().profile(data)
    lines = table(profile, TerminalStyle(100, 30, False, blocks))
    (cpu,) = [line for line in lines if line.startswith("Read CPU")]
    (memory,) = [line for line in lines if line.startswith("Read memory")]
    bar = "█" if blocks else "#"
    assert cpu.count(bar) == 24
    assert memory.count(bar) == 18
    (wake,) = [line for line in lines if line.startswith("Wake up")]
    assert bar not in wake, "no part of the whole"
    assert all(
        any(line.startswith(text) for line in lines) for text in ("Whole path, as in use", "Difference")
    )
    rows = [line for line in lines if bar in line]
    assert len({width(line[: line.index(bar)]) for line in rows}) == 1, "aligned"
