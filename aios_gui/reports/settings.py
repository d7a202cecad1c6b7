"""The settings of scheduled reports: which is written, how often, and where to."""

from __future__ import annotations

from aios_gui.reports.formats import FormatKind, of_kind
from aios_gui.reports.schedule.model import OFF, Cadence, Plan
from aios_gui.settings.model import Section, Setting, Settings
from aios_gui.text.catalogue import CHINESE, ENGLISH, N_, SYSTEM

_SEARCH = N_("report schedule automatic regular export")

REPORTS = Section(
    "reports",
    N_("Scheduled reports"),
    (
        Setting(
            "reports.schedule",
            OFF,
            choices={
                OFF: N_("Off"),
                str(Cadence.DAILY): N_("Every day"),
                str(Cadence.WEEKLY): N_("Every week"),
                str(Cadence.MONTHLY): N_("Every month"),
            },
            title=N_("Write a report"),
            help=N_(
                "Covers the day, week or month that has just ended. If the machine was off, only the last one that was "
                "missed is written."
            ),
            search=_SEARCH,
        ),
        Setting(
            "reports.template",
            "summary",
            title=N_("Template"),
            help=N_("What the report is about, by its name; “aios-heartbeat report --list” names them all."),
            search=_SEARCH,
        ),
        Setting(
            "reports.format",
            "html",
            choices={"html": "HTML", "pdf": "PDF", "markdown": "Markdown"}
            | {name: form.words for name, form in of_kind(FormatKind.DATA).items()},
            title=N_("Format"),
            help=N_("What is written. Raw data has no template."),
            search=_SEARCH,
        ),
        Setting(
            "reports.language",
            SYSTEM,
            choices={SYSTEM: N_("As the program"), ENGLISH: "English", CHINESE: "简体中文"},
            title=N_("Language of reports"),
            help=N_("The language of scheduled reports."),
            search=_SEARCH,
        ),
        Setting(
            "reports.folder",
            "",
            title=N_("Folder"),
            help=N_("Where scheduled reports go. The folder must exist. Empty: your documents."),
            search=_SEARCH,
        ),
        Setting(
            "reports.keep",
            12,
            1,
            1000,
            title=N_("Keep"),
            help=N_("How many scheduled reports are kept. Older ones are removed, unless you changed them."),
            search=_SEARCH,
        ),
        Setting(
            "reports.digest",
            False,
            title=N_("Notify of the week"),
            help=N_(
                "Once a week, say in three sentences how it was. Not in quiet hours; it comes after them."
            ),
            search=N_("digest summary weekly notification message"),
        ),
    ),
)


def plan_of(settings: Settings) -> Plan | None:
    """What is to be written by schedule; None for nothing."""
    if settings["reports.schedule"] == OFF:
        return None
    return Plan(
        Cadence(settings["reports.schedule"]),
        settings["reports.template"],
        settings["reports.format"],
        settings["reports.language"],
        settings["reports.folder"],
        settings["reports.keep"],
    )
