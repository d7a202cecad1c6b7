"""What a warm-up on the command line came to, in words in the language of the user."""

from __future__ import annotations

from aios_gui.heartbeat.model.states import Mode
from aios_gui.heartbeat.model.warmup import StepReport, StepState
from aios_gui.heartbeat.model.warmup_outcome import WarmupOutcome
from aios_gui.heartbeat.warmup.steps import RECORDER_STEPS, STEPS
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import plain


def step_without(name: str) -> str:
    """What still works where a step failed; "" for one of another version."""
    return _(STEPS[name].without) if name in STEPS else ""


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
    """That nobody else was warmed up."""
    return _("No instance is running, so this process warms itself up:")


def evidence(outcome: WarmupOutcome) -> list[tuple[str, str]]:
    """Cold against warm: rows of a name and what was found."""
    report, steady = outcome.report, outcome.steady
    rows = []
    if report is not None and report.beats:
        rows.append((_("Cold, with opening"), figures.duration(report.cold_ns)))
        if outcome.first_ns:
            rows.append((_("The first runs"), ", ".join(map(figures.duration, outcome.first_ns))))
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
