"""The mark of an incident: its shape says how bad, filled that it goes on, hollow that it is over."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from aios_gui.alerts.model.incident import Incident, IncidentState
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.words.incidents import mark_phrase, title
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.text.plain import plain
from aios_gui.ui.plots.painting import Span
from aios_gui.ui.theme import Theme, Tokens
from aios_gui.ui.widgets.icons import paint_mark

_PEN_PX = 1.6
_NAME = 40
_CELLS = {Level.WARNING: Severity.WARNING, Level.CRITICAL: Severity.CRITICAL}


def tone_of(level: Level) -> str:
    """The colour of a level among the tokens of the theme."""
    return {Level.WARNING: "warning", Level.CRITICAL: "critical"}[level]


def paint_incident_mark(
    painter: QPainter, box: QRectF, level: Level, state: IncidentState, tokens: Tokens
) -> None:
    """A triangle or a square within ``box``."""
    colour = getattr(tokens, tone_of(level))
    if state is IncidentState.FIRING:
        paint_mark(painter, box, _CELLS[level], colour)
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), _PEN_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = box.adjusted(1, 1, -1, -1)
    if level is Level.CRITICAL:
        top = QPointF(inner.center().x(), inner.top())
        painter.drawPolygon(QPolygonF([top, inner.bottomRight(), inner.bottomLeft()]))
    else:
        painter.drawRoundedRect(inner, 1.5, 1.5)
    painter.restore()


def span_of(incident: Incident, now_s: float) -> Span:
    """An incident as a marked time of a plot, named after who did it, or else after what it was."""
    culprits = incident.finding.culprits if incident.finding is not None else ()
    ended_ns = incident.last_over_ns or incident.cleared_ns
    goes_on = incident.state is IncidentState.FIRING and not incident.settling
    end_s = now_s if goes_on or ended_ns is None else ended_ns / 1e9
    start_s = incident.started_ns / 1e9
    name = plain(culprits[0].name, _NAME) if culprits else title(incident)
    return Span(start_s, max(start_s, end_s), tone_of(incident.level), name)


class IncidentMark(QWidget):
    """The mark beside the sentence of the incident that is shown."""

    accessible_role = QAccessible.Role.Graphic

    def __init__(self, theme: Theme, side_px: int = 13, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown = (Level.WARNING, IncidentState.CLEARED)
        self.setFixedSize(QSize(side_px, side_px))

    def show_mark(self, level: Level, state: IncidentState) -> None:
        """Say something else; painted only where it is."""
        self.setAccessibleName(mark_phrase(level, state))
        self.setToolTip(mark_phrase(level, state))
        if (level, state) != self._shown:
            self._shown = (level, state)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_incident_mark(painter, QRectF(self.rect()), *self._shown, self._theme.tokens)
        painter.end()
