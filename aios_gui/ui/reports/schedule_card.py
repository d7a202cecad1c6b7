"""What is written by itself: what, how often, where to; when it last was, when it will be next, and what failed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QPushButton

from aios_gui.reports.digest import Digest, read_digest
from aios_gui.reports.digest_words import digest_sentence
from aios_gui.reports.doctor_checks import schedule_of
from aios_gui.reports.formats import FORMATS, FormatKind
from aios_gui.reports.settings import REPORTS, plan_of
from aios_gui.settings.model import Setting, Settings
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.check import Check, CheckState
from aios_gui.ui.pool import WorkerPool
from aios_gui.ui.reports.templates import TEMPLATE, Templates
from aios_gui.ui.settings.row import SettingRow, hairline
from aios_gui.ui.theme import LABEL, TEXT, Theme, font
from aios_gui.ui.widgets.card import Card, muted_label, set_look, set_text
from aios_gui.ui.widgets.plain_label import PlainLabel

SCHEDULE, FOLDER = "reports.schedule", "reports.folder"
DIGEST = "reports.digest"


class ScheduleCard(Card):
    """``chosen`` brings the name of a setting and its value."""

    chosen = Signal(str, object)
    _looked = Signal(object, object)

    def __init__(
        self, theme: Theme, paths: Paths, templates: Templates, settings: Callable[[], Settings]
    ) -> None:
        super().__init__()
        self._theme, self._paths, self._templates, self._settings = theme, paths, templates, settings
        self._pool = WorkerPool()
        self._closed = False
        self.state = PlainLabel()
        self.state.setWordWrap(True)
        self.remedy = muted_label()
        self.choose = QPushButton()
        self.choose_folder: Callable[[], Path | None] = self._ask_for_folder
        self.rows: dict[str, SettingRow] = {}
        self.body.addWidget(self.state)
        self.body.addWidget(self.remedy)
        self.remedy.hide()
        self.told = muted_label()
        self.told.hide()
        for setting in REPORTS.settings:
            self._add_row(setting)
        self.body.addWidget(self.told)
        self.body.addStretch(1)
        self.head.addStretch(1)
        self.head.addWidget(self.choose)
        self.choose.clicked.connect(self._on_choose)
        self._looked.connect(self._show)
        templates.read.connect(self._on_templates)

    def minimumSizeHint(self) -> QSize:
        """As high as its width makes it; the height of its narrowest form would make the panel scroll."""
        hint, layout = super().minimumSizeHint(), self.layout()
        if layout is None or not layout.hasHeightForWidth():
            return hint
        return QSize(hint.width(), layout.totalMinimumHeightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _add_row(self, setting: Setting) -> None:
        row = self.rows[setting.name] = SettingRow(setting, self._theme)
        row.chosen.connect(self.chosen)
        self.body.addWidget(hairline())
        self.body.addWidget(row)

    def _on_templates(self) -> None:
        """Offer the templates by their titles, in place of a name to type."""
        self.rows[TEMPLATE].offer(self._templates.scheduled)
        self.show_settings()

    def heightForWidth(self, width: int) -> int:
        """None out of view: a stack of pages counts also those."""
        return -1 if self.isHidden() else super().heightForWidth(width)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Scheduled reports"))
        self.state.setFont(font(TEXT))
        for label in (self.remedy, self.told):
            label.setFont(font(LABEL + 1))
        self.choose.setText(_("Choose a folder…"))
        self.choose.setToolTip(_("Choose the folder that scheduled reports go to"))
        self.choose.setAccessibleDescription(self.choose.toolTip())
        for row in self.rows.values():
            row.retranslate()
        self.show_settings()
        self.look()

    def show_settings(self) -> None:
        """Show what is chosen; the rest only where something is to be written."""
        settings = self._settings()
        plan = plan_of(settings)
        for name, row in self.rows.items():
            row.show_settings(settings)
            row.lock(plan is None and name not in (SCHEDULE, DIGEST))
        if plan is not None:
            form = FORMATS.get(plan.format)
            self.rows[TEMPLATE].lock(form is not None and form.kind is FormatKind.DATA)
        self.choose.setEnabled(plan is not None)

    def look(self) -> None:
        """Ask how it stands, off the window's thread."""
        plan = plan_of(self._settings())

        def work() -> None:
            check, digest = schedule_of(self._paths, plan), read_digest(self._paths)
            if not self._closed:
                self._looked.emit(check, digest)

        if not self._closed:
            self._pool.start(work)

    def settle(self) -> None:
        """Let what was typed take effect now."""
        for row in self.rows.values():
            row.editor.settle()

    def close_down(self) -> None:
        """Look no more."""
        self._closed = True
        self._pool.finish()

    def _show(self, check: Check, digest: Digest) -> None:
        set_look(self.state, "critical" if check.state is not CheckState.OK else "")
        sentence = f"{check.detail[:1].upper()}{check.detail[1:]}"
        set_text(self.state, _("{sentence}.").format(sentence=sentence))
        set_text(self.remedy, check.remedy)
        self.remedy.setVisible(bool(check.remedy))
        told = digest_sentence(digest) if self._settings()[DIGEST] else ""
        set_text(self.told, told)
        self.told.setVisible(bool(told))

    def _on_choose(self) -> None:
        folder = self.choose_folder()
        if folder is not None:
            self.chosen.emit(FOLDER, str(folder))

    def _ask_for_folder(self) -> Path | None:
        start = str(self._settings()[FOLDER])
        chosen = QFileDialog.getExistingDirectory(self, _("Folder for scheduled reports"), start)
        return Path(chosen) if chosen else None
