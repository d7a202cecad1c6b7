"""The header above every panel: state, the last 60 beats, latest figures, own cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from aios_gui.instance.model.now import Condition, Now
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.now_words import headlines, second_line
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.ui.shell import sentence, state_mark, strip
from aios_gui.ui.shell.score.summary import Summary
from aios_gui.ui.theme import M, Theme
from aios_gui.ui.widgets.spoken import say_aloud
from aios_gui.ui.widgets.stat_tile import TILE_HEIGHT_PX, StatTile

HEIGHT_PX = 76
_SIDE_PX, _BETWEEN_PX, _FIGURES_PX = 20, 24, 20
_STRIP_LEAST_PX, _STRIP_WISH_PX, _STRIP_MOST_PX = 120, 150, 720
_STRIP_BESIDE_SCORE_PX = 240
_SENTENCE_SHARE, _SENTENCE_MOST_PX = 0.3, 520
_LAST, _P50, _P95, _P99, _OWN = range(5)
_TO_GO = ((_P50, _P95), (_P99,))
"""Which figures go where it is narrow, one after the other."""
_WIDEST = ("888 ms", "888 ms", "888 ms", "888 ms", "888 % · 888 MB")
"""Figures as wide as they get: each column has this room whatever it shows."""
_LASTING = frozenset(
    (
        Condition.LOST,
        Condition.PAUSED,
        Condition.STOPPED,
        Condition.NOT_RECORDING,
        Condition.NO_BEAT,
        Condition.ALARM,
    )
)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Widths within the header, px, which figures are shown, and whether there is room for the score."""

    sentence: int
    strip: int
    figures: tuple[int, ...]
    score: bool = False


def arrange(width: int, figure_widths: Sequence[int], score_px: int = 0) -> Arrangement:
    """Divide ``width`` by nothing but what does not change, so that the header stands still.

    The sentence keeps its room: P50 and P95 go first, then P99, then the strip shrinks. ``figure_widths`` are of last
    beat, P50, P95, P99 and own cost. The score, ``score_px`` wide, is there only where nothing gives way for it.
    """
    if score_px:
        plan = arrange(width - score_px - _FIGURES_PX, figure_widths)
        if len(plan.figures) == len(figure_widths) and plan.strip >= _STRIP_BESIDE_SCORE_PX:
            return replace(plan, score=True)
    room = width - 2 * _SIDE_PX - state_mark.SIZE_PX - M - 2 * _BETWEEN_PX
    wish = min(max(sentence.COLUMN_PX, round(width * _SENTENCE_SHARE)), _SENTENCE_MOST_PX)
    shown = tuple(range(len(figure_widths)))
    gone = iter(_TO_GO)
    while (left := room - wish - _wide(shown, figure_widths)) < _STRIP_WISH_PX:
        going = next(gone, None)
        if going is None:
            break
        shown = tuple(each for each in shown if each not in going)
    strip_px = min(max(left, _STRIP_LEAST_PX), _STRIP_MOST_PX)
    sentence_px = max(0, room - _wide(shown, figure_widths) - strip_px)
    return Arrangement(min(sentence_px, _SENTENCE_MOST_PX), strip_px, shown)


def _wide(shown: Sequence[int], widths: Sequence[int]) -> int:
    return sum(widths[each] for each in shown) + _FIGURES_PX * (len(shown) - 1)


class ScoreTile(StatTile):
    """The score as a figure that can be pressed like the mark."""

    clicked = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class StatusBar(QFrame):
    """Shows snapshots; paints only what has changed since the one before.

    ``health_asked``: show what is behind it; ``resume_asked``: let the paused heartbeat go on.
    """

    health_asked = Signal()
    resume_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "bar")
        self.setFixedHeight(HEIGHT_PX)
        self.mark = state_mark.StateMark(theme, self)
        self.sentence = sentence.Sentence(theme, self)
        self.strip = strip.Strip(theme, self)
        self.score = ScoreTile(theme, self, "0.88")
        self.score.setCursor(Qt.CursorShape.PointingHandCursor)
        self._summary = Summary()
        self._beats = 0
        self._condition: Condition | None = None
        self.said = ""
        """What a screen reader was last told by itself."""
        self.mark.clicked.connect(self.health_asked)
        self.score.clicked.connect(self.health_asked)
        self.resume = QPushButton(self)
        self.resume.setProperty("look", "primary")
        self.resume.clicked.connect(self.resume_asked)
        self.resume.hide()
        self.tiles = [StatTile(theme, self, widest) for widest in _WIDEST]
        self.retranslate()

    def show_snapshot(self, snapshot: Snapshot, now: Now, now_ns: int) -> None:
        """Bring everything up to date; ``now`` is how it is at ``now_ns`` of the wall clock."""
        self.mark.show_severity(now.severity)
        self.strip.show_cells(snapshot.strip, snapshot.strip_moments, now.is_stale)
        lines = headlines(now, snapshot, now_ns)
        self.sentence.set_lines(lines, second_line(now, snapshot, now_ns))
        self._tell(now.condition, lines[0])
        score = snapshot.score
        self.score.set_value(figures.score(score.value if score is not None else None))
        self.score.set_stale(now.is_stale)
        if self._summary.take(snapshot):
            for part in (self.mark, self.score):
                part.setToolTip(self._summary.text)
                part.setAccessibleDescription(self._summary.text)
        for widget, text in zip(self.tiles, figure_texts(snapshot), strict=True):
            widget.set_value(text)
            widget.set_stale(now.is_stale)
        if snapshot.duration.count != self._beats:
            self._beats = snapshot.duration.count
            self._set_tips()
        is_paused = now.condition is Condition.PAUSED
        if is_paused or not self.resume.isHidden():
            self.resume.setVisible(is_paused)
            self._arrange()

    def _tell(self, condition: Condition, headline: str) -> None:
        """Say aloud that something lasting has begun or is over; a strain or a hiccup comes and goes too often."""
        before, self._condition = self._condition, condition
        if before is not None and before is not condition and _LASTING & {before, condition}:
            self.said = headline
            say_aloud(self, headline)

    def retranslate(self) -> None:
        """The language has changed."""
        self.setAccessibleName(_("State of the machine"))
        labels = (_("last beat"), "P50", "P95", "P99", _("own cost"))
        for widget, label in zip(self.tiles, labels, strict=True):
            widget.set_label(label)
        self._set_tips()
        self.resume.setText(_("Resume"))
        for part in (self.mark, self.sentence, self.strip):
            part.retranslate()
        self.score.set_label(_("score"))
        self._summary = Summary()
        self._arrange()

    def _set_tips(self) -> None:
        beats = ngettext(
            "{share} of beats took at most this; so far there is {count}",
            "{share} of the last {count} beats took at most this",
            self._beats,
        )
        if not self._beats:
            beats = _("{share} of beats take at most this; there are none yet")
        shares = (
            beats.format(share=share, count=figures.count(self._beats)) for share in ("50 %", "95 %", "99 %")
        )
        own = _("What AIOS Heartbeat itself uses: CPU of one core, and memory, shared libraries included")
        for widget, tip in zip(self.tiles, (_("How long the latest beat took"), *shares, own), strict=True):
            widget.setToolTip(tip)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        plan = arrange(self.width(), [each.wish for each in self.tiles], self.score.wish)
        middle = (HEIGHT_PX - 1) // 2
        x = _SIDE_PX
        self.mark.move(x, middle - state_mark.SIZE_PX // 2)
        x += state_mark.SIZE_PX + M
        sentence_px = plan.sentence
        if not self.resume.isHidden():
            sentence_px = max(0, sentence_px - self.resume.sizeHint().width() - M)
        self.sentence.setGeometry(x, middle - sentence.HEIGHT_PX // 2, sentence_px, sentence.HEIGHT_PX)
        if not self.resume.isHidden():
            self.resume.resize(self.resume.sizeHint())
            self.resume.move(x + self.sentence.used_px + M, middle - self.resume.height() // 2)
        right = self.width() - _SIDE_PX
        for index, widget in reversed(tuple(enumerate(self.tiles))):
            widget.setVisible(index in plan.figures)
            if index in plan.figures:
                right -= widget.wish
                widget.setGeometry(right, middle - TILE_HEIGHT_PX // 2, widget.wish, TILE_HEIGHT_PX)
                right -= _FIGURES_PX
        self.score.setVisible(plan.score)
        if plan.score:
            right -= self.score.wish
            self.score.setGeometry(right, middle - TILE_HEIGHT_PX // 2, self.score.wish, TILE_HEIGHT_PX)
            right -= _FIGURES_PX
        strip_x = _SIDE_PX + state_mark.SIZE_PX + M + plan.sentence + _BETWEEN_PX
        self.strip.setGeometry(strip_x, middle - strip.HEIGHT_PX // 2, plan.strip, strip.HEIGHT_PX)


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
