"""An import in words."""

from __future__ import annotations

from aios_gui.record.importing.model import ImportProblem, ImportReport, ImportState, SkipReason
from aios_gui.text import figures
from aios_gui.text.catalogue import N_, ngettext
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

_NAME_CHARACTERS = 120
_REASONS = {
    SkipReason.NOT_JSON: N_("no JSON object"),
    SkipReason.TORN: N_("cut off at the end of the file"),
    SkipReason.NO_ROW: N_("no row of the table"),
    SkipReason.WRONG_TYPE: N_("a value of another type"),
    SkipReason.NO_TIME: N_("without a time"),
    SkipReason.NOT_A_TIME: N_("a time that is none"),
    SkipReason.IN_THE_FUTURE: N_("in the future"),
    SkipReason.NO_DURATION: N_("without a duration"),
    SkipReason.OUT_OF_RANGE: N_("a figure that cannot be"),
    SkipReason.TOO_LONG: N_("longer than any line of a beat"),
    SkipReason.DUPLICATE: N_("there twice"),
    SkipReason.KNOWN: N_("in the record already"),
}
_PROBLEMS = {
    ImportProblem.NOT_A_FILE: N_("{file} is no file that can be read from beginning to end"),
    ImportProblem.UNREADABLE: N_("{file} cannot be read: {reason}"),
    ImportProblem.EMPTY: N_("{file} is empty"),
    ImportProblem.UNKNOWN_FORM: N_(
        "{file} has no beats in a form that is known: JSON, an object a line, or CSV with a heading"
    ),
    ImportProblem.DATABASE: N_(
        "{file} is a database; a slice of a record is not imported but opened: aios-gui {file}"
    ),
    ImportProblem.NOT_KEPT: N_("what was read of {file} cannot be kept: {reason}"),
    ImportProblem.NO_ROOM: N_(
        "the record may not grow that large: allow it more in the settings, and import {file} again"
    ),
}


def reason_name(reason: SkipReason) -> str:
    """Why a line was left out, in a few words."""
    return _(_REASONS[reason])


def problem_sentence(report: ImportReport) -> str:
    """Why the import failed; "" where it did not."""
    if report.problem is None:
        return ""
    return _(_PROBLEMS[report.problem]).format(
        file=plain(report.name, _NAME_CHARACTERS), reason=plain(report.reason, 300)
    )


def progress_sentence(report: ImportReport) -> str:
    """How far it is, how fast it goes and how long it will take yet."""
    left = report.seconds_left
    parts = [
        _("{percent} of {size}").format(
            percent=figures.percent(report.share * 100), size=figures.size(report.size_bytes)
        ),
        _("{count} lines/s").format(count=figures.count(round(report.lines_per_s))),
    ]
    if left is not None:
        parts.append(figures.time_left(left))
    return _(", ").join(filter(None, parts))


def outcome_sentence(report: ImportReport, dry_run: bool = False) -> str:
    """What was imported, or would be."""
    if report.state is ImportState.FAILED:
        return problem_sentence(report)
    name = plain(report.name, _NAME_CHARACTERS)
    if not report.imported:
        said = _("{file} has nothing new to import").format(file=name)
    else:
        count = report.imported
        way = (
            ngettext(
                "{count} beat of {file} would be imported", "{count} beats of {file} would be imported", count
            )
            if dry_run
            else ngettext(
                "{count} beat of {file} was imported", "{count} beats of {file} were imported", count
            )
        )
        said = way.format(count=figures.count(count), file=name)
        if report.first_us is not None and report.last_us is not None:
            first, last = figures.clock_times(report.first_us * 1000, report.last_us * 1000)
            said = _("{said}, from {first} to {last}").format(said=said, first=first, last=last)
    if report.state is ImportState.CANCELLED:
        return _("cancelled: {said}; import the file again to go on").format(said=said)
    return said


def skipped_sentences(report: ImportReport) -> list[str]:
    """What was left out and why, by how often, with the numbers of the first lines."""
    found = []
    for reason, count in report.skipped.most_common():
        way = ngettext("{count} line left out: {reason}", "{count} lines left out: {reason}", count)
        sentence = way.format(count=figures.count(count), reason=reason_name(reason))
        lines = [line for line, each in report.first_skipped if each is reason]
        if lines:
            numbers = ", ".join(map(str, lines)) + (", …" if count > len(lines) else "")
            sentence = _("{sentence} (line {numbers})").format(sentence=sentence, numbers=numbers)
        found.append(sentence)
    return found


def remark_sentences(report: ImportReport) -> list[str]:
    """What was read in spite of something odd."""
    remarks = (
        (
            report.re_encoded,
            ngettext(
                "{count} line had another encoding", "{count} lines had another encoding", report.re_encoded
            ),
        ),
        (
            report.ambiguous,
            ngettext(
                "{count} time lies in an hour that the clock went through twice, and was told by those around it",
                "{count} times lie in an hour that the clock went through twice, and were told by those around them",
                report.ambiguous,
            ),
        ),
        (
            report.shifted,
            ngettext(
                "{count} time lies in an hour that the clock left out",
                "{count} times lie in an hour that the clock left out",
                report.shifted,
            ),
        ),
    )
    return [way.format(count=figures.count(count)) for count, way in remarks if count]
