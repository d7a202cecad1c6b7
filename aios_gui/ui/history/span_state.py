"""The span that all of History is about, where a person was before, and how a person moves on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from aios_gui.record.model.timerange import TimeRange

LEAST_NS = 10_000_000_000
_FIRST_NS = 7 * 86_400 * 1_000_000_000
_MOST_STEPS = 100


class SpanState(QObject):
    """Whoever shows something of the span reckons it at ``changed`` and draws it at ``moved``.

    A span that ends with the record goes on with it: it is ``live``. Any other one stands still, whatever is recorded.
    A record that does not go on, as a slice, has none that is live.
    """

    changed = Signal(object)
    """It is another ``TimeRange`` now, and stands: reckon what it says."""
    moved = Signal(object)
    """It is another ``TimeRange``, also while it is still being dragged."""
    stepped = Signal()
    """There are other ways back or forward."""

    def __init__(
        self, whole: TimeRange, span: TimeRange, parent: QObject | None = None, goes_on: bool = True
    ) -> None:
        super().__init__(parent)
        self._goes_on = goes_on
        self.whole = whole
        """From the first to the last beat of the record."""
        self.span = span
        self.live = goes_on and self.is_at_end
        self._settled = span, self.live
        self._back: list[tuple[TimeRange, bool]] = []
        self._forward: list[tuple[TimeRange, bool]] = []

    @property
    def length_ns(self) -> int:
        """How long the span is."""
        return self.span.end_ns - self.span.start_ns

    @property
    def is_at_end(self) -> bool:
        """Whether the span ends where the record does."""
        return self.span.end_ns >= self.whole.end_ns

    @property
    def is_settled(self) -> bool:
        """Whether it stands, and is not being dragged."""
        return self.span == self._settled[0]

    def know(self, whole: TimeRange) -> None:
        """The record reaches from there to there by now; a live span goes on with it, of the same length.

        One that shows all of the record goes on showing all of it.
        """
        had_all, had_end = self.span.start_ns <= self.whole.start_ns, self.whole.end_ns
        self.whole = whole
        if not self.live or whole.end_ns == had_end or not self.is_settled:
            return
        start_ns = whole.start_ns if had_all else whole.end_ns - self.length_ns
        self.span = TimeRange(start_ns, whole.end_ns)
        self._settled = self.span, True
        self.moved.emit(self.span)
        self.changed.emit(self.span)

    def begin(self, whole: TimeRange) -> None:
        """How far the record reaches is known: show the first span, from which no step leads back."""
        self.whole, self.span = whole, first_span(whole)
        self.live = self._goes_on and self.is_at_end
        self._back, self._forward = [], []
        self.moved.emit(self.span)
        self._stand(self.live)

    def go(self, span: TimeRange) -> None:
        """Look at another span; from there one step leads back."""
        self.drag(span)
        self.settle()

    def drag(self, span: TimeRange) -> None:
        """Look at another span for the moment; ``settle`` keeps it."""
        if span != self.span:
            self.span = span
            self.live = self._goes_on and self.is_at_end
            self.moved.emit(span)

    def settle(self) -> None:
        """The span stands where it was dragged to."""
        if self.is_settled:
            return
        self._back = [*self._back[-_MOST_STEPS:], self._settled]
        self._forward = []
        self._stand(self.live)

    def _stand(self, live: bool) -> None:
        self.live = live
        self._settled = self.span, live
        self.changed.emit(self.span)
        self.stepped.emit()

    @property
    def can_go_back(self) -> bool:
        """Whether there was another span before."""
        return bool(self._back)

    @property
    def can_go_forward(self) -> bool:
        """Whether a person came back from another span."""
        return bool(self._forward)

    def back(self) -> None:
        """Where a person was before."""
        self.settle()
        self._step(self._back, self._forward)

    def forward(self) -> None:
        """Where a person came back from."""
        self.settle()
        self._step(self._forward, self._back)

    def _step(self, taken: list[tuple[TimeRange, bool]], other: list[tuple[TimeRange, bool]]) -> None:
        if not taken:
            return
        other.append(self._settled)
        span, live = taken.pop()
        if live:  # the record has gone on meanwhile
            span = moved_by(span, self.whole.end_ns - span.end_ns)
        self.span, self.live = span, live
        self.moved.emit(span)
        self._stand(live)

    # Ways on, by keyboard, wheel and buttons

    def panned(self, share: float) -> TimeRange:
        """The span moved by a share of its length, and not out of the record."""
        return self.within(moved_by(self.span, round(share * self.length_ns)))

    def zoomed(self, factor: float, at_ns: int | None = None) -> TimeRange:
        """The span ``factor`` times as long; ``at_ns`` stays where it is, else the middle, or the end of a live one."""
        span, most_ns = self.span, max(LEAST_NS, self.whole.end_ns - self.whole.start_ns)
        length_ns = min(max(LEAST_NS, round(self.length_ns * factor)), max(most_ns, self.length_ns))
        if at_ns is None:
            at_ns = span.end_ns if self.is_at_end else span.start_ns + self.length_ns // 2
        start_ns = at_ns - round((at_ns - span.start_ns) * length_ns / self.length_ns)
        return self.within(TimeRange(start_ns, start_ns + length_ns))

    def around(self, at_ns: int) -> TimeRange:
        """The span, moved so that a moment out of sight lies in its middle."""
        if self.span.start_ns <= at_ns < self.span.end_ns:
            return self.span
        start_ns = at_ns - self.length_ns // 2
        return self.within(TimeRange(start_ns, start_ns + self.length_ns))

    def clipped(self, span: TimeRange) -> TimeRange:
        """What of a span lies in the record; all of it where nothing does."""
        start_ns, end_ns = max(span.start_ns, self.whole.start_ns), min(span.end_ns, self.whole.end_ns)
        return TimeRange(start_ns, end_ns) if start_ns < end_ns else span

    def within(self, span: TimeRange) -> TimeRange:
        """A span of the same length that lies in the record, as far as there is room."""
        over_ns = span.end_ns - self.whole.end_ns
        if over_ns > 0:
            span = moved_by(span, -over_ns)
        under_ns = self.whole.start_ns - span.start_ns
        return moved_by(span, under_ns) if under_ns > 0 else span


def first_span(whole: TimeRange) -> TimeRange:
    """How much of a record is shown at first."""
    return TimeRange(max(whole.start_ns, whole.end_ns - _FIRST_NS), whole.end_ns)


def moved_by(span: TimeRange, by_ns: int) -> TimeRange:
    """The span, earlier or later."""
    return TimeRange(span.start_ns + by_ns, span.end_ns + by_ns)
