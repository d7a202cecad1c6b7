"""The header above every panel: state, the last 60 beats, latest figures, own cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.model.throttle import ThrottleReason
from aios_gui.instance.words import last_hiccup_sentence, state_sentence, throttle_sentence
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.shell import sentence, state_mark, strip
from aios_gui.ui.shell.health import health_of
from aios_gui.ui.shell.score.summary import Summary
from aios_gui.ui.theme import M, Theme
from aios_gui.ui.widgets.stat_tile import TILE_HEIGHT_PX, StatTile

HEIGHT_PX = 76
_SIDE_PX, _BETWEEN_PX, _FIGURES_PX = 20, 24, 20
_STRIP_MINIMUM_PX, _STRIP_WISH_PX, _STRIP_MAXIMUM_PX = 180, 200, 720
_SENTENCE_MINIMUM_PX = 150
_STRIP_BESIDE_SCORE_PX = 300
_PERCENTILES = slice(1, 4)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Widths within the header, px, and whether there is room for the percentiles and for the score."""

    sentence: int
    strip: int
    percentiles: bool
    score: bool = False


def arrange(width: int, sentence_wish: int, figure_widths: Sequence[int], score_px: int = 0) -> Arrangement:
    """Divide ``width``: the sentence shortens first, then the percentiles go; the strip takes the rest.

    ``figure_widths`` are of last beat, P50, P95, P99 and own cost. The score, ``score_px`` wide, is there only where
    nothing else has to give way for it.
    """
    if score_px:
        left_px = width - score_px - _FIGURES_PX
        plan = arrange(left_px, sentence_wish, figure_widths)
        if plan.percentiles and plan.sentence == sentence_wish and plan.strip >= _STRIP_BESIDE_SCORE_PX:
            return replace(plan, score=True)
    base = width - 2 * _SIDE_PX - state_mark.SIZE_PX - M - 2 * _BETWEEN_PX
    every = sum(figure_widths) + _FIGURES_PX * (len(figure_widths) - 1)
    few = every - sum(figure_widths[_PERCENTILES]) - 3 * _FIGURES_PX
    least = min(sentence_wish, _SENTENCE_MINIMUM_PX)
    percentiles = base - every >= _STRIP_MINIMUM_PX + least
    room = base - (every if percentiles else few)
    wide = min(sentence_wish, room - _STRIP_WISH_PX)
    sentence_px = max(min(least, room - _STRIP_MINIMUM_PX), wide, 0)
    return Arrangement(sentence_px, max(0, min(room - sentence_px, _STRIP_MAXIMUM_PX)), percentiles)


class ScoreTile(StatTile):
    """The score as a figure that can be pressed like the mark."""

    clicked = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class StatusBar(QFrame):
    """Shows snapshots; paints only what has changed since the one before. ``health_asked``: show what is behind it."""

    health_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "bar")
        self.setFixedHeight(HEIGHT_PX)
        self.mark = state_mark.StateMark(theme, self)
        self.sentence = sentence.Sentence(theme, self)
        self.strip = strip.Strip(theme, self)
        self.score = ScoreTile(theme, self)
        self.score.setCursor(Qt.CursorShape.PointingHandCursor)
        self._summary = Summary()
        self.mark.clicked.connect(self.health_asked)
        self.score.clicked.connect(self.health_asked)
        self.tiles = [StatTile(theme, self) for _index in range(5)]
        self.retranslate()

    def show_snapshot(
        self, snapshot: Snapshot, now_ns: int, reason: ThrottleReason = ThrottleReason.NONE
    ) -> None:
        """Bring everything up to date; ``now_ns`` is the wall clock, ``reason`` why the window refreshes slowly."""
        self.mark.show_severity(health_of(snapshot, now_ns))
        self.strip.show_cells(snapshot.strip)
        second = second_line(snapshot, now_ns, reason)
        moved = self.sentence.set_lines(state_sentence(snapshot, now_ns), second)
        score = snapshot.score
        moved = self.score.set_value(figures.score(score.value if score is not None else None)) or moved
        if self._summary.take(snapshot):
            for part in (self.mark, self.score):
                part.setToolTip(self._summary.text)
                part.setAccessibleDescription(self._summary.text)
        for widget, text in zip(self.tiles, figure_texts(snapshot), strict=True):
            moved = widget.set_value(text) or moved
        if moved:
            self._arrange()

    def retranslate(self) -> None:
        """The language has changed."""
        self.setAccessibleName(_("State of the machine"))
        labels = (_("last beat"), "P50", "P95", "P99", _("own cost"))
        for widget, label in zip(self.tiles, labels, strict=True):
            widget.set_label(label)
        tips = (
            _("What the latest beat cost"),
            *(
                _("{share} of the last hour's beats cost at most this").format(share=s)
                for s in ("50 %", "95 %", "99 %")
            ),
            _("What this program costs: CPU of one core, and memory"),
        )
        for widget, tip in zip(self.tiles, tips, strict=True):
            widget.setToolTip(tip)
        for part in (self.mark, self.sentence, self.strip):
            part.retranslate()
        self.score.set_label(_("score"))
        self._summary = Summary()
        self._arrange()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        plan = arrange(self.width(), self.sentence.wish, [f.wish for f in self.tiles], self.score.wish)
        middle = (HEIGHT_PX - 1) // 2
        x = _SIDE_PX
        self.mark.move(x, middle - state_mark.SIZE_PX // 2)
        x += state_mark.SIZE_PX + M
        self.sentence.setGeometry(x, middle - sentence.HEIGHT_PX // 2, plan.sentence, sentence.HEIGHT_PX)
        right = self.width() - _SIDE_PX
        for index in reversed(range(len(self.tiles))):
            widget = self.tiles[index]
            widget.setVisible(plan.percentiles or index not in range(5)[_PERCENTILES])
            if widget.isVisibleTo(self):
                right -= widget.wish
                widget.setGeometry(right, middle - TILE_HEIGHT_PX // 2, widget.wish, TILE_HEIGHT_PX)
                right -= _FIGURES_PX
        self.score.setVisible(plan.score)
        if plan.score:
            right -= self.score.wish
            self.score.setGeometry(right, middle - TILE_HEIGHT_PX // 2, self.score.wish, TILE_HEIGHT_PX)
            right -= _FIGURES_PX
        strip_x = right + _FIGURES_PX - _BETWEEN_PX - plan.strip
        self.strip.setGeometry(strip_x, middle - strip.HEIGHT_PX // 2, plan.strip, strip.HEIGHT_PX)


def second_line(snapshot: Snapshot, now_ns: int, reason: ThrottleReason = ThrottleReason.NONE) -> str:
    """What stands below the state: why the window refreshes more slowly, or else the last stutter."""
    return throttle_sentence(reason) or last_hiccup_sentence(snapshot, now_ns)


def figure_texts(snapshot: Snapshot) -> tuple[str, str, str, str, str]:
    """Last beat, P50, P95, P99, own cost; a dash for what is not known yet."""
    beat, known, context = snapshot.beat, snapshot.duration, snapshot.context
    shown = (known.p50, known.p95, known.p99) if known.count else (None, None, None)
    return (
        figures.duration(beat.duration_ns if beat else None),
        *(figures.duration(ns) for ns in shown),
        own_cost(context.own_cpu_percent if context else None, context.own_memory_bytes if context else None),
    )  # type: ignore[return-value]


def own_cost(cpu_percent: float | None, memory_bytes: int | None) -> str:
    """What of CPU and memory is known, or a dash."""
    known = []
    if cpu_percent is not None:
        known.append(figures.percent(cpu_percent))
    if memory_bytes is not None:
        known.append(figures.size(memory_bytes))
    return " · ".join(known) or figures.NONE
