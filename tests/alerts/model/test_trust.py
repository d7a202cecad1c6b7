"""What rules may do only once it is confirmed: found in every rule, held back until then, told apart by its text."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.rules import DEFAULT_RULES, Rule
from aios_gui.alerts.model.trust import Power, fingerprint, permitted, powers, waiting
from tests.alerts import made_rules

HOT = Rule("hot", "cpu_percent", 90.0, actions=("notify", "run:echo hot", "renice:cargo", "pause_own"))
QUEUE = Rule("queue", "custom:queue", 5.0, actions=("confine:make",))


def test_the_default_rules_do_nothing_that_has_to_be_confirmed() -> None:
    assert powers(DEFAULT_RULES) == ()
    assert permitted(DEFAULT_RULES, ()) is DEFAULT_RULES


def test_commands_other_programs_and_plug_ins_wait_also_in_rules_that_are_switched_off() -> None:
    found = powers((HOT, replace(QUEUE, enabled=False)))
    assert [each.text for each in found] == ["run:echo hot", "renice:cargo", "custom:queue", "confine:make"]
    assert waiting((HOT, QUEUE), ()) == powers((HOT, QUEUE))


def test_what_waits_is_not_done_and_the_rest_of_its_rule_is() -> None:
    hot, queue = permitted((HOT, QUEUE), {fingerprint("renice:cargo")})
    assert hot == replace(HOT, actions=("notify", "renice:cargo", "pause_own"))
    assert not queue.enabled
    everything = {fingerprint(each.text) for each in powers((HOT, QUEUE))}
    assert permitted((HOT, QUEUE), everything) == (HOT, QUEUE)


@pytest.mark.parametrize("other", ["run:echo hot2", "run: echo hot", "run:echo hot ", "run:Echo hot"])
def test_any_other_text_has_to_be_confirmed_again(other: str) -> None:
    rule = replace(HOT, actions=(other,))
    assert waiting((rule,), {fingerprint("run:echo hot")}) == (Power("hot", other),)


@given(
    st.lists(made_rules.rules(), max_size=4, unique_by=lambda rule: rule.name),
    st.sets(st.sampled_from(["run:echo x", "custom:queue", "renice:cargo"])),
)
def test_whatever_the_rules_nothing_unconfirmed_is_permitted(rules: list[Rule], texts: set[str]) -> None:
    confirmed = {fingerprint(text) for text in texts}
    allowed = permitted(tuple(rules), confirmed)
    assert [rule.name for rule in allowed] == [rule.name for rule in rules]
    assert {each.text for each in powers(rule for rule in allowed if rule.enabled)} <= texts
    assert permitted(allowed, confirmed) == allowed
