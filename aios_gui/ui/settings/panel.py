"""The Settings panel: a form made from the declared settings, with search, undo, and what concerns their files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from aios_gui.alerts.settings import THRESHOLDS, rules_of
from aios_gui.autostart.settings import AUTOSTART
from aios_gui.heartbeat.settings import BEAT
from aios_gui.record.settings import RECORD
from aios_gui.settings.model import Settings
from aios_gui.settings.words import section_title
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.panel import Panel, PanelContext, Place
from aios_gui.ui.reports.templates import TEMPLATE, Templates
from aios_gui.ui.settings.file_rows import FileRows
from aios_gui.ui.settings.program_rows import ProgramRows
from aios_gui.ui.settings.record_rows import RecordRows
from aios_gui.ui.settings.row import ActionRow
from aios_gui.ui.settings.sections import SectionCard, SectionIndex, sections_shown
from aios_gui.ui.shell.shortcuts import clashing
from aios_gui.ui.theme import STRONG, TITLE, XL, M, S, font
from aios_gui.ui.widgets.card import Card
from aios_gui.ui.widgets.notice_label import NoticeLabel
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.scroll_view import ScrollView

_INDEX_FROM_PX = 980
"""From this width on the sections are listed at the left."""
_WIDEST_PX = 980
_LOOK_MS = 1_000
MOST_CHANGES = 100


class Changes:
    """Follows the settings in force, wherever they are changed; 100 changes are remembered."""

    def __init__(self, settings: Settings) -> None:
        self._now = settings
        self._before: list[Settings] = []
        self._after: list[Settings] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to undo."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to redo."""
        return bool(self._after)

    def note(self, settings: Settings) -> None:
        """The settings in force are these now; the same again is no change."""
        if settings == self._now:
            return
        self._before.append(self._now)
        del self._before[:-MOST_CHANGES]
        self._after.clear()
        self._now = settings

    def undo(self) -> Settings | None:
        """What was in force before the last change, to be put in force again; None where there was none."""
        return self._go(self._before, self._after)

    def redo(self) -> Settings | None:
        """What was undone last, to be put in force again; None where nothing was."""
        return self._go(self._after, self._before)

    def _go(self, source: list[Settings], other: list[Settings]) -> Settings | None:
        if not source:
            return None
        other.append(self._now)
        self._now = source.pop()
        return self._now


class SettingsPanel(Panel):
    """Shows what is in force, wherever it was changed."""

    key = "settings"

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._controller = controller = context.controller
        self.changes = Changes(controller.settings)
        self._title = PlainLabel()
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.undo, self.redo = QPushButton(), QPushButton()
        self.locked = NoticeLabel()
        self.nothing = PlainLabel()
        self.record = RecordRows(controller, self)
        self.file = FileRows(controller, self)
        self.program = ProgramRows(controller, self)
        self.templates = Templates(self)
        self._has_asked = False
        self.rules = QPushButton()
        self._rules_row = ActionRow(self.rules)
        self.sections = self._make_sections()
        self.index = SectionIndex(self.sections)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self.program.refresh)
        self._timer.timeout.connect(self.record.refresh)
        self._timer.timeout.connect(self._ask_for_templates)
        self._lay_out()
        self._wire()
        self.retranslate()
        # Only now: a label that is polished before it gets its font loses that when the panel enters the window.
        self.view.setWidget(self._page)

    # How it is built

    def _make_sections(self) -> list[SectionCard]:
        """The declared ones with what can be done beside them, and the program's."""
        theme, declared = self._context.theme, self._controller.settings.declared
        beside = {
            BEAT.key: [self.program.pause_row],
            THRESHOLDS.key: [self._rules_row],
            RECORD.key: self.record.rows,
        }
        # The start at log-in stands in the Startup panel, beside what it does.
        cards = [
            SectionCard(partial(section_title, section), settings, theme, beside.get(section.key, ()))
            for section, settings in sections_shown(declared, apart=AUTOSTART)
        ]
        rest = [*self.file.rows, *self.program.rows, self.program.forget_row]
        return [*cards, SectionCard(lambda: _("Program"), (), theme, rest)]

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(S)
        head.setContentsMargins(XL - 4, 0, XL - 4, 0)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.search)
        head.addWidget(self.undo)
        head.addWidget(self.redo)
        self.search.setFixedWidth(260)
        self.nothing.setProperty("look", "muted")
        self.nothing.setWordWrap(True)
        self.nothing.hide()
        column = QVBoxLayout()
        column.setSpacing(S + 2)
        column.addWidget(self.locked)
        column.addWidget(self.nothing)
        for card in self.sections:
            column.addWidget(card)
        column.addStretch(1)
        self.form = QWidget()
        self.form.setLayout(column)
        self.form.setMaximumWidth(_WIDEST_PX)
        column.setContentsMargins(0, 0, 0, 0)
        self._page = QWidget()
        # As high as its width makes it; the least height of its narrowest form would leave an empty end.
        self._page.setMinimumHeight(1)
        row = QHBoxLayout(self._page)
        row.setContentsMargins(0, 0, XL - 4, M + 2)
        row.addWidget(self.form, 1)
        row.addStretch(0)
        self.view = ScrollView()
        below = QHBoxLayout()
        below.setContentsMargins(XL - 4, 0, 0, 0)
        below.setSpacing(M)
        below.addWidget(self.index)
        below.addWidget(self.view, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, M + 2, 0, 0)
        whole.setSpacing(S + 2)
        whole.addLayout(head)
        whole.addLayout(below, 1)

    def _wire(self) -> None:
        controller = self._controller
        for section in self.sections:
            for row in section.rows:
                row.chosen.connect(controller.set_value)
        self.search.textChanged.connect(self.filter)
        self.undo.clicked.connect(self._on_undo)
        self.redo.clicked.connect(self._on_redo)
        self.index.chosen.connect(self.show_card)
        self.view.verticalScrollBar().valueChanged.connect(self._mark_section)
        self.file.imported.connect(controller.store.change)
        self.file.reset_asked.connect(self._on_reset_all)
        self.program.forget_asked.connect(self._ask_to_forget)
        self.rules.clicked.connect(self._open_rules)
        self.templates.read.connect(self._on_templates)
        controller.settings_changed.connect(self._on_changed)
        controller.store.lock_changed.connect(self.show_settings)
        self._context.theme.changed.connect(self.update_all)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(
            self._on_focus
        )  # of the whole program: a filter on each field would hear everything
        for keys, action in (
            ("Ctrl+Z", self._on_undo),
            ("Ctrl+Shift+Z", self._on_redo),
            ("Ctrl+Y", self._on_redo),
            ("Ctrl+F", self._on_find),
        ):
            # Wherever the keyboard is, while the panel can be seen.
            QShortcut(QKeySequence(keys), self).activated.connect(action)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.search)
        leave.setContext(Qt.ShortcutContext.WidgetShortcut)
        leave.activated.connect(self.search.clear)

    # As of every panel

    def title(self) -> str:
        return _("Settings")

    def retranslate(self) -> None:
        self._title.setFont(font(TITLE, strong=True))
        self._title.setText(_("Settings"))
        self.search.setPlaceholderText(_("Search"))
        self.search.setAccessibleName(_("Search the settings"))
        self.nothing.setFont(font(STRONG))
        for button, text, keys in ((self.undo, _("Undo"), "Ctrl+Z"), (self.redo, _("Redo"), "Ctrl+Shift+Z")):
            button.setText(text)
            button.setToolTip(keys)
        self._rules_row.set_text(
            _("Rules"),
            _("What is watched, when it alerts, and what is done then."),
            N_("threshold limit action mute allow quiet hours"),
        )
        self.rules.setText(_("Edit rules…"))
        self.record.retranslate()
        self.file.retranslate()
        self.program.retranslate()
        for section in self.sections:
            section.retranslate()
        self.index.retranslate()
        self.show_settings()
        self._has_asked = False  # their titles are in the language, too
        if self.search.text():
            self.filter(self.search.text())

    def activate(self) -> None:
        self._timer.start(_LOOK_MS)
        self.record.refresh()
        self.program.refresh()
        self._mark_section()

    def deactivate(self) -> None:
        self._timer.stop()
        self._settle()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.deactivate()
        self.templates.child.cancel()
        self.record.close_down()
        super().closeEvent(event)

    # What is shown

    def show_settings(self) -> None:
        """Show what is in force, what differs from the defaults, and whether it can be changed."""
        settings, locked = self._controller.settings, self._controller.store.locked
        clashes = clashing(settings)
        for section in self.sections:
            section.show_settings(settings, clashes)
            for row in section.rows:
                row.lock(locked is not None)
        any_changed = any(settings[each.name] != each.default for each in settings.declared)
        self.file.show_state(any_changed, locked is not None)
        self.undo.setEnabled(self.changes.can_undo and locked is None)
        self.redo.setEnabled(self.changes.can_redo and locked is None)
        why = _("The settings are only shown here, since a newer version of this program wrote their file.")
        self.locked.say("" if locked is None else why)

    def filter(self, query: str) -> None:
        """Show only what the search finds."""
        found = [card.filter(query) for card in self.sections]
        self.nothing.setText(_("No setting matches “{query}”.").format(query=query.strip()))
        self.nothing.setVisible(not any(found))
        self.index.show_found()
        self._mark_section()

    def show_card(self, card: Card) -> None:
        """Bring a section into view, at the top if it can be there."""
        self.view.verticalScrollBar().setValue(card.y())
        self.index.mark(card)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.index.setVisible(self.width() >= _INDEX_FROM_PX)

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Bring a field into view that the keyboard comes to."""
        if now is not None and self._page.isAncestorOf(now):
            self.view.ensureWidgetVisible(now, 0, 40)

    def _mark_section(self) -> None:
        """Mark the section at a line that goes from the top of what is seen, at the start, to its bottom at the end."""
        bar = self.view.verticalScrollBar()
        line = bar.value() + self.view.viewport().height() * bar.value() / max(1, bar.maximum())
        shown = [card for card in self.sections if not card.isHidden()]
        if shown:
            self.index.mark(next((card for card in reversed(shown) if card.y() <= line), shown[0]))

    # What is done

    def _on_changed(self, _name: str) -> None:
        self.changes.note(self._controller.settings)
        self.show_settings()

    def _ask_for_templates(self) -> None:
        """Ask once, some time after the panel was opened: it takes a process of its own."""
        if not self._has_asked:
            self._has_asked = True
            self.templates.load()

    def _on_templates(self) -> None:
        """Offer the templates of scheduled reports by their titles, in place of a name to type."""
        rows = {row.setting.name: row for section in self.sections for row in section.rows}
        rows[TEMPLATE].offer(self.templates.scheduled)
        self.show_settings()

    def _settle(self) -> None:
        for section in self.sections:
            for row in section.rows:
                row.editor.settle()

    def _on_undo(self) -> None:
        self._settle()
        self._put(self.changes.undo)

    def _on_redo(self) -> None:
        self._put(self.changes.redo)

    def _put(self, take: Callable[[], Settings | None]) -> None:
        if self._controller.store.locked is not None:
            return
        settings = take()
        if settings is not None:
            self._controller.store.change(settings)
        self.show_settings()

    def _on_reset_all(self) -> None:
        settings = self._controller.settings
        for setting in settings.declared:
            settings = settings.with_value(setting.name, setting.default)
        self._controller.store.change(settings)

    def _open_rules(self) -> None:
        rules = rules_of(self._controller.settings)
        self._controller.place_asked.emit(Place("incidents", rule=rules[0].name))

    def _on_find(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _ask_to_forget(self) -> None:
        from aios_gui.autostart.mechanisms import mechanisms, this_program
        from aios_gui.instance.forgetting import belongings
        from aios_gui.ui.settings.forget_question import (
            ForgetQuestion,
        )  # few ask for it, and it takes a while to load

        self._settle()
        found = belongings(self._controller.paths, mechanisms(), this_program().home)
        question = ForgetQuestion(found, self)
        question.accepted.connect(self._controller.forget_everything)
        question.open()
