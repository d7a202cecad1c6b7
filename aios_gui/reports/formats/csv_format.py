"""Beats as comma-separated values (RFC 4180), one line each, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO, TextIO

from aios_gui.reports.formats.beat_texts import NAMES, BeatTexts
from aios_gui.reports.formats.raw_data import Beats, RawData
from aios_gui.system.atomic_file import text_over
from aios_gui.text.plain import spreadsheet_safe

BYTES_A_BEAT = 160
_END = "\r\n"
_QUOTED = frozenset('",\r\n')


def write(data: RawData, out: BinaryIO) -> int:
    """Write the beats; returns how many."""
    with text_over(out) as text:
        if data.begins_with_mark:
            text.write("\ufeff")
        return write_beats(data.beats(), text)


def write_beats(beats: Iterable[Beats], out: TextIO) -> int:
    """Write a header and a line a beat to ``out``; returns how many beats.

    Times are local with their offset (``time``) and Unix time (``time_ms``); an unknown figure is left empty.
    """
    out.write(",".join(NAMES) + _END)
    texts, join, count = BeatTexts("", _cell), ",".join, 0
    for some in beats:
        out.write(_END.join(map(join, texts.rows(some))))
        out.write(_END)
        count += len(some.at_us)
    return count


def _cell(text: str) -> str:
    text = spreadsheet_safe(text)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.intersection(text) else text
