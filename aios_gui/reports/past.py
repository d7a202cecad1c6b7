"""Which reports and exports were written, and where: a note of each in the data folder; and their removal."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from aios_gui.record.model.timerange import TimeRange
from aios_gui.system.atomic_file import make_private, write_private
from aios_gui.system.paths import Paths
from aios_gui.system.regular_file import read_regular

log = logging.getLogger(__name__)
MOST_NOTES, MOST_SCHEDULED = 500, 2000
"""Notes kept of what was written by hand, and by schedule, which keeps fewer files. No file goes with its note."""
NOTE = re.compile(r"written-\d{19}-[0-9a-f]{8}\.json")
_MOST_BYTES = 20_000


class FileState(StrEnum):
    """What became of a file since it was written."""

    THERE = "there"
    CHANGED = "changed"
    """Another program has written to it, or put something else in its place."""
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class PastReport:
    """One file that this program wrote. ``template`` is "" for raw data. Times are by the wall clock, ns.

    ``modified_ns`` is what the file system said of it then: by that and by its size it is known again.
    """

    file: str
    template: str
    format: str
    language: str
    start_ns: int
    end_ns: int
    made_ns: int
    size_bytes: int
    modified_ns: int
    scheduled: bool = False

    @property
    def path(self) -> Path:
        """Where it was written."""
        return Path(self.file)

    @property
    def span(self) -> TimeRange:
        """What it is about."""
        return TimeRange(self.start_ns, self.end_ns)

    def state(self) -> FileState:
        """Whether it is still there as it was written."""
        try:
            found = self.path.lstat()
        except (OSError, ValueError):
            return FileState.GONE
        as_written = (found.st_size, found.st_mtime_ns) == (self.size_bytes, self.modified_ns)
        return FileState.THERE if stat.S_ISREG(found.st_mode) and as_written else FileState.CHANGED


def note_written(
    paths: Paths,
    file: Path,
    template: str,
    format_name: str,
    language: str,
    span: TimeRange,
    made_ns: int,
    scheduled: bool = False,
) -> None:
    """Note a file that was just written, unless it is none (a pipe, a device); a full disk only costs the note."""
    import msgspec  # 2 MB that a service does not need before it is asked for something

    try:
        file = file.resolve()
        found = file.lstat()
        if not stat.S_ISREG(found.st_mode):
            return
        size_bytes, modified_ns = found.st_size, found.st_mtime_ns
        written = PastReport(
            str(file),
            template,
            format_name,
            language,
            span.start_ns,
            span.end_ns,
            made_ns,
            size_bytes,
            modified_ns,
            scheduled,
        )
        make_private(paths.reports)
        name = f"written-{made_ns:019}-{os.urandom(4).hex()}.json"
        write_private(paths.reports / name, msgspec.json.encode(written))
    except OSError:
        log.exception("what was written could not be noted")
        return
    if len(notes := _notes(paths)) > MOST_NOTES:
        # By its notes alone the schedule knows which files are to be removed.
        own = {note for note, each in _read_notes(paths) if each.scheduled}
        by_hand = [note for note in notes if note not in own]
        for each in (*by_hand[:-MOST_NOTES], *sorted(own)[:-MOST_SCHEDULED]):
            _remove_note(each)


def past_reports(paths: Paths) -> list[PastReport]:
    """What was written, the newest first, each file once. What cannot be understood is passed over."""
    found: dict[str, PastReport] = {}
    for _note, report in _read_notes(paths):
        found[report.file] = report
    return sorted(found.values(), key=lambda each: -each.made_ns)


def remove(paths: Paths, report: PastReport) -> FileState:
    """Remove the file if it is still as it was written, and take it off the list; returns how it was found.

    One that was changed since may be a person's work: it stays. OSError where it cannot be removed.
    """
    state = report.state()
    if state is FileState.THERE:
        report.path.unlink()
    forget(paths, report)
    return state


def forget(paths: Paths, report: PastReport) -> None:
    """Take a file off the list; the file stays."""
    for note, each in _read_notes(paths):
        if each.file == report.file:
            _remove_note(note)


def _read_notes(paths: Paths) -> Iterator[tuple[Path, PastReport]]:
    """Each note that can be understood, the oldest first."""
    import msgspec

    for note in _notes(paths):
        try:
            yield note, msgspec.json.decode(read_regular(note, _MOST_BYTES), type=PastReport)
        except (OSError, ValueError) as error:  # msgspec's errors are ValueErrors
            log.warning("%s is passed over: %s", note, error)


def _notes(paths: Paths) -> list[Path]:
    """The notes, the oldest first."""
    try:
        return sorted(each for each in paths.reports.iterdir() if NOTE.fullmatch(each.name))
    except OSError:
        return []


def _remove_note(note: Path) -> None:
    with contextlib.suppress(OSError):
        note.unlink()
