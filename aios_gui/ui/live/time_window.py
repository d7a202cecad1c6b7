"""Which span of time the plots show: the latest, moving with it, or one chosen by hand."""

from __future__ import annotations

LEAST_SPAN_S = 5.0
GREATEST_SPAN_S = 366 * 86_400.0
LEAST_FILLED_S = 30.0
"""The least that is drawn of a record that has only begun."""


class TimeWindow:
    """A span of seconds since the Unix epoch that follows the newest beat until it is moved by hand."""

    def __init__(self, span_s: float, latest_s: float) -> None:
        self.span_s = span_s
        self.end_s = latest_s
        self.latest_s = latest_s
        self.following = True
        self.begin_s: float | None = None

    @property
    def full_start_s(self) -> float:
        """Where the left edge is once the record fills the span."""
        return self.end_s - self.span_s

    @property
    def start_s(self) -> float:
        """The left edge. While following, not before ``begin_s``, the first of all beats where that is known:
        a record of two minutes fills the picture instead of a corner of it.
        """
        if not self.following or self.begin_s is None:
            return self.full_start_s
        filled_s = min(self.span_s, LEAST_FILLED_S)
        return max(self.full_start_s, min(self.begin_s, self.end_s - filled_s))

    @property
    def shown_s(self) -> float:
        """How much time lies between the edges."""
        return self.end_s - self.start_s

    def advance(self, latest_s: float, step_s: float) -> bool:
        """Take note of the newest moment; whether the window moved with it.

        It moves by ``step_s`` (the width of a pixel) at least, so that a day is not repainted every second.
        """
        self.latest_s = latest_s
        # Backwards too: the wall clock may have been set back.
        if not self.following or abs(latest_s - self.end_s) < step_s:
            return False
        self.end_s = latest_s
        return True

    def choose_span(self, span_s: float) -> None:
        """Show the latest ``span_s`` seconds, following."""
        self.begin_s = None
        self.span_s = min(GREATEST_SPAN_S, max(LEAST_SPAN_S, span_s))
        self.follow()

    def look_at(self, start_s: float, end_s: float) -> None:
        """Show this span and stay there."""
        self.begin_s = None
        self.following = False
        self.span_s = min(GREATEST_SPAN_S, max(LEAST_SPAN_S, end_s - start_s))
        self.end_s = (start_s + end_s + self.span_s) / 2

    def follow(self) -> None:
        """Go back to the newest moment and stay with it."""
        self.following = True
        self.end_s = self.latest_s

    def pan(self, delta_s: float) -> None:
        """Move by ``delta_s``; back at the newest moment the window follows again."""
        self.span_s = self.shown_s
        self.following = False
        self.end_s += delta_s
        self._settle()

    def zoom(self, factor: float, anchor_s: float | None = None) -> None:
        """Show ``factor`` times as much; ``anchor_s`` stays where it is, or the right edge while following."""
        self.span_s = self.shown_s
        span_s = min(GREATEST_SPAN_S, max(LEAST_SPAN_S, self.span_s * factor))
        if not self.following:
            anchor = self.end_s - self.span_s / 2 if anchor_s is None else anchor_s
            self.end_s = anchor + (self.end_s - anchor) * span_s / self.span_s
        self.span_s = span_s
        self._settle()

    def _settle(self) -> None:
        if self.end_s >= self.latest_s:
            self.follow()
