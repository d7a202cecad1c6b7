"""The settings of the record: how long and how much of it is kept."""

from __future__ import annotations

from aios_gui.settings.model import Section, Setting, Settings
from aios_gui.text.catalogue import N_

RECORD = Section(
    "record",
    N_("Record"),
    (
        Setting(
            "record.raw_days",
            365,
            1,
            3650,
            unit="d",
            title=N_("Keep beats for"),
            help=N_(
                "Every beat is kept this long, then deleted. Daily figures, incidents, hiccups and gaps stay."
            ),
            search=N_("retention delete history age clean up"),
        ),
        Setting(
            "record.size_limit_mb",
            500,
            20,
            100_000,
            unit="MB",
            title=N_("Size limit"),
            help=N_("Once the record is larger than this, the oldest beats are deleted first."),
            search=N_("retention delete disk space maximum size"),
        ),
    ),
)


def limits_of(settings: Settings) -> tuple[int, int]:
    """For how many days beats are kept, and how many bytes the record may have."""
    return settings["record.raw_days"], settings["record.size_limit_mb"] << 20
