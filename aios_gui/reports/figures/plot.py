"""What drawings share: a frame with axes, places in it, and labels of time and of lengths of time."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.reports.model.drawing import Anchor, Box, Curve, Drawing, Ink, Item, Label, Line
from aios_gui.text import figures

WIDTH = 760.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, 12.0, 10.0, 26.0
_HOUR_S, _DAY_S = 3600, 86_400
_STEPS_S = (
    1, 5, 15, 60, 300, 900, _HOUR_S, 3 * _HOUR_S, 6 * _HOUR_S, 12 * _HOUR_S,
    _DAY_S, 2 * _DAY_S, 7 * _DAY_S, 14 * _DAY_S, 28 * _DAY_S, 91 * _DAY_S,
    182 * _DAY_S, 364 * _DAY_S, 728 * _DAY_S, 1820 * _DAY_S, 3640 * _DAY_S, 18_200 * _DAY_S,
)  # fmt: skip
_MOST_TICKS = 9
_CLOCK_CHANGE_S = 7_200
_LONG_STEP_S = 28 * _DAY_S


@dataclass(slots=True)
class Plot:
    """A frame of a drawing in which values are put to their places; ``items`` grows with what is drawn.

    ``x`` and ``y`` say from which to which value the axes go. A logarithmic axis begins above 0.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    height: float = 200.0
    top: float = _TOP
    left: float = _LEFT
    is_log: bool = False
    items: list[Item] = field(default_factory=list)

    @property
    def right(self) -> float:
        """The right edge of the frame."""
        return WIDTH - _RIGHT

    @property
    def bottom(self) -> float:
        """The lower edge of the frame."""
        return self.top + self.height

    def at_x(self, value: float) -> float:
        """Where a value of the horizontal axis is; values beyond its ends at the ends."""
        low, high = self.x
        share = (value - low) / (high - low) if high > low else 0.0
        return self.left + min(1.0, max(0.0, share)) * (self.right - self.left)

    def at_y(self, value: float) -> float:
        """Where a value of the vertical axis is; values beyond its ends at the ends."""
        low, high = self.y
        if self.is_log:
            low, high, value = math.log(low), math.log(high), math.log(max(value, low))
        share = (value - low) / (high - low) if high > low else 0.0
        return self.bottom - min(1.0, max(0.0, share)) * self.height

    def level(self, value: float, text: str, ink: Ink = Ink.GRID, dashes: tuple[float, ...] = ()) -> None:
        """A line at the height of a value, with its label at the left."""
        y = self.at_y(value)
        self.items.append(Line(self.left, y, self.right, y, ink, 1.0, dashes))
        self.items.append(Label(self.left - 8, y + 4, text, Ink.MUTED, 11, Anchor.END))

    def levels_of_time(self) -> None:
        """The lines of a logarithmic axis of lengths of time in ns: every power of ten, or every second one."""
        first, last = math.ceil(math.log10(self.y[0]) - 1e-9), math.floor(math.log10(self.y[1]) + 1e-9)
        step = 1 if last - first < 5 else 2
        for power in range(first, last + 1, step):
            self.level(10.0**power, figures.duration(10.0**power))

    def times(self) -> None:
        """The moments along an axis of seconds since the epoch, local, below the frame."""
        low, high = self.x
        for at_s, text in moments(low, high):
            x = self.at_x(at_s)
            self.items.append(Line(x, self.top, x, self.bottom, Ink.GRID))
            anchor = (
                Anchor.END if x > self.right - 24 else Anchor.START if x < self.left + 24 else Anchor.MIDDLE
            )
            self.items.append(Label(x, self.bottom + 17, text, Ink.MUTED, 11, anchor))

    def base(self) -> None:
        """The line below."""
        self.items.append(Line(self.left, self.bottom, self.right, self.bottom, Ink.GAP))

    def gaps(self, gaps: Iterable[Gap], hint: dict[object, str]) -> None:
        """Where nothing was recorded, hatched over the whole height; what is narrower than a pixel is one wide."""
        reached = -1.0
        for gap in sorted(gaps, key=lambda each: each.start_ns):
            first_s, last_s = gap.start_ns / 1e9, gap.end_ns / 1e9
            if last_s <= first_s or last_s < self.x[0] or first_s > self.x[1]:
                continue
            left, right = self.at_x(first_s), self.at_x(last_s)
            if right <= reached:
                continue
            reached = max(right, left + 1)
            self.items.append(
                Box(
                    left,
                    self.top,
                    max(1.0, right - left),
                    self.height,
                    Ink.GAP,
                    1.0,
                    True,
                    hint.get(gap.kind, ""),
                )
            )

    def curve(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        ink: Ink,
        width: float = 1.5,
        dashes: tuple[float, ...] = (),
        within: float = math.inf,
    ) -> None:
        """A line through values; where one is not known, or two lie further apart than ``within``, it is broken."""
        for part in _runs(xs, ys, within):
            self.items.append(
                Curve(
                    tuple(self.at_x(x) for x, _y in part),
                    tuple(self.at_y(y) for _x, y in part),
                    ink,
                    width,
                    dashes,
                )
            )

    def ribbon(
        self,
        xs: Sequence[float],
        lows: Sequence[float],
        highs: Sequence[float],
        ink: Ink,
        opacity: float,
        within: float = math.inf,
    ) -> None:
        """The area between two lines."""
        lower, upper = dict(zip(xs, lows, strict=True)), dict(zip(xs, highs, strict=True))
        for part in _runs(xs, lows, within):
            known = [x for x, _low in part]
            there = [self.at_x(x) for x in known]
            if len(there) == 1:
                there = [there[0] - 0.5, there[0] + 0.5]
                known *= 2
            heights = [self.at_y(upper[x]) for x in known]
            depths = [self.at_y(lower[x]) for x in known]
            self.items.append(
                Curve((*there, *there[::-1]), (*heights, *depths[::-1]), ink, is_area=True, opacity=opacity)
            )

    def drawing(self, legend: Sequence[Item] = (), below: float = _BOTTOM) -> Drawing:
        """All of it."""
        return Drawing(WIDTH, self.bottom + below, (*self.items, *legend))


def _runs(xs: Sequence[float], ys: Sequence[float], within: float) -> Iterator[list[tuple[float, float]]]:
    part: list[tuple[float, float]] = []
    for x, y in zip(xs, ys, strict=True):
        if not math.isfinite(y) or (part and x - part[-1][0] > within):
            if part:
                yield part
            part = []
        if math.isfinite(y):
            part.append((x, y))
    if part:
        yield part


def moments(low_s: float, high_s: float) -> list[tuple[float, str]]:
    """Round local moments between two, s since the epoch, as many as have room, and what is written at them."""
    length_s = max(1.0, high_s - low_s)
    step_s = next((step for step in _STEPS_S if length_s / step <= _MOST_TICKS), _STEPS_S[-1])
    at = time.localtime(low_s)
    days = step_s // _DAY_S
    # Counted on the local clock and turned back into moments, so that a change of the clocks moves no midnight.
    begin = (at.tm_year, at.tm_mon, at.tm_mday)
    midnight_s = time.mktime((*begin, 0, 0, 0, 0, 0, -1))
    around = 2 + _CLOCK_CHANGE_S // step_s
    first = 0 if days else max(0, int((low_s - midnight_s) // step_s) - around)
    found: list[tuple[float, str]] = []
    for count in range(first, first + int(length_s // step_s) + 2 * around + 2):
        day, second = divmod(count * step_s, _DAY_S)
        clock = (second // _HOUR_S, second % _HOUR_S // 60, second % 60)
        moment_s = time.mktime((*begin[:2], begin[2] + day, *clock, 0, 0, -1))
        if low_s <= moment_s <= high_s and (not found or moment_s > found[-1][0]):
            found.append((moment_s, _tick_text(moment_s, step_s)))
    return found


def _tick_text(moment_s: float, step_s: int) -> str:
    at = time.localtime(moment_s)
    if step_s >= _LONG_STEP_S:
        return time.strftime("%Y-%m-%d", at)
    if step_s >= _DAY_S or (at.tm_hour == at.tm_min == at.tm_sec == 0):
        return time.strftime("%m-%d", at)
    return time.strftime("%H:%M:%S" if step_s < 60 else "%H:%M", at)


def legend(y: float, entries: Sequence[tuple[str, Ink, tuple[float, ...]]], x: float = _LEFT) -> list[Item]:
    """What each line is, side by side."""
    items: list[Item] = []
    for text, ink, dashes in entries:
        items.append(Line(x, y - 4, x + 18, y - 4, ink, 2.0, dashes))
        items.append(Label(x + 24, y, text, Ink.TEXT, 11))
        x += 24 + text_width(text, 11) + 20
    return items


def text_width(text: str, size: float) -> float:
    """About how wide a text is."""
    return sum(size * (1.0 if ord(letter) > 0x2E7F else 0.58) for letter in text)


def ceiling(ns: float) -> float:
    """The power of ten that is not below, ns."""
    return 10.0 ** math.ceil(math.log10(max(1.0, ns)) - 1e-9)


def floor(ns: float) -> float:
    """The power of ten that is not above, ns."""
    return 10.0 ** math.floor(math.log10(max(1.0, ns)) + 1e-9)
