"""`hiccups`: every stall of a span, with its begin, its length, what saw it and whose fault it was."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any

from aios_gui.instance.cli.common import (
    FINE,
    add_range,
    none_found,
    print_json,
    read_record,
    record_of,
    span_of,
)
from aios_gui.text.catalogue import gettext as _

if TYPE_CHECKING:
    from aios_gui.alerts.model.incident import Culprit, Finding
    from aios_gui.heartbeat.model.items import Event


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `hiccups`."""
    add_range(parser, "24h")
    parser.add_argument("--json", action="store_true", help=_("print all facts as JSON"))
    parser.epilog = _(
        "Listed are also stalls that only the kernel told of, while the heartbeat did not stall: in JSON, seen_by is "
        "kernel. Elsewhere they are not counted as hiccups."
    )


def run(arguments: argparse.Namespace) -> int:
    """List them, oldest first."""
    from aios_gui.alerts.record_reader import hiccup_findings
    from aios_gui.heartbeat.model.items import EventKind
    from aios_gui.system.paths import find_paths

    span, record = span_of(arguments), record_of(arguments, find_paths())
    found, findings = read_record(
        record,
        lambda reader: (
            sorted(
                (
                    each
                    for kind in (EventKind.HICCUP, EventKind.RESOURCE_STALL)
                    for each in reader.events(span.start_ns, span.end_ns, kind)
                ),
                key=lambda each: each.wall_ns,
            ),
            hiccup_findings(reader, span.start_ns, span.end_ns),
        ),
    )
    if arguments.json:
        print_json([hiccup_facts(each, findings.get(each.wall_ns)) for each in found])
    elif found:
        now_ns = time.time_ns()
        for each in found:
            print(_line(each, findings.get(each.wall_ns), now_ns))
    else:
        print(none_found(record, span, _("no hiccups in this range")))
    return FINE


def hiccup_facts(event: Event, finding: Finding | None = None) -> dict[str, Any]:
    """JSON-ready facts of a hiccup's event, with what was found of it.

    ``at`` is when the stall began, in ISO 8601; unknown is None.
    """
    from aios_gui.alerts.words.findings import finding_sentence
    from aios_gui.heartbeat.model.items import hiccup_length_ns, hiccup_split
    from aios_gui.heartbeat.model.stall import SeenBy
    from aios_gui.text.figures import iso_time

    length_ns, split, facts = hiccup_length_ns(event), hiccup_split(event), event.facts
    return {
        "at": iso_time(event.wall_ns - length_ns),
        "length_ms": length_ns / 1e6,
        # A record of an earlier version knows only stalls that a beat saw.
        "seen_by": str(facts.get("seen_by", SeenBy.BEAT)),
        "resource": facts.get("resource") or _resource(facts.get("cause"))
        if finding is None
        else finding.facts.get("resource", "unknown"),
        "conclusion": finding_sentence(finding) if finding is not None else None,
        "culprits": [_culprit_facts(each) for each in finding.culprits] if finding is not None else [],
        "missed": facts.get("missed", 0),
        "run_queue_ms": _ms(split and split.run_queue_ns),
        "self_inflicted_ms": _ms(split and split.self_inflicted_ns),
        "frozen_ms": _ms(split and split.frozen_ns),
        "stolen_ms": _ms(split.stolen_ns if split is not None and "stolen_ns" in facts else None),
        "function": facts.get("culprit") or None,
    }


def _culprit_facts(culprit: Culprit) -> dict[str, Any]:
    return {
        "name": culprit.name,
        "pid": culprit.pid,
        "parent": culprit.parent or None,
        "cpu_percent": culprit.cpu_percent,
        "io_bytes_per_s": culprit.io_bytes_per_s,
        "gone": culprit.gone,
        "ended_children": culprit.ended_children,
    }


def _resource(cause: object) -> str:
    from aios_gui.heartbeat.model.beat import Cause

    resources: dict[object, str] = {
        Cause.RUN_QUEUE: "cpu",
        Cause.SELF_INFLICTED: "self",
        Cause.FROZEN: "frozen",
        Cause.STOLEN: "cpu",
    }
    return resources.get(cause, "unknown")


def _ms(length_ns: object) -> float | None:
    return length_ns / 1e6 if isinstance(length_ns, int | float) else None


def _line(event: Event, finding: Finding | None, now_ns: int) -> str:
    from aios_gui.alerts.words.findings import finding_sentence
    from aios_gui.heartbeat.model.items import EventKind, hiccup_length_ns
    from aios_gui.instance.words import blame_phrase
    from aios_gui.text import figures
    from aios_gui.text.terminal.text_width import padded

    length_ns = hiccup_length_ns(event)
    said = finding_sentence(finding) if finding is not None else blame_phrase(event)
    if event.kind is EventKind.RESOURCE_STALL:
        said = _("{sentence}; the heartbeat did not stall").format(sentence=said)
    began = figures.clock_time(event.wall_ns - length_ns, now_ns, seconds=True)
    return f"{padded(began, 19)}  {padded(figures.spoken_duration(length_ns), 8)}  {said}"
