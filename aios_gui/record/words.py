"""The record in words."""

from __future__ import annotations

from aios_gui.text.catalogue import ngettext


def unreadable_sentence(count: int) -> str:
    """That rows did not decode, so that they are missing from what is shown."""
    way = ngettext(
        "{count} entry of the record cannot be read and is left out",
        "{count} entries of the record cannot be read and are left out",
        count,
    )
    return way.format(count=count)
