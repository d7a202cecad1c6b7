"""Beats as texts: the cells of a line of CSV and the values of an object of JSON, made column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.record.model.columns import UNKNOWN
from aios_gui.reports.formats.raw_data import Beats, path_of_result

# The first nine are what other programs read; later ones may be followed by more.
NAMES = (
    "time",
    "time_ms",
    "duration_ms",
    "lateness_ms",
    "missed",
    "path",
    "result",
    "cpu_percent",
    "memory_percent",
    "rehearsed",
    "cause",
    "start_offset_ms",
    "session",
    "seq",
    "unrehearsed_ms",
)
_MOST_KEPT = 1 << 15
_MINUTE_US = 60_000_000
_SECONDS = tuple(f"{second:02d}." for second in range(60))
_CAUSES = {int(cause): cause.name.lower() for cause in Cause}


class _Kept(dict[object, str]):
    """The text of each value; most come again and again."""

    def __init__(self, text_of: Callable[[object], str]) -> None:
        super().__init__()
        self._text_of = text_of

    def __missing__(self, value: object) -> str:
        if len(self) >= _MOST_KEPT:
            self.clear()
        text = self[value] = self._text_of(value)
        return text


class BeatTexts:
    """``unknown`` stands where a figure is not known; ``quote`` makes a text from outside safe to stand there."""

    def __init__(self, unknown: str, quote: Callable[[str], str]) -> None:
        def figure(text_of: Callable[[int], str]) -> _Kept:
            return _Kept(lambda value: unknown if value == UNKNOWN else text_of(value))  # type: ignore[arg-type]

        # One for each column, since their values differ in how often they come again.
        self._ms = {name: figure(lambda ns: f"{ns / 1e6:.6f}") for name in NAMES if name.endswith("_ms")}
        self._whole = figure(str)
        self._percent = figure(lambda hundredths: f"{hundredths / 100:g}")
        self._cause = figure(lambda number: quote(_CAUSES[number]) if number in _CAUSES else unknown)
        self._path = _Kept(lambda result: quote(str(path_of_result(str(result)))))
        self._result = _Kept(lambda result: quote(str(result)))
        self._minute_us, self._start, self._offset = -_MINUTE_US, "", ""

    def rows(self, beats: Beats) -> Iterator[tuple[str, ...]]:
        """The texts of each beat, in the order of ``NAMES``; those of the times are not quoted."""
        ms, whole, percent = self._ms, self._whole.__getitem__, self._percent.__getitem__
        return zip(
            *self._times(beats.at_us),
            map(ms["duration_ms"].__getitem__, beats.duration_ns),
            map(ms["lateness_ms"].__getitem__, beats.lateness_ns),
            map(whole, beats.missed),
            map(self._path.__getitem__, beats.result),
            map(self._result.__getitem__, beats.result),
            map(percent, beats.cpu_hundredths),
            map(percent, beats.memory_hundredths),
            map(whole, beats.rehearsed),
            map(self._cause.__getitem__, beats.cause),
            map(ms["start_offset_ms"].__getitem__, beats.start_offset_ns),
            map(whole, beats.session),
            # Each comes once, so that it is not worth keeping.
            [str(each) if each != UNKNOWN else whole(each) for each in beats.seq],
            map(ms["unrehearsed_ms"].__getitem__, beats.unrehearsed_ns),
            strict=True,
        )

    def _times(self, moments_us: Sequence[int]) -> tuple[list[str], list[str]]:
        """Local ISO 8601 with its offset, to the microsecond, and Unix time in ms.

        Beats of one minute share the costly part.
        """
        local, unix = [], []
        for at_us in moments_us:
            rest_us = at_us - self._minute_us
            if not 0 <= rest_us < _MINUTE_US:
                self._minute_us = at_us // _MINUTE_US * _MINUTE_US
                self._start, self._offset = _minute_texts(self._minute_us)
                rest_us = at_us - self._minute_us
            digits = str(at_us)
            if self._start and at_us >= 1_000_000:
                unix.append(f"{digits[:-3]}.{digits[-3:]}")
                local.append(f"{self._start}{_SECONDS[rest_us // 1_000_000]}{digits[-6:]}{self._offset}")
            else:
                unix.append(f"{at_us // 1000}.{at_us % 1000:03d}")
                local.append(_local(at_us).isoformat(timespec="microseconds"))
        return local, unix


def _local(at_us: int) -> datetime:
    whole_s, rest_us = divmod(at_us, 1_000_000)
    return datetime.fromtimestamp(whole_s, UTC).astimezone().replace(microsecond=rest_us)


def _minute_texts(minute_us: int) -> tuple[str, str]:
    """What all times of a minute begin and end with; "" where the zone has seconds, or changes in this minute."""
    first, last = _local(minute_us), _local(minute_us + _MINUTE_US - 1)
    offset = first.utcoffset()
    if offset is None or offset != last.utcoffset() or offset % timedelta(minutes=1):
        return "", ""
    text = first.isoformat()
    return text[:17], text[19:]
