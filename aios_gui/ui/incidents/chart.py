"""The chart around an incident: before, during and after it, its span marked, its limit dotted, gaps hatched."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.rules import Measure
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import Event
from aios_gui.instance.words import gap_sentence
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.incidents.marks import tone_of
from aios_gui.ui.incidents.subject import Subject, rows_of, subject_of
from aios_gui.ui.plots import gestures
from aios_gui.ui.plots.crosshair import Crosshair, gap_at
from aios_gui.ui.plots.curve import Curve, Rows
from aios_gui.ui.plots.history_loader import ContextsLoaded, Failed, HistoryLoader, SeriesLoaded, is_stale
from aios_gui.ui.plots.painting import Span
from aios_gui.ui.plots.plot_view import PlotView, Surroundings
from aios_gui.ui.plots.quantity import reach
from aios_gui.ui.plots.series_buffer import BUCKETS, SeriesBuffer
from aios_gui.ui.plots.time_ticks import time_ticks
from aios_gui.ui.theme import LABEL, XS, S, Theme, font
from aios_gui.ui.widgets.card import muted_label, set_text
from aios_gui.ui.widgets.plain_label import CutLabel, PlainLabel

_NS = 1_000_000_000
_LEAST_AROUND_NS, _MOST_AROUND_NS = 60 * _NS, 3_600 * _NS
_LEAST_AGAIN_NS = 2 * _NS
_TICK_PX = 96
_HEIGHT_PX = 172
_NOTHING = np.empty(0)
_INTERVAL_GUESS_NS = _NS


class IncidentPlot(PlotView):
    """A plot that is read and not moved: the wheel scrolls what is around it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)


class IncidentChart(QWidget):
    """Read from the record again while the incident goes on. ``hiccups_read``: ``hiccups`` are there."""

    hiccups_read = Signal()
    opened = Signal()
    """The picture was clicked twice: show it in full."""

    def __init__(
        self,
        theme: Theme,
        loader: HistoryLoader,
        now_ns: Callable[[], int] = time.time_ns,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._loader = loader
        self._now_ns = now_ns
        self._incident: Incident | None = None
        self._subject: Subject | None = None
        self._buffer = SeriesBuffer()
        self._rows: Rows | None = None
        self._gaps: tuple[Gap, ...] = ()
        self._shown_gaps: tuple[Gap, ...] = ()
        self._tickets = (-1, -1)
        self._asked_ns = 0
        self._around_ns = _LEAST_AROUND_NS
        self._crosshair = Crosshair()
        self.interval_ns = _INTERVAL_GUESS_NS
        self.hiccups: tuple[Event, ...] = ()
        self.title = PlainLabel()
        self.subtitle = muted_label(wraps=False)
        self.readout = CutLabel()
        self.readout.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # Its text comes and goes with the mouse; the layout must not move for it.
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.plot = IncidentPlot("lateness", theme.tokens)
        self.plot.setFixedHeight(_HEIGHT_PX)
        self.plot.gesture.connect(self._follow)
        self._lay_out()
        loader.done.connect(self._answered)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(S)
        top.addWidget(self.title)
        top.addWidget(self.subtitle)
        top.addWidget(self.readout, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(XS)
        column.addLayout(top)
        column.addWidget(self.plot, 1)

    @property
    def span_ns(self) -> tuple[int, int]:
        """From when to when is drawn (wall, ns)."""
        incident = self._incident
        if incident is None:
            return 0, _NS
        end_ns = self._now_ns() if incident.cleared_ns is None else incident.cleared_ns
        end_ns = max(end_ns, incident.started_ns)
        return incident.started_ns - self._around_ns, end_ns + self._around_ns

    def show_incident(self, incident: Incident) -> None:
        """Draw around this one; what is drawn already stays until the record has answered."""
        before, self._incident = self._incident, incident
        if before is None or before.id != incident.id:
            self._crosshair.at_s = None
            self._rows, self._gaps, self.hiccups = None, (), ()
            self._subject = subject_of(incident)
            self.plot.use_colour(self._subject.quantity.key)
            self._set_texts()
        if before is None or _drawn(before) != _drawn(incident):
            self._ask()
        elif self._rows is not None and (before.limit, before.level) != (incident.limit, incident.level):
            self.draw()

    def look(self) -> None:
        """Read again where the incident goes on and the picture would be another one."""
        incident = self._incident
        if incident is None:
            return
        start_ns, end_ns = self.span_ns
        # What comes after it is still being recorded, too.
        unfinished = incident.cleared_ns is None or self._now_ns() - self._around_ns < incident.cleared_ns
        again_ns = max(_LEAST_AGAIN_NS, (end_ns - start_ns) // BUCKETS)
        if unfinished and is_stale(self._asked_ns, again_ns, self._now_ns()):
            self._ask()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.title.setFont(font(LABEL + 1, strong=True))
        self.subtitle.setFont(font(LABEL + 1))
        self.readout.setFont(font(LABEL + 1, strong=True))
        self._set_texts()
        self.draw()

    def dress(self) -> None:
        """Put on the colours of the theme."""
        self.plot.dress(self._theme.tokens)

    # Within

    def _set_texts(self) -> None:
        subject = self._subject
        if subject is None:
            return
        set_text(self.title, subject.title())
        self.plot.setAccessibleName(subject.title())
        self.plot.setAccessibleDescription(self._described())
        self._around()
        set_text(self.subtitle, _("{span} before and after").format(span=figures.span(self._around_ns)))

    def _around(self) -> None:
        incident = self._incident
        assert incident is not None
        end_ns = self._now_ns() if incident.cleared_ns is None else incident.cleared_ns
        length_ns = max(0, end_ns - incident.started_ns)
        wanted = min(_MOST_AROUND_NS, max(_LEAST_AROUND_NS, length_ns // 2))
        self._around_ns = wanted // _LEAST_AROUND_NS * _LEAST_AROUND_NS

    def _ask(self) -> None:
        self._set_texts()
        subject = self._subject
        assert subject is not None
        self._asked_ns = self._now_ns()
        start_ns, end_ns = self.span_ns
        series = self._loader.series(start_ns, end_ns, BUCKETS)
        of_sample = subject.of_sample
        samples = -1 if of_sample is None else self._loader.contexts(start_ns, end_ns, of_sample)
        self._tickets = series, samples

    def _answered(self, answer: object) -> None:
        subject = self._subject
        if subject is None:
            return
        if isinstance(answer, Failed) and answer.doing == "series":
            set_text(self.readout, _("The record could not be read: {reason}").format(reason=answer.reason))
        elif isinstance(answer, SeriesLoaded) and answer.ticket == self._tickets[0]:
            self._buffer.load(answer.series)
            self._gaps, self.hiccups = answer.series.gaps, tuple(answer.series.hiccups.events)
            if subject.of_sample is None:
                start_ns, end_ns = self.span_ns
                self._rows = self._buffer.rows(start_ns / _NS, end_ns / _NS, self.interval_ns)
                self.draw()
            self.hiccups_read.emit()
        elif isinstance(answer, ContextsLoaded) and answer.ticket == self._tickets[1] and subject.of_sample:
            self._rows = rows_of(answer.times, answer.values)
            self.draw()

    def draw(self) -> None:
        """Draw what was read."""
        incident, subject, rows = self._incident, self._subject, self._rows
        gaps = self._gaps
        start_ns, end_ns = self.span_ns
        self.plot.show_span(start_ns / _NS, end_ns / _NS)
        if incident is None or subject is None or rows is None:
            self.plot.show_curve(_NOTHING, _NOTHING)
            self.plot.show_body(_NOTHING, _NOTHING)
            self.plot.surround(Surroundings())
            return
        gaps = self._shown_gaps = (*gaps, *self._edges(rows, start_ns, end_ns))
        place = 0 if subject.of_sample is not None else subject.place
        scale = subject.scale()
        scale.fit(rows.smallest_positive(place), max(0.0, rows.largest(place), subject.limit or 0.0))
        frame = self.plot.frame
        curve = Curve.of(rows, (end_ns - start_ns) / _NS / max(1.0, frame.rect.width()))
        low, high = scale.shares(rows.lows[place]), scale.shares(rows.highs[place])
        self.plot.show_curve(curve.line.x, curve.line.y(high, high))
        body = curve.body
        self.plot.show_body(*((body.x, body.y(low, high)) if body is not None else (_NOTHING, _NOTHING)))
        limit = -1.0 if subject.limit is None else float(scale.shares(np.array([subject.limit]))[0])
        cleared_ns = self._now_ns() if incident.cleared_ns is None else incident.cleared_ns
        self.plot.surround(
            Surroundings(
                ticks=scale.ticks(),
                time_ticks=tuple(
                    time_ticks(start_ns / _NS, end_ns / _NS, max(2, int(frame.rect.width() / _TICK_PX)))
                ),
                gaps=gaps,
                hiccups=self.hiccups if subject.quantity.key == "lateness" else (),
                target=limit,
                target_label="" if subject.limit is None else self._limit_label(subject),
                spans=(Span(incident.started_ns / _NS, cleared_ns / _NS, tone_of(incident.level)),),
            )
        )
        self._read_out()

    def _edges(self, rows: Rows, start_ns: int, end_ns: int) -> tuple[Gap, ...]:
        """Spans before the first and after the last row of the picture: they must not look calm."""
        end_ns = min(end_ns, self._now_ns())
        if not len(rows.times):
            return (Gap(GapKind.NOT_RECORDED, start_ns, end_ns),)
        first_ns, last_ns = int(rows.times[0] * _NS), int(rows.times[-1] * _NS)
        # The record is written once a second, and is read every other.
        patience_ns = 5 * _NS + (round(rows.hole_s * _NS) if np.isfinite(rows.hole_s) else 0)
        spans = ((start_ns, first_ns), (last_ns, end_ns))
        return tuple(
            Gap(GapKind.NOT_RECORDED, begin_ns, until_ns)
            for begin_ns, until_ns in spans
            if until_ns - begin_ns > patience_ns
            and not any(gap.start_ns < until_ns and gap.end_ns > begin_ns for gap in self._gaps)
        )

    def _limit_label(self, subject: Subject) -> str:
        if subject.measure == Measure.OWN_CPU:
            return _("limit {figure} for this program").format(figure=subject.quantity.written(subject.limit))
        return _("limit {figure}").format(figure=subject.quantity.written(subject.limit))

    def _follow(self, asked: gestures.Gesture) -> None:
        rows = self._rows
        if isinstance(asked, gestures.Follow):
            self.opened.emit()
        if rows is None:
            return
        match asked:
            case gestures.Point(at_s):
                self._crosshair.at_s = at_s
            case gestures.Step(beats):
                self._crosshair.step(rows, beats)
            case gestures.ToggleCrosshair():
                self._crosshair.toggle(rows, self.span_ns[1] / _NS)
            case _:
                return
        self._read_out()

    def _read_out(self) -> None:
        """Say what is under the crosshair."""
        rows, subject = self._rows, self._subject
        assert rows is not None
        assert subject is not None
        gap = gap_at(self._shown_gaps, self._crosshair.at_s)
        row = None if gap is not None else self._crosshair.row(rows)
        text = "" if len(rows.times) else _("Nothing is recorded of that time.")
        if gap is not None and len(rows.times):
            self.plot.show_crosshair(self._crosshair.at_s, None)
            text = gap_sentence(gap)
        elif row is None:
            self.plot.show_crosshair(None, None)
        else:
            self.plot.show_crosshair(float(rows.times[row]), None)
            value = float(rows.highs[0 if subject.of_sample is not None else subject.place][row])
            at_ns = int(rows.times[row] * _NS)
            written = subject.quantity.written(value if np.isfinite(value) else None)
            text = f"{figures.clock_time(at_ns, seconds=True)} · {written}"
        if text != self.readout.text():
            self.readout.setText(text)
        self.plot.setAccessibleDescription(text or self._described())

    def _described(self) -> str:
        """What it shows, and what the keys do."""
        keys = _("Space reads value by value, left and right step.")
        rows, subject = self._rows, self._subject
        if rows is None or subject is None:
            return keys
        place = 0 if subject.of_sample is not None else subject.place
        said = [reach(subject.quantity, rows, place)]
        if subject.limit is not None:
            said.append(self._limit_label(subject))
        return f"{', '.join(said)}\n{keys}"

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._rows is not None:
            self.draw()


def _drawn(incident: Incident) -> tuple[object, ...]:
    """What the span that is drawn depends on."""
    return incident.id, incident.started_ns, incident.cleared_ns
