"""A rule as it is being edited: what stands in each field, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from aios_gui.core.action import ActionKind
from aios_gui.core.rule_fields import BY_FIELD, RuleFault, rule_of
from aios_gui.core.rules import CUSTOM, Rule

NUMBERS = ("limit", "for_s", "clear", "cooldown_s")
TEXTS = ("name", "quiet_from", "quiet_to")
CHOICES = ("measure", "comparison", "level")
KINDS = tuple(kind for kind in ActionKind if not kind.takes_argument)
"""Actions that are on or off; the others are commands."""
_RUN = f"{ActionKind.RUN}:"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The rule that the fields make, or None and the first fault of each field."""

    rule: Rule | None
    faults: dict[str, RuleFault]


@dataclass(slots=True)
class RuleDraft:
    """``texts`` by the name of the field, ``kinds`` the plain actions, ``commands`` and ``allow`` a line each."""

    texts: dict[str, str] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    commands: str = ""
    allow: str = ""
    enabled: bool = True

    @classmethod
    def of(cls, rule: Rule) -> RuleDraft:
        """The draft that makes ``rule``."""
        texts = {name: str(getattr(rule, name)) for name in (*TEXTS, *CHOICES)}
        texts |= {name: BY_FIELD[name].written(getattr(rule, name)) for name in NUMBERS}
        commands = [each.removeprefix(_RUN).strip() for each in rule.actions if each.startswith(_RUN)]
        kinds = {each for each in rule.actions if each in KINDS}
        return cls(texts, kinds, "\n".join(commands), "\n".join(rule.allow), rule.enabled)

    def copy(self) -> RuleDraft:
        """Another one that says the same."""
        return RuleDraft(dict(self.texts), set(self.kinds), self.commands, self.allow, self.enabled)

    def judged(self, taken: Collection[str]) -> Judgement:
        """What the fields make; ``taken`` are the names of the other rules."""
        rule, faults = rule_of(self._table(), taken)
        first: dict[str, RuleFault] = {}
        for each in faults:
            first.setdefault(each.field, each.fault)
        return Judgement(rule, first)

    def _table(self) -> dict[str, Any]:
        table: dict[str, Any] = {name: self.texts[name] for name in (*TEXTS, *CHOICES)}
        if not table["measure"].removeprefix(CUSTOM):
            table["measure"] = ""
        for name in NUMBERS:
            text = self.texts[name].strip()
            if name == "clear" and not text:
                continue  # the limit, then
            try:
                table[name] = BY_FIELD[name].read(text)
            except ValueError:
                table[name] = text
        table["enabled"] = self.enabled
        table["allow"] = _lines(self.allow)
        kinds = [str(kind) for kind in KINDS if kind in self.kinds]
        table["actions"] = kinds + [_RUN + command for command in _lines(self.commands)]
        return table


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def free_name(wish: str, taken: Collection[str]) -> str:
    """``wish``, or with the first number behind it that no other rule has."""
    if wish not in taken:
        return wish
    return next(name for number in range(2, 1000) if (name := f"{wish}-{number}") not in taken)
