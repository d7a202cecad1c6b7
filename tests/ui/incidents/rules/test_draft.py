"""A rule being edited: what the fields make of it, and that every rule comes out as it went in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aios_gui.alerts.model.rule_fields import RuleFault
from aios_gui.alerts.model.rules import DEFAULT_RULES, Comparison, Level, Rule
from aios_gui.alerts.words import rules as words
from aios_gui.ui.incidents.rules.draft import RuleDraft, free_name

FULL = Rule(
    "mine",
    "custom:queue",
    12.5,
    Comparison.BELOW,
    Level.CRITICAL,
    0.0,
    20.0,
    60.0,
    "22:00",
    "07:00",
    ("make", "cc1"),
    ("notify", "pause_own", "renice:cargo,python", "confine:make", "run:echo a:b", "run:true"),
    False,
)


@pytest.mark.parametrize("rule", [*DEFAULT_RULES, FULL], ids=lambda rule: rule.name)
def test_every_rule_comes_out_as_it_went_in(rule: Rule) -> None:
    judged = RuleDraft.of(rule).judged(())
    assert judged.rule == rule
    assert judged.faults == {}


def test_an_empty_clear_level_is_the_limit() -> None:
    draft = RuleDraft.of(DEFAULT_RULES[0])
    draft.texts["clear"] = " "
    assert draft.judged(()).rule == replace(DEFAULT_RULES[0], clear=80.0)


def test_what_is_wrong_is_said_of_its_field() -> None:
    cases: list[tuple[str, str, RuleFault, str]] = [
        ("limit", "abc", RuleFault.NOT_ALLOWED, "This must be a number of 0 or more."),
        ("limit", "", RuleFault.NOT_ALLOWED, "This must be a number of 0 or more."),
        ("limit", "1e400", RuleFault.NOT_ALLOWED, "This must be a number of 0 or more."),
        ("clear", "99", RuleFault.CLEAR_BEYOND_LIMIT, "Must not be above the limit."),
        ("name", "a, b", RuleFault.NOT_A_NAME, "without a comma."),
        ("name", "taken", RuleFault.NAME_TAKEN, "This must be a name that no other rule has."),
        (
            "measure",
            "custom:",
            RuleFault.NO_SUCH_MEASURE,
            "This must be the name of a measure that a plug-in",
        ),
        ("quiet_from", "25:00", RuleFault.NOT_A_TIME, "This must be a time such as 22:00, or empty."),
        ("for_s", "-1", RuleFault.NOT_ALLOWED, "This must be a number from 0 to 86400 s."),
    ]
    for field, text, fault, said in cases:
        draft = RuleDraft.of(DEFAULT_RULES[0])
        draft.texts[field] = text
        judged = draft.judged({"taken"})
        assert judged.rule is None
        assert judged.faults[field] is fault
        assert said in words.fault_sentence(field, fault)


def test_half_a_span_and_long_lists() -> None:
    draft = RuleDraft.of(DEFAULT_RULES[0])
    draft.texts["quiet_from"] = "22:00"
    draft.allow = "x\n" * 51
    faults = draft.judged(()).faults
    assert faults["quiet_to"] is RuleFault.HALF_A_SPAN
    assert (
        words.fault_sentence("allow", faults["allow"])
        == "This must be at most 50 lines of at most 500 characters."
    )


def test_a_free_name() -> None:
    assert free_name("new", ()) == "new"
    assert free_name("new", ("new", "new-2")) == "new-3"
