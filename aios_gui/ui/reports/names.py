"""Names of templates and formats on the screen; of ones that this version does not know, their own."""

from __future__ import annotations

from aios_gui.reports.formats import FORMATS
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

_LONGEST = 40


def report_name(template: str) -> str:
    """What a file is, by its template; "" is raw data."""
    return plain(template, _LONGEST) if template else _("Raw data")


def format_name(name: str) -> str:
    """A format in a word or two, as ``CSV``."""
    form = FORMATS.get(name)
    return form.title.partition(":")[0].partition("：")[0] if form is not None else plain(name, _LONGEST)
