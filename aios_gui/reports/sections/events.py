"""Sections on what happened: incidents with their culprits, hiccups, what became different, what changed, notes."""

from __future__ import annotations

from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.words import incidents as incident_words
from aios_gui.alerts.words.findings import evidence_name, evidence_value, finding_sentence
from aios_gui.alerts.words.rules import level_name, rule_title
from aios_gui.heartbeat.model.items import hiccup_length_ns
from aios_gui.history.analysis import words as analysis_words
from aios_gui.history.changes.words import burst_sentence, kind_name
from aios_gui.history.notes.words import when_phrase
from aios_gui.reports import dates
from aios_gui.reports.figures import events as charts
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
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext

_MOST_INCIDENTS, _MOST_HICCUPS, _MOST_CHANGES, _MOST_NOTES = 25, 15, 40, 30
_LEVELS = {Level.WARNING: Tone.WARNING, Level.CRITICAL: Tone.CRITICAL}
_PIXELS = 900


def incidents(material: Material) -> Section | None:
    """Every incident with its culprit, or the worst ones of many; None where nothing was recorded."""
    found = material.incidents
    title = _("Incidents")
    if not found and not material.analysis.count:
        return None
    if not found:
        return Section("incidents", title, (Text(_("There was no incident."), tone=Tone.FINE),))
    worst = sorted(found, key=lambda each: (each.level == Level.CRITICAL, each.lasted_ns), reverse=True)
    shown = sorted(worst[:_MOST_INCIDENTS], key=lambda each: each.started_ns)
    caption = ngettext("{count} incident", "{count} incidents", len(found)).format(
        count=figures.count(len(found))
    )
    if len(shown) < len(found):
        caption = _("{all}, of which the gravest {count} are listed").format(all=caption, count=len(shown))
    columns = (
        Column(_("number"), is_figure=True),
        Column(_("began")),
        Column(_("level")),
        Column(_("what")),
        Column(_("lasted"), is_figure=True),
        Column(_("cause")),
        Column(_("culprits")),
    )
    return Section("incidents", title, (Table(caption, columns, tuple(map(_incident_row, shown))),))


def _incident_row(incident: Incident) -> tuple[Cell, ...]:
    culprits = incident.finding.culprits[:3] if incident.finding is not None else ()
    return (
        Cell(str(incident.id)),
        Cell(dates.short(incident.started_ns)),
        Cell(level_name(incident.level), _LEVELS[incident.level]),
        Cell(incident_words.title(incident)),
        Cell(incident_words.lasted(incident)),
        Cell(incident_words.conclusion(incident)),
        Cell(_(", ").join(map(incident_words.culprit_name, culprits)) or figures.NONE),
    )


def hiccups(material: Material) -> Section | None:
    """How often the machine stalled, who did it, and the longest stalls; None where nothing was recorded."""
    stalls, title = material.analysis.stalls, _("Hiccups")
    if not stalls.count and not material.analysis.count:
        return None
    if not stalls.count:
        return Section("hiccups", title, (Text(_("The machine never stalled."), tone=Tone.FINE),))
    facts = [
        Fact(_("hiccups"), figures.count(stalls.count), _("stalls over the threshold, each counted once")),
        Fact(
            _("worst"),
            figures.duration(stalls.worst_ns),
            "" if stalls.worst_at_ns is None else dates.moment(stalls.worst_at_ns, seconds=True),
        ),
    ]
    if analysis_words.is_rate_known(stalls.count, stalls.per_100h):
        rate = Fact(_("in 100 hours"), figures.rate(stalls.per_100h), _("of hours that are recorded"))
        facts.insert(1, rate)
    blocks: list[Block] = [Facts(tuple(facts))]
    if stalls.culprits:
        who = tuple((Cell(each.name), Cell(figures.count(each.hiccups))) for each in stalls.culprits)
        names = (Column(_("program")), Column(_("hiccups"), is_figure=True))
        blocks.append(Table(_("Who caused most of them"), names, who))
    span, reader = material.span, material.history.reader
    longest = reader.longest_hiccups(span.start_ns, span.end_ns, _MOST_HICCUPS)
    rows = tuple(
        (
            Cell(dates.short(event.wall_ns - hiccup_length_ns(event))),
            Cell(figures.duration(hiccup_length_ns(event))),
            Cell(_found(material, event.wall_ns)),
        )
        for event in longest
    )
    heads = (Column(_("began")), Column(_("length"), is_figure=True), Column(_("cause")))
    blocks.append(Table(_("The longest"), heads, rows))
    return Section("hiccups", title, tuple(blocks))


def _found(material: Material, wall_ns: int) -> str:
    finding = material.hiccup_findings.get(wall_ns)
    return finding_sentence(finding) if finding is not None else _("not looked into")


def changed(material: Material) -> Section | None:
    """What was installed, updated and switched; None where nothing was."""
    found = material.changes
    if not found:
        return None
    rows = tuple(
        (
            Cell(dates.short(burst.changes[0].at_ns, seconds=False)),
            Cell(kind_name(burst.changes[0].kind)),
            Cell(burst_sentence(burst)),
        )
        for burst in found[-_MOST_CHANGES:]
    )
    caption = _("Read from the system’s own logs")
    if len(found) > _MOST_CHANGES:
        caption = _("The last {count} of {all}, read from the system’s own logs").format(
            count=_MOST_CHANGES, all=figures.count(len(found))
        )
    columns = (Column(_("when")), Column(_("kind")), Column(_("what")))
    return Section("changed", _("What changed on the machine"), (Table(caption, columns, rows),))


def notes(material: Material) -> Section | None:
    """What people and scripts wrote; None where there is nothing."""
    found = material.notes[-_MOST_NOTES:]
    if not found:
        return None
    rows = tuple((Cell(when_phrase(note, 0)), Cell(note.text)) for note in found)
    caption = _("Written by people and scripts")
    if len(material.notes) > _MOST_NOTES:
        caption = _("The last {count} of {all}, written by people and scripts").format(
            count=_MOST_NOTES, all=figures.count(len(material.notes))
        )
    columns = (Column(_("when")), Column(_("note")))
    return Section("notes", _("Notes"), (Table(caption, columns, rows),))


def single_incident(material: Material) -> Section | None:
    """One incident with all that was kept of it; None where there is none."""
    incident = material.incident
    if incident is None:
        return None
    dated = incident_words.facts(incident, material.began_ns, dated=True)
    blocks: list[Block] = [
        Facts(
            (
                Fact(_("level"), level_name(incident.level), "", _LEVELS[incident.level]),
                Fact(_("began"), dates.short(incident.started_ns)),
                Fact(_("lasted"), incident_words.lasted(incident), _("for as long as it was over its limit")),
                Fact(_("rule"), rule_title(incident.rule)),
            )
        ),
        Items(tuple(dated)),
    ]
    figure = charts.incident_figure(material.around(incident, _PIXELS), incident, material.end_of(incident))
    if figure is not None:
        blocks.append(figure)
    return Section("incident", _("What happened"), tuple(blocks))


def culprits(material: Material) -> Section | None:
    """Who was at it in one incident, and what was done; None where neither is known."""
    incident = material.incident
    if incident is None:
        return None
    blocks: list[Block] = []
    finding = incident.finding
    if finding is not None:
        blocks.append(Text(finding_sentence(finding)))
    if finding is not None and finding.culprits:
        columns = (
            Column(_("process")),
            Column(_("number"), is_figure=True),
            Column(_("CPU"), is_figure=True),
            Column(_("memory"), is_figure=True),
            Column(_("disk a second"), is_figure=True),
            Column(_("command")),
        )
        rows = tuple(
            (
                Cell(incident_words.culprit_name(each)),
                Cell(str(each.pid)),
                Cell(figures.percent(each.cpu_percent)),
                Cell(figures.size(each.memory_bytes)),
                Cell(figures.size(each.io_bytes_per_s)),
                Cell(each.command or figures.NONE),
            )
            for each in finding.culprits
        )
        blocks.append(Table(_("The worst first; CPU of one core"), columns, rows))
    if finding is not None and finding.evidence:
        facts = (
            Fact(evidence_name(name), evidence_value(name, value)) for name, value in finding.evidence.items()
        )
        blocks.append(Facts(tuple(facts)))
    for result in incident.actions:
        done = incident_words.action_state(result.state)
        detail = incident_words.action_detail(result)
        told = f"{incident_words.action_name(result.action)}: {done} {detail}"
        blocks.append(Text(told.rstrip()))
    return Section("culprits", _("Who did it, and what was done"), tuple(blocks)) if blocks else None
