"""Forms of files that can be imported: one module each, and one line here. The first that can read a file does."""

from __future__ import annotations

from aios_gui.record.importing.readers.csv_lines import CsvLines
from aios_gui.record.importing.readers.json_lines import JsonLines
from aios_gui.record.importing.readers.reader import BeatReader

READERS: tuple[type[BeatReader], ...] = (JsonLines, CsvLines)
