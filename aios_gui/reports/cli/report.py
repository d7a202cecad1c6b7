"""`report`: a report of the record by a template, as a page, a document or a picture."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import (
    FINE,
    CommandError,
    add_slice,
    load_settings,
    print_json,
    range_of,
    reading,
    record_of,
)
from aios_gui.reports.cli.output import add_output, open_written, output_of, written
from aios_gui.text.catalogue import CHINESE, ENGLISH
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from aios_gui.autostart.service import AutostartSnapshot
    from aios_gui.record.model.timerange import TimeRange
    from aios_gui.record.store.reader import RecordReader
    from aios_gui.reports.cli.working import Tell
    from aios_gui.reports.material import Material
    from aios_gui.reports.model.report import Figure, Report
    from aios_gui.reports.model.test_run import RunResult
    from aios_gui.reports.template import Template
    from aios_gui.selfcheck.targets.model import TargetFacts
    from aios_gui.settings.model import Settings
    from aios_gui.system.paths import Paths

_DEFAULT = "summary"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `report`."""
    from aios_gui.reports.formats import FormatKind, of_kind

    parser.add_argument(
        "--list", action="store_true", help=_("list the templates, with yours; with --json as facts")
    )
    # Under a name of its own: titles are what a person chooses by, and stay in the language spoken.
    parser.add_argument("--json", dest="as_json", action="store_true", help=_("with --list: print a list"))
    parser.add_argument(
        "--template", default=_DEFAULT, metavar="T", help=_("one of --list (default: summary)")
    )
    parser.add_argument(
        "--format",
        choices=sorted(of_kind(FormatKind.REPORT, FormatKind.FIGURE)),
        help=_("what to write (default: as the file’s name ends, or html)"),
    )
    parser.add_argument(
        "--range",
        metavar="R",
        help=_(
            "15m, 24h, 7d, all, or START..END with ISO times (default: what is usual for the template, all of a slice)"
        ),
    )
    add_slice(parser)
    parser.add_argument(
        "--against", metavar="R", help=_("for a comparison: the span that --range is compared with")
    )
    parser.add_argument(
        "--incident", type=int, metavar="ID", help=_("which incident (default: the worst of the range)")
    )
    parser.add_argument(
        "--tests", metavar="FILE", help=_("the result file of a test run, JUnit XML, for what tells of tests")
    )
    parser.add_argument(
        "--figure", metavar="NAME", help=_("for png and svg: which figure of the report (default: the first)")
    )
    parser.add_argument("--preview", action="store_true", help=argparse.SUPPRESS)  # as the window shows it
    parser.add_argument("--language", choices=(ENGLISH, CHINESE), help=_("of the report (default: yours)"))
    add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the report, or list the templates."""
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    settings = load_settings(paths)
    if arguments.language is not None:
        from aios_gui.text.catalogue import use_language

        use_language(arguments.language)
    if arguments.list:
        _list(paths, arguments.as_json)
        return FINE
    _write(paths, settings, arguments)
    return FINE


def _list(paths: Paths, as_json: bool) -> None:
    from aios_gui.reports.own_templates import own_templates
    from aios_gui.reports.templates import TEMPLATES
    from aios_gui.text.plain import plain
    from aios_gui.text.terminal.text_width import padded, width

    own, faults = own_templates(paths.data)
    found = [*TEMPLATES.values(), *own.values()]
    if as_json:
        print_json(
            [
                {
                    "name": each.name,
                    "title": each.shown_title(),
                    "question": each.shown_question() or None,
                    "range": each.range,
                    "needs": str(each.needs) or None,
                    "own": each.name in own,
                }
                for each in found
            ]
        )
    else:
        names = max(width(plain(each.name)) for each in found)
        for each in found:
            print(f"{padded(plain(each.name), names)}  {each.shown_title()}")
            if each.question:
                print(f"{' ' * names}  {each.shown_question()}")
    for fault in faults:
        complain(fault)


def _template(paths: Paths, name: str) -> Template:
    from aios_gui.reports.own_templates import own_templates
    from aios_gui.reports.templates import TEMPLATES
    from aios_gui.text.plain import plain

    if name in TEMPLATES:
        return TEMPLATES[name]
    own, faults = own_templates(paths.data)
    if name in own:
        return own[name]
    for fault in faults:
        complain(fault)
    sentence = _("there is no template “{name}”; there are: {names}")
    raise CommandError(sentence.format(name=plain(name, 40), names=", ".join(map(plain, (*TEMPLATES, *own)))))


def _write(paths: Paths, settings: Settings, arguments: argparse.Namespace) -> None:
    from aios_gui.reports.cli.working import working
    from aios_gui.reports.own_templates import TemplateFault

    began_ns = time.time_ns()
    template, target = _template(paths, arguments.template), output_of(arguments)
    record = record_of(arguments, paths)
    try:
        with working(arguments.progress is not None) as tell, reading(record) as reader:
            material = _material(paths, settings, arguments, template, reader, tell, began_ns)
            _make(template, material, arguments, target, tell)
    except TemplateFault as error:
        raise CommandError(str(error)) from error
    if target is not None and arguments.open:
        open_written(target)


def _make(
    template: Template, material: Material, arguments: argparse.Namespace, target: Path | None, tell: Tell
) -> None:
    from aios_gui.reports.formats import FORMATS, FormatKind, preview
    from aios_gui.reports.jobs.model import JobResult, Step
    from aios_gui.reports.own_templates import build_own
    from aios_gui.reports.template import build

    form = FORMATS[_format_name(arguments)]
    module = preview if arguments.preview else form.load()
    report = build(template, material) if template.file is None else build_own(template, material)
    what: Report | Figure = report
    if form.kind is FormatKind.FIGURE and not arguments.preview:
        what = _figure(report, arguments.figure)
    tell(0.8, Step.DRAWING)

    def write(out: BinaryIO) -> None:
        module.write(what, out)

    if target is None:
        write(sys.stdout.buffer)
        return
    written(target, write)
    if arguments.progress:
        took_s = round((time.time_ns() - material.began_ns) / 1e9, 3)
        size = target.stat().st_size
        print_json(JobResult(str(target), form.name, size, took_s, template=template.name), indent=None)
    complain(_("report written to {file}").format(file=target))


def _format_name(arguments: argparse.Namespace) -> str:
    """What was asked for, or what the name of the file ends in; CommandError where that is none."""
    from pathlib import Path

    from aios_gui.reports.formats import FormatKind, of_kind

    if arguments.format is not None:
        return str(arguments.format)
    endings = {form.suffix: name for name, form in of_kind(FormatKind.REPORT, FormatKind.FIGURE).items()}
    ending = Path(arguments.output).suffix.lower()
    if ending and ending not in endings:
        sentence = _("{file} ends in none of {endings}; name the format with --format")
        raise CommandError(sentence.format(file=arguments.output, endings=_(", ").join(endings)))
    return endings.get(ending, "html")


def _figure(report: Report, name: str | None) -> Figure:
    from aios_gui.text.plain import plain

    found = {figure.name: figure for figure in report.figures()}
    if not found:
        raise CommandError(_("this report has no figure; choose another template or range"))
    if name is None:
        return next(iter(found.values()))
    if name not in found:
        sentence = _("this report has no figure “{name}”; there are: {names}")
        raise CommandError(sentence.format(name=plain(name, 40), names=", ".join(found)))
    return found[name]


def _material(
    paths: Paths,
    settings: Settings,
    arguments: argparse.Namespace,
    template: Template,
    reader: RecordReader,
    tell: Tell,
    began_ns: int,
) -> Material:
    from functools import partial

    from aios_gui.history.queries import History
    from aios_gui.instance.open_incidents import as_they_are_now
    from aios_gui.reports.jobs.model import Step
    from aios_gui.reports.material import Material
    from aios_gui.reports.template import Needs
    from aios_gui.selfcheck.benchmark.runs import machine
    from aios_gui.selfcheck.record_reader import recorded_machine

    if template.needs is Needs.AGAINST and arguments.against is None:
        raise CommandError(_("this template compares two spans; name the other one with --against"))
    if template.needs is Needs.TESTS and arguments.tests is None:
        raise CommandError(_("this template needs the result file of a test run; name it with --tests"))
    tell(0.0, Step.READING)

    def tell_share(share: float) -> None:
        tell(0.1 + 0.6 * share, Step.RECKONING)

    span = range_of(arguments.range or ("all" if arguments.slice else template.range))
    return Material(
        History(reader),
        _of_incident(reader, arguments, template) or span,
        machine() if arguments.slice is None else recorded_machine(reader),
        began_ns,
        _target_facts(paths, settings, reader, None if arguments.slice else span, began_ns),
        None if arguments.slice else lambda: _autostart(paths, settings),
        arguments.incident,
        None if arguments.against is None else range_of(arguments.against),
        None if arguments.tests is None else _tests(arguments.tests),
        tell_share,
        arguments.slice is not None,
        partial(as_they_are_now, None if arguments.slice else paths),
    )


def _of_incident(reader: RecordReader, arguments: argparse.Namespace, template: Template) -> TimeRange | None:
    """The hour before an incident that was named, and all of it, up to the last beat while it goes on.

    None where none was named, or a range was.
    """
    from aios_gui.alerts.record_reader import incident
    from aios_gui.record.model.timerange import TimeRange
    from aios_gui.reports.template import Needs

    if arguments.incident is None or template.needs is not Needs.INCIDENT:
        return None
    found = incident(reader, arguments.incident)
    if found is None:
        sentence = _("there is no incident {number}; “aios-heartbeat incidents --range all” lists them")
        raise CommandError(sentence.format(number=arguments.incident))
    if arguments.range:
        return None
    hour_ns = 3_600_000_000_000
    end_ns = found.cleared_ns or max(found.started_ns, (reader.span() or (0, 0))[1])
    return TimeRange(max(0, found.started_ns - hour_ns), end_ns + hour_ns // 4)


def _target_facts(
    paths: Paths, settings: Settings, reader: RecordReader, span: TimeRange | None, began_ns: int
) -> TargetFacts:
    """Of the instance that runs where the span reaches up to ``began_ns``, else of its last recorded hour."""
    from aios_gui.alerts.settings import thresholds_of
    from aios_gui.instance.channel import ChannelError
    from aios_gui.instance.target_facts import gather, recorded_facts

    hiccup_ns = thresholds_of(settings).hiccup_ns
    if span is not None and span.end_ns >= began_ns:
        try:
            return gather(paths, hiccup_ns).facts
        except (ChannelError, ValueError) as error:
            from aios_gui.text.plain import plain

            sentence = _("the running instance cannot be asked for the targets: {reason}")
            complain(sentence.format(reason=plain(error)))
    return recorded_facts(reader, hiccup_ns, None if span is None else span.end_ns).facts


def _autostart(paths: Paths, settings: Settings) -> AutostartSnapshot:
    from aios_gui.autostart.service import service_of_system
    from aios_gui.instance.smoke_test_probe import ChannelProbe

    return service_of_system(paths, ChannelProbe()).look(settings)


def _tests(name: str) -> RunResult:
    from pathlib import Path

    from aios_gui.reports.junit import NoResults, read_run
    from aios_gui.text.os_reason import reason_of
    from aios_gui.text.plain import plain

    try:
        return read_run(Path(name))
    except NoResults as error:
        sentence = _("{file} holds no results of tests: {reason}")
        raise CommandError(sentence.format(file=plain(name), reason=plain(error))) from error
    except OSError as error:
        raise CommandError(f"{plain(name)}: {reason_of(error)}") from error
