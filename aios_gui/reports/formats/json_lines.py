"""Beats as JSON, an object a line, after one that tells the form and where they come from."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any, BinaryIO, TextIO

from aios_gui import __version__
from aios_gui.reports.formats.beat_texts import NAMES, BeatTexts
from aios_gui.reports.formats.raw_data import Beats, RawData
from aios_gui.system.atomic_file import text_over
from aios_gui.text.figures import iso_time

BYTES_A_BEAT = 380
SCHEMA = "aios-heartbeat/beats/1"
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_VALUES = dict.fromkeys(NAMES, "%s") | {"time": '"%s"'}
_LINE = "{" + ", ".join(f'"{name}": {value}' for name, value in _VALUES.items()) + "}\n"


def write(data: RawData, out: BinaryIO) -> int:
    """Write the beats; returns how many."""
    origin = {
        "program": "aios-heartbeat",
        "version": __version__,
        "host": data.machine,
        "made_at": iso_time(time.time_ns()),
        "range": {"start": iso_time(data.covered.start_ns), "end": iso_time(data.covered.end_ns)},
    }
    with text_over(out) as text:
        return write_beats(data.beats(), text, origin)


def write_beats(beats: Iterable[Beats], out: TextIO, origin: dict[str, Any] | None = None) -> int:
    """Write a line that tells the form and one a beat to ``out``; returns how many beats. What is unknown is null.

    The names are those of the CSV, figures are as there.
    """
    out.write(_encode({"schema": SCHEMA, "columns": NAMES, **(origin or {})}) + "\n")
    texts, count = BeatTexts("null", _encode), 0
    for some in beats:
        out.write("".join([_LINE % row for row in texts.rows(some)]))
        count += len(some.at_us)
    return count
