"""The record in words."""

from __future__ import annotations

from aios_gui.record.model.retention import Growth
from aios_gui.record.model.timerange import RangeError, RangeFault
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import paragraph, plain


def unreadable_sentence(count: int) -> str:
    """That rows did not decode, so that they are missing from what is shown."""
    way = ngettext(
        "{count} entry of the record cannot be read and is left out",
        "{count} entries of the record cannot be read and are left out",
        count,
    )
    return way.format(count=figures.count(count))


def range_sentence(error: RangeError) -> str:
    """What is wrong with a range, a time or a length, and how to write it."""
    sentences = {
        RangeFault.NOT_A_RANGE: _("“{part}” is not a range: write 15m, 24h, 7d, all, or START..END"),
        RangeFault.NOT_A_TIME: _(
            "“{part}” is not a time: write it as 14:03, yesterday 14:03, 3 h ago or 2025-03-12T14:03"
        ),
        RangeFault.NOT_A_LENGTH: _("“{part}” is not a length of time: write 30m, 1h or 2d"),
        RangeFault.NOTHING_IN_IT: _("the range “{part}” ends before it begins"),
        RangeFault.TWICE: _("“{part}” came twice, since the clocks went back: write {first} or {second}"),
        RangeFault.NEVER: _("“{part}” never was: the clocks went forward over it"),
    }
    first, second = error.choices or ("", "")
    return sentences[error.fault].format(part=plain(error.part, 60), first=first, second=second)


def growth_sentence(growth: Growth, raw_days: int, limit_bytes: int) -> str:
    """How much the record grows and to what, and what of it is still to be packed; "" while nothing tells."""
    parts = []
    if growth.bytes_a_day:
        a_day, days = figures.size(int(growth.bytes_a_day)), growth.days_until(limit_bytes, raw_days)
        full = figures.size(int(growth.bytes_a_day * raw_days) if days is None else limit_bytes)
        way = ngettext(
            "About {a_day} a day, {full} for {days} day.",
            "About {a_day} a day, {full} for {days} days.",
            raw_days,
        )
        if days is not None:
            way = ngettext(
                "About {a_day} a day: the limit of {full} is reached after {days} day.",
                "About {a_day} a day: the limit of {full} is reached after {days} days.",
                days,
            )
        if days == 0:
            way = _("About {a_day} a day: the limit of {full} is reached within a day.")
        parts.append(
            way.format(a_day=a_day, full=full, days=figures.count(raw_days if days is None else days))
        )
    if growth.unsealed_hours:
        parts.append(unsealed_sentence(growth.unsealed_hours))
    return paragraph(parts)


def unsealed_sentence(hours: int) -> str:
    """How much of what an older version left is still to be packed."""
    way = ngettext(
        "Older beats are being compressed: {count} hour to go.",
        "Older beats are being compressed: {count} hours to go.",
        hours,
    )
    return way.format(count=figures.count(hours))
