"""Comma-separated values as this program exports them, also after a spreadsheet has saved them again."""

from __future__ import annotations

import csv

from aios_gui.record.importing.model import ImportedBeat, Skip, SkipReason
from aios_gui.record.importing.readers.reader import (
    BeatReader,
    cause_of,
    hundredths_of,
    ns_of,
    result_of,
    whole_of,
)
from aios_gui.record.model.columns import UNKNOWN
from aios_gui.system.local_time import LocalTimes

_DELIMITERS = (",", ";", "\t")
_NEEDED = "duration_ms"
_TIMES = ("time_ms", "time", "timestamp", "at")


class CsvLines(BeatReader):
    """See the module. Columns are known by their names, in any order; with semicolons a comma may be the point."""

    name = "csv"

    def __init__(self, times: LocalTimes, latest_us: int) -> None:
        super().__init__(times, latest_us)
        self._places: dict[str, int] = {}
        self._delimiter = ","

    @classmethod
    def can_read(cls, first: list[bytes]) -> bool:
        """Whether the first line that is not blank names the columns that are needed."""
        heading = next((line for line in first if line.strip()), b"")
        return bool(_heading(heading))

    def read(self, line: bytes) -> ImportedBeat | None:
        """As of ``BeatReader``."""
        try:
            text = line.decode()
        except UnicodeDecodeError:
            text = line.decode("utf-8", "replace")
            self.re_encoded += 1
        if not text.strip():
            return None
        if not self._places:
            self._delimiter = _delimiter_of(text)
            self._places = _heading(line)
            return None
        cells = self._cells(text.rstrip("\r"))
        if len(cells) <= self._places[_NEEDED]:
            raise Skip(SkipReason.NO_ROW)
        if cells[self._places[_NEEDED]].strip() == _NEEDED:
            return None  # files were put one after the other
        return self._beat(cells)

    def _cells(self, text: str) -> list[str]:
        if '"' not in text:
            return text.split(self._delimiter)
        try:
            return next(csv.reader([text], delimiter=self._delimiter), [])
        except csv.Error as error:
            raise Skip(SkipReason.NO_ROW) from error

    def _beat(self, cells: list[str]) -> ImportedBeat:
        def text(name: str) -> str:
            place = self._places.get(name, len(cells))
            return cells[place].strip() if place < len(cells) else ""

        def figure(name: str) -> float | None:
            return self._figure(text(name))

        unix_ms = figure("time_ms") if "e" not in text("time_ms").lower() else None
        moment = text("time") or text("timestamp") or text("at")
        at_us = self.moment_us(moment.replace("/", "-")) if unix_ms is None else self.moment_of_ms(unix_ms)
        duration_ms = figure(_NEEDED)
        if duration_ms is None:
            raise Skip(SkipReason.NO_DURATION)
        rehearsed = figure("rehearsed")
        return ImportedBeat(
            at_us,
            ns_of(duration_ms),
            ns_of(figure("lateness_ms")),
            ns_of(figure("start_offset_ms"), is_signed=True),
            whole_of(figure("missed")),
            UNKNOWN if rehearsed is None else int(rehearsed != 0),
            cause_of(text("cause")),
            hundredths_of(figure("cpu_percent")),
            hundredths_of(figure("memory_percent")),
            ns_of(figure("unrehearsed_ms")),
            whole_of(figure("session")),
            whole_of(figure("seq")),
            result_of(text("result").removeprefix("'")),
        )

    def _figure(self, text: str) -> float | None:
        if not text:
            return None
        if self._delimiter == ";":
            text = text.replace(",", ".")
        try:
            return float(text) if "_" not in text else float("none")
        except ValueError as error:
            raise Skip(SkipReason.WRONG_TYPE) from error


def _delimiter_of(text: str) -> str:
    return max(_DELIMITERS, key=text.count)


def _heading(line: bytes) -> dict[str, int]:
    """The places of the columns by name; none where the needed ones are not there."""
    text = line.decode("utf-8", "replace").strip().replace('"', "")
    places = {name.strip(): place for place, name in enumerate(text.split(_delimiter_of(text)))}
    return places if _NEEDED in places and any(name in places for name in _TIMES) else {}
