"""A span of a record as the formats of raw data take it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.history.queries import History
from aios_gui.record.importing.model import ImportedBeat
from aios_gui.record.model.timerange import TimeRange

Exported = RecordedBeat | ImportedBeat
_TOLD_EVERY = 1024


@dataclass(frozen=True, slots=True)
class RawData:
    """What is to be written. ``imported`` is the number of a source of imported beats, 0 for all of them."""

    history: History
    span: TimeRange
    imported: int | None = None
    total: int = 0
    """How many beats there are, 0 where that is not known before."""
    begins_with_mark: bool = False
    """Whether a CSV begins with the mark by which Excel knows UTF-8."""
    on_beats: Callable[[int], object] = lambda _count: None
    """Told now and then how many beats were read so far."""

    def beats(self) -> Iterator[Exported]:
        """The beats, as they are read. StoreError."""
        found: Iterator[Exported] = (
            self.history.beats(self.span)
            if self.imported is None
            else self.history.imported_beats(self.span, self.imported)
        )
        for number, beat in enumerate(found):
            if not number % _TOLD_EVERY:
                self.on_beats(number)
            yield beat
