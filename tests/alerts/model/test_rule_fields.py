"""Rules as they are written: every valid one comes back, every other one is refused with its faults named."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.rule_fields import (
    BY_FIELD,
    LISTS,
    FieldFault,
    RuleFault,
    rule_of,
    table_of,
    unit_of,
)
from aios_gui.alerts.model.rules import DEFAULT_RULES, Comparison, Measure, Rule
from tests.alerts.made_rules import rules

GOOD: dict[str, Any] = {"name": "one", "measure": "cpu_percent", "limit": 80}


@given(rules())
def test_a_rule_that_is_written_is_read_back(rule: Rule) -> None:
    assert rule_of(table_of(rule)) == (rule, ())


def test_the_default_rules_are_right_and_have_names_of_their_own() -> None:
    assert [rule_of(table_of(rule))[0] for rule in DEFAULT_RULES] == list(DEFAULT_RULES)
    assert len({rule.name for rule in DEFAULT_RULES}) == len(DEFAULT_RULES)


def test_a_faulty_field_is_named() -> None:
    cases: list[tuple[str, Any, RuleFault]] = [
        ("name", "", RuleFault.NOT_A_NAME),
        ("name", " x", RuleFault.NOT_A_NAME),
        ("name", "a,b", RuleFault.NOT_A_NAME),
        ("name", "a\nb", RuleFault.NOT_A_NAME),
        ("name", "\x1b[31mred", RuleFault.NOT_A_NAME),
        ("name", "n" * 61, RuleFault.NOT_A_NAME),
        ("name", 7, RuleFault.NOT_ALLOWED),
        ("name", "taken", RuleFault.NAME_TAKEN),
        ("measure", "humidity", RuleFault.NO_SUCH_MEASURE),
        ("measure", "custom:", RuleFault.NO_SUCH_MEASURE),
        ("measure", "custom:a\tb", RuleFault.NO_SUCH_MEASURE),
        ("limit", float("nan"), RuleFault.NOT_ALLOWED),
        ("limit", float("inf"), RuleFault.NOT_ALLOWED),
        ("limit", -1, RuleFault.NOT_ALLOWED),
        ("limit", True, RuleFault.NOT_ALLOWED),
        ("limit", 10**400, RuleFault.NOT_ALLOWED),
        ("comparison", "over", RuleFault.NOT_ALLOWED),
        ("level", "fatal", RuleFault.NOT_ALLOWED),
        ("for_s", -1, RuleFault.NOT_ALLOWED),
        ("clear", 90, RuleFault.CLEAR_BEYOND_LIMIT),
        ("quiet_from", "25:00", RuleFault.NOT_A_TIME),
        ("quiet_from", "9:00", RuleFault.NOT_A_TIME),
        ("quiet_from", "٢٢:٣٣", RuleFault.NOT_A_TIME),
        ("allow", "python", RuleFault.NOT_A_LIST),
        ("allow", [1], RuleFault.NOT_A_LIST),
        ("allow", [""], RuleFault.NOT_A_LIST),
        ("allow", ["x"] * 51, RuleFault.NOT_A_LIST),
        ("actions", ["explode"], RuleFault.NO_SUCH_ACTION),
        ("actions", ["run"], RuleFault.NO_SUCH_ACTION),
        ("actions", ["run: "], RuleFault.NO_SUCH_ACTION),
        ("actions", ["notify:loudly"], RuleFault.NO_SUCH_ACTION),
        ("colour", "red", RuleFault.UNKNOWN_FIELD),
    ]
    for field, value, fault in cases:
        rule, faults = rule_of(GOOD | {field: value}, {"taken"})
        assert rule is None
        found = [each.found for each in faults if (each.field, each.fault) == (field, fault)]
        # Not a number equals nothing, itself included.
        assert value in found or any(each != each for each in found if value != value)


def test_half_of_the_quiet_hours_and_what_is_missing_are_named() -> None:
    assert rule_of(GOOD | {"quiet_from": "22:00"})[1] == (FieldFault("quiet_to", RuleFault.HALF_A_SPAN, ""),)
    assert {each.field for each in rule_of({})[1]} == {"name", "measure", "limit"}
    assert rule_of("x")[1] == (FieldFault("", RuleFault.NOT_A_TABLE, "x"),)


def test_clear_is_the_limit_unless_it_is_given_and_lies_on_the_good_side() -> None:
    rule, _faults = rule_of(GOOD)
    assert rule is not None
    assert rule.clear == 80.0
    below = GOOD | {"comparison": "below", "clear": 90}
    assert rule_of(below)[0] is not None
    assert [each.fault for each in rule_of(below | {"clear": 70})[1]] == [RuleFault.CLEAR_BEYOND_LIMIT]


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.text(max_size=3), max_size=2),
)


@given(st.dictionaries(st.sampled_from([*BY_FIELD, *LISTS, "odd", ""]), anything))
def test_whatever_is_written_is_a_rule_or_has_faults(table: dict[str, Any]) -> None:
    rule, faults = rule_of(table)
    assert (rule is None) == bool(faults)
    if rule is not None:
        assert rule_of(table_of(rule)) == (rule, ())


def test_every_measure_has_the_unit_of_its_name() -> None:
    units = {measure: unit_of(measure) for measure in Measure}
    assert units[Measure.CPU] == "%"
    assert units[Measure.LATENESS] == "ms"
    assert units[Measure.OWN_MEMORY] == "MB"
    assert units[Measure.MISSED] == ""
    assert unit_of("custom:load_percent") == ""


@given(rules())
def test_the_limit_itself_is_a_breach_and_beyond_it_is_worse(rule: Rule) -> None:
    assert rule.breached_by(rule.limit)
    beyond = rule.limit + 1 if rule.comparison is Comparison.ABOVE else rule.limit - 1
    assert rule.worse(beyond, rule.limit) == beyond
