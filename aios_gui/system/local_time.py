"""Local times without an offset, as logs write them, to moments: also in the hour that a clock change repeats."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE_CHARACTERS = 16
_FRACTION_DIGITS = 6
_MOST_MINUTES = 4_096
_LATEST_YEAR = 2200


class LocalTimes:
    """Reads times in the order in which they were written, of ``zone`` or of this system.

    A time of the hour that a clock change repeats is the one of the two that lies nearer to the time before it.
    ``ambiguous`` counts these; ``skipped`` counts times of the hour that a clock change leaves out, which are taken as
    if the clock had not been changed yet.
    """

    def __init__(self, zone: tzinfo | None = None) -> None:
        self.ambiguous = self.skipped = 0
        self._zone = zone
        self._last_us: int | None = None
        self._minutes: dict[str, int] = {}

    def moment_us(self, text: str) -> int:
        """µs since the Unix epoch of an ISO 8601 time, which may have an offset; ValueError for any other text.

        The times of a minute share what costs most.
        """
        minute_us = self._minutes.get(text[:_MINUTE_CHARACTERS])
        rest_us = _rest_us(text) if minute_us is not None else -1
        found_us = self._resolve(text) if minute_us is None or rest_us < 0 else minute_us + rest_us
        self._last_us = found_us
        return found_us

    def _resolve(self, text: str) -> int:
        at = datetime.fromisoformat(text)
        if not 1970 <= at.year < _LATEST_YEAR:
            raise ValueError(f"no moment of the last or the next years: {text[:40]!r}")
        try:
            if at.tzinfo is not None:
                return _us(at)
            early_us, late_us = (_us(self._aware(at.replace(fold=fold))) for fold in (0, 1))
        except (OverflowError, OSError) as error:
            raise ValueError(f"no moment that this system knows: {text[:40]!r}") from error
        if early_us == late_us:
            if _rest_us(text) >= 0:
                self._remember(text[:_MINUTE_CHARACTERS], early_us - (at.second * 1_000_000 + at.microsecond))
            return early_us
        if late_us < early_us:
            self.skipped += 1
            return early_us
        self.ambiguous += 1
        last_us = early_us if self._last_us is None else self._last_us
        return early_us if abs(early_us - last_us) <= abs(late_us - last_us) else late_us

    def _aware(self, at: datetime) -> datetime:
        return at.astimezone() if self._zone is None else at.replace(tzinfo=self._zone)

    def _remember(self, minute: str, minute_us: int) -> None:
        if len(self._minutes) >= _MOST_MINUTES:
            self._minutes.clear()
        self._minutes[minute] = minute_us


def _us(at: datetime) -> int:
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _rest_us(text: str) -> int:
    """The seconds of ``2025-03-12T14:03:07.5``, in µs; -1 where the text goes on otherwise."""
    length = len(text)
    if length == 26 and text[16] == ":" and text[19] == ".":
        digits = text[17:19] + text[20:]
        return int(digits) if digits.isdigit() and digits.isascii() and digits < "6" else -1
    if length < 19 or not text.isascii() or text[16] != ":" or not (second := text[17:19]).isdigit():
        return -1
    if length == 19:
        fraction = ""
    elif text[19] == "." and (fraction := text[20:]).isdigit():
        fraction = fraction[:_FRACTION_DIGITS]
    else:
        return -1
    if second > "59":
        return -1
    return int(second) * 1_000_000 + (int(fraction.ljust(_FRACTION_DIGITS, "0")) if fraction else 0)
