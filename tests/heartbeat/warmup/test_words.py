"""How warm it is, what was done and what that did: every fact has its sentence."""

from dataclasses import replace
from typing import NamedTuple

import pytest

from aios_gui.heartbeat.model.items import EventKind
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.rehearsal import RehearsalMode, RehearsalStatus
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.heartbeat.model.warmup import StepReport, StepState, Warmth, WarmupReason, WarmupReport
from aios_gui.heartbeat.model.warmup_stats import STEERING, WarmupEffect, WarmupStatus
from aios_gui.heartbeat.warmup.steps import STEPS
from aios_gui.heartbeat.warmup.words import (
    effect_sentence,
    evidence_sentence,
    failure_sentences,
    gain_phrase,
    reason_sentence,
    step_figure,
    step_state,
    step_title,
    warmth_sentence,
)

S = 1_000_000_000
NOW_NS = 1_700_000_000 * S
REHEARSED = RehearsalStatus(RehearsalMode.AUTO, 312_000, True)
COOLED = WarmupEffect(EventKind.COOLED_DOWN, NOW_NS, 7, "", 23_000)
REPORT = WarmupReport(64, 940_000, 24_000, 23_000, False, 6_200_000, WarmupReason.START, NOW_NS)


class Standing(NamedTuple):
    """What the sentence is about."""

    warm_up: WarmupStatus = WarmupStatus(Warmth.WARM)
    rehearsal: RehearsalStatus = REHEARSED
    state: EngineState = EngineState.RUNNING
    interval_ns: int = S


WARM = Standing()


def cold(left: int, **changed: object) -> Standing:
    return Standing(WarmupStatus(Warmth.COLD, left, **changed))  # type: ignore[arg-type]


def rehearsing(**changed: object) -> Standing:
    return Standing(rehearsal=replace(REHEARSED, **changed))  # type: ignore[arg-type]


def test_warmth() -> None:
    cases: list[tuple[Standing, str]] = [
        (WARM, "Warm. Every beat is rehearsed 0.3 ms before it is due."),
        (rehearsing(rehearsed=False), "Warm. The next beat is rehearsed 0.3 ms before it is due."),
        (rehearsing(margin_ns=20_000), "Warm. Every beat is rehearsed 0.1 ms before it is due."),
        (
            rehearsing(mode=RehearsalMode.OFF, margin_ns=0),
            "Warm, but beats are not rehearsed, so caches go cold between them.",
        ),
        (rehearsing(margin_ns=0), "Warm, but beats follow each other too closely to be rehearsed."),
        (
            Standing(state=EngineState.PAUSED),
            "Warm, but paused: nothing is recorded until you resume.",
        ),
        (cold(57), "Cold. Beats are not rehearsed; it warms up again after 57 beats."),
        (
            cold(60, effect=COOLED),
            "Cold. The next beat opens everything again; it warms up again after 60 beats.",
        ),
        (
            cold(60, effect=replace(COOLED, next_beat_ns=1)),
            "Cold. Beats are not rehearsed; it warms up again after 60 beats.",
        ),
        (
            cold(60)._replace(interval_ns=60 * S),
            "Cold. Beats are not rehearsed; it warms up again within ten minutes.",
        ),
        (
            cold(60)._replace(interval_ns=3600 * S),
            "Cold. Beats are not rehearsed; it warms up again after 1 beat.",
        ),
        (cold(0), "Cold. It was not warmed up: the next beat opens everything first."),
        (
            cold(0, steps=(StepReport("sampler", StepState.FAILED),)),
            "Cold. CPU and memory cannot be read; every beat tries again.",
        ),
        (
            Standing(WarmupStatus(Warmth.WARM, 0, (StepReport("record", StepState.FAILED),))),
            "Warm. Every beat is rehearsed 0.3 ms before it is due. 1 step failed.",
        ),
        (
            Standing(WarmupStatus(Warmth.WARMING)),
            "Warming up. The next beat is warm.",
        ),
        (Standing(state=EngineState.STARTING), "Starting. The first beat comes in a moment."),
    ]
    for standing, sentence in cases:
        assert warmth_sentence(*standing) == sentence


@pytest.mark.parametrize("state", list(EngineState))
@pytest.mark.parametrize("warmth", list(Warmth))
def test_every_state_has_a_sentence(state: EngineState, warmth: Warmth) -> None:
    assert warmth_sentence(*Standing(WarmupStatus(warmth), state=state)).endswith(".")


def test_every_step_has_a_title_and_tells_what_still_works() -> None:
    for name in list(STEPS):
        assert step_title(name) == STEPS[name].title
        step = StepReport(name, StepState.FAILED, 5, "disk full.\n")
        assert failure_sentences(step) == f"Disk full. {STEPS[name].without}"


def test_a_step_of_another_version_goes_by_its_name() -> None:
    assert step_title("novel") == "novel"
    assert failure_sentences(StepReport("novel", StepState.FAILED)) == "No reason was given."


def test_what_a_step_took() -> None:
    assert step_figure(StepReport("sampler", StepState.DONE, 900_000), REPORT) == "900 µs"
    assert step_figure(StepReport("beats", StepState.DONE, 2_100_000, beats=64), REPORT) == "64 × 23 µs"
    assert step_figure(StepReport("beats", StepState.DONE, 2_100_000, beats=64), None) == "2.1 ms"
    assert (
        step_figure(StepReport("beats", StepState.DONE, 900, beats=3), replace(REPORT, after_ns=0))
        == "0.9 µs"
    )
    assert [step_figure(StepReport("beats", state), REPORT) for state in StepState if state != "done"] == [
        "waiting",
        "running",
        "failed",
    ]
    assert step_state(StepState.DONE) == "done"


def test_every_reason_has_a_sentence_with_its_time() -> None:
    for reason in list(WarmupReason):
        sentence = reason_sentence(replace(REPORT, reason=reason), NOW_NS)
        assert sentence.startswith("Warmed up ")
        assert sentence.endswith(", in 6.2 ms.")


def test_evidence() -> None:
    assert evidence_sentence(REPORT) == "Stable: the last two medians of 16 runs are 24 µs and 23 µs."
    assert evidence_sentence(replace(REPORT, capped=True)).startswith("Not stable when it ended: ")
    ended = replace(REPORT, before_ns=0, after_ns=0, beats=7, capped=True)
    assert evidence_sentence(ended) == "Ended after 7 runs, too few to tell whether the timing is stable."


def test_effect() -> None:
    cases: list[tuple[WarmupEffect, str]] = [
        (COOLED, "waiting for the next beat."),
        (replace(COOLED, next_beat_ns=812_000), "the next beat took 812 µs, 35.3× the usual 23 µs."),
        (replace(COOLED, next_beat_ns=24_000), "the next beat took 24 µs, as usual."),
        (
            replace(COOLED, next_beat_ns=24_000, usual_ns=106_000),
            "the next beat took 24 µs; before, 106 µs was usual.",
        ),
        (replace(COOLED, next_beat_ns=24_000, usual_ns=0), "the next beat took 24 µs."),
    ]
    for effect, end in cases:
        sentence = effect_sentence(effect, NOW_NS)
        assert sentence.startswith("Cooled down at ")
        assert sentence.endswith(f": {end}")


@pytest.mark.parametrize("kind", STEERING)
@pytest.mark.parametrize("word", ["", "asked", *RehearsalMode])
def test_every_effect_tells_what_was_done(kind: EventKind, word: str) -> None:
    sentence = effect_sentence(replace(COOLED, kind=kind, word=word), NOW_NS)
    begins = {EventKind.COOLED_DOWN: "Cooled down at ", EventKind.WARMED_UP: "Warmed up at "}
    assert sentence.startswith(begins.get(kind, "Rehearsal set to "))
    assert "{" not in sentence


def test_no_effect_yet() -> None:
    assert effect_sentence(None) == "No changes so far."


def test_gain() -> None:
    known = Percentiles(600, 106_000, 0, 0, 0)
    assert gain_phrase(known, Percentiles(3600, 23_000, 0, 0, 0)) == "106 µs → 23 µs, 4.6×"
    assert gain_phrase(Percentiles(), known) == gain_phrase(known, Percentiles()) == "–"
