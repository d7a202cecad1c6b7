"""What a rule may do only after a person has confirmed it: run a command, touch other programs, load a plug-in."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from aios_gui.alerts.model.action import ActionKind, parse_action
from aios_gui.alerts.model.rules import CUSTOM, Rule

_KINDS = (ActionKind.RUN, ActionKind.RENICE, ActionKind.CONFINE)


@dataclass(frozen=True, slots=True)
class Power:
    """Something that a rule may do once it is confirmed: an action or a plug-in's measure, as in the settings."""

    rule: str
    text: str


def powers(rules: Iterable[Rule]) -> tuple[Power, ...]:
    """All that these rules may do only once it is confirmed, also where a rule is switched off."""
    return tuple(Power(rule.name, text) for rule in rules for text in _texts(rule))


def _texts(rule: Rule) -> tuple[str, ...]:
    measure = (rule.measure,) if rule.measure.startswith(CUSTOM) else ()
    return (*measure, *(text for text in rule.actions if parse_action(text).kind in _KINDS))


def fingerprint(text: str) -> str:
    """What is kept of a confirmed text: it tells any other text apart, whichever rule it stands in."""
    import hashlib  # 4 MB, which a service without such rules does not need

    return hashlib.sha256(text.encode()).hexdigest()


def waiting(rules: Iterable[Rule], confirmed: Collection[str]) -> tuple[Power, ...]:
    """What waits to be confirmed; ``confirmed`` are fingerprints."""
    return tuple(each for each in powers(rules) if fingerprint(each.text) not in confirmed)


def permitted(rules: tuple[Rule, ...], confirmed: Collection[str]) -> tuple[Rule, ...]:
    """``rules`` without the actions that wait; one whose measure waits is switched off."""
    held = {(each.rule, each.text) for each in waiting(rules, confirmed)}
    if not held:
        return rules
    return tuple(
        replace(
            rule,
            actions=tuple(text for text in rule.actions if (rule.name, text) not in held),
            enabled=rule.enabled and (rule.name, rule.measure) not in held,
        )
        for rule in rules
    )
