"""How warm the heartbeat is, what was done to it and what that did to the beats, in sentences."""

from __future__ import annotations

from aios_gui.heartbeat.model.items import EventKind
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.rehearsal import RehearsalMode, RehearsalStatus
from aios_gui.heartbeat.model.states import EngineState, Mode
from aios_gui.heartbeat.model.warmup import (
    WINDOW_BEATS,
    StepReport,
    StepState,
    Warmth,
    WarmupReason,
    WarmupReport,
)
from aios_gui.heartbeat.model.warmup_stats import WarmupEffect, WarmupStatus
from aios_gui.heartbeat.warmup.outcome import WarmupOutcome
from aios_gui.heartbeat.warmup.steps import BEAT_STEPS, RECORDER_STEPS, STEPS
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import plain

_UNTIL_STABLE = "beats"
"""The step that runs the path of the beat until its timing is stable."""
_TEN_MINUTES_NS = 600_000_000_000
_ABOUT = 1.5
"""A beat that takes up to this many times the usual counts as usual."""


def warmth_sentence(
    warm_up: WarmupStatus, rehearsal: RehearsalStatus, state: EngineState, interval_ns: int
) -> str:
    """How warm it is, and what that means for the next beats."""
    standing = {
        EngineState.LOST: _("The background service does not answer. These are its last figures."),
        EngineState.STOPPED: _("Stopped. Nothing is recorded any more."),
        EngineState.STARTING: _("Starting. The first beat comes in a moment."),
    }
    if state in standing:
        return standing[state]
    if warm_up.warmth is Warmth.WARMING:
        return _("Warming up. The next beat is warm.")
    if warm_up.warmth is Warmth.COLD:
        return _cold(warm_up, interval_ns)
    warm = _warm(rehearsal, state)
    failed = sum(step.state is StepState.FAILED for step in warm_up.steps)
    if not failed:
        return warm
    sentence = ngettext("{sentence} {count} step failed.", "{sentence} {count} steps failed.", failed)
    return sentence.format(sentence=warm, count=figures.count(failed))


def _cold(warm_up: WarmupStatus, interval_ns: int) -> str:
    left = warm_up.cold_beats_left
    if not left:
        if any(step.name == "sampler" and step.state is StepState.FAILED for step in warm_up.steps):
            return _("Cold. CPU and memory cannot be read; every beat tries again.")
        return _("Cold. It was not warmed up: the next beat opens everything first.")
    effect = warm_up.effect
    if effect is not None and effect.kind is EventKind.COOLED_DOWN and effect.next_beat_ns is None:
        now = _("Cold. The next beat opens everything again")
    else:
        now = _("Cold. Beats are not rehearsed")
    if interval_ns <= _TEN_MINUTES_NS < left * interval_ns:
        then = _("it warms up again within ten minutes")
    else:
        beats = left if interval_ns <= _TEN_MINUTES_NS else 1  # after which it was cold for long enough
        then = ngettext(
            "it warms up again after {count} beat", "it warms up again after {count} beats", beats
        ).format(count=figures.count(beats))
    return _("{now}; {then}.").format(now=now, then=then)


def _warm(rehearsal: RehearsalStatus, state: EngineState) -> str:
    if state is EngineState.PAUSED:
        return _("Warm, but paused: nothing is recorded until you resume.")
    if rehearsal.mode is RehearsalMode.OFF:
        return _("Warm, but beats are not rehearsed, so caches go cold between them.")
    if not rehearsal.margin_ns:
        return _("Warm, but beats follow each other too closely to be rehearsed.")
    # To a tenth of a millisecond, so that it stands still.
    margin = figures.interval(max(1, round(rehearsal.margin_ns / 1e5)) * 1e5)
    every = _("Warm. Every beat is rehearsed {margin} before it is due.")
    following = _("Warm. The next beat is rehearsed {margin} before it is due.")
    return (every if rehearsal.rehearsed else following).format(margin=margin)


# What it is worth


def worth_sentence(warm_up: WarmupStatus, rehearsal: RehearsalStatus, duration: Percentiles) -> str:
    """What a beat takes, what it would take otherwise, and how many times that is, as far as it was measured.

    Where beats are rehearsed it is compared with what they take without, whether or not the last one was, else with
    the first beat: never with the one and then with the other.
    """
    report, warm_ns = warm_up.report, duration.p50
    if warm_up.warmth is not Warmth.WARM or not duration.count or not warm_ns:
        return _("How much warming up helps shows once warm beats were made.")
    are_rehearsed = rehearsal.mode is not RehearsalMode.OFF and rehearsal.margin_ns > 0
    if are_rehearsed and rehearsal.unrehearsed.count:
        sentence, other_ns = _("A beat takes {warm} instead of {cold}: {times}"), rehearsal.unrehearsed.p50
    elif not are_rehearsed and report is not None and report.cold_ns:
        sentence = _("A warm beat takes {warm}, the first one {cold}: {times}")
        other_ns = report.cold_ns
    else:
        return _("A beat takes {warm}").format(warm=figures.spoken_duration(warm_ns))
    return sentence.format(
        warm=figures.spoken_duration(warm_ns),
        cold=figures.spoken_duration(other_ns),
        times=figures.times(other_ns / warm_ns),
    )


def worth_reason(rehearsal: RehearsalStatus) -> str:
    """Why it takes so little, for anyone who meets it for the first time."""
    if rehearsal.mode is RehearsalMode.OFF or not rehearsal.margin_ns:
        return _("What a beat needs is opened and tried once at the start, so that later ones find it ready.")
    return _(
        "Just before each beat the same check runs once without being recorded. The beat itself then finds everything "
        "in the processor's caches, so that it measures the machine and not itself."
    )


# Steps


def step_title(name: str) -> str:
    """What a step is called; its name where it is of another version."""
    return _(STEPS[name].title) if name in STEPS else plain(name, 40)


def step_state(state: StepState) -> str:
    """Where a step stands, in a word."""
    return {
        StepState.WAITING: _("waiting"),
        StepState.RUNNING: _("running"),
        StepState.DONE: _("done"),
        StepState.FAILED: _("failed"),
    }[state]


def is_dropped(step: StepReport, warmth: Warmth) -> bool:
    """Whether a step was done and then undone by cooling down."""
    undone = step.name in {each.name for each in BEAT_STEPS if not each.at_start_only}
    return warmth is Warmth.COLD and undone and step.state is StepState.DONE


def step_figure(step: StepReport, report: WarmupReport | None, warmth: Warmth = Warmth.WARM) -> str:
    """What a step took, or how many beats it ran and what they took in the end; a word where there is no figure."""
    if is_dropped(step, warmth):
        return _("dropped")
    if step.state is not StepState.DONE:
        return step_state(step.state)
    if step.name == _UNTIL_STABLE and step.beats and report is not None and report.after_ns:
        return _("{count} × {duration}").format(
            count=figures.count(step.beats), duration=figures.duration(report.after_ns)
        )
    return figures.duration(step.took_ns)


def step_without(name: str) -> str:
    """What still works where a step failed; "" for one of another version."""
    return _(STEPS[name].without) if name in STEPS else ""


def failure_sentences(step: StepReport) -> str:
    """Why a step failed, and what still works."""
    why = plain(step.error, 160) or _("No reason was given")
    why = why[0].upper() + why[1:]
    return _("{why}. {without}").format(why=why.rstrip("."), without=step_without(step.name)).rstrip()


def reason_sentence(report: WarmupReport, now_ns: int | None = None) -> str:
    """When it was warmed up, why, and how long that took."""
    why = {
        WarmupReason.START: _("Warmed up at the start, {time}, in {duration}."),
        WarmupReason.SLEEP: _("Warmed up after the machine slept, {time}, in {duration}."),
        WarmupReason.PAUSE: _("Warmed up after a pause, {time}, in {duration}."),
        WarmupReason.ASKED: _("Warmed up on request, {time}, in {duration}."),
        WarmupReason.COOLED_DOWN: _("Warmed up again after cooling down, {time}, in {duration}."),
    }[report.reason]
    return why.format(
        time=figures.clock_time(report.wall_ns, now_ns, seconds=True),
        duration=figures.spoken_duration(report.took_ns),
    )


def evidence_sentence(report: WarmupReport) -> str:
    """Whether its timing became stable, by which figures."""
    if not report.before_ns:
        return _("Ended after {count} runs, too few to tell whether the timing is stable.").format(
            count=figures.count(report.beats)
        )
    found = {
        "window": WINDOW_BEATS,
        "before": figures.spoken_duration(report.before_ns),
        "after": figures.spoken_duration(report.after_ns),
    }
    if not report.capped:
        return _("Stable: the last two medians of {window} runs are {before} and {after}.").format(**found)
    return _(
        "Not stable when it ended: the last two medians of {window} runs are {before} and {after}."
    ).format(**found)


# What was done, and what came of it


def effect_sentence(effect: WarmupEffect | None, now_ns: int | None = None) -> str:
    """What was done last, and what the beat after it took."""
    if effect is None:
        return _("No changes so far.")
    at = figures.clock_time(effect.wall_ns, now_ns, seconds=True)
    return _("{done}: {found}").format(done=_done(effect).format(time=at), found=_found(effect))


def _done(effect: WarmupEffect) -> str:
    if effect.kind is EventKind.COOLED_DOWN:
        return _("Cooled down at {time}")
    if effect.kind is EventKind.WARMED_UP:
        return _("Warmed up at {time}")
    return {
        str(RehearsalMode.ON): _("Rehearsal set to On at {time}"),
        str(RehearsalMode.OFF): _("Rehearsal set to Off at {time}"),
    }.get(effect.word, _("Rehearsal set to Automatic at {time}"))


def _found(effect: WarmupEffect) -> str:
    took_ns, usual_ns = effect.next_beat_ns, effect.usual_ns
    if took_ns is None:
        return _("waiting for the next beat.")
    took = figures.spoken_duration(took_ns)
    if not usual_ns:
        return _("the next beat took {took}.").format(took=took)
    usual = figures.spoken_duration(usual_ns)
    ratio = took_ns / usual_ns
    if ratio > _ABOUT:
        return _("the next beat took {took}, {times} the usual {usual}.").format(
            took=took, times=figures.times(ratio), usual=usual
        )
    if ratio >= 1 / _ABOUT:
        return _("the next beat took {took}, as usual.").format(took=took)
    return _("the next beat took {took}; before, {usual} was usual.").format(took=took, usual=usual)


def gain_phrase(unrehearsed: Percentiles, rehearsed: Percentiles) -> str:
    """What rehearsing makes of a beat: ``0.11 ms → 23 µs, 4.6×``; a dash where it is not known."""
    if not unrehearsed.count or not rehearsed.count or not rehearsed.p50:
        return figures.NONE
    return _("{before} → {after}, {times}").format(
        before=figures.duration(unrehearsed.p50),
        after=figures.duration(rehearsed.p50),
        times=figures.times(unrehearsed.p50 / rehearsed.p50),
    )


# What a warm-up on the command line came to


def step_note(step: StepReport, of_instance: bool) -> str:
    """What is to be said behind a step: why it failed, how many beats it ran, or that it is of an earlier time."""
    if step.state is StepState.FAILED:
        return plain(step.error)
    if step.beats:
        return ngettext("{count} beat", "{count} beats", step.beats).format(count=figures.count(step.beats))
    return _("at its start") if of_instance and _is_at_start(step.name) else ""


def _is_at_start(name: str) -> bool:
    """Whether a step is done when an instance starts, and not with every warm-up."""
    known = STEPS.get(name)
    return known is not None and (known.at_start_only or known in RECORDER_STEPS)


def opening(outcome: WarmupOutcome) -> str:
    """Who was warmed up."""
    who = {
        Mode.WINDOW: _("The instance that runs was warmed up: the window, process {pid}."),
        Mode.SERVICE: _("The instance that runs was warmed up: a service, process {pid}."),
    }[outcome.mode]
    return who.format(pid=outcome.pid)


def opening_here() -> str:
    """That no running instance was warmed up."""
    return _("No instance is running, so this process warms itself up:")


def evidence(outcome: WarmupOutcome) -> list[tuple[str, str]]:
    """Cold against warm: rows of a name and what was found."""
    report, steady = outcome.report, outcome.steady
    rows = []
    if report is not None and report.beats:
        rows.append((_("Cold, with opening"), figures.duration(report.cold_ns)))
        if outcome.first_ns:
            rows.append((_("The first runs"), _(", ").join(map(figures.duration, outcome.first_ns))))
        rows.append((_("Stable"), _stability(outcome)))
    if steady.count:
        spread = "   ".join(
            f"{name} {figures.duration(value)}"
            for name, value in (("P50", steady.p50), ("P95", steady.p95), ("P99", steady.p99))
        )
        rows.append((_("Warm"), f"{spread}   ({_source(outcome)})"))
        if report is not None and report.cold_ns and steady.p50:
            rows.append((_("Cold against warm"), figures.times(report.cold_ns / steady.p50)))
    return rows


def conclusion(outcome: WarmupOutcome) -> str:
    """What stays of it."""
    if outcome.pid:
        return _("It was this instance that was warmed up, and it stays warm while it runs.")
    return _(
        "This process ends now, and nothing of this stays warm. To stay warm, let the window (aios-gui) or "
        "“aios-heartbeat service” run."
    )


def _stability(outcome: WarmupOutcome) -> str:
    report = outcome.report
    assert report is not None
    beats = ngettext("{count} beat", "{count} beats", report.beats).format(count=figures.count(report.beats))
    if not report.before_ns:
        return _("not known: ended after {beats}, too few to tell").format(beats=beats)
    sentence = (
        _("not within {beats}: the last two medians are {before} and {after}")
        if report.capped
        else _("after {beats}: the last two medians are {before} and {after}")
    )
    return sentence.format(
        beats=beats, before=figures.duration(report.before_ns), after=figures.duration(report.after_ns)
    )


def _source(outcome: WarmupOutcome) -> str:
    count = outcome.steady.count
    if outcome.rehearsed is None:
        return ngettext("its last beat", "its last {count} beats", count).format(count=figures.count(count))
    return _("{count} beats, 100 ms apart, {rehearsed} of them rehearsed").format(
        count=figures.count(count), rehearsed=figures.count(outcome.rehearsed)
    )
