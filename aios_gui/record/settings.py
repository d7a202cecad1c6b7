"""The settings of the record: how long and how much of it is kept."""

from __future__ import annotations

from aios_gui.settings.model import Section, Setting
from aios_gui.text.catalogue import N_

RECORD = Section(
    "record",
    N_("Record"),
    (
        Setting(
            "record.raw_days",
            8,
            1,
            365,
            unit="d",
            title=N_("Keep beats for"),
            help=N_("Individual beats are kept this long, then deleted."),
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
