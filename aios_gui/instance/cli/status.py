"""`status`: how it is now in one line, for people, scripts and the bars of desktops."""

from __future__ import annotations

import argparse
import re
import time
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import (
    ALERT,
    FAILURE,
    FINE,
    CommandError,
    print_json,
)
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    from aios_gui.instance.model.now import Now
    from aios_gui.instance.model.snapshot import Snapshot
    from aios_gui.system.paths import Paths

Fact = str | int | float | None
_MARKS = {"ok": "●", "warning": "■", "critical": "▲", "inactive": "○"}
_FIELD = re.compile(r"\{(\w+)\}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `status`."""
    parser.add_argument(
        "--format",
        default="text",
        metavar="F",
        help=_(
            "text, short (a mark and the headline), waybar, json, or a line of your own with fields in braces, "
            'as "{condition} {cpu}"; --json names them'
        ),
    )
    parser.add_argument("--json", action="store_true", help=_("the same as --format json"))
    parser.epilog = _(
        "Where nothing runs, condition, severity, mark and sentence say so, and since is the last beat of the record. "
        "What is not known, as most is then, is null in JSON and a dash in a line of your own."
    )


def run(arguments: argparse.Namespace) -> int:
    """0 where all is well or nothing is judged, 1 for an alert, 2 where nothing is recorded."""
    from aios_gui.instance import now_words
    from aios_gui.instance.model.now import now_of
    from aios_gui.system.paths import find_paths

    chosen = "json" if arguments.json else arguments.format
    if chosen not in ("text", "short", "waybar", "json") and "{" not in chosen:
        raise CommandError(
            _(
                "“{format}” is no format; there are text, short, waybar, json, and lines with {{fields}}"
            ).format(format=chosen)
        )
    paths = find_paths()
    snapshot, now_ns = _snapshot(paths), time.time_ns()
    now = now_of(snapshot, now_ns)
    if chosen == "json":
        print_json(now_facts(now, snapshot, now_ns))
    elif chosen == "waybar":
        print_json(waybar_facts(now, snapshot, now_ns), indent=None)
    elif chosen == "short":
        print(f"{_MARKS[now.severity]} {now_words.headline(now, snapshot, now_ns)}")
    elif chosen == "text":
        parts = now_words.tooltip(now, snapshot, now_ns).splitlines()
        print(" · ".join(parts))
    else:
        print(filled(chosen, now_facts(now, snapshot, now_ns)))
    return _status(now)


def waybar_facts(now: Now, snapshot: Snapshot, now_ns: int) -> dict[str, str]:
    """What Waybar shows, which reads both texts as markup: so what a process is called is escaped."""
    from html import escape

    from aios_gui.instance import now_words

    return {
        "text": escape(now_words.headline(now, snapshot, now_ns), quote=False),
        "tooltip": escape(now_words.tooltip(now, snapshot, now_ns), quote=False),
        "class": str(now.severity),
        "alt": str(now.condition),
    }


def filled(line: str, facts: dict[str, Fact]) -> str:
    """``line`` with its fields; CommandError where there is none of that name."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in facts:
            raise CommandError(
                _("there is no field “{name}”; there are {names}").format(
                    name=found[1], names=", ".join(facts)
                )
            )
        fact = facts[found[1]]
        if fact is None:
            return figures.NONE
        return f"{fact:.2f}".rstrip("0").rstrip(".") if isinstance(fact, float) else str(fact)

    return _FIELD.sub(value, line)


def now_facts(now: Now, snapshot: Snapshot, now_ns: int) -> dict[str, Fact]:
    """JSON-ready facts: times in ISO 8601, durations in ms, unknown is None; ``sentence`` and ``detail`` are words."""
    from aios_gui.instance import now_words

    incident, beat, context = now.incident, snapshot.beat, snapshot.context
    known = snapshot.duration if snapshot.duration.count else None
    return {
        "condition": str(now.condition),
        "severity": str(now.severity),
        "mark": _MARKS[now.severity],
        "sentence": now_words.headline(now, snapshot, now_ns),
        "detail": now_words.second_line(now, snapshot, now_ns),
        "since": figures.iso_time(now.since_ns or None),
        "rule": incident.rule if incident is not None else None,
        "measure": incident.measure if incident is not None else None,
        "peak": incident.peak if incident is not None else None,
        "limit": incident.limit if incident is not None else None,
        "lasted_ms": incident.lasted_ns / 1e6 if incident is not None else None,
        "culprit": now.culprit or None,
        "culprit_cpu_percent": now.culprit_percent,
        "unseen": now.unseen if snapshot.pid else None,
        "score": snapshot.score.value if snapshot.score is not None else None,
        "cpu": beat.cpu_percent if beat is not None else None,
        "memory": beat.memory_percent if beat is not None else None,
        "beat_at": figures.iso_time(beat.wall_ns) if beat is not None else None,
        "beat_ms": beat.duration_ns / 1e6 if beat is not None else None,
        "lateness_ms": beat.lateness_ns / 1e6 if beat is not None else None,
        "p50_ms": known.p50 / 1e6 if known is not None else None,
        "p95_ms": known.p95 / 1e6 if known is not None else None,
        "p99_ms": known.p99 / 1e6 if known is not None else None,
        "hiccups": snapshot.hiccups if snapshot.pid else None,
        "own_cpu": context.own_cpu_percent if context is not None else None,
        "own_memory_bytes": context.own_memory_bytes if context is not None else None,
        "pid": snapshot.pid or None,
    }


def _status(now: Now) -> int:
    from aios_gui.heartbeat.model.severity import Severity
    from aios_gui.instance.model.now import Condition

    if now.condition is Condition.STOPPED:
        return FAILURE
    if now.severity is Severity.CRITICAL and now.condition is not Condition.ALARM:
        return FAILURE
    return ALERT if now.severity in (Severity.WARNING, Severity.CRITICAL) else FINE


def _snapshot(paths: Paths) -> Snapshot:
    """Of the instance that runs; of one that does not run, since when, as far as the record tells."""
    from aios_gui.heartbeat.model.states import EngineState
    from aios_gui.instance.channel import ChannelError, NoResident
    from aios_gui.instance.client import ChannelClient
    from aios_gui.instance.commands import GetSnapshot
    from aios_gui.instance.model.snapshot import Snapshot

    try:
        return ChannelClient(paths).execute(GetSnapshot()).snapshot
    except NoResident:
        return Snapshot(state=EngineState.STOPPED, stopped_since_ns=_last_recorded_ns(paths))
    except ChannelError as error:
        complain(str(error))
        return Snapshot(state=EngineState.LOST)


def _last_recorded_ns(paths: Paths) -> int:
    from aios_gui.record.store.errors import StoreError
    from aios_gui.record.store.reader import RecordReader

    try:
        with RecordReader(paths.store) as reader:
            span = reader.span()
    except StoreError:
        return 0
    return span[1] if span is not None else 0
