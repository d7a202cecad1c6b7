"""The column beside a plot: the current value in large figures, and a line below that puts it in proportion."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.selfcheck.targets.model import FEWEST_FOR_P99
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.figures import count, duration, percent, size, size_pair, with_units_kept
from aios_gui.ui.plots.quantity import duration_target_ns
from aios_gui.ui.theme import FIGURE, LABEL, TEXT, XS, Tokens, font

WIDTH = 176
NARROW = 112


class CurrentValue(QWidget):
    """Figure, unit and foot, painted by itself: three labels would lay the window out again with every beat."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._shown = ("", "", "")
        self._name = ""
        self.use_room(narrow=False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def use_room(self, narrow: bool) -> None:
        """Take a narrow column, or the usual one."""
        self.setFixedWidth(NARROW if narrow else WIDTH)

    @property
    def text(self) -> str:
        """All that it shows, in one line."""
        figure, unit, foot = self._shown
        return _(", ").join(filter(None, (f"{figure} {unit}".strip(), *foot.split("\n"))))

    def dress(self, tokens: Tokens) -> None:
        """Put on the colours of a theme."""
        self._tokens = tokens
        self.update()

    def set_name(self, quantity: str) -> None:
        """Tell a screen reader which quantity this is."""
        self._name = quantity
        self.setAccessibleName(_("{label}: {value}").format(label=quantity, value=self.text))

    def set_text(self, figure: str, unit: str, foot: str) -> None:
        """Show these words; nothing is painted where they are the same."""
        shown = (figure, unit, foot)
        if shown != self._shown:
            self._shown = shown
            self.setAccessibleName(_("{label}: {value}").format(label=self._name, value=self.text))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.width(), 54)

    def paintEvent(self, event: QPaintEvent) -> None:
        figure, unit, foot = (*self._shown[:2], with_units_kept(self._shown[2]).replace(" ✓", "\u00a0✓"))
        large, small, footing = font(FIGURE, strong=True), font(TEXT), font(LABEL + 1)
        metrics = QFontMetricsF(large)
        foot_metrics = QFontMetricsF(footing)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        foot_box = foot_metrics.boundingRect(QRectF(0, 0, self.width(), 400), int(flags), foot)
        height = metrics.ascent() + XS + foot_box.height()
        baseline = max(metrics.ascent(), (self.height() - height) / 2 + metrics.ascent())
        painter = QPainter(self)
        painter.setFont(large)
        painter.setPen(QColor(self._tokens.text))
        painter.drawText(QPointF(0, baseline), figure)
        painter.setFont(small)
        painter.setPen(QColor(self._tokens.muted))
        painter.drawText(QPointF(metrics.horizontalAdvance(figure) + 6, baseline), unit)
        painter.setFont(footing)
        below = QRectF(0, baseline + XS + 2, self.width(), self.height() - baseline - XS - 2)
        # Whole lines only: a line cut across is not read.
        line_px = foot_metrics.lineSpacing()
        below.setHeight((below.height() + foot_metrics.leading()) // line_px * line_px)
        painter.setClipRect(below)
        painter.drawText(below, int(flags), foot)
        painter.end()


def duration_foot(snapshot: Snapshot, largest_ns: float) -> str:
    """The largest in view; the P99, and whether it is within the target once there are enough beats to tell."""
    lines = []
    if largest_ns > 0:
        lines.append(_("max in view {figure}").format(figure=duration(largest_ns)))
    known = snapshot.duration
    if known.count:
        met = known.p99 <= duration_target_ns(snapshot.mode)
        way = _("P99 {figure} ✓") if met else _("P99 {figure}, over target")
        if known.count < FEWEST_FOR_P99:
            way = "P99 {figure}"
        lines.append(way.format(figure=duration(known.p99)))
    return "\n".join(lines)


def lateness_foot(hiccups: int) -> str:
    """How many hiccups are in view."""
    if not hiccups:
        return _("no hiccup in view")
    return ngettext("{count} hiccup in view", "{count} hiccups in view", hiccups).format(count=count(hiccups))


def cpu_foot(snapshot: Snapshot) -> str:
    """This program's share, of one core."""
    if snapshot.context is None or snapshot.context.own_cpu_percent is None:
        return ""
    return _("this program {share} of a core").format(share=percent(snapshot.context.own_cpu_percent))


def memory_foot(snapshot: Snapshot) -> str:
    """Used of all, and this program's own."""
    context, beat = snapshot.context, snapshot.beat
    if context is None:
        return ""
    lines = []
    if context.memory_total_bytes and beat is not None and beat.memory_percent is not None:
        total = context.memory_total_bytes
        used, all_of_it = size_pair(total * beat.memory_percent / 100, total)
        lines.append(_("{used} of {total}").format(used=used, total=all_of_it))
    if context.own_memory_bytes is not None:
        lines.append(_("this program {size}").format(size=size(context.own_memory_bytes)))
    return "\n".join(lines)
