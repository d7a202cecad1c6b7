"""What a template of a report is, and how a report is built by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from aios_gui.record.model.timerange import END_OF_TIME_NS, TimeRange
from aios_gui.reports import dates
from aios_gui.reports.material import Material
from aios_gui.reports.model.report import Report, Section, Verdict
from aios_gui.system.origin import origin
from aios_gui.text.catalogue import current_language
from aios_gui.text.catalogue import gettext as _


class Needs(StrEnum):
    """What a template needs beside the record and a span; the words are part of ``report --list --json``."""

    NOTHING = ""
    INCIDENT = "incident"
    AGAINST = "against"
    TESTS = "tests"


@dataclass(frozen=True, slots=True)
class Template:
    """One template. ``title`` and ``question`` are to be translated; ``range`` is the span that is usual for it.

    A section that gives None is left out.
    """

    name: str
    title: str
    question: str
    verdict: Callable[[Material], Verdict]
    sections: tuple[Callable[[Material], Section | None], ...]
    range: str = "7d"
    needs: Needs = Needs.NOTHING
    file: Path | None = None
    """That of a template which a user wrote, whose sections are told by the file."""

    def shown_title(self) -> str:
        """Its title in the language spoken."""
        return _(self.title)

    def shown_question(self) -> str:
        """Its question in the language spoken; "" where it asks none."""
        return _(self.question) if self.question else ""


def build(template: Template, material: Material) -> Report:
    """The report, in the language spoken; StoreError where the record cannot be read."""
    made = (section(material) for section in template.sections)
    sections = tuple(section for section in made if section is not None)
    return Report(
        template.name,
        template.shown_title(),
        template.shown_question(),
        template.verdict(material),
        _span_text(template, material),
        origin(material.began_ns),
        sections,
        current_language(),
    )


def _span_text(template: Template, material: Material) -> str:
    run = material.test_run
    if template.needs is Needs.TESTS and run is not None:
        return _("Test run of {time}").format(time=run.at) if run.at else _("Test run")
    if not material.analysis.count and material.span.start_ns == 0:
        return _("All of the record")
    return dates.span(_whole(material))


def _whole(material: Material) -> TimeRange:
    """What was asked for, as much of it as the record has; of an empty one up to now."""
    found = material.analysis.span
    start_ns = max(found.start_ns, material.span.start_ns)
    end_ns = found.end_ns
    if not material.analysis.count:
        end_ns = material.span.end_ns if material.span.end_ns < END_OF_TIME_NS else material.began_ns
    return TimeRange(start_ns, max(end_ns, start_ns + 1))
