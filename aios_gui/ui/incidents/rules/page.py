"""The page of the rules: what is watched, from when on it is an incident, and what a change would have found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from aios_gui.alerts.model.rule_fields import MAXIMUM_RULES
from aios_gui.alerts.model.rules import DEFAULT_RULES, Level, Measure, Rule
from aios_gui.alerts.settings import rules_of
from aios_gui.alerts.words.rules import condition, rule_title
from aios_gui.settings.words import fault_sentence, with_remedy
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.incidents.rules.draft import RuleDraft, free_name
from aios_gui.ui.incidents.rules.form_card import FormCard
from aios_gui.ui.incidents.rules.rule_list import Entry, RuleList
from aios_gui.ui.panel import PanelContext
from aios_gui.ui.theme import LABEL, TITLE, XL, M, S, font
from aios_gui.ui.widgets.card import muted_label, set_text
from aios_gui.ui.widgets.notice_label import NoticeLabel
from aios_gui.ui.widgets.plain_label import PlainLabel

_NAME_LENGTH = 60
_BESIDE_PX = 880
_NEW = "\n"
"""Keys of rules that were never saved begin with this, which no name has in it."""


class RulesPage(QWidget):
    """``left`` asks for the way back. What is being edited stays until it is saved or discarded."""

    left = Signal()

    def __init__(self, context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._controller = context.controller
        self._drafts: dict[str, RuleDraft] = {}
        self._key = ""
        self._level_from = RuleDraft()
        """From its limit and clear level on, the one goes with the other."""
        self._counted = 0
        self._before: list[tuple[Rule, ...]] = []
        self._message: Callable[[], str] | None = None
        self._rule: Rule | None = None
        self._active = False
        self.back, self.undo, self.defaults = QPushButton(), QPushButton(), QPushButton()
        self.add, self.duplicate, self.delete = QPushButton(), QPushButton(), QPushButton()
        self.back.setProperty("look", "quiet")
        self._title = PlainLabel()
        self.message = muted_label()
        self.locked = NoticeLabel()
        self.list = RuleList(context.theme)
        self.card = FormCard(context.theme)
        self.form, self.replay = self.card.form, self.card.replay
        self.save, self.discard = self.card.save, self.card.discard
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(S)
        head.addWidget(self.back)
        head.addWidget(self._title)
        head.addSpacing(M)
        head.addWidget(self.message, 1)
        head.addWidget(self.undo)
        head.addWidget(self.defaults)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self._make_list_card())
        self.splitter.addWidget(self.card)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(M)
        self.splitter.setSizes([380, 620])
        self.splitter.setStretchFactor(0, 38)
        self.splitter.setStretchFactor(1, 62)
        column = QVBoxLayout(self)
        column.setContentsMargins(XL - 4, M + 2, XL - 4, M + 2)
        column.setSpacing(S + 2)
        column.addLayout(head)
        column.addWidget(self.locked)
        column.addWidget(self.splitter, 1)

    def _make_list_card(self) -> QFrame:
        card = QFrame()
        card.setProperty("look", "card")
        card.setMinimumWidth(270)
        below = QHBoxLayout()
        below.setContentsMargins(M, S, M, S + 2)
        below.setSpacing(S)
        below.addWidget(self.add)
        below.addWidget(self.duplicate)
        below.addStretch(1)
        below.addWidget(self.delete)
        self.delete.setProperty("look", "grave")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addLayout(below)
        return card

    def _wire(self) -> None:
        self.back.clicked.connect(self.leave)
        self.list.chosen.connect(self.open)
        self.list.switched.connect(self._switch)
        self.form.edited.connect(self._on_edited)
        self.add.clicked.connect(self._add)
        self.duplicate.clicked.connect(self._duplicate)
        self.delete.clicked.connect(self._delete)
        self.defaults.clicked.connect(self._restore)
        self.save.clicked.connect(self._save)
        self.discard.clicked.connect(self._discard)
        self.undo.clicked.connect(self._undo)
        self._controller.settings_changed.connect(self._on_setting)
        self._controller.store.lock_changed.connect(self._show)
        for key, action in (
            (QKeySequence(QKeySequence.StandardKey.Save), self._save),
            (QKeySequence(QKeySequence.StandardKey.New), self._add),
            (QKeySequence(Qt.Key.Key_Escape), self.leave),
        ):
            made = QShortcut(key, self)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(action)

    # What is

    @property
    def _rules(self) -> tuple[Rule, ...]:
        return rules_of(self._context.settings())

    def _rule_of(self, key: str) -> Rule | None:
        return next((rule for rule in self._rules if rule.name == key), None)

    def _taken(self) -> set[str]:
        """Names of rules other than the one that is open."""
        return {rule.name for rule in self._rules if rule.name != self._key}

    # What is shown

    def open_at(self, name: str) -> None:
        """Come into view with a rule open; the one that was open where there is none of that name."""
        if self._rule_of(name) is None:
            name = self._key or (self._rules[0].name if self._rules else "")
        self._active = True
        self.open(name)
        self.list.reveal(self._key)

    def open(self, key: str) -> None:
        """Open a rule in the form."""
        self._key = key
        self._level_from = self._draft()
        self.form.show_draft(self._level_from)
        self.card.view.verticalScrollBar().setValue(0)
        self._show()

    def _draft(self) -> RuleDraft:
        draft = self._drafts.get(self._key)
        if draft is not None:
            return draft
        rule = self._rule_of(self._key)
        return RuleDraft.of(rule or _plain_rule(free_name(_("new"), self._taken())))

    def _show(self) -> None:
        """Show the list, what is wrong, what can be done."""
        locked = self._controller.store.locked
        if self._rule_of(self._key) is None and self._key not in self._drafts:
            self._key = self._rules[0].name if self._rules else ""
            self.form.show_draft(self._draft())
        draft = self._draft()
        judged = draft.judged(self._taken())
        self._rule = judged.rule
        self.card.show_judgement(judged)
        self.list.show_entries(self._entries(), self._key)
        changed = self._key in self._drafts
        able = locked is None
        new = self._key.startswith(_NEW)
        self.save.setEnabled(able and changed and judged.rule is not None)
        self.discard.setVisible(changed)
        self.undo.setVisible(bool(self._before))
        self.undo.setEnabled(able)
        full = len(self._rules) + sum(key.startswith(_NEW) for key in self._drafts) >= MAXIMUM_RULES
        for button in (self.add, self.duplicate):
            button.setEnabled(able and not full)
        # With no rule in the file the default ones hold.
        self.delete.setEnabled(able and (new or len(self._rules) > 1))
        self.defaults.setEnabled(able and self._rules != DEFAULT_RULES)
        for widget in (self.form, self.list):
            widget.setEnabled(able)
        self.locked.say("" if locked is None else with_remedy(fault_sentence(locked), locked))
        if self._active:
            self.replay.show_rule(judged.rule, tuple(judged.faults))

    def _entries(self) -> tuple[Entry, ...]:
        entries = []
        waiting = {each.rule for each in self._controller.confirming.waiting}
        for rule in self._rules:
            changed = _("not saved") if rule.name in self._drafts else ""
            if not changed and rule.name in waiting:
                changed = _("waits for confirmation")
            entries.append(
                Entry(
                    rule.name,
                    rule_title(rule.name),
                    condition(rule),
                    rule.level,
                    rule.enabled,
                    changed,
                )
            )
        for key, draft in self._drafts.items():
            if key.startswith(_NEW):
                made = draft.judged(self._taken() if key == self._key else ()).rule
                level = Level(draft.texts["level"])
                text = condition(made) if made is not None else ""
                name = plain(draft.texts["name"], _NAME_LENGTH) or _("new")
                entries.append(Entry(key, name, text, level, draft.enabled, _("not saved")))
        return tuple(entries)

    def activate(self) -> None:
        """The panel has come into view."""
        if self._active:
            self._show()

    def deactivate(self) -> None:
        """The panel has gone from view."""
        self.replay.stop()

    def close_down(self) -> None:
        """The program ends: leave no process."""
        self._active = False
        self.replay.stop()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self._title.setFont(font(TITLE, strong=True))
        self._title.setText(_("Rules"))
        self.message.setFont(font(LABEL + 1))
        for button, text, tip in (
            (self.back, _("← Incidents"), _("Back to the incidents (Escape)")),
            (self.undo, _("Undo"), _("Put the rules back as they were before the last change")),
            (self.defaults, _("Restore defaults"), _("Go back to the rules that came with the program")),
            (self.add, _("Add"), _("A new rule (Ctrl+N)")),
            (self.duplicate, _("Duplicate"), _("A new rule that begins as a copy of this one")),
            (self.delete, _("Delete"), _("Delete this rule; the last one can only be switched off")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
        self.list.setAccessibleName(_("Rules"))
        self.card.retranslate()
        self._show_message(self._message)
        self.form.show_draft(self._draft())
        self._show()

    def _show_message(self, text: Callable[[], str] | None) -> None:
        self._message = text
        set_text(self.message, text() if text is not None else "")

    def _on_setting(self, _name: str) -> None:
        if self._key not in self._drafts:
            self.form.show_draft(self._draft())
        self._show()

    # What is done

    def leave(self) -> None:
        """Back to the incidents; what is being edited stays."""
        self._active = False
        self.replay.stop()
        self.left.emit()

    def _on_edited(self) -> None:
        before, draft = self._draft(), self.form.draft()
        if draft.texts["clear"] != before.texts["clear"]:
            self._level_from = draft
        elif draft.texts["limit"] != before.texts["limit"]:
            carried = draft.with_clear_carried(self._level_from)
            if carried != draft:
                self.form.show_draft(carried)
                draft = carried
        rule = self._rule_of(self._key)
        if rule is not None and draft.judged(self._taken()).rule == rule:
            self._drafts.pop(self._key, None)
        else:
            self._drafts[self._key] = draft
        self._show_message(None)
        self._show()

    def _put(self, rules: tuple[Rule, ...], text: Callable[[], str]) -> None:
        """Put other rules in force and save them."""
        self._before.append(self._rules)
        self._controller.set_rules(rules)
        self._show_message(text)
        self._show()

    def _save(self) -> None:
        rule = self._rule
        if rule is None or not self.save.isEnabled():
            return
        before = self._key
        del self._drafts[before]
        new = self._rule_of(before) is None
        rules = (*self._rules, rule) if new else tuple(rule if r.name == before else r for r in self._rules)
        self._key = rule.name
        name = rule_title(rule.name)
        self._controller.confirming.confirm_new(rule, self._controller.confirming.waiting)
        self._put(rules, lambda: _("“{name}” is saved and in force.").format(name=name))

    def _discard(self) -> None:
        self._drafts.pop(self._key, None)
        self.form.lines["name"].setFocus(Qt.FocusReason.OtherFocusReason)  # the button goes
        self.open(self._key)

    def _switch(self, key: str, on: bool) -> None:
        draft = self._drafts.get(key)
        if draft is not None:
            draft.enabled = on
            if key == self._key:
                self.form.enabled_now = on
        rule = self._rule_of(key)
        if rule is None:
            self._show()
            return
        rules = tuple(replace(each, enabled=on) if each.name == key else each for each in self._rules)
        text = (
            (lambda: _("“{name}” is on.").format(name=rule_title(key)))
            if on
            else (lambda: _("“{name}” is off.").format(name=rule_title(key)))
        )
        self._put(rules, text)

    def _begin(self, rule: Rule) -> None:
        self._counted += 1
        self._key = f"{_NEW}{self._counted}"
        self._drafts[self._key] = RuleDraft.of(rule)
        self._show_message(None)
        self.open(self._key)
        self.list.reveal(self._key)
        self.form.lines["name"].setFocus(Qt.FocusReason.OtherFocusReason)
        self.form.lines["name"].selectAll()

    def _all_names(self) -> set[str]:
        return {rule.name for rule in self._rules} | {draft.texts["name"] for draft in self._drafts.values()}

    def _add(self) -> None:
        if self.add.isEnabled():
            self._begin(_plain_rule(free_name(_("new"), self._all_names())))

    def _duplicate(self) -> None:
        rule = self._rule or self._rule_of(self._key)
        if rule is not None:
            self._begin(replace(rule, name=free_name(rule.name[: _NAME_LENGTH - 4], self._all_names())))

    def _delete(self) -> None:
        self._drafts.pop(self._key, None)
        name = rule_title(self._key)
        rules = tuple(rule for rule in self._rules if rule.name != self._key)
        if rules != self._rules:
            self._put(rules, lambda: _("“{name}” is deleted.").format(name=name))
        self._key = ""
        self._show()

    def _restore(self) -> None:
        self._drafts.clear()
        self._put(DEFAULT_RULES, lambda: _("The default rules are back in force."))
        self.open(self._key)

    def _undo(self) -> None:
        if self._before:
            self._controller.set_rules(self._before.pop())
            self._show_message(lambda: _("The last change is undone."))
            self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        way = Qt.Orientation.Horizontal if self.width() >= _BESIDE_PX else Qt.Orientation.Vertical
        if self.splitter.orientation() != way:
            self.splitter.setOrientation(way)


def _plain_rule(name: str) -> Rule:
    return Rule(name, Measure.CPU, 90.0, level=Level.WARNING, clear=80.0)
