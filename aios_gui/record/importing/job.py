"""Reads a file of beats and hands its hours over as pages, in bounded memory."""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol

from aios_gui.record.importing.lines import Lines, TooLong, Torn
from aios_gui.record.importing.model import (
    HOUR_US,
    MOST_RESULTS,
    PAGE_BEATS,
    ImportedBeat,
    ImportedPage,
    ImportedPages,
    ImportProblem,
    ImportReport,
    ImportSource,
    ImportState,
    Skip,
    SkipReason,
    packed_page,
)
from aios_gui.record.importing.readers import READERS
from aios_gui.record.importing.readers.reader import BeatReader
from aios_gui.record.importing.record_reader import imported_keys
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.sealing import kept_time_ns
from aios_gui.system.local_time import LocalTimes
from aios_gui.system.regular_file import open_regular

MOST_BEATS = 50_000
"""That wait for the rest of their hour, of all hours together."""
BATCH_BYTES, BATCH_PAGES = 256 << 10, 16
_SHOW_S = 0.2
_LINES_BETWEEN_LOOKS = 5_000
_FIRST_LINES = 50
_DAY_US = 86_400_000_000
_DIGEST_BLOCK = 1 << 20
_NAME_CHARACTERS = 200
_Key = tuple[int, int]
"""When a beat was made (wall, µs), and its duration (ns)."""


class NoRoom(Exception):
    """The record is as large as it may be."""


class Sink(Protocol):
    """What takes pages to the record. StoreError or NoRoom where that cannot be."""

    def keep(self, pages: ImportedPages) -> None:
        """Take pages, to be written soon."""
        ...

    def settle(self) -> None:
        """Return when all that was taken can be read in the record."""
        ...


class BeatImport:
    """Imports one file. Without a ``sink`` nothing is written.

    ``run`` never raises: the report tells how it ended. What was written stays, and is known again the next time.
    """

    def __init__(
        self,
        file: Path,
        reader: RecordReader,
        now_ns: int,
        times: LocalTimes,
        sink: Sink | None,
        cancelled: threading.Event,
        show: Callable[[ImportReport], object] = lambda _report: None,
    ) -> None:
        self.report = ImportReport(name=file.name[:_NAME_CHARACTERS].encode("utf-8", "replace").decode())
        self._file = file
        self._reader = reader
        self._now_ns = now_ns
        self._times = times
        self._sink = sink
        self._cancelled = cancelled
        self._show = show
        self._hours: defaultdict[int, list[ImportedBeat]] = defaultdict(list)
        self._waiting = 0
        self._handed_over: set[int] = set()
        self._known: tuple[int, set[_Key], set[_Key]] = (-1, set(), set())
        self._batch: list[ImportedPage] = []
        self._batch_bytes = 0
        self._began_s = self._shown_s = 0.0

    def run(self) -> ImportReport:
        """Import the file."""
        self._began_s = time.monotonic()
        report = self.report
        try:
            with open_regular(self._file) as stream:
                report.size_bytes = os.fstat(stream.fileno()).st_size
                self._import(stream)
        except _Cancelled:
            report.state = ImportState.CANCELLED
        except NoRoom:
            self._fail(ImportProblem.NO_ROOM, "")
        except _Unfit as unfit:
            self._fail(unfit.problem, "")
        except StoreError as error:
            self._fail(ImportProblem.NOT_KEPT, str(error))
        except (OSError, ValueError) as error:
            is_file = self._file.is_file()
            self._fail(
                ImportProblem.UNREADABLE if is_file or not self._file.exists() else ImportProblem.NOT_A_FILE,
                getattr(error, "strerror", None) or str(error),
            )
        else:
            report.state = ImportState.DONE
        report.seconds = time.monotonic() - self._began_s
        return report

    def _fail(self, problem: ImportProblem, reason: str) -> None:
        self.report.state, self.report.problem, self.report.reason = ImportState.FAILED, problem, reason

    def _import(self, stream: BinaryIO) -> None:
        report = self.report
        if not report.size_bytes:
            raise _Unfit(ImportProblem.EMPTY)
        latest_us = self._now_ns // 1000 + _DAY_US
        reader = _reader_of(stream, report.size_bytes, self._times, latest_us)
        report.reader = reader.name
        report.digest = self._digest(stream)
        stream.seek(0)
        lines = Lines(stream, report.size_bytes)
        number = 0
        for block in lines.blocks():
            report.done_bytes = lines.done_bytes
            for start in range(0, len(block), _LINES_BETWEEN_LOOKS):
                part = block[start : start + _LINES_BETWEEN_LOOKS]
                self._read(reader, part, number)
                number += len(part)
                report.lines = number
                self._look(reader)
        self._flush(everything=True)
        self._settle()
        self._look(reader, at_once=True)

    def _read(self, reader: BeatReader, lines: list[bytes], before: int) -> None:
        hours, read = self._hours, reader.read
        for number, line in enumerate(lines, before + 1):
            try:
                if isinstance(line, TooLong):
                    raise Skip(SkipReason.TOO_LONG)
                beat = read(line)
            except Skip as skip:
                torn = isinstance(line, Torn) and skip.reason in (SkipReason.NOT_JSON, SkipReason.NO_ROW)
                self.report.skip(number, SkipReason.TORN if torn else skip.reason)
                continue
            if beat is not None:
                hours[beat.at_us // HOUR_US].append(beat)
                self._waiting += 1
        if self._waiting > MOST_BEATS:
            self._flush(everything=False)

    def _flush(self, everything: bool) -> None:
        """Hand over what waits; of a file in order, the hour that is under way stays."""
        newest = next(reversed(self._hours), None)
        for hour in sorted(self._hours):
            if everything or hour != newest or self._waiting > MOST_BEATS:
                beats = self._hours.pop(hour)
                self._waiting -= len(beats)
                self._hand_over(hour, beats)

    def _hand_over(self, hour: int, beats: list[ImportedBeat]) -> None:
        """The beats of an hour that are new, as pages."""
        imported, own = self._keys_of(hour)
        found = {beat[:2]: beat for beat in reversed(beats)}
        fresh = {
            key: beat
            for key, beat in found.items()
            if key not in imported and (key[0], kept_time_ns(key[1])) not in own
        }
        for reason, count in (
            (SkipReason.DUPLICATE, len(beats) - len(found)),
            (SkipReason.KNOWN, len(found) - len(fresh)),
        ):
            if count:
                self.report.skip(0, reason, count)
        imported.update(fresh)
        ordered = iter(sorted(fresh.values()))
        most = PAGE_BEATS if len({each.result for each in fresh.values()}) <= MOST_RESULTS else MOST_RESULTS
        while part := list(islice(ordered, most)):
            self.report.imported += len(part)
            self.report.span((part[0], part[-1]))
            self.report.pages += 1
            if self._sink is not None:
                page = packed_page(hour, part)
                if self._batch_bytes + page.size_bytes > BATCH_BYTES or len(self._batch) >= BATCH_PAGES:
                    self._send()
                self._batch.append(page)
                self._batch_bytes += page.size_bytes

    def _keys_of(self, hour: int) -> tuple[set[_Key], set[_Key]]:
        """The beats of an hour that are imported or handed over already, and this machine's own, as a page has them."""
        if self._known[0] == hour:
            return self._known[1:]
        if hour in self._handed_over:
            self._settle()  # so that what was handed over of this hour is found in the record
        self._handed_over.add(hour)
        start_ns, end_ns = hour * HOUR_US * 1000, (hour + 1) * HOUR_US * 1000
        # A file may have a beat as it was before its hour was sealed.
        own = {
            (at_us, kept_time_ns(duration_ns))
            for beats in self._reader.beat_columns(start_ns, end_ns)
            for at_us, duration_ns in zip(beats.at_us, beats.duration_ns, strict=True)
        }
        self._known = hour, imported_keys(self._reader, hour), own
        return self._known[1:]

    def _send(self) -> None:
        if self._batch and self._sink is not None:
            report = self.report
            source = ImportSource(report.digest, report.name, report.reader, report.size_bytes, self._now_ns)
            self._sink.keep(ImportedPages(source, tuple(self._batch)))
        self._batch, self._batch_bytes = [], 0

    def _settle(self) -> None:
        self._send()
        if self._sink is not None:
            self._sink.settle()

    def _digest(self, stream: BinaryIO) -> str:
        """Of the whole content, as far as it is read."""
        digest, left = blake2b(digest_size=16), self.report.size_bytes
        stream.seek(0)
        while left > 0 and (block := stream.read(min(_DIGEST_BLOCK, left))):
            digest.update(block)
            left -= len(block)
            self._check()
        return digest.hexdigest()

    def _look(self, reader: BeatReader, at_once: bool = False) -> None:
        self._check()
        report, now_s = self.report, time.monotonic()
        report.re_encoded, report.ambiguous = reader.re_encoded, self._times.ambiguous
        report.shifted = self._times.skipped
        report.seconds = now_s - self._began_s
        if at_once or now_s - self._shown_s >= _SHOW_S:
            self._shown_s = now_s
            self._show(report)

    def _check(self) -> None:
        if self._cancelled.is_set():
            raise _Cancelled


_DATABASE = b"SQLite format 3\0"
"""What every file of SQLite begins with, and so each record and slice."""


class _Cancelled(Exception):
    """A person does not want it any more."""


class _Unfit(Exception):
    """The file cannot be imported."""

    def __init__(self, problem: ImportProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def _reader_of(stream: BinaryIO, size_bytes: int, times: LocalTimes, latest_us: int) -> BeatReader:
    first: list[bytes] = []
    for block in Lines(stream, size_bytes).blocks():
        first += block[: _FIRST_LINES - len(first)]
        if len(first) >= _FIRST_LINES:
            break
    for each in READERS:
        if each.can_read(first):
            return each(times, latest_us)
    is_database = bool(first) and first[0].startswith(_DATABASE)
    raise _Unfit(ImportProblem.DATABASE if is_database else ImportProblem.UNKNOWN_FORM)
