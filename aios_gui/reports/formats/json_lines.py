"""Beats as JSON, an object a line, after one that tells the form."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import BinaryIO, TextIO

from aios_gui.reports.formats.csv_format import HEADER, rows
from aios_gui.reports.formats.raw_data import Exported, RawData
from aios_gui.system.atomic_file import text_over

BYTES_A_BEAT = 380
SCHEMA = "aios-heartbeat/beats/1"
_NAMES = HEADER.split(",")
_WORDS = ("time", "path", "result", "cause")


def write(data: RawData, out: BinaryIO) -> int:
    """Write the beats; returns how many."""
    with text_over(out) as text:
        return write_beats(data.beats(), text)


def write_beats(beats: Iterable[Exported], out: TextIO) -> int:
    """Write a line that tells the form and one a beat to ``out``; returns how many beats. What is unknown is null.

    The names are those of the CSV, figures are as there.
    """
    encode = json.JSONEncoder(ensure_ascii=False).encode
    out.write(encode({"schema": SCHEMA, "columns": _NAMES}) + "\n")
    row = rows()
    count = 0
    for beat in beats:
        # A figure is written as in the CSV, with the digits that it has.
        values = (
            "null" if value == "" else encode(value) if name in _WORDS else str(value)
            for name, value in zip(_NAMES, row(beat), strict=True)
        )
        out.write(
            "{" + ", ".join(f'"{name}": {value}' for name, value in zip(_NAMES, values, strict=True)) + "}\n"
        )
        count += 1
    return count
