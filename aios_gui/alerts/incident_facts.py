"""An incident in the shape that scripts rely on, and as a page in Markdown."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aios_gui.alerts.model.incident import Culprit, Incident, IncidentState
from aios_gui.alerts.words import incidents as incident_words
from aios_gui.alerts.words.findings import evidence_name, evidence_of, evidence_value
from aios_gui.alerts.words.incidents import action_detail, action_name
from aios_gui.alerts.words.rules import level_name, rule_title
from aios_gui.system.origin import origin
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.markdown import escaped, table_line


def incident_facts(incident: Incident) -> dict[str, Any]:
    """JSON-ready facts. Times in ISO 8601, unknown is None, figures in the unit of the measure."""
    finding = incident.finding
    return {
        "id": incident.id,
        "rule": incident.rule,
        "level": str(incident.level),
        "state": str(IncidentState.FIRING if incident.cleared_ns is None else IncidentState.CLEARED),
        "ongoing": incident.state is IncidentState.FIRING,
        "started_at": figures.iso_time(incident.started_ns),
        "cleared_at": figures.iso_time(incident.cleared_ns),
        "lasted_ms": incident.lasted_ns / 1e6,
        "settling": incident.settling,
        "conclusion": incident_words.conclusion(incident),
        "culprits": [_culprit(each) for each in finding.culprits] if finding is not None else [],
        "actions": [
            {
                "action": each.action,
                "state": str(each.state),
                "detail": each.detail,
                "at": figures.iso_time(each.at_ns or None),
            }
            for each in incident.actions
        ],
        "measure": incident.measure,
        "peak": incident.peak,
        "limit": incident.limit,
        "count": incident.count,
        "silence": str(incident.silence) or None,
        "acknowledged_at": figures.iso_time(incident.acknowledged_ns),
        "note": incident.note or None,
        "finding": str(finding.kind) if finding is not None else None,
        "evidence": {**finding.facts, **finding.evidence} if finding is not None else {},
    }


def _culprit(culprit: Culprit) -> dict[str, Any]:
    facts = asdict(culprit)
    del facts["command_line"]  # shown in the place of the command where it is wanted
    return facts


def markdown(incident: Incident, now_ns: int) -> str:
    """The incident as a page: conclusion, facts, culprits, what was done, evidence, and where it comes from."""
    title = _("{what} ({level})").format(
        what=incident_words.title(incident), level=level_name(incident.level)
    )
    lines = [f"# {escaped(title)}", "", escaped(incident_words.conclusion(incident), 400), ""]
    facts = incident_words.facts(incident, now_ns, dated=True)
    facts.append(_("Rule: {name}").format(name=rule_title(incident.rule)))
    lines += [f"- {escaped(line, 2000)}" for line in facts]
    finding = incident.finding
    if finding is not None and finding.culprits:
        lines += ["", "## " + _("Processes"), "", *_culprit_table(finding.culprits)]
    if incident.actions:
        lines += ["", "## " + _("Actions"), ""]
        for each in incident.actions:
            done = incident_words.action_state(each.state)
            line = f"- {escaped(action_name(each.action))}: {escaped(done)} {escaped(action_detail(each))}"
            lines.append(line.rstrip())
    evidence = evidence_of(finding) if finding is not None else {}
    if evidence:
        lines += ["", "## " + _("Evidence"), ""]
        for name, value in evidence.items():
            lines.append(f"- {escaped(evidence_name(name))}: {escaped(evidence_value(name, value))}")
    lines += ["", escaped(origin(now_ns))]
    return "\n".join(lines) + "\n"


def _culprit_table(culprits: tuple[Culprit, ...]) -> list[str]:
    headings = [_("process"), _("number"), _("CPU"), _("memory"), _("disk a second"), _("command")]
    return [
        table_line(headings),
        "| --- | ---: | ---: | ---: | ---: | --- |",
        *(
            table_line(
                (
                    incident_words.culprit_name(each),
                    each.pid,
                    figures.percent(each.cpu_percent),
                    figures.size(each.memory_bytes),
                    figures.size(each.io_bytes_per_s),
                    each.command,
                )
            )
            for each in culprits
        ),
    ]
