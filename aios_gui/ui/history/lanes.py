"""Below the smoke: incidents with who did it, changes and notes, a lane each, and the time axis."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from aios_gui.history.notes.model import Note
from aios_gui.history.notes.words import first_line, when_phrase
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.ui.history.scene import ChangeMark, Scene
from aios_gui.ui.history.smoke_plot import plot_edges
from aios_gui.ui.plots import gestures
from aios_gui.ui.plots.frame import Frame
from aios_gui.ui.plots.painting import Span, paint_crosshair, paint_time_labels
from aios_gui.ui.plots.time_ticks import time_ticks
from aios_gui.ui.theme import LABEL, XS, Theme, font, mix
from aios_gui.ui.widgets.plain_tip import plain_tip

_NS = 1_000_000_000
_LANE_PX, _BAR_PX = 18.0, 8.0
_NEAR_PX = 5.0
_TICK_EVERY_PX = 110
INCIDENTS, CHANGES, NOTES = range(3)


class EventLanes(QWidget):
    """A click on a note asks for it, elsewhere for the moment; what changed is asked for where the mouse rests."""

    accessible_role = QAccessible.Role.Chart
    gesture = Signal(object)
    changes_wanted = Signal(object)
    """A ``ChangeMark`` is pointed at."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scene: Scene | None = None
        self._start_s, self._end_s = 0.0, 1.0
        self._at_s: float | None = None
        self._told: dict[ChangeMark, str] = {}
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self._font = font(LABEL)
        self.setAccessibleName(_("Incidents, changes and notes over time"))
        self._told.clear()
        self._describe()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, round(3 * _LANE_PX + XS + QFontMetricsF(self._font).height()) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    @property
    def frame(self) -> Frame:
        """Where the lanes lie now."""
        left, _above = plot_edges()
        return Frame(
            QRectF(left, 0, max(10.0, self.width() - left - 6), 3 * _LANE_PX), self._start_s, self._end_s
        )

    def show_scene(self, scene: Scene) -> None:
        """What happened in a span."""
        self._scene = scene
        self._told.clear()
        self._describe()
        self.update()

    def _describe(self) -> None:
        scene = self._scene
        if scene is None:
            return
        changed = sum(each.count for each in scene.changes)
        counts = (
            ngettext("{count} incident", "{count} incidents", len(scene.incidents)).format(
                count=figures.count(len(scene.incidents))
            ),
            ngettext("{count} change", "{count} changes", changed).format(count=figures.count(changed)),
            ngettext("{count} note", "{count} notes", len(scene.notes)).format(
                count=figures.count(len(scene.notes))
            ),
        )
        self.setAccessibleDescription(_(", ").join(counts))

    def show_span(self, start_s: float, end_s: float) -> None:
        """Set the time axis; the owner says when that is painted."""
        self._start_s, self._end_s = start_s, end_s

    def point(self, at_s: float | None) -> None:
        """Show the moment that is read."""
        if at_s != self._at_s:
            self._at_s = at_s
            self.update()

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, frame, rect = self._theme.tokens, self.frame, self.frame.rect
        painter = QPainter(self)
        painter.setFont(self._font)
        for lane, name in enumerate((_("Incidents"), _("Changes"), _("Notes"))):
            middle = self._middle(lane)
            painter.setPen(QColor(tokens.grid))
            painter.drawLine(QPointF(rect.left(), middle), QPointF(rect.right(), middle))
            painter.setPen(QColor(tokens.muted))
            box = QRectF(0, middle - _LANE_PX / 2, rect.left() - 6, _LANE_PX)
            metrics = QFontMetricsF(self._font)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        most = max(3, int(rect.width() / _TICK_EVERY_PX))
        ticks = time_ticks(self._start_s, self._end_s, most)
        paint_time_labels(painter, frame, ticks, tokens, self._font)
        if self._scene is not None:
            painter.setClipRect(rect.adjusted(-_NEAR_PX, 0, _NEAR_PX, 0))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_incidents(painter, frame, self._scene.incidents, self._font)
            self._paint_changes(painter, frame, self._scene.changes)
            self._paint_notes(painter, frame, self._scene.notes)
        if self._at_s is not None:
            paint_crosshair(painter, frame, self._at_s, None, tokens.accent, tokens)
        painter.end()

    @staticmethod
    def _middle(lane: int) -> float:
        return (lane + 0.5) * _LANE_PX

    def _bar(self, frame: Frame, start_s: float, end_s: float, lane: int) -> QRectF:
        left = frame.x(start_s)
        width = max(3.0, frame.x(end_s) - left)
        return QRectF(left, self._middle(lane) - _BAR_PX / 2, width, _BAR_PX)

    def _paint_incidents(
        self, painter: QPainter, frame: Frame, incidents: tuple[Span, ...], type_: QFont
    ) -> None:
        """A bar each, with the name of who did it where there is room."""
        tokens, metrics = self._theme.tokens, QFontMetricsF(type_)
        lefts = _next_lefts(frame, [each.start_s for each in incidents])
        taken = frame.rect.left() - 1
        for span, next_left in zip(incidents, lefts, strict=True):
            bar = self._bar(frame, span.start_s, span.end_s, INCIDENTS)
            if bar.right() < frame.rect.left() or bar.left() > frame.rect.right():
                continue
            if bar.right() <= taken:
                continue  # it lies on one that is painted, and so would its name
            taken = bar.right()
            colour = getattr(tokens, span.tone)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(bar, 1.5, 1.5)
            room = next_left - bar.right() - 2 * XS
            if span.name and metrics.horizontalAdvance(span.name) <= room:
                painter.setPen(QColor(colour))
                baseline = self._middle(INCIDENTS) + metrics.ascent() / 2 - 1
                painter.drawText(QPointF(bar.right() + XS, baseline), span.name)

    def _paint_changes(self, painter: QPainter, frame: Frame, changes: tuple[ChangeMark, ...]) -> None:
        """A diamond each."""
        middle, tokens = self._middle(CHANGES), self._theme.tokens
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mix(tokens.text, tokens.surface, 0.7)))
        last = -_NEAR_PX
        for each in changes:
            x = frame.x(each.start_s)
            if x - last < 2 or not frame.rect.left() <= x <= frame.rect.right():
                continue
            last = x
            half = 4.0 if each.count > 1 else 3.2
            corners = ((x - half, middle), (x, middle - half), (x + half, middle), (x, middle + half))
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))

    def _paint_notes(self, painter: QPainter, frame: Frame, notes: tuple[Note, ...]) -> None:
        """A bar each, and its first line where there is room."""
        tokens, metrics = self._theme.tokens, QFontMetricsF(self._font)
        lefts = _next_lefts(frame, [each.start_ns / _NS for each in notes])
        taken = frame.rect.left() - 1
        for note, next_left in zip(notes, lefts, strict=True):
            bar = self._bar(frame, note.start_ns / _NS, note.end_ns / _NS, NOTES)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent))
            painter.drawRoundedRect(bar, 1.5, 1.5)
            painter.setPen(QPen(QColor(tokens.accent)))
            taken = max(taken, bar.right())
            room = next_left - taken - 2 * XS if bar.right() == taken else 0.0
            text = metrics.elidedText(first_line(note), Qt.TextElideMode.ElideRight, room)
            if len(text) > 1:
                baseline = self._middle(NOTES) + metrics.ascent() / 2 - 1
                painter.drawText(QPointF(bar.right() + XS, baseline), text)

    # What lies where

    def lane_at(self, y: float) -> int:
        """The lane at ``y``."""
        return min(max(INCIDENTS, int(y // _LANE_PX)), NOTES)

    def note_at(self, x: float) -> Note | None:
        """The note at ``x``."""
        frame = self.frame
        found = [
            each
            for each in (self._scene.notes if self._scene is not None else ())
            if frame.x(each.start_ns / _NS) - _NEAR_PX <= x <= frame.x(each.end_ns / _NS) + _NEAR_PX
        ]
        return found[-1] if found else None

    def change_at(self, x: float) -> ChangeMark | None:
        """The changes at ``x``."""
        frame = self.frame
        found = self._scene.changes if self._scene is not None else ()
        near = [each for each in found if abs(frame.x(each.start_s) - x) <= _NEAR_PX]
        return min(near, key=lambda each: abs(frame.x(each.start_s) - x), default=None)

    def tell_changes(self, mark: ChangeMark, text: str) -> None:
        """What changed there, as it was asked for: the tooltip, where the mouse still is."""
        self._told[mark] = text
        at = self.mapFromGlobal(self.cursor().pos())
        if self.rect().contains(at) and self.lane_at(at.y()) == CHANGES and self.change_at(at.x()) == mark:
            QToolTip.showText(self.cursor().pos(), plain_tip(text), self)

    def _tip_of(self, x: float, y: float) -> str:
        lane, scene = self.lane_at(y), self._scene
        if scene is None:
            return ""
        if lane == NOTES:
            note = self.note_at(x)
            return f"{when_phrase(note)}\n{note.text}" if note is not None else ""
        if lane == CHANGES:
            mark = self.change_at(x)
            if mark is not None and mark not in self._told:
                self.changes_wanted.emit(mark)
            return self._told.get(mark, "") if mark is not None else ""
        frame = self.frame
        near = [
            each
            for each in scene.incidents
            if frame.x(each.start_s) - _NEAR_PX <= x <= frame.x(each.end_s) + _NEAR_PX
        ]
        return "\n".join(
            f"{figures.clock_time(int(each.start_s * _NS), seconds=True)} {each.name}" for each in near[:6]
        )

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self._tip_of(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), plain_tip(text), self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        frame, x = self.frame, event.position().x()
        inside = frame.rect.left() <= x <= frame.rect.right()
        self.gesture.emit(gestures.Point(frame.at_s(x) if inside else None))

    def leaveEvent(self, event: QEvent) -> None:
        self.gesture.emit(gestures.Point(None))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        x, y = event.position().x(), event.position().y()
        if event.button() != Qt.MouseButton.LeftButton or not self.rect().contains(
            event.position().toPoint()
        ):
            return
        note = self.note_at(x) if self.lane_at(y) == NOTES else None
        change = self.change_at(x) if self.lane_at(y) == CHANGES else None
        if note is not None:
            self.gesture.emit(gestures.OpenNote(note.id))
        elif self.frame.rect.left() <= x <= self.frame.rect.right():
            self.gesture.emit(gestures.OpenMoment(change.end_s if change is not None else self.frame.at_s(x)))


def _next_lefts(frame: Frame, starts_s: list[float]) -> list[float]:
    """For each of these where the next one begins, px; for the last one the right edge."""
    return [frame.x(each) for each in starts_s[1:]] + [frame.rect.right()] * bool(starts_s)
