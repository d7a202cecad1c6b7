"""Beats as texts: the cells of a line of CSV and the values of an object of JSON, made column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
        self._minute, self._start, self._offset = -1, "", ""

    def rows(self, beats: Beats) -> Iterator[tuple[str, ...]]:
        """The texts of each beat, in the order of ``NAMES``; those of the times are not quoted."""
        ms, whole, percent = self._ms, self._whole, self._percent
        return zip(
            self._times(beats.at_us),
            [f"{us // 1000}.{us % 1000:03d}" for us in beats.at_us],
            [ms["duration_ms"][each] for each in beats.duration_ns],
            [ms["lateness_ms"][each] for each in beats.lateness_ns],
            [whole[each] for each in beats.missed],
            [self._path[each] for each in beats.result],
            [self._result[each] for each in beats.result],
            [percent[each] for each in beats.cpu_hundredths],
            [percent[each] for each in beats.memory_hundredths],
            [whole[each] for each in beats.rehearsed],
            [self._cause[each] for each in beats.cause],
            [ms["start_offset_ms"][each] for each in beats.start_offset_ns],
            [whole[each] for each in beats.session],
            [str(each) if each != UNKNOWN else whole[each] for each in beats.seq],
            [ms["unrehearsed_ms"][each] for each in beats.unrehearsed_ns],
            strict=True,
        )

    def _times(self, moments_us: object) -> Iterator[str]:
        """Local ISO 8601 with its offset, to the microsecond; beats of one minute share the costly part."""
        for at_us in moments_us:  # type: ignore[attr-defined]
            minute, rest_us = divmod(at_us, _MINUTE_US)
            if minute != self._minute:
                self._minute, (self._start, self._offset) = minute, _minute_texts(minute)
            if self._start:
                yield f"{self._start}{rest_us // 1_000_000:02d}.{rest_us % 1_000_000:06d}{self._offset}"
            else:
                yield _local(at_us).isoformat(timespec="microseconds")


def _local(at_us: int) -> datetime:
    whole_s, rest_us = divmod(at_us, 1_000_000)
    return datetime.fromtimestamp(whole_s, UTC).astimezone().replace(microsecond=rest_us)


def _minute_texts(minute: int) -> tuple[str, str]:
    """What all times of a minute begin and end with; "" where the zone has seconds, or changes in this minute."""
    first, last = _local(minute * _MINUTE_US), _local((minute + 1) * _MINUTE_US - 1)
    offset = first.utcoffset()
    if offset is None or offset != last.utcoffset() or offset % timedelta(minutes=1):
        return "", ""
    text = first.isoformat()
    return text[:17], text[19:]
