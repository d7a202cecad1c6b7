"""Where the time of a beat goes: every stage with its cost, measured on request by a process of its own."""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from aios_gui.selfcheck.profile import words
from aios_gui.selfcheck.profile.facts import profile_of
from aios_gui.selfcheck.profile.model import Group, Profile, StageCost
from aios_gui.system.progress import progress_of
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.theme import S, Theme
from aios_gui.ui.widgets.card import Card, muted_label, set_look, set_text
from aios_gui.ui.widgets.fact_table import Column, Fact, FactTable, Row
from aios_gui.ui.widgets.own_process import Ended, OwnProcess
from aios_gui.ui.widgets.run_bar import RunBar
from aios_gui.ui.widgets.segments import segments

_log = logging.getLogger(__name__)
_GROUPS = tuple(Group)


class ProfileCard(Card):
    """Nothing is measured before the user asks for it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.profile: Profile | None = None
        self._trouble = ""
        self.child = OwnProcess(self)
        self.child.progressed.connect(self._on_progress)
        self.child.ended.connect(self._on_ended)
        self.measure = QPushButton()
        self.measure.clicked.connect(self.start)
        self.run = RunBar(self.measure)
        self.run.cancel_asked.connect(self.cancel)
        self.head.addWidget(self.run, 1)
        self.groups = QButtonGroup(self)
        self.groups.idClicked.connect(lambda _place: self._fill())
        self.table = FactTable(theme)
        self.totals = muted_label()
        self.message = muted_label()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._message_page())
        self._pages.addWidget(self._table_page())
        self.body.addWidget(self._pages, 1)
        self.retranslate()

    def _message_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.message)
        column.addStretch(1)
        return page

    def _table_page(self) -> QWidget:
        page = QWidget()
        choices = segments(self.groups, range(len(_GROUPS)))
        choices.addStretch(1)
        self.groups.button(0).setChecked(True)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S - 2)
        column.addLayout(choices)
        column.addWidget(self.table, 1)
        column.addWidget(self.totals)
        column.addStretch(0)
        return page

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Where the time goes"))
        self.run.retranslate()
        self.measure.setText(_("Measure"))
        self.measure.setToolTip(_("Time every stage of a beat, a thousand times; takes about 3 s"))
        self.measure.setAccessibleDescription(self.measure.toolTip())
        for button, text in zip(
            self.groups.buttons(), (_("Beat"), _("Recorder"), _("Slow path")), strict=True
        ):
            button.setText(text)
            button.setAccessibleName(_("Stages of: {group}").format(group=text))
        self.table.retranslate()
        self._show()

    def start(self) -> None:
        """Measure, in a process of its own."""
        self._trouble = ""
        self.run.begin(_("Starting…"))
        self.child.start(["profile", "--progress"], tells_progress=True)
        self._show()

    def cancel(self) -> None:
        """End a measurement that runs."""
        if self.child.running:
            self.child.cancel()
            self.run.end()
            self._show()

    def _on_progress(self, line: dict[str, Any]) -> None:
        made = progress_of(line)
        if made is None:
            return
        self.run.progress(made.share, figures.time_left(made.remaining_s))

    def _on_ended(self, end: Ended) -> None:
        self.run.end()
        try:
            if not end.succeeded:
                raise ValueError(end.message)
            self.profile = profile_of(end.result)
        except ValueError as error:
            _log.warning("the beat could not be measured: %s", error)
            self._trouble = plain(error) or _("it ended without an error message")
        self._show()

    def _show(self) -> None:
        """Show what there is: a measurement, or what one would be, or why there is none."""
        set_look(self.message, "critical" if self._trouble else "muted")
        set_look(self.totals, "critical" if self._trouble else "muted")
        if self.profile is None:
            set_text(self.message, self._trouble_sentence() or _introduction())
        self._pages.setCurrentIndex(0 if self.profile is None else 1)
        self._fill()

    def _trouble_sentence(self) -> str:
        if not self._trouble:
            return ""
        return _("The beat could not be measured: {reason}").format(reason=self._trouble)

    def _fill(self) -> None:
        group = _GROUPS[self.groups.checkedId()]
        self.table.setAccessibleName(words.group_title(group))
        if self.profile is None:
            return
        columns = (
            Column(_("stage"), right=False),
            Column("", bar=True),
            Column(_("P50")),
            Column(_("P99")),
        )
        self.table.show_facts(columns, rows_of(self.profile, group))
        set_text(self.totals, self._trouble_sentence() or totals_of(self.profile, group))


def _introduction() -> str:
    return _(
        "Measure runs the beat a thousand times in a separate process and times each stage: reading, comparing, "
        "handing over, recording, and what happens when a beat is late.\n\n"
        "It takes about 3 s. This heartbeat keeps beating, and nothing is added to its record."
    )


def rows_of(profile: Profile, group: Group) -> list[Row]:
    """A row a stage of a group; a bar is as long as its share of the longest."""
    stages = [stage for stage in profile.stages if stage.group is group]
    # What is no part of the whole gets no bar beside what is.
    compared = [stage for stage in stages if stage.in_total] or stages
    longest_ns = max((stage.cost.p50_ns for stage in compared), default=0)
    rows = [_row(stage, longest_ns if stage in compared else 0) for stage in stages]
    if group is Group.BEAT:
        rest = profile.unattributed
        figs = (Fact(figures.duration(rest.p50_ns)), Fact(figures.duration(rest.p99_ns)))
        rows.append((Fact(words.unattributed_title()), Fact(), *figs))
    return rows


def _row(stage: StageCost, longest_ns: int) -> Row:
    title, cost = words.stage_title(stage.name), stage.cost
    known = cost.count > 0
    return (
        Fact(title, tip=title),
        Fact(bar=cost.p50_ns / longest_ns if known and longest_ns else None, tone="accent"),
        Fact(figures.duration(cost.p50_ns if known else None)),
        Fact(figures.duration(cost.p99_ns if known else None), tone="muted"),
    )


def totals_of(profile: Profile, group: Group) -> str:
    """What the whole comes to; beside the stages of the beat also what timing them costs."""
    if group is Group.BEAT:
        return _(
            "Whole path: {plain} as in use, {timed} with its stages timed; the timing is {difference}."
        ).format(
            plain=figures.duration(profile.plain.p50_ns),
            timed=figures.duration(profile.instrumented.p50_ns),
            difference=figures.duration(profile.difference_p50_ns),
        )
    if group is Group.RECORDER:
        return _("Once a second, after the beat, on a thread of its own; no part of the beat.")
    return _("Only where a beat is over a limit or wakes late.")
