"""Beats in the line protocol of InfluxDB, which VictoriaMetrics and Telegraf read too: a line a beat."""

from __future__ import annotations

from typing import BinaryIO

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.record.model.columns import UNKNOWN
from aios_gui.reports.formats.raw_data import Beats, RawData, path_of_result
from aios_gui.system.atomic_file import text_over
from aios_gui.text.plain import plain

BYTES_A_BEAT = 270
_MEASUREMENT = "aios_heartbeat"
_WHOLE = (
    "duration_ns",
    "lateness_ns",
    "start_offset_ns",
    "missed",
    "rehearsed",
    "unrehearsed_ns",
    "session",
    "seq",
)
_PERCENT = {"cpu_hundredths": "cpu_percent", "memory_hundredths": "memory_percent"}
_CAUSES = {int(cause): cause.name.lower() for cause in Cause}


def write(data: RawData, out: BinaryIO) -> int:
    """Write the beats with times in ns; what is unknown is left out. Returns how many."""
    # Whole numbers end with an i. A tag may hold any character but the end of a line.
    head, count = f"{_MEASUREMENT},host={_tag(data.machine)} ", 0
    with text_over(out) as text:
        for some in data.beats():
            rows = zip(*_fields(some), some.at_us, strict=True)
            text.write("".join([f"{head}{','.join(filter(None, row[:-1]))} {row[-1]}000\n" for row in rows]))
            count += len(some.at_us)
    return count


def _fields(beats: Beats) -> list[list[str]]:
    columns = [
        ["" if value == UNKNOWN else f"{name}={value}i" for value in getattr(beats, name)] for name in _WHOLE
    ]
    columns += [
        ["" if value == UNKNOWN else f"{name}={value / 100:g}" for value in getattr(beats, column)]
        for column, name in _PERCENT.items()
    ]
    columns.append([f'path="{path_of_result(result)}"' for result in beats.result])
    columns.append([f"result={_text(result)}" if result else "" for result in beats.result])
    columns.append([f'cause="{_CAUSES[number]}"' if number in _CAUSES else "" for number in beats.cause])
    return columns


def _text(text: str) -> str:
    return '"' + plain(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _tag(text: str) -> str:
    text = plain(text).rstrip("\\") or "unknown"
    for special in ",= ":
        text = text.replace(special, f"\\{special}")
    return text
