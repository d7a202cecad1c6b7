"""JSON, an object a line: what the monitor that this program follows wrote, and what this program exports."""

from __future__ import annotations

import msgspec

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


class _Line(msgspec.Struct, gc=False):
    """``timestamp`` of that monitor, ``at`` of ``beat --json``, ``time`` and ``time_ms`` of an export."""

    duration_ms: float | None = None
    timestamp: str | None = None
    at: str | None = None
    time: str | None = None
    time_ms: float | None = None
    result: str | None = None
    lateness_ms: float | None = None
    start_offset_ms: float | None = None
    missed: float | None = None
    rehearsed: bool | int | None = None
    cause: str | None = None
    cpu_percent: float | None = None
    memory_percent: float | None = None
    unrehearsed_ms: float | None = None
    session: float | None = None
    seq: float | None = None
    schema: str = ""


class _Seed(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    timestamp: str
    duration_ms: float
    result: str


class JsonLines(BeatReader):
    """See the module."""

    name = "jsonl"

    def __init__(self, times: LocalTimes, latest_us: int) -> None:
        super().__init__(times, latest_us)
        self._decode = msgspec.json.Decoder(_Line).decode
        self._decode_seed = msgspec.json.Decoder(_Seed).decode
        self._is_seed = True

    @classmethod
    def can_read(cls, first: list[bytes]) -> bool:
        """Whether any of them looks like an object."""
        return any(_bare(line).startswith(b"{") for line in first)

    def read(self, line: bytes) -> ImportedBeat | None:
        """As of ``BeatReader``."""
        if not self._is_seed:
            return self._read_any(line)
        try:
            seed = self._decode_seed(line)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return self._read_any(line)
        return ImportedBeat(
            self.moment_us(seed.timestamp), ns_of(seed.duration_ms), result=result_of(seed.result)
        )

    def _read_any(self, line: bytes) -> ImportedBeat | None:
        if not line.strip():
            return None
        found = self._decoded(line)
        self._is_seed = bool(found.timestamp)
        if found.schema and found.duration_ms is None:
            return None
        text = found.timestamp or found.at or found.time or ""
        at_us = self.moment_us(text) if found.time_ms is None else self.moment_of_ms(found.time_ms)
        if found.duration_ms is None:
            raise Skip(SkipReason.NO_DURATION)
        return ImportedBeat(
            at_us,
            ns_of(found.duration_ms),
            ns_of(found.lateness_ms),
            ns_of(found.start_offset_ms, is_signed=True),
            whole_of(found.missed),
            UNKNOWN if found.rehearsed is None else int(bool(found.rehearsed)),
            cause_of(found.cause or ""),
            hundredths_of(found.cpu_percent),
            hundredths_of(found.memory_percent),
            ns_of(found.unrehearsed_ms),
            whole_of(found.session),
            whole_of(found.seq),
            result_of(found.result or ""),
        )

    def _decoded(self, line: bytes) -> _Line:
        try:
            return self._decode(line)
        except msgspec.ValidationError as error:
            raise Skip(SkipReason.WRONG_TYPE) from error
        except (msgspec.DecodeError, ValueError, RecursionError):
            pass
        # Of another encoding than the rest: the figures are the same in all of them.
        try:
            found = self._decode(_bare(line).decode("utf-8", "replace").encode())
        except msgspec.ValidationError as error:
            raise Skip(SkipReason.WRONG_TYPE) from error
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise Skip(SkipReason.NOT_JSON) from error
        self.re_encoded += 1
        return found


def _bare(line: bytes) -> bytes:
    """A line without what UTF-16 puts between and before letters, where such a one was appended to a file of UTF-8."""
    return line.replace(b"\0", b"").lstrip(b"\xff\xfe\xef\xbb\xbf \t\r")
