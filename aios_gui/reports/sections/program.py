"""Sections on this program: targets, benchmark, warm-up, start-up, tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.warmup.outcome import first_runs
from aios_gui.reports import dates
from aios_gui.reports.figures import program as charts
from aios_gui.reports.material import Material
from aios_gui.reports.model.report import (
    Block,
    Cell,
    Column,
    Fact,
    Facts,
    Items,
    Section,
    Table,
    Text,
    Tone,
)
from aios_gui.selfcheck.benchmark import words as benchmark_words
from aios_gui.selfcheck.benchmark.model import Heartbeat
from aios_gui.selfcheck.targets import words as target_words
from aios_gui.selfcheck.targets.model import Target, TargetFacts, TargetResult, TargetState, judge
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext

if TYPE_CHECKING:
    from aios_gui.history.analysis.model.analysis import Day

STATES = {TargetState.PASS: Tone.FINE, TargetState.FAIL: Tone.CRITICAL, TargetState.UNKNOWN: Tone.UNKNOWN}
_MOST_FAILURES, _MOST_WARM_UPS = 30, 10
_TESTS_GOAL = 30
_BY_DAY = {
    *("heartbeat", "p99", "availability", "availability_own", "lateness_p99"),
    *("beat_p50", "beat_p99_headless", "beat_p99_window"),
}
"""Targets that the beats of a day tell of."""


def targets(material: Material) -> Section | None:
    """Every target that applies, with its goal and what was reached; None where they were not asked for."""
    found = material.targets
    if not found:
        return None
    rows = tuple(
        (
            Cell(target_words.name(each.target)),
            Cell(target_words.goal(each.target)),
            Cell(target_words.actual(each)),
            Cell(target_words.state_word(each), STATES[each.state]),
        )
        for each in found
    )
    columns = (
        Column(_("name")),
        Column(_("target"), is_figure=True),
        Column(_("actual"), is_figure=True),
        Column(_("state")),
    )
    caption = _(
        "Durations, lateness and availability of the whole span; means, score, CPU and memory of its last hour."
    )
    return Section("targets", _("Targets"), (Table(caption, columns, rows),))


def roadmap(material: Material) -> Section | None:
    """Every target with the day since when it is reached or missed, of those that a day of the record tells."""
    found = material.targets
    if not found:
        return None
    days = [day for day in material.analysis.days if day.count]
    rows = tuple(_road_row(each, days) for each in found)
    columns = (
        Column(_("name")),
        Column(_("target"), is_figure=True),
        Column(_("actual"), is_figure=True),
        Column(_("now")),
        Column(_("by the days of the span")),
        Column(_("days reached"), is_figure=True),
    )
    return Section("roadmap", _("Since when"), (Table(_("Each day judged by its own beats"), columns, rows),))


def _road_row(result: TargetResult, days: list[Day]) -> tuple[Cell, ...]:
    judged = days if result.target.name in _BY_DAY else []
    states = [(day, judge(result.target, _facts_of(day, result.target)).state) for day in judged]
    known = [(day, state) for day, state in states if state is not TargetState.UNKNOWN]
    since, reached = figures.NONE, figures.NONE
    if known:
        last = known[-1][1]
        first = known[-1][0]
        for day, state in reversed(known):
            if state is not last:
                break
            first = day
        way = _("reached since {day}") if last is TargetState.PASS else _("missed since {day}")
        since = way.format(day=first.date.isoformat())
        met = sum(state is TargetState.PASS for _day, state in known)
        reached = _("{count} of {all}").format(count=met, all=len(known))
    return (
        Cell(target_words.name(result.target)),
        Cell(target_words.goal(result.target)),
        Cell(target_words.actual(result)),
        Cell(target_words.state_word(result), STATES[result.state]),
        Cell(since),
        Cell(reached),
    )


def _facts_of(day: Day, target: Target) -> TargetFacts:
    """What a day tells of the targets, for a program shown as the target needs it."""
    from aios_gui.record.model.hour import Hour

    mean_ns = day.duration_mean_ns or 0.0
    return TargetFacts(
        target.shown_as[0] if target.shown_as else None,
        Hour(beats=day.count, missed=day.missed, duration_ns=round(mean_ns * day.count)),
        Percentiles(day.count, day.duration_p50_ns or 0, day.duration_p95_ns or 0, day.duration_p99_ns or 0),
        Percentiles(day.count, day.lateness_p50_ns or 0, 0, day.lateness_p99_ns or 0),
        day.count,
        day.count + day.missed,
    )


def resources(material: Material) -> Section | None:
    """What watching costs, and how busy the machine was; None where neither is known."""
    own = {each.target.name: each for each in material.targets}
    analysis = material.analysis
    facts = [
        Fact(
            _("CPU of this program"),
            target_words.actual(own["cpu"]),
            target_words.explanation(own["cpu"].target),
        )
        if "cpu" in own
        else None,
        _own_memory(material),
        Fact(
            _("CPU of the machine, mean"),
            figures.percent(analysis.cpu.mean_percent),
            _("over the span, of all cores"),
        ),
        Fact(
            _("memory of the machine, mean"),
            figures.percent(analysis.memory.mean_percent),
            _("over the span, in use"),
        ),
    ]
    known = tuple(fact for fact in facts if fact is not None and fact.value != figures.NONE)
    return Section("resources", _("Resource use"), (Facts(known),)) if known else None


def _own_memory(material: Material) -> Fact | None:
    for each in material.targets:
        if each.actual is not None and each.target.name.startswith("memory"):
            return Fact(
                _("Memory of this program"), target_words.actual(each), target_words.explanation(each.target)
            )
    return None


def benchmark(material: Material) -> Section | None:
    """The four heartbeats as measured; how to measure them where that was never done, None for a slice without."""
    result, title = material.benchmark, _("The four heartbeats, measured here")
    if result is None:
        if material.is_slice:
            return None
        sentence = _("They were not measured on this machine yet; “aios-heartbeat bench” does it.")
        return Section("benchmark", title, (Text(sentence, tone=Tone.UNKNOWN),))
    headings = benchmark_words.headings()
    columns = (Column(headings[0]), *(Column(heading, is_figure=True) for heading in headings[1:]))
    rows = tuple(tuple(map(Cell, row)) for row in benchmark_words.rows(result))
    blocks: list[Block] = []
    figure = charts.benchmark_figure(result)
    if figure is not None:
        blocks.append(figure)
    blocks.append(Table(benchmark_words.title(result), columns, rows))
    blocks.append(Items(tuple(benchmark_words.notes(result)[1:])))
    return Section("benchmark", title, tuple(blocks))


def stages(material: Material) -> Section:
    """What was done, from the first heartbeat to the last, and what each step brought."""
    result = material.benchmark
    rows = []
    for place, heartbeat in enumerate(Heartbeat):
        gain = None if result is None or not place else result.speedup(Heartbeat.ORIGINAL, heartbeat)
        step = None if result is None or not place else result.speedup(list(Heartbeat)[place - 1], heartbeat)
        rows.append(
            (
                Cell(str(place + 1)),
                Cell(benchmark_words.name(heartbeat)),
                Cell(benchmark_words.description(heartbeat)),
                Cell(figures.times(step)),
                Cell(figures.times(gain)),
            )
        )
    columns = (
        Column(_("stage"), is_figure=True),
        Column(_("heartbeat")),
        Column(_("what it does")),
        Column(_("against the one before"), is_figure=True),
        Column(_("against the original"), is_figure=True),
    )
    caption = _("How many times as quick, P50 against P50 at one beat a second")
    return Section("stages", _("Stage by stage"), (Table(caption, columns, tuple(rows)),))


def warm_up(material: Material) -> Section:
    """What the first beat would have cost, what beats cost after the warm-up, and every warm-up of the span."""
    found, title = material.warm_ups, _("Warm-ups")
    if not found:
        sentence = _(
            "There was no warm-up in this span; “aios-heartbeat warmup” makes one and tells each step."
        )
        return Section("warm-ups", title, (Text(sentence, tone=Tone.UNKNOWN),))
    rows = tuple(
        (
            Cell(dates.short(event.wall_ns)),
            Cell(figures.count(_int(event.facts.get("beats")))),
            Cell(figures.duration(_int(event.facts.get("cold_ns")))),
            Cell(figures.duration(_int(event.facts.get("after_ns")))),
            Cell(figures.duration(_int(event.facts.get("took_ns")))),
            Cell(
                _("not stable at the cap") if event.facts.get("capped") else _("stable"),
                Tone.WARNING if event.facts.get("capped") else Tone.FINE,
            ),
        )
        for event in found[-_MOST_WARM_UPS:]
    )
    columns = (
        Column(_("ended")),
        Column(_("runs"), is_figure=True),
        Column(_("cold"), is_figure=True),
        Column(_("warm"), is_figure=True),
        Column(_("took"), is_figure=True),
        Column(_("end")),
    )
    caption = ngettext("{count} warm-up", "{count} warm-ups", len(found)).format(
        count=figures.count(len(found))
    )
    if len(found) > _MOST_WARM_UPS:
        caption = _("The last {count} of {all}").format(count=_MOST_WARM_UPS, all=figures.count(len(found)))
    blocks: list[Block] = []
    figure = charts.warm_up_figure(first_runs(found[-1], None))
    if figure is not None:
        blocks.append(figure)
    blocks.append(Table(caption, columns, rows))
    return Section("warm-ups", title, tuple(blocks))


def _int(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and value else None


def startup(material: Material) -> Section | None:
    """How the program is started at log-in, as the system has it; None where that was not asked for."""
    from aios_gui.autostart import words as autostart_words
    from aios_gui.heartbeat.model.severity import Severity

    snapshot = material.autostart
    if snapshot is None:
        return None
    tones = {
        Severity.OK: Tone.FINE,
        Severity.WARNING: Tone.WARNING,
        Severity.CRITICAL: Tone.CRITICAL,
        Severity.INACTIVE: Tone.UNKNOWN,
    }
    facts = Facts(
        tuple(
            Fact(fact.label, fact.value, "", tones[fact.level] if fact.level is not None else Tone.PLAIN)
            for fact in autostart_words.registered_facts(snapshot)
        )
    )
    rows = tuple(
        (
            Cell(autostart_words.mechanism_title(each.key)),
            Cell(
                _("in use")
                if each.key == snapshot.status.mechanism and snapshot.status.is_registered
                else figures.NONE
            ),
            Cell(autostart_words.manage_sentence(each.key) or figures.NONE),
        )
        for each in snapshot.mechanisms
    )
    blocks: list[Block] = [facts]
    if rows:
        columns = (Column(_("mechanism")), Column(_("state")), Column(_("by hand")))
        blocks.append(Table(_("What this system has"), columns, rows))
    return Section("startup", _("Start-up"), tuple(blocks))


def tests(material: Material) -> Section | None:
    """What a test run found; None where no result file was given."""
    run = material.test_run
    if run is None:
        return None
    facts = Facts(
        (
            Fact(
                _("tests"),
                figures.count(run.tests),
                _("all of the result file; the first AIOS heartbeat’s target was over {count}").format(
                    count=_TESTS_GOAL
                ),
            ),
            Fact(_("passed"), figures.count(run.passed), "", Tone.FINE if run.passed else Tone.UNKNOWN),
            Fact(_("failed"), figures.count(run.failed), "", Tone.CRITICAL if run.failed else Tone.FINE),
            Fact(_("skipped"), figures.count(run.skipped)),
            Fact(_("took"), figures.span(run.seconds * 1e9), _("all tests together")),
        ),
        are_large=True,
    )
    rows = tuple(
        (
            Cell(suite.name),
            Cell(figures.count(suite.tests)),
            Cell(figures.count(suite.tests - suite.failed - suite.skipped)),
            Cell(figures.count(suite.failed), Tone.CRITICAL if suite.failed else Tone.PLAIN),
            Cell(figures.count(suite.skipped)),
            Cell(figures.span(suite.seconds * 1e9)),
        )
        for suite in run.suites
    )
    columns = (
        Column(_("group")),
        Column(_("tests"), is_figure=True),
        Column(_("passed"), is_figure=True),
        Column(_("failed"), is_figure=True),
        Column(_("skipped"), is_figure=True),
        Column(_("took"), is_figure=True),
    )
    blocks: list[Block] = [facts]
    if run.failures:
        heads = (Column(_("test")), Column(_("why")))
        failures = tuple(
            (Cell(each.name, Tone.CRITICAL), Cell(each.why)) for each in run.failures[:_MOST_FAILURES]
        )
        caption = _("What failed")
        if len(failures) < run.failed:
            caption = _("The first {count} of {all} that failed").format(
                count=len(failures), all=figures.count(run.failed)
            )
        blocks.append(Table(caption, heads, failures))
    blocks.append(Table(_("By group"), columns, rows))
    return Section("tests", _("Tests"), tuple(blocks))


def test_run_of(material: Material) -> tuple[Tone, str]:
    """Whether all tests passed, in a sentence."""
    run = material.test_run
    if run is None:
        return Tone.UNKNOWN, _("No result file of a test run was given.")
    if run.failed:
        sentence = ngettext("{count} of {all} tests failed.", "{count} of {all} tests failed.", run.failed)
        return Tone.CRITICAL, sentence.format(count=figures.count(run.failed), all=figures.count(run.tests))
    if run.skipped:
        sentence = ngettext(
            "{passed} of {all} tests passed, {count} was skipped.",
            "{passed} of {all} tests passed, {count} were skipped.",
            run.skipped,
        )
        passed, skipped = figures.count(run.passed), figures.count(run.skipped)
        told = sentence.format(passed=passed, all=figures.count(run.tests), count=skipped)
        return Tone.FINE if run.passed else Tone.UNKNOWN, told
    sentence = ngettext("The one test passed.", "All {count} tests passed.", run.passed)
    return Tone.FINE, sentence.format(count=figures.count(run.passed))


def targets_reached(material: Material) -> tuple[int, int, int]:
    """How many targets are reached, missed, and not known, of those that apply."""
    states = [each.state for each in material.targets]
    return states.count(TargetState.PASS), states.count(TargetState.FAIL), states.count(TargetState.UNKNOWN)
