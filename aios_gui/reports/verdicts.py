"""The verdicts of reports: the answer in a sentence, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.words import incidents as incident_words
from aios_gui.history.analysis import words as analysis_words
from aios_gui.history.analysis.model.analysis import AdviceLevel
from aios_gui.reports import dates
from aios_gui.reports.material import Material
from aios_gui.reports.model.report import Tone, Verdict
from aios_gui.reports.sections.beats import AVAILABILITY_GOAL
from aios_gui.reports.sections.program import targets_reached, test_run_of
from aios_gui.selfcheck.benchmark import words as benchmark_words
from aios_gui.selfcheck.targets import words as target_words
from aios_gui.selfcheck.targets.model import TargetState
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext


def of_span(material: Material) -> Verdict:
    """How the span went: what matters most, then the figures."""
    analysis = material.analysis
    levels = [each.level for each in analysis.advice]
    tone = Tone.UNKNOWN if not analysis.count else Tone.WARNING if AdviceLevel.ACT in levels else Tone.FINE
    reasons = (*_figures(material), *_targets(material), *_recorded(material))
    return Verdict(tone, analysis_words.headline(analysis), reasons)


def _figures(material: Material) -> Iterator[str]:
    found = material.analysis.distributions
    if not found.duration.raw.count:
        return
    incidents = ngettext("{count} incident", "{count} incidents", len(material.incidents)).format(
        count=figures.count(len(material.incidents))
    )
    duration = figures.spoken_duration(found.duration.raw.at(0.99))
    yield _("99 of 100 beats took at most {duration}; {incidents}.").format(
        duration=duration, incidents=incidents
    )


def _targets(material: Material) -> Iterator[str]:
    reached, missed, _unknown = targets_reached(material)
    if reached + missed:
        yield _("{reached} of {all} targets are reached.").format(reached=reached, all=reached + missed)


def _recorded(material: Material) -> Iterator[str]:
    share = material.analysis.coverage.share
    if share is not None and share < 1:
        yield _("{share} of the span is recorded; the rest is not judged.").format(
            share=figures.availability(share)
        )


def of_week(material: Material) -> Verdict:
    """A week in three sentences: how it went, the figures, and what to do or what stood out."""
    verdict = of_span(material)
    analysis = material.analysis
    matters = [analysis_words.advice_sentence(each, analysis) for each in analysis.advice[:1]]
    return Verdict(verdict.tone, verdict.sentence, (*list(_figures(material))[:1], *matters)[:2])


def of_availability(material: Material) -> Verdict:
    """Whether the target of 99.9 % is reached."""
    coverage = material.analysis.coverage
    share = coverage.availability
    if share is None:
        return Verdict(Tone.UNKNOWN, _("Nothing was recorded in this span."))
    reached = share >= AVAILABILITY_GOAL
    way = (
        _("The heartbeat was up {share} of the recorded time: the target of 99.9 % is reached.")
        if reached
        else _("The heartbeat was up {share} of the recorded time: the target of 99.9 % is missed.")
    )
    missed = ngettext("{count} beat was missed", "{count} beats were missed", coverage.missed)
    told = _("{missed} of {due} that were due.").format(
        missed=missed.format(count=figures.count(coverage.missed)), due=figures.count(coverage.due)
    )
    tone = Tone.FINE if reached else Tone.CRITICAL
    return Verdict(tone, way.format(share=figures.availability(share)), (told, *_recorded(material)))


def of_targets(material: Material) -> Verdict:
    """Which targets are missed."""
    reached, missed, unknown = targets_reached(material)
    if not reached + missed:
        return Verdict(Tone.UNKNOWN, _("No target can be judged yet: there are too few beats."))
    if not missed:
        sentence = ngettext(
            "The one target that can be judged is reached.",
            "All {count} targets that can be judged are reached.",
            reached,
        )
        return Verdict(Tone.FINE, sentence.format(count=reached), _unknown(unknown))
    sentence = ngettext("{count} of {all} targets is missed.", "{count} of {all} targets are missed.", missed)
    failing = [each for each in material.targets if each.state is TargetState.FAIL]
    reasons = (*map(target_words.sentence, failing), *_unknown(unknown))
    # The goals of the first version are wide; of its own this program may miss one on a slow machine.
    tone = Tone.CRITICAL if any(each.target.published for each in failing) else Tone.WARNING
    return Verdict(tone, sentence.format(count=missed, all=reached + missed), reasons)


def _unknown(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    sentence = ngettext("{count} is not known yet.", "{count} are not known yet.", count)
    return (sentence.format(count=count),)


def of_benchmark(material: Material) -> Verdict:
    """How much quicker the warmed heartbeat is, as measured here."""
    result = material.benchmark
    if result is None:
        of_slice = _("The record that was opened holds no measurement of the four heartbeats.")
        here = _("The four heartbeats were not measured on this machine yet.")
        return Verdict(Tone.UNKNOWN, of_slice if material.is_slice else here)
    return Verdict(
        Tone.FINE,
        benchmark_words.key_ratios(result),
        (benchmark_words.machine(result), benchmark_words.beside(result)),
    )


def of_warm_up(material: Material) -> Verdict:
    """What the warm-up saves the first beat."""
    for event in reversed(material.warm_ups):
        cold, warm = event.facts.get("cold_ns"), event.facts.get("after_ns")
        if isinstance(cold, int | float) and isinstance(warm, int | float) and cold and warm:
            sentence = _(
                "Without the warm-up the first beat would take {cold}; warm it takes {warm}, {times} as quick."
            )
            at = _("Last warmed up {time}.").format(time=dates.moment(event.wall_ns, seconds=True))
            told = sentence.format(
                cold=figures.spoken_duration(cold),
                warm=figures.spoken_duration(warm),
                times=figures.times(cold / warm),
            )
            return Verdict(Tone.FINE, told, (at, *_figures(material)))
    return Verdict(Tone.UNKNOWN, _("No warm-up is recorded in this span."), tuple(_figures(material)))


def of_startup(material: Material) -> Verdict:
    """Whether the program starts by itself at log-in."""
    from aios_gui.autostart import words as autostart_words
    from aios_gui.heartbeat.model.severity import Severity

    snapshot = material.autostart
    if snapshot is None:
        return Verdict(Tone.UNKNOWN, _("The system was not asked how the program is started."))
    tones = {
        Severity.OK: Tone.FINE,
        Severity.WARNING: Tone.WARNING,
        Severity.CRITICAL: Tone.CRITICAL,
        Severity.INACTIVE: Tone.UNKNOWN,
    }
    tone = tones[autostart_words.level_of(snapshot.status)]
    return Verdict(tone, autostart_words.headline(snapshot), (autostart_words.evidence(snapshot),))


def of_tests(material: Material) -> Verdict:
    """Whether all tests passed."""
    return Verdict(*test_run_of(material))


def of_incident(material: Material) -> Verdict:
    """What happened, and who did it."""
    incident = material.incident
    if incident is None and not material.analysis.count:
        return Verdict(Tone.UNKNOWN, _("Nothing was recorded in this span."))
    if incident is None:
        return Verdict(Tone.FINE, _("There was no incident."))
    tone = Tone.CRITICAL if incident.level is Level.CRITICAL else Tone.WARNING
    sentence = _("{title}: {conclusion}").format(
        title=incident_words.title(incident), conclusion=incident_words.conclusion(incident)
    )
    return Verdict(tone, sentence, (incident_words.span_phrase(incident, material.began_ns, dated=True),))


def of_comparison(material: Material) -> Verdict:
    """Whether the second span is better or worse."""
    from aios_gui.history.comparison import words
    from aios_gui.history.comparison.model import Verdict as Compared

    found = material.comparison
    if found is None:
        return Verdict(Tone.UNKNOWN, _("No second span was named."))
    tones = {Compared.BETTER: Tone.FINE, Compared.WORSE: Tone.CRITICAL, Compared.NO_DIFFERENCE: Tone.FINE}
    return Verdict(tones.get(found.verdict, Tone.UNKNOWN), words.verdict_sentence(found))
