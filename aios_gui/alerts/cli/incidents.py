"""`incidents`: what the rules found, acknowledged and annotated from the command line."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import (
    ALERT,
    FINE,
    CommandError,
    add_range,
    bring,
    length_of,
    load_settings,
    none_found,
    print_json,
    read_record,
    record_of,
    refuse_slice,
    span_of,
)
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext

if TYPE_CHECKING:
    from pathlib import Path

    from aios_gui.alerts.model.incident import Incident
    from aios_gui.alerts.model.rules import Rule
    from aios_gui.settings.model import Settings
    from aios_gui.system.paths import Paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `incidents`."""
    add_range(parser, "7d")
    parser.add_argument("--level", choices=("warning", "critical"), help=_("only those of this level"))
    parser.add_argument("--state", choices=("firing", "cleared"), help=_("only those in this state"))
    parser.add_argument("--rule", metavar="NAME", help=_("only those of this rule"))
    parser.add_argument("--json", action="store_true", help=_("print all facts as JSON"))
    parser.add_argument("--markdown", action="store_true", help=_("with --show: as a page in Markdown"))
    parser.add_argument(
        "--as",
        dest="table",
        metavar="TABLE",
        help=_("with --replay: as if the rule were this, a table as in the settings but in JSON"),
    )
    parser.add_argument(
        "--for",
        dest="length",
        default="1h",
        metavar="T",
        help=_("with --mute: for how long, as 30m, 1h or 2d (default: 1h)"),
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--show", type=int, metavar="ID", help=_("show all of one incident"))
    what.add_argument("--ack", type=int, metavar="ID", help=_("note that somebody has seen it"))
    what.add_argument("--note", nargs=2, metavar=("ID", "TEXT"), help=_("write a note to it"))
    what.add_argument("--mute", metavar="RULE", help=_("silence this rule for a while; it is still recorded"))
    what.add_argument("--unmute", metavar="RULE", help=_("let it alert again"))
    what.add_argument(
        "--replay", metavar="RULE", help=_("how often it would have fired in the range, as it is now")
    )


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked; 1 where an incident that is listed goes on and is not silent."""
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    settings = load_settings(paths)
    if arguments.show is not None:
        return _show(paths, settings, arguments)
    if arguments.replay is not None:
        return _replay(paths, settings, arguments)
    if arguments.ack is not None or arguments.note is not None:
        refuse_slice(arguments)
        return _mark(paths, arguments)
    if arguments.mute is not None or arguments.unmute is not None:
        refuse_slice(arguments)
        return _mute(paths, settings, arguments)
    return _list(paths, settings, arguments)


def _list(paths: Paths, settings: Settings, arguments: argparse.Namespace) -> int:
    from aios_gui.alerts.model.incident import IncidentState
    from aios_gui.alerts.record_reader import incidents
    from aios_gui.alerts.settings import shown
    from aios_gui.instance.open_incidents import as_they_are_now

    span, record = span_of(arguments), record_of(arguments, paths)
    found = [
        incident
        for incident in read_record(record, lambda reader: incidents(reader, span.start_ns, span.end_ns))
        if arguments.level in (None, incident.level)
        and arguments.state in (None, incident.state)
        and arguments.rule in (None, incident.rule)
    ]
    found = as_they_are_now(None if arguments.slice else paths, found)
    if arguments.json:
        from aios_gui.alerts.incident_facts import incident_facts

        print_json([incident_facts(shown(incident, settings)) for incident in found])
    elif found:
        now_ns = time.time_ns()
        for incident in found:
            print(_line(incident, now_ns))
    else:
        print(none_found(record, span, _("no incidents in this range")))
    goes_on = any(each.state is IncidentState.FIRING and not each.silence for each in found)
    return ALERT if goes_on else FINE


def _line(incident: Incident, now_ns: int) -> str:
    from aios_gui.alerts.words import incidents as incident_words
    from aios_gui.alerts.words.rules import level_name
    from aios_gui.text.plain import plain
    from aios_gui.text.terminal.text_width import padded

    state = incident_words.state_phrase(incident)
    if incident.silence:
        state = _("{state}, {silence}").format(
            state=state, silence=incident_words.silence_phrase(incident.silence)
        )
    first = f"{incident.id}  {padded(level_name(incident.level), 8)}  {plain(incident.rule, 60)}: {state}"
    detail = _("{span}; {conclusion}").format(
        span=incident_words.span_phrase(incident, now_ns),
        conclusion=incident_words.conclusion(incident),
    )
    return f"{first}\n    {detail}"


def _find(record: Path, number: int) -> Incident:
    from aios_gui.alerts.record_reader import incident

    found: Incident | None = read_record(record, lambda reader: incident(reader, number))
    if found is None:
        sentence = _("there is no incident {number}; “aios-heartbeat incidents --range all” lists them")
        raise CommandError(sentence.format(number=number))
    return found


def _show(paths: Paths, settings: Settings, arguments: argparse.Namespace) -> int:
    from aios_gui.alerts import incident_facts
    from aios_gui.alerts.settings import shown
    from aios_gui.alerts.words import incidents as incident_words
    from aios_gui.instance.open_incidents import as_they_are_now

    found = shown(_find(record_of(arguments, paths), arguments.show), settings)
    (incident,) = as_they_are_now(None if arguments.slice else paths, [found])
    now_ns = time.time_ns()
    if arguments.json:
        print_json(incident_facts.incident_facts(incident))
        return FINE
    if arguments.markdown:
        print(incident_facts.markdown(incident, now_ns), end="")
        return FINE
    print(_line(incident, now_ns))
    for line in incident_words.facts(incident, now_ns):
        print(f"    {line}")
    for culprit in incident.finding.culprits if incident.finding is not None else ():
        print(f"    - {incident_words.culprit_phrase(culprit)}")
    for result in incident.actions:
        name, done = incident_words.action_name(result.action), incident_words.action_state(result.state)
        print(f"    - {name}: {done} {incident_words.action_detail(result)}".rstrip())
    return FINE


def _mark(paths: Paths, arguments: argparse.Namespace) -> int:
    from aios_gui.alerts.model.incident import NOTE_CHARACTERS
    from aios_gui.instance.commands import AcknowledgeIncident, AddNote

    if arguments.ack is not None:
        number = _find(paths.store, arguments.ack).id
        bring(paths, AcknowledgeIncident(number, time.time_ns()))
        print(_("incident {number} is acknowledged").format(number=number))
        return FINE
    written, text = arguments.note
    try:
        number = int(written)
    except ValueError:
        raise CommandError(
            _("“{text}” is not the number of an incident").format(text=_plain(written))
        ) from None
    if len(text) > NOTE_CHARACTERS:
        raise CommandError(
            _("a note has at most {count} characters, this one {found}").format(
                count=NOTE_CHARACTERS, found=len(text)
            )
        )
    number = _find(paths.store, number).id
    bring(paths, AddNote(number, text))
    print(_("the note is kept with incident {number}").format(number=number))
    return FINE


def _plain(text: str) -> str:
    from aios_gui.text.plain import plain

    return plain(text, 60)


def _rule(settings: Settings, name: str) -> Rule:
    from aios_gui.alerts.settings import rules_of

    for rule in rules_of(settings):
        if rule.name == name:
            return rule
    known = ", ".join(rule.name for rule in rules_of(settings)) or _("none")
    raise CommandError(
        _("there is no rule “{name}”; there is: {names}").format(name=_plain(name), names=known)
    )


def _rule_as_written(text: str) -> Rule:
    """The rule of a table in JSON; CommandError with what is wrong with it."""
    import msgspec

    from aios_gui.alerts.model.rule_fields import rule_of
    from aios_gui.alerts.words.rules import wanted

    try:
        table = msgspec.json.decode(text)
    except (ValueError, RecursionError) as error:
        raise CommandError(_("the rule is no JSON: {reason}").format(reason=_plain(str(error)))) from error
    rule, faults = rule_of(table)
    if rule is None:
        wrong = "; ".join(f"{_plain(each.field)} {wanted(each.field, each.fault)}".strip() for each in faults)
        raise CommandError(_("the rule is not right: {faults}").format(faults=wrong))
    return rule


def _mute(paths: Paths, settings: Settings, arguments: argparse.Namespace) -> int:
    from aios_gui.alerts.record_reader import mutes
    from aios_gui.instance.commands import MuteRule, UnmuteRule
    from aios_gui.text import figures

    if arguments.unmute is not None:
        # A rule that was muted may have been removed since.
        if arguments.unmute not in {each.rule for each in read_record(paths.store, mutes)}:
            _rule(settings, arguments.unmute)  # says that there is none of that name
        bring(paths, UnmuteRule(arguments.unmute))
        print(_("the rule “{name}” alerts again").format(name=_plain(arguments.unmute)))
        return FINE
    rule = _rule(settings, arguments.mute)
    now_ns = time.time_ns()
    until_ns = now_ns + length_of(arguments.length)
    bring(paths, MuteRule(rule.name, until_ns))
    until = figures.clock_time(until_ns, now_ns)
    print(_("the rule “{name}” is silent until {time}").format(name=rule.name, time=until))
    return FINE


def _replay(paths: Paths, settings: Settings, arguments: argparse.Namespace) -> int:
    from aios_gui.alerts.watch.replay import NotRecorded, replay
    from aios_gui.alerts.words.rules import condition
    from aios_gui.heartbeat.settings import interval_ns_of
    from aios_gui.text import figures

    rule = _rule(settings, arguments.replay) if arguments.table is None else _rule_as_written(arguments.table)
    span = span_of(arguments)
    try:
        found = read_record(
            record_of(arguments, paths),
            lambda reader: replay(reader, rule, span.start_ns, span.end_ns, interval_ns_of(settings)),
        )
    except NotRecorded:
        raise CommandError(
            _("the rule “{name}” watches what a plug-in measures, and that is not recorded").format(
                name=rule.name
            )
        ) from None
    if arguments.json:
        facts = {"rule": rule.name, "incidents": len(found.incidents), "firings": found.firings}
        began = [figures.iso_time(each.started_ns) for each in found.incidents]
        print_json({**facts, "readings": found.readings, "at": began})
        return FINE
    count = len(found.incidents)
    sentence = ngettext(
        "“{name}” ({condition}) would have made {count} incident of {readings} readings",
        "“{name}” ({condition}) would have made {count} incidents of {readings} readings",
        count,
    )
    print(
        sentence.format(
            name=rule.name,
            condition=condition(rule),
            count=figures.count(count),
            readings=figures.count(found.readings),
        )
    )
    return FINE
