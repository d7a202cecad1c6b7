"""How often a rule would have fired over the last week: asked of a process of its own, shown with the dates."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from aios_gui.alerts.model.rule_fields import BY_FIELD, LISTS, table_of
from aios_gui.alerts.model.rules import CUSTOM, Level, Rule
from aios_gui.alerts.words.incidents import when
from aios_gui.alerts.words.rules import field_name
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import paragraph, plain
from aios_gui.ui.incidents.marks import tone_of
from aios_gui.ui.theme import LABEL, TEXT, XS, Theme, font
from aios_gui.ui.widgets.card import muted_label, set_text
from aios_gui.ui.widgets.own_process import Ended, OwnProcess
from aios_gui.ui.widgets.plain_label import PlainLabel

log = logging.getLogger(__name__)
DAYS = 7
_AFTER_TYPING_MS = 700
_NS = 1_000_000_000
_DAY_NS = 86_400 * _NS
_DATES = 8
_STRIP_PX = 22


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it: when each incident would have begun (wall, ns), how often it fired, of how many readings."""

    at_ns: tuple[int, ...]
    firings: int
    readings: int


class RuleReplay(QWidget):
    """Asks again a moment after the rule has changed; one question at a time, the last one counts."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rule: Rule | None = None
        self._wrong: tuple[str, ...] = ()
        self._tried: Tried | None = None
        self._reason = ""
        self.child = OwnProcess(self)
        self.child.ended.connect(self._on_ended)
        self._timer = QTimer(self, singleShot=True, interval=_AFTER_TYPING_MS)
        self._timer.timeout.connect(self.ask)
        self.sentence = PlainLabel()
        self.sentence.setWordWrap(True)
        self.strip = _WeekStrip(theme)
        self.dates = muted_label()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(XS)
        for widget in (self.sentence, self.strip, self.dates):
            column.addWidget(widget)

    def show_rule(self, rule: Rule | None, wrong: tuple[str, ...] = ()) -> None:
        """Try this rule, soon; None where there is none to try, for the fields that are ``wrong``."""
        if wrong != self._wrong:
            self._wrong = wrong
            self._set_texts()  # also where there was no rule to try before
        if rule == self._rule and (self._tried is not None or self.child.running or self._timer.isActive()):
            return
        self._rule, self._tried, self._reason = rule, None, ""
        self.child.cancel()
        self._timer.stop()
        if rule is not None and not rule.measure.startswith(CUSTOM):
            self._timer.start()
        self._set_texts()

    def ask(self) -> None:
        """Ask now."""
        self._timer.stop()
        if self._rule is None:
            return
        table = json.dumps(table_of(self._rule))
        self.child.start(
            ["incidents", "--replay", self._rule.name, "--as", table, "--range", f"{DAYS}d", "--json"]
        )
        self._set_texts()

    def stop(self) -> None:
        """Out of view: what was asked is asked again when it comes back."""
        if self._timer.isActive() or self.child.running:
            self._timer.stop()
            self.child.cancel()
            self._rule = None

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.sentence.setFont(font(TEXT, strong=True))
        self.dates.setFont(font(LABEL + 1))
        self.strip.retranslate()
        self._set_texts()

    def _on_ended(self, end: Ended) -> None:
        try:
            if not end.succeeded:
                raise ValueError(end.message or _("it ended without an error message"))
            self._tried = _tried_of(json.loads(end.text))
        except (ValueError, KeyError, TypeError) as error:
            self._reason = plain(error)
            log.warning("the rule could not be tried over the record: %s", self._reason)
        self._set_texts()

    def _set_texts(self) -> None:
        tried, rule = self._tried, self._rule
        set_text(self.sentence, self._sentence())
        self.strip.setVisible(tried is not None)
        dates = ""
        if tried is not None and rule is not None:
            now_ns = time.time_ns()
            self.strip.show_moments(tried.at_ns, rule.level, now_ns)
            newest = sorted(tried.at_ns, reverse=True)
            tried_over = ngettext("{count} reading tried", "{count} readings tried", tried.readings)
            parts = [tried_over.format(count=figures.count(tried.readings))] if tried.readings else []
            dates = " · ".join([*parts, *(when(at_ns, now_ns) for at_ns in newest[:_DATES])])
            if len(newest) > _DATES:
                rest = len(newest) - _DATES
                more = ngettext("and {count} more", "and {count} more", rest)
                dates = f"{dates} · {more.format(count=figures.count(rest))}"
        set_text(self.dates, dates)
        self.dates.setVisible(bool(dates))

    def _sentence(self) -> str:
        tried, rule = self._tried, self._rule
        if rule is None:
            fields = [field_name(name) for name in self._wrong if name in (*BY_FIELD, *LISTS)]
            wrong = ngettext(
                "“{fields}” needs a valid value before the preview can run.",
                "These need valid values before the preview can run: {fields}",
                len(fields),
            )
            return wrong.format(fields=_(", ").join(fields)) if fields else ""
        if rule.measure.startswith(CUSTOM):
            return _("What a plug-in measures is not recorded, so there is no preview.")
        if self._reason:
            return _("The preview over the last 7 days failed: {reason}").format(reason=self._reason)
        if tried is None:
            return _("Previewing the last 7 days…")
        if not tried.readings:
            return _("The record has nothing to preview it with yet.")
        if not tried.at_ns:
            return _("In the last 7 days it would not have fired.")
        count = len(tried.at_ns)
        sentence = ngettext(
            "In the last 7 days it would have made {count} incident.",
            "In the last 7 days it would have made {count} incidents.",
            count,
        ).format(count=figures.count(count))
        if tried.firings <= count:
            return sentence
        firings = _("It would have fired {count} times, some of them within its cooldown.")
        return paragraph((sentence, firings.format(count=figures.count(tried.firings))))


def _tried_of(facts: Any) -> Tried:
    moments = (datetime.fromisoformat(text).timestamp() for text in facts["at"])
    return Tried(tuple(int(at_s * _NS) for at_s in moments), int(facts["firings"]), int(facts["readings"]))


class _WeekStrip(QWidget):
    """The last week as a line, each incident a stroke on it."""

    accessible_role = QAccessible.Role.Chart

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[tuple[int, ...], Level, int] = ((), Level.WARNING, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_moments(self, at_ns: tuple[int, ...], level: Level, now_ns: int) -> None:
        """Show these moments of the week before ``now_ns``."""
        self._shown = (at_ns, level, now_ns)
        self.update()

    def retranslate(self) -> None:
        """The fonts go with the language."""
        self.setFixedHeight(_STRIP_PX + QFontMetrics(font(LABEL)).height() + 2)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        moments, level, now_ns = self._shown
        tokens = self._theme.tokens
        painter = QPainter(self)
        face = font(LABEL)
        painter.setFont(face)
        metrics = QFontMetrics(face)
        track = QRectF(0, 6, self.width(), _STRIP_PX - 10)
        painter.fillRect(track, QColor(tokens.grid))
        begin_ns = now_ns - DAYS * _DAY_NS
        for day in range(DAYS + 1):
            midnight = datetime.fromtimestamp((now_ns - day * _DAY_NS) / _NS)
            midnight = midnight.replace(hour=0, minute=0, second=0, microsecond=0)
            x = (midnight.timestamp() * _NS - begin_ns) / (DAYS * _DAY_NS) * self.width()
            if not 0 <= x <= self.width():
                continue
            painter.fillRect(QRectF(x, track.top(), 1, track.height()), QColor(tokens.line))
            label = midnight.strftime("%m-%d")
            if x + metrics.horizontalAdvance(label) <= self.width():
                painter.setPen(QColor(tokens.muted))
                painter.drawText(
                    QRectF(x, _STRIP_PX, self.width() - x, metrics.height()),
                    Qt.AlignmentFlag.AlignLeft,
                    label,
                )
        colour = QColor(getattr(tokens, tone_of(level)))
        for at_ns in moments:
            x = (at_ns - begin_ns) / (DAYS * _DAY_NS) * self.width()
            painter.fillRect(QRectF(min(max(0.0, x), self.width() - 2.0), 2, 2, _STRIP_PX - 2), colour)
        painter.end()
