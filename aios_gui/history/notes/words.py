"""Notes in words."""

from __future__ import annotations

from aios_gui.history.notes.model import Note
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _


def when_phrase(note: Note, now_ns: int | None = None) -> str:
    """The moment, or from when to when."""
    start, end = figures.clock_times(note.start_ns, note.end_ns, now_ns, seconds=True)
    return _("{start} to {end}").format(start=start, end=end) if note.is_span else start


def beyond_sentence() -> str:
    """Why a note cannot be where it was asked for."""
    return _("a note is on a moment of the years 1970 to 2115")


def first_line(note: Note) -> str:
    """Its first line, to be shown where there is no room for more; "…" tells that there is more."""
    line, more, _rest = note.text.strip().partition("\n")
    return f"{line} …" if more else line
