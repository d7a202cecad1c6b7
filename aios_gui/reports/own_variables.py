"""What templates of users can use: a small set of figures in words, and the sections by their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aios_gui.alerts.words import incidents as incident_words
from aios_gui.alerts.words.rules import level_name
from aios_gui.reports import dates
from aios_gui.reports.material import Material
from aios_gui.reports.model.report import Report, Section
from aios_gui.reports.sections import analysed, beats, events, method, program
from aios_gui.selfcheck.targets import words as target_words
from aios_gui.text import figures

SECTIONS: dict[str, Callable[[Material], Section | None]] = {
    "glance": beats.glance,
    "advice": analysed.advice,
    "changes": analysed.changes,
    "unusual": analysed.unusual,
    "anomalies": analysed.anomalies,
    "statistics": beats.statistics,
    "smoke": beats.smoke,
    "percentiles": beats.percentiles,
    "bands": beats.bands,
    "days": beats.days,
    "heat": beats.heat,
    "availability": beats.availability,
    "hiccups": events.hiccups,
    "incidents": events.incidents,
    "changed": events.changed,
    "notes": events.notes,
    "targets": program.targets,
    "roadmap": program.roadmap,
    "benchmark": program.benchmark,
    "stages": program.stages,
    "startup": program.startup,
    "warm_up": program.warm_up,
    "resources": program.resources,
    "not_covered": beats.not_covered,
    "machine": method.machine,
    "method": method.method,
}


def variables(material: Material, report: Report) -> dict[str, Any]:
    """Everything by its name; figures have their units."""
    analysis = material.analysis
    coverage, found = analysis.coverage, analysis.distributions
    return {
        "language": report.language,
        "span": report.span,
        "origin": report.origin,
        "verdict": report.verdict.sentence,
        "beats": figures.count(analysis.count),
        "missed": figures.count(coverage.missed),
        "availability": figures.availability(coverage.availability),
        "recorded": figures.availability(coverage.share),
        "hiccups": figures.count(analysis.stalls.count),
        "worst_hiccup": figures.duration(analysis.stalls.worst_ns or None),
        "duration": _times(found.duration.raw),
        "lateness": _times(found.lateness.raw),
        "incidents": [
            {
                "number": each.id,
                "title": incident_words.title(each),
                "level": level_name(each.level),
                "began": dates.short(each.started_ns),
                "lasted": incident_words.lasted(each),
                "cause": incident_words.conclusion(each),
            }
            for each in material.incidents
        ],
        "targets": [
            {
                "name": target_words.name(each.target),
                "goal": target_words.goal(each.target),
                "actual": target_words.actual(each),
                "state": target_words.state_word(each),
            }
            for each in material.targets
        ],
        "days": [
            {
                "date": day.date.isoformat(),
                "beats": figures.count(day.count),
                "recorded": figures.availability(day.coverage),
                "duration_p99": figures.duration(day.duration_p99_ns),
                "lateness_p99": figures.duration(day.lateness_p99_ns),
                "hiccups": figures.count(day.hiccups),
            }
            for day in analysis.days
            if day.count
        ],
    }


def _times(found: Any) -> dict[str, str]:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "p99_9": 0.999}
    known = {name: figures.duration(found.at(share)) for name, share in shares.items()}
    return {
        **(known if found.count else dict.fromkeys(known, figures.NONE)),
        "mean": figures.duration(found.mean_ns),
        "fastest": figures.duration(found.least_ns) if found.count else figures.NONE,
        "slowest": figures.duration(found.most_ns) if found.count else figures.NONE,
    }
