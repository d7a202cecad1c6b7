"""A rule as it is being edited: what stands in each field, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from aios_gui.alerts.model.action import ActionKind
from aios_gui.alerts.model.rule_fields import BY_FIELD, RuleFault, rule_of
from aios_gui.alerts.model.rules import CUSTOM, Comparison, Rule, carried_clear

NUMBERS = ("limit", "for_s", "clear", "cooldown_s")
TEXTS = ("name", "quiet_from", "quiet_to")
CHOICES = ("measure", "comparison", "level")
KINDS = tuple(kind for kind in ActionKind if not kind.takes_argument)
"""Actions that are on or off; the others are written with something to do them with."""
WITH_NAMES = tuple(kind for kind in ActionKind if kind.takes_argument and kind is not ActionKind.RUN)
"""Of those, the ones that take names of programs."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The rule that the fields make, or None and the first fault of each field."""

    rule: Rule | None
    faults: dict[str, RuleFault]


@dataclass(slots=True)
class RuleDraft:
    """``texts`` by the name of the field, ``kinds`` the plain actions; ``commands`` and ``allow`` have a line each.

    ``names`` are the programs that an action of a kind may touch, commas between.
    """

    texts: dict[str, str] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    commands: str = ""
    names: dict[str, str] = field(default_factory=dict)
    allow: str = ""
    enabled: bool = True

    @classmethod
    def of(cls, rule: Rule) -> RuleDraft:
        """The draft that makes ``rule``; of several actions of one kind with names it makes one."""
        texts = {name: str(getattr(rule, name)) for name in (*TEXTS, *CHOICES)}
        texts |= {name: BY_FIELD[name].written(getattr(rule, name)) for name in NUMBERS}
        arguments: dict[str, list[str]] = {}
        for each in rule.actions:
            kind, _colon, argument = each.partition(":")
            arguments.setdefault(kind.strip(), []).append(argument.strip())
        return cls(
            texts,
            {kind for kind in arguments if kind in KINDS},
            "\n".join(arguments.get(ActionKind.RUN, ())),
            {str(kind): ",".join(arguments.get(kind, ())) for kind in WITH_NAMES},
            "\n".join(rule.allow),
            rule.enabled,
        )

    def with_clear_carried(self, start: RuleDraft) -> RuleDraft:
        """With the clear level that goes with the limit, as the one stood to the other at ``start``.

        As it is where either cannot be read, or where there is no clear level.
        """
        try:
            limit, clear, to = (
                float(BY_FIELD["limit"].read(draft.texts[name]))
                for draft, name in ((start, "limit"), (start, "clear"), (self, "limit"))
            )
        except (KeyError, ValueError):
            return self
        comparison = Comparison(self.texts["comparison"])
        carried = carried_clear(Rule("", "", limit, comparison, clear=clear), to)
        return replace(self, texts=self.texts | {"clear": BY_FIELD["clear"].written(carried)})

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
        with_names = [f"{kind}:{names}" for kind, names in self.names.items() if names.strip()]
        commands = [f"{ActionKind.RUN}:{command}" for command in _lines(self.commands)]
        table["actions"] = [*kinds, *with_names, *commands]
        return table


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def free_name(wish: str, taken: Collection[str]) -> str:
    """``wish``, or with the first number behind it that no other rule has."""
    if wish not in taken:
        return wish
    return next(name for number in range(2, 1000) if (name := f"{wish}-{number}") not in taken)
