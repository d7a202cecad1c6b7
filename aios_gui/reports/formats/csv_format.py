"""Beats as comma-separated values, one line each, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO, TextIO

from aios_gui.heartbeat.model.beat import Cause, Outcome, Path
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.record.importing.model import ImportedBeat
from aios_gui.record.model.columns import UNKNOWN
from aios_gui.reports.formats.raw_data import Exported, RawData
from aios_gui.system.atomic_file import text_over
from aios_gui.text.plain import spreadsheet_safe

BYTES_A_BEAT = 160
# The first nine are what other programs read; later ones may be followed by more.
HEADER = (
    "time,time_ms,duration_ms,lateness_ms,missed,path,result,cpu_percent,memory_percent,"
    "rehearsed,cause,start_offset_ms,session,seq,unrehearsed_ms"
)


def write(data: RawData, out: BinaryIO) -> int:
    """Write the beats; returns how many."""
    with text_over(out) as text:
        if data.begins_with_mark:
            text.write("\ufeff")
        return write_beats(data.beats(), text)


def write_beats(beats: Iterable[Exported], out: TextIO) -> int:
    """Write a header and a line a beat to ``out``; returns how many beats.

    Times are local with their offset (``time``) and Unix time (``time_ms``); an unknown figure is left empty.
    """
    import csv

    writer = csv.writer(out)
    writer.writerow(HEADER.split(","))
    row = rows()
    count = 0
    for beat in beats:
        time, time_ms, duration, lateness, missed, path, result, *others = row(beat)
        result = spreadsheet_safe(str(result))
        writer.writerow((time, time_ms, duration, lateness, missed, path, result, *others))
        count += 1
    return count


def rows() -> Callable[[Exported], tuple[object, ...]]:
    """A function that gives the values of a beat in the order of ``HEADER``, figures as they are written."""
    moment = _moments()
    return lambda beat: _imported_row(beat, moment) if isinstance(beat, ImportedBeat) else _row(beat, moment)


def _imported_row(beat: ImportedBeat, moment: Callable[[int], str]) -> tuple[object, ...]:
    def known(value: int) -> object:
        return "" if value == UNKNOWN else value

    def ms(value: int) -> str:
        return "" if value == UNKNOWN else f"{value / 1e6:.6f}"

    def percent(value: int) -> str:
        return "" if value == UNKNOWN else f"{value / 100:g}"

    fine = beat.result in ("", Outcome.OK)
    return (
        moment(beat.at_us),
        f"{beat.at_us // 1000}.{beat.at_us % 1000:03d}",
        ms(beat.duration_ns),
        ms(beat.lateness_ns),
        known(beat.missed),
        str(Path.FAST if fine else Path.SLOW),
        beat.result,
        percent(beat.cpu_hundredths),
        percent(beat.memory_hundredths),
        known(beat.rehearsed),
        "" if beat.cause == UNKNOWN else _cause(beat.cause),
        ms(beat.start_offset_ns),
        known(beat.session),
        known(beat.seq),
        ms(beat.unrehearsed_ns),
    )


def _cause(number: int) -> str:
    return Cause(number).name.lower() if number in list(Cause) else ""


def _row(beat: RecordedBeat, moment: Callable[[int], str]) -> tuple[object, ...]:
    whole_us = beat.wall_ns // 1000
    return (
        moment(whole_us),
        f"{whole_us // 1000}.{whole_us % 1000:03d}",
        f"{beat.duration_ns / 1e6:.6f}",
        f"{beat.lateness_ns / 1e6:.6f}",
        beat.missed,
        str(beat.path),
        _result(beat),
        "" if beat.cpu_percent is None else f"{beat.cpu_percent:g}",
        "" if beat.memory_percent is None else f"{beat.memory_percent:g}",
        int(beat.rehearsed),
        beat.cause.name.lower(),
        f"{beat.start_offset_ns / 1e6:.6f}",
        beat.session,
        beat.seq,
        "" if beat.unrehearsed_ns is None else f"{beat.unrehearsed_ns / 1e6:.6f}",
    )


def _result(beat: RecordedBeat) -> str:
    detail = ":" + ",".join(beat.breached) if beat.outcome is Outcome.ALERT else ""
    return f"{beat.outcome}{detail}"


def _moments() -> Callable[[int], str]:
    """A function from µs since the Unix epoch to ISO 8601; beats of one second share the costly part."""
    from datetime import UTC, datetime

    second, start, offset = -1, "", ""

    def moment(whole_us: int) -> str:
        nonlocal second, start, offset
        whole_s, rest_us = divmod(whole_us, 1_000_000)
        if whole_s != second:
            text = datetime.fromtimestamp(whole_s, UTC).astimezone().isoformat()
            second, start, offset = whole_s, text[:19], text[19:]
        return f"{start}.{rest_us:06d}{offset}"

    return moment
