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
        ),
        Setting(
            "record.size_limit_mb",
            500,
            20,
            100_000,
            unit="MB",
            title=N_("At most"),
            help=N_("Once the record is larger than this, the oldest beats go before their time."),
        ),
    ),
)
