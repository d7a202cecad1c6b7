"""Beats as JSON, an object a line, after one that tells the form."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from aios_gui.reports.export.csv_format import HEADER, Exported, rows

SCHEMA = "aios-heartbeat/beats/1"
_NAMES = HEADER.split(",")
_WORDS = ("time", "path", "result", "cause")


def write(beats: Iterable[Exported], out: TextIO) -> int:
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
