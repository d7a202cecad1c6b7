"""One quantity as a card: its title, its plot, its read-out under the crosshair, its current value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.heartbeat.model.items import Event
from aios_gui.heartbeat.model.states import Mode
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.live.current_value import CurrentValue
from aios_gui.ui.live.time_window import TimeWindow
from aios_gui.ui.plots.curve import Curve, Rows
from aios_gui.ui.plots.painting import Span
from aios_gui.ui.plots.plot_view import PlotView, Surroundings
from aios_gui.ui.plots.quantity import Quantity, reach
from aios_gui.ui.plots.series_buffer import SeriesBuffer
from aios_gui.ui.plots.time_ticks import TimeTick
from aios_gui.ui.plots.value_scale import ValueScale
from aios_gui.ui.theme import LABEL, XS, M, S, Tokens, font
from aios_gui.ui.widgets.plain_label import CutLabel

_NOTHING = np.empty(0)


@dataclass(frozen=True, eq=False)
class Scene:
    """What all four plots share in one drawing."""

    window: TimeWindow
    rows: Rows
    curve: Curve
    time_ticks: tuple[TimeTick, ...]
    gaps: tuple[Gap, ...]
    hiccups: tuple[Event, ...]
    hiccup_count: int
    """How many there are in view; where there are very many, ``hiccups`` are only the longest."""
    thresholds: Thresholds
    mode: Mode
    """Of what makes the beats."""
    spans: tuple[Span, ...] = ()
    """The incidents in view."""


class PlotCard(QFrame):
    """A card of the Live panel; ``index`` is the quantity's place among the columns of the buffer."""

    log_toggled = Signal()
    """The value axis is another one: draw again."""

    def __init__(self, quantity: Quantity, index: int, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.quantity = quantity
        self.index = index
        self.log = QPushButton()
        self.log.setCheckable(True)
        self.log.setChecked(quantity.logarithmic is not None)
        self.log.setVisible(quantity.logarithmic is not None)
        self.log.setProperty("look", "chip")
        self.log.toggled.connect(self._on_log)
        self._scale: ValueScale = self._make_scale()
        self._drawn_version = -1
        self._rows: Rows | None = None
        self._is_narrow = False
        self.setProperty("look", "card")
        self.plot = PlotView(quantity.key, tokens)
        self.plot.described = self._described
        self.value = CurrentValue(tokens)
        self._title = CutLabel()
        self._subtitle = CutLabel()
        self._subtitle.setProperty("look", "muted")
        self._subtitle.setMinimumWidth(1)  # it gives way first
        self.readout = CutLabel()
        self.readout.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # Its text comes and goes with the mouse; the layout must not move for it.
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(S - 2)
        top.addWidget(self._title)
        top.addWidget(self._subtitle)
        top.addWidget(self.log)
        top.addWidget(self.readout, 1)
        left = QVBoxLayout()
        left.setSpacing(XS - 1)
        left.addLayout(top)
        left.addWidget(self.plot, 1)
        hairline = QFrame()
        hairline.setProperty("look", "hairline")
        hairline.setFixedWidth(1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(M + 2, S, M + 2, S)
        whole.setSpacing(M + 2)
        whole.addLayout(left, 1)
        whole.addWidget(hairline)
        whole.addWidget(self.value)

    def use_room(self, narrow: bool) -> None:
        """Make do with a narrow column, or take the usual one."""
        self._subtitle.setVisible(not narrow)
        self._is_narrow = narrow
        self._name_log()
        self.value.use_room(narrow)

    def retranslate(self) -> None:
        """Say titles in the language spoken."""
        quantity = self.quantity
        self._title.setFont(font(LABEL + 1, strong=True))
        self._subtitle.setFont(font(LABEL + 1))
        self.readout.setFont(font(LABEL + 1, strong=True))
        self._title.setText(_(quantity.title))
        self._subtitle.setText(_(quantity.subtitle))
        for label in (self._title, self._subtitle):
            label.setToolTip(_(quantity.tip))
        self.value.setToolTip(_(quantity.value_tip))
        self._name_log()
        self.log.setAccessibleName(_("Logarithmic scale: {quantity}").format(quantity=_(quantity.title)))
        self.log.setToolTip(_("Logarithmic scale: each grid line is a multiple of the one below it."))
        self.value.set_name(_(quantity.title))
        self.plot.setAccessibleName(_("{quantity} over time").format(quantity=_(quantity.title)))
        self.plot.setAccessibleDescription(_help())
        self.forget()

    def _name_log(self) -> None:
        self.log.setText(_("Log") if self._is_narrow else _("Log scale"))

    def dress(self, tokens: Tokens) -> None:
        """Put on the colours of a theme."""
        self.plot.dress(tokens)
        self.value.dress(tokens)

    @property
    def logarithmic(self) -> bool:
        """Whether the value axis is logarithmic."""
        return bool(self.log.isChecked())

    def _on_log(self) -> None:
        self._scale = self._make_scale()
        self.forget()
        self.log_toggled.emit()

    def forget(self, ranges: bool = False) -> None:
        """Draw the next time whether or not anything changed; with ``ranges``, choose the value range afresh."""
        self._drawn_version = -1
        if ranges:
            self._scale.reset()

    def _make_scale(self) -> ValueScale:
        make = self.quantity.logarithmic if self.logarithmic else None
        return (make or self.quantity.linear)()

    def draw(self, scene: Scene, buffer: SeriesBuffer, moved: bool) -> bool:
        """Draw the window, where it has moved or the quantity has changed; whether anything was drawn."""
        version = buffer.versions[self.index]
        if version == self._drawn_version and not moved:
            return False
        self._drawn_version = version
        rows, quantity, scale = scene.rows, self.quantity, self._scale
        self._rows = rows
        target = quantity.target(scene.thresholds, scene.mode)
        scale.fit(rows.smallest_positive(self.index), max(0.0, rows.largest(self.index)))
        self._draw_curve(scene)
        if quantity.own:
            until_s = float(rows.times[-1]) if len(rows.times) else -np.inf
            times, own = buffer.own.points(quantity.own, until_s, rows.broken_at_s)
            self.plot.show_own(times, scale.shares(own))
        edges = scale.shares(np.array(quantity.bands)) if quantity.bands else ()
        self.plot.surround(
            Surroundings(
                ticks=scale.ticks(),
                time_ticks=scene.time_ticks,
                bands=tuple(float(edge) for edge in edges),
                gaps=scene.gaps,
                hiccups=scene.hiccups if quantity.key == "lateness" else (),
                target=float(scale.shares(np.array([target]))[0]),
                target_label=_(quantity.target_label).format(figure=quantity.written(target)),
                spans=scene.spans,
            )
        )
        return True

    def _draw_curve(self, scene: Scene) -> None:
        low, high = (self._scale.shares(side[self.index]) for side in (scene.rows.lows, scene.rows.highs))
        line, body = scene.curve.line, scene.curve.body
        self.plot.show_span(scene.window.start_s, scene.window.end_s)
        self.plot.show_curve(line.x, line.y(high, high))
        if body is None:
            self.plot.show_body(_NOTHING, _NOTHING)
        else:
            self.plot.show_body(body.x, body.y(low, high))

    def point(self, rows: Rows, row: int | None, time_text: str, remark: str = "") -> None:
        """Put the crosshair on a row, and say its value; None takes it away."""
        if row is None:
            self.plot.show_crosshair(None, None)
            self._read_out("")
            return
        low, high = rows.lows[self.index][row], rows.highs[self.index][row]
        known = bool(np.isfinite(high))
        share = float(self._scale.shares(np.array([high]))[0]) if known else None
        self.plot.show_crosshair(float(rows.times[row]), share)
        quantity = self.quantity
        text = quantity.written(float(high) if known else None)
        if known and quantity.written(float(low)) != text:
            text = f"{quantity.written(float(low))} – {text}"
        self._read_out(" · ".join(part for part in (time_text, text, remark) if part))

    def point_gap(self, at_s: float, sentence: str) -> None:
        """Put the crosshair where there are no beats, and say why."""
        self.plot.show_crosshair(at_s, None)
        self._read_out(sentence)

    def _read_out(self, text: str) -> None:
        if text != self.readout.text():
            self.readout.setText(text)
            self.plot.setAccessibleDescription(text or _help())

    def _described(self) -> str:
        """What is in view, and what the keys do."""
        if self._rows is None:
            return _help()
        return f"{reach(self.quantity, self._rows, self.index)}\n{_help()}"


def _help() -> str:
    return _(
        "Left and right move in time, up and down zoom, End goes back to now, Space reads value by value. "
        "Then Enter tells who ran, and N writes a note."
    )
