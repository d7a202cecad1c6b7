"""Where the delay of a hiccup went: no free core, taken by the host, frozen from outside, own doing."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.rules import Measure
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import Event, EventKind, hiccup_length_ns, hiccup_split
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.plots.painting import hatch_brush
from aios_gui.ui.theme import LABEL, XS, M, Theme, font
from aios_gui.ui.widgets.card import muted_label, set_text

_SLACK_NS = 1_000_000
"""An event and its incident are of the same beat; the record rounds."""
_BAR_PX, _LEAST_BAR_PX = 10, 80
_REST = 0.1
"""A larger share of the whole that no part accounts for is told."""
_PARTS = (
    ("run_queue_ns", Cause.RUN_QUEUE, "lateness"),
    ("stolen_ns", Cause.STOLEN, "critical"),
    ("frozen_ns", Cause.FROZEN, "gap"),
    ("self_inflicted_ns", Cause.SELF_INFLICTED, "accent"),
)


@dataclass(frozen=True, slots=True)
class Delay:
    """A lateness and its parts in the order in which they are drawn; without parts they are not known."""

    lateness_ns: int
    parts: tuple[tuple[Cause, str, int], ...] = ()


def delay_of(incident: Incident, hiccups: tuple[Event, ...]) -> Delay | None:
    """The delay of the worst hiccup of an incident; None where it is about something else, or there is none."""
    if incident.measure != Measure.LATENESS:
        return None
    end_ns = incident.cleared_ns if incident.cleared_ns is not None else 2**63
    own = [
        event
        for event in hiccups
        if event.kind is EventKind.HICCUP
        and incident.started_ns - _SLACK_NS <= event.wall_ns <= end_ns + _SLACK_NS
        and hiccup_length_ns(event)
    ]
    if not own:
        return None
    worst = max(own, key=hiccup_length_ns)
    lateness_ns, split = hiccup_length_ns(worst), hiccup_split(worst)
    if split is None or split.cause is Cause.UNKNOWN:
        return Delay(lateness_ns)
    parts = tuple((cause, tone, getattr(split, name)) for name, cause, tone in _PARTS)
    # Most machines have no host that could take anything.
    return Delay(lateness_ns, tuple(each for each in parts if each[0] is not Cause.STOLEN or each[2]))


def _part_name(cause: Cause) -> str:
    return {
        Cause.RUN_QUEUE: _("no free core"),
        Cause.STOLEN: _("taken by the host"),
        Cause.FROZEN: _("frozen"),
        Cause.SELF_INFLICTED: _("own doing"),
    }[cause]


class _Bar(QWidget):
    """The parts side by side; what was frozen is hatched, too, since nothing is known of it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._delay: Delay | None = None
        self.setFixedHeight(_BAR_PX)
        self.setMinimumWidth(_LEAST_BAR_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_delay(self, delay: Delay) -> None:
        """Draw other parts."""
        if delay != self._delay:
            self._delay = delay
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(190, _BAR_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, delay = self._theme.tokens, self._delay
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(whole, _BAR_PX / 2, _BAR_PX / 2)
        painter.fillPath(path, QColor(tokens.grid))
        if delay is not None and delay.lateness_ns:
            painter.setClipPath(path)
            left = whole.left()
            for cause, tone, length_ns in delay.parts:
                width = whole.width() * min(1.0, length_ns / delay.lateness_ns)
                box = QRectF(left, whole.top(), width, whole.height())
                if cause is Cause.FROZEN:
                    painter.fillRect(box, hatch_brush(getattr(tokens, tone), self.devicePixelRatioF()))
                else:
                    painter.fillRect(box, QColor(getattr(tokens, tone)))
                left += width
        painter.end()


class DelayBar(QWidget):
    """Hidden where the incident is no hiccup."""

    accessible_role = QAccessible.Role.Chart

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption = muted_label(wraps=False)
        self.bar = _Bar(theme)
        self.parts = muted_label(wraps=False)
        self.parts.setProperty("look", "")
        self._delay: Delay | None = None
        self.parts.setMinimumWidth(1)  # where there is no room beside the bar it has a line of its own
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(M)
        self._row.addWidget(self.caption)
        self._row.addWidget(self.bar, 1)
        self._row.addWidget(self.parts)
        self.hide()

    def show_delay(self, delay: Delay | None) -> None:
        """Show where it went, or nothing."""
        self._delay = delay
        if delay is None:
            self.hide()
            return
        self.bar.setVisible(bool(delay.parts))
        self.bar.show_delay(delay)
        late = figures.spoken_duration(delay.lateness_ns)
        if delay.parts:
            caption = _("Where the {duration} went").format(duration=late)
            told = [(_part_name(cause), length_ns) for cause, _tone, length_ns in delay.parts]
            rest_ns = delay.lateness_ns - sum(length_ns for _name, length_ns in told)
            if rest_ns > _REST * delay.lateness_ns:
                told.append((_("not known"), rest_ns))
            text = " · ".join(f"{name} {figures.spoken_duration(length_ns)}" for name, length_ns in told)
        else:
            caption = _("Where the {duration} went, this system does not tell.").format(duration=late)
            text = ""
        set_text(self.caption, caption)
        set_text(self.parts, text)
        self.setAccessibleName(f"{caption}: {text}" if text else caption)
        self._arrange()
        self.show()  # with its texts, or it is laid out without them first

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """The parts beside the bar, or on a line of their own where they would be cut."""
        wish = self.caption.sizeHint().width() + self.parts.sizeHint().width() + _LEAST_BAR_PX + 2 * M
        fits = wish <= self.width()
        way = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._row.direction() is not way:
            self._row.setDirection(way)
            self._row.setSpacing(M if fits else XS)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        for label in (self.caption, self.parts):
            label.setFont(font(LABEL + 1))
            label.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.show_delay(self._delay)
