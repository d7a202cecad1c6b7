"""What the doctor checks of the record: whether it is there, whole, and of a version that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from aios_gui.record.model.page import is_whole
from aios_gui.record.model.timerange import END_OF_TIME_NS
from aios_gui.record.store.decode import Row
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.growth import growth_of, size_of
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.words import unreadable_sentence, unsealed_sentence
from aios_gui.system.other_users import opens_to_others
from aios_gui.system.paths import Paths
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.check import Check, CheckState
from aios_gui.text.plain import plain

_HOUR_NS = 3_600_000_000_000
_NAMED_HOURS = 5
_HOURS_AT_ONCE = 100


def record(
    paths: Paths, known_version: int, readers: Iterable[Callable[[RecordReader], object]] = ()
) -> Check:
    """Whether the record is whole and of a version that is known, and what is in it.

    ``known_version`` is the newest one that this program knows; ``readers`` read what features keep there.
    """
    if not paths.record_folder.is_dir() and paths.record_folder != paths.data:
        detail = _("the folder {folder}, to which the record was moved, is not there")
        remedy = _(
            "Connect the disk that it lies on. Beats wait for it in the meantime, as far as memory allows."
        )
        return Check("record", CheckState.ERROR, detail.format(folder=paths.record_folder), remedy)
    if not paths.store.exists():
        return Check("record", CheckState.OK, _("no record yet: it is begun with the first beat"))
    aside = _(
        "Start the program or let it run: within minutes it sets this file aside, begins a new record and carries over "
        "what can be read."
    )
    try:
        with RecordReader(paths.store) as reader:
            version, verdict, held = reader.schema_version, "", ""
            hours: list[int] = []
            unreadable = 0
            if version <= known_version:
                verdict = reader.check()
                if verdict == "ok":
                    held, hours = _held(reader), _damaged_hours(reader)
                    for read in (_read_own, *readers):
                        read(reader)
                unreadable = reader.unreadable
    except StoreError as error:
        return Check("record", CheckState.ERROR, plain(error, 400), aside)
    if version > known_version:
        detail = _("{path} was written by a newer version of this program").format(path=paths.store)
        remedy = _("Install the newer version again, or name another folder in AIOS_HOME.")
        return Check("record", CheckState.ERROR, detail, remedy)
    if verdict != "ok":
        detail = _("{path} is damaged: {verdict}").format(path=paths.store, verdict=plain(verdict))
        return Check("record", CheckState.ERROR, detail, aside)
    size = figures.size(size_of(paths.store))
    detail = _("whole, {size}, version {version}").format(size=size, version=version)
    detail += held
    if hours:
        damaged = _("the beats of these hours are damaged and lost: {hours}")
        named = ", ".join(figures.moment(hour * _HOUR_NS) for hour in hours[:_NAMED_HOURS])
        remedy = _("Everything else is used as before. Nothing needs to be done.")
        return Check("record", CheckState.WARNING, f"{detail}; {damaged.format(hours=named)}", remedy)
    if unreadable:
        remedy = _("The log says which. Everything else is used as before.")
        return Check("record", CheckState.WARNING, f"{detail}; {unreadable_sentence(unreadable)}", remedy)
    if (found := opens_to_others(paths.record_folder)) is not None:
        detail = _(
            "other users of this machine may write to {folder}, and could put another record in its place"
        )
        remedy = _("Move it to a folder of your own: {command}").format(
            command="aios-heartbeat record --move FOLDER"
        )
        return Check("record", CheckState.WARNING, detail.format(folder=plain(found, 400)), remedy)
    return Check("record", CheckState.OK, detail)


def _held(reader: RecordReader) -> str:
    """From when to when there are beats, and what of them is still to be packed."""
    span, unsealed = reader.span(), growth_of(partial(reader.row, "page")).unsealed_hours
    if span is None:
        return ""
    reach = _(", from {start} to {end}").format(start=figures.moment(span[0]), end=figures.moment(span[1]))
    return f"{reach}; {unsealed_sentence(unsealed)}" if unsealed else reach


def _read_own(reader: RecordReader) -> None:
    """Read what is small; millions of beats would take too long."""
    reader.gaps(0, END_OF_TIME_NS)
    reader.events(0, END_OF_TIME_NS)


def _damaged_hours(record_reader: RecordReader) -> list[int]:
    """Hours whose page cannot be read; as many are read at once as fit into memory.

    From one that is there to the next: a damaged table may have any numbers, too far apart to count through.
    """
    query = "SELECT hour, packed FROM page WHERE hour > ? ORDER BY hour LIMIT ?"
    damaged: list[int] = []
    last = -1
    while found := record_reader.read("page", _hour_and_whether_whole, query, last, _HOURS_AT_ONCE):
        damaged += [hour for hour, is_sound in found if not is_sound]
        last = found[-1][0]
    return damaged


def _hour_and_whether_whole(row: Row) -> tuple[int, bool]:
    return int(row[0]), is_whole(row[1])
