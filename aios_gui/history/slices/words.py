"""What a slice holds, and why a file is not opened as one, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from aios_gui.history.slices.make import SliceContents
from aios_gui.history.slices.opened import SliceFault, SliceRefused
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import plain

_SHOWN_NAMES = 12


def contents_lines(
    contents: SliceContents, now_ns: int, most_names: int | None = _SHOWN_NAMES
) -> Iterator[str]:
    """What would be sent, a line each; of the names in it ``most_names``, all of them for None."""
    begin, end = figures.clock_times(contents.start_ns, contents.end_ns, now_ns, seconds=True)
    yield _("From {begin} to {end}, {size}:").format(
        begin=begin, end=end, size=figures.size(contents.size_bytes)
    )
    yield "  " + ngettext("{count} beat", "{count} beats", contents.beats).format(
        count=figures.count(contents.beats)
    )
    for kind, count in contents.counts.items():
        if count:
            yield f"  {_counted(kind, count)}"
    if not contents.names:
        yield _("There are no names in it.")
        return
    if contents.are_names_hidden:
        yield ngettext(
            "{count} name or text is replaced by one that says nothing, as name-1.",
            "{count} names and texts are replaced by ones that say nothing, as name-1.",
            len(contents.names),
        ).format(count=figures.count(len(contents.names)))
        return
    shown = [plain(name, 60) for name in list(contents.names)[:most_names]]
    rest = len(contents.names) - len(shown)
    listed = _(", ").join(shown)
    if rest:
        listed = ngettext("{list} and {count} more", "{list} and {count} more", rest).format(
            list=listed, count=rest
        )
    yield _("Names and texts in it: {list}").format(list=listed)


def _counted(kind: str, count: int) -> str:
    return {
        "contexts": ngettext("{count} sample of resources", "{count} samples of resources", count),
        "gaps": ngettext("{count} gap", "{count} gaps", count),
        "events": ngettext("{count} logged event", "{count} logged events", count),
        "incidents": ngettext("{count} incident", "{count} incidents", count),
        "hiccup_findings": ngettext("{count} stall looked into", "{count} stalls looked into", count),
        "changes": ngettext("{count} change", "{count} changes", count),
        "who_ran": ngettext("{count} table of who ran", "{count} tables of who ran", count),
        "notes": ngettext("{count} note", "{count} notes", count),
    }[kind].format(count=figures.count(count))


def refused_sentence(file: Path, refused: SliceRefused) -> str:
    """Why the file is not opened, and what to do."""
    sentences = {
        SliceFault.NOT_A_FILE: _("{file} is not a file"),
        SliceFault.UNREADABLE: _("{file} cannot be read: {detail}"),
        SliceFault.NOT_A_RECORD: _("{file} is not a record of AIOS Heartbeat, or was altered: {detail}"),
        SliceFault.NEWER: _(
            "{file} was made by a newer version of AIOS Heartbeat; install that one to open it"
        ),
    }
    return sentences[refused.fault].format(
        file=plain(file, 400), detail=plain(refused.detail, 200) or _("it is empty")
    )
