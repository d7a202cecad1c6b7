"""Warming up on request: what is told of it, with everything well, without figures, and without agreement."""

import itertools
from collections.abc import Callable

import pytest

from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.states import Mode
from aios_gui.heartbeat.model.warmup import StepReport, StepState, Warmth, WarmupReason, WarmupReport
from aios_gui.heartbeat.sampling import Choice
from aios_gui.heartbeat.warmup import words
from aios_gui.heartbeat.warmup.outcome import WarmupOutcome, facts_of
from aios_gui.heartbeat.warmup.steps import BEAT_STEPS
from aios_gui.instance.warmup_request import REST_NS, STEADY_BEATS, warm_here
from aios_gui.settings.model import Settings
from tests.defaults import DEFAULTS
from tests.fakes import MS, FakeClock, FakeSampler

NAMES = [step.name for step in BEAT_STEPS]


def warmed(
    cost_ns: Callable[[], int] | int = 20_000,
    failing: Exception | None = None,
    settings: Settings | None = None,
) -> tuple[WarmupOutcome, list[StepReport], FakeClock]:
    clock = FakeClock()
    sampler = FakeSampler(clock, cost_ns)
    sampler.failing = failing
    told: list[StepReport] = []
    outcome = warm_here(settings or DEFAULTS, told.append, clock, lambda: Choice(sampler))
    assert sampler.closed
    return outcome, told, clock


def growing() -> Callable[[], int]:
    """A first run that takes 2 ms, all others 20 µs."""
    taken = itertools.count()
    return lambda: 2 * MS if next(taken) == 0 else 20_000


def test_every_step_is_told_as_it_happens() -> None:
    outcome, told, _clock = warmed()
    assert [(step.name, step.state) for step in told] == [
        (name, state) for name in NAMES for state in (StepState.RUNNING, StepState.DONE)
    ]
    assert outcome.steps == tuple(step for step in told if step.state is StepState.DONE)


def test_cold_first_runs_and_steady_beats_are_kept_apart() -> None:
    outcome, _told, clock = warmed(growing())
    assert outcome.report is not None
    assert outcome.report.cold_ns > 2 * MS
    assert len(outcome.first_ns) == 10
    assert outcome.first_ns[0] < outcome.report.cold_ns, "it was opened already"
    assert (outcome.steady.count, outcome.rehearsed) == (STEADY_BEATS, STEADY_BEATS)
    assert outcome.steady.maximum < MS
    assert outcome.is_warm
    assert outcome.warmth is Warmth.WARM
    alarms = sorted(set(clock.sleeps))[-STEADY_BEATS:]
    assert all(after - before >= REST_NS for before, after in itertools.pairwise(alarms))


def test_without_rehearsals_it_is_said_that_there_were_none() -> None:
    outcome, _told, _clock = warmed(settings=DEFAULTS.with_value("beat.rehearsal", "off"))
    assert (outcome.steady.count, outcome.rehearsed) == (STEADY_BEATS, 0)


def test_without_figures_the_step_failed_and_nothing_is_measured() -> None:
    outcome, _told, _clock = warmed(failing=OSError("no counters"))
    assert not outcome.is_warm
    (failed,) = [step for step in outcome.steps if step.state is StepState.FAILED]
    assert (failed.name, failed.error) == ("baseline", "OSError: no counters")
    facts = facts_of(outcome)
    assert facts["warm"] == {"p50_ms": None, "p95_ms": None, "p99_ms": None, "count": 0}
    assert facts["steps"][1]["error"] == "OSError: no counters"


def test_timing_that_never_settles_is_not_warm() -> None:
    taken = itertools.count()
    outcome, _told, _clock = warmed(lambda: 20_000 * 2 ** (next(taken) // 16 % 2))
    assert outcome.report is not None
    assert outcome.report.capped
    assert not outcome.is_warm
    assert any(found.startswith("not within 256 beats") for _name, found in words.evidence(outcome))


def resident(**changed: object) -> WarmupOutcome:
    report = WarmupReport(32, 90_000, 20_000, 19_000, False, MS, WarmupReason.ASKED, 5)
    steps = (
        StepReport("record", StepState.DONE, MS),
        StepReport("sampler", StepState.DONE, 0),
        StepReport("beats", StepState.DONE, MS, beats=31),
        StepReport("collector", StepState.DONE, MS),
    )
    values: dict[str, object] = {"steady": Percentiles(3600, 20_000, 30_000, 40_000, 50_000), "pid": 123}
    return WarmupOutcome(Warmth.WARM, steps, report, **(values | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(("mode", "word"), [(Mode.WINDOW, "window"), (Mode.SERVICE, "service")])
def test_of_an_instance_it_is_said_which_was_warmed_and_stays_so(mode: Mode, word: str) -> None:
    outcome = resident(mode=mode)
    assert word in words.opening(outcome)
    assert "123" in words.opening(outcome)
    assert "stays warm" in words.conclusion(outcome)
    facts = facts_of(outcome)
    assert (facts["source"], facts["pid"], facts["mode"]) == ("resident", 123, word)
    assert facts["first_ms"] is None, "the record could not be read"


def test_steps_that_an_instance_does_once_are_told_as_such() -> None:
    notes = {step.name: words.step_note(step, True) for step in resident().steps}
    assert notes == {
        "record": "at its start",
        "sampler": "",
        "beats": "31 beats",
        "collector": "at its start",
    }


def test_here_nothing_stays_warm_and_that_is_said() -> None:
    outcome, _told, _clock = warmed()
    assert "nothing of this stays warm" in words.conclusion(outcome)
    facts = facts_of(outcome)
    assert (facts["source"], facts["pid"], facts["state"], facts["capped"]) == ("here", None, "warm", False)
    assert facts["cold_ms"] > facts["first_ms"][0], "opening is part of it"


def test_a_warm_up_without_evidence_has_unknown_facts() -> None:
    facts = facts_of(WarmupOutcome(Warmth.COLD, (), None))
    assert facts["beats"] is facts["cold_ms"] is facts["before_ms"] is facts["capped"] is None
    assert not WarmupOutcome(Warmth.COLD, (), None).is_warm


def test_of_a_step_of_another_version_nothing_is_invented() -> None:
    assert words.step_without("novel") == ""
    assert words.step_note(StepReport("novel", StepState.DONE), True) == ""
