"""What the beat compares with, compiled from the rules, and the settings that are limits of rules."""

import random
from dataclasses import replace

import pytest

from aios_gui.alerts.model.rules import (
    DEFAULT_RULES,
    NEVER_PERCENT,
    Comparison,
    Level,
    Measure,
    Rule,
    thresholds_of,
    with_limit,
    worst,
)
from aios_gui.alerts.settings import rules_of, with_rules
from aios_gui.heartbeat.model.beat import Sample
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.instance.settings import DECLARED
from tests.defaults import DEFAULTS

BUSY = Rule("busy", Measure.CPU, 60.0, level=Level.CRITICAL)


def test_the_default_rules_are_what_the_beat_always_compared_with() -> None:
    assert thresholds_of(DEFAULT_RULES) == Thresholds()


def test_the_lowest_enabled_critical_limit_counts() -> None:
    assert thresholds_of((*DEFAULT_RULES, BUSY)).cpu_percent == 60.0
    assert thresholds_of((*DEFAULT_RULES, replace(BUSY, enabled=False))).cpu_percent == 80.0
    assert thresholds_of((*DEFAULT_RULES, replace(BUSY, level=Level.WARNING))).cpu_percent == 80.0
    assert thresholds_of((*DEFAULT_RULES, replace(BUSY, comparison=Comparison.BELOW))).cpu_percent == 80.0


def test_without_rules_nothing_is_breached_and_stutters_are_still_told() -> None:
    limits = thresholds_of(())
    assert limits.breached_by(Sample(100.0, 100.0)) == ()
    assert limits == Thresholds(NEVER_PERCENT, NEVER_PERCENT, Thresholds().hiccup_ns)


def test_a_rule_on_lateness_that_takes_its_time_is_no_stutter() -> None:
    slow = Rule("slow", Measure.LATENESS, 5.0, for_s=60.0)
    assert thresholds_of((*DEFAULT_RULES, slow)).hiccup_ns == 50_000_000
    assert thresholds_of((*DEFAULT_RULES, replace(slow, for_s=0.0, enabled=False))).hiccup_ns == 5_000_000


def test_the_comparison_of_a_beat_does_not_know_how_many_rules_there_are() -> None:
    many = tuple(replace(rule, name=f"{rule.name}-{copy}") for copy in range(20) for rule in DEFAULT_RULES)
    shuffled = random.Random(1).sample(many, len(many))
    assert thresholds_of(tuple(shuffled)) == thresholds_of(DEFAULT_RULES)
    assert Thresholds.__slots__ == ("cpu_percent", "memory_percent", "hiccup_ns")


@pytest.mark.parametrize(
    ("name", "of_rule"),
    [("cpu_percent", "cpu"), ("memory_percent", "memory"), ("hiccup_ms", "hiccup")],
)
def test_a_threshold_is_the_limit_of_its_rule_and_stands_nowhere_else(name: str, of_rule: str) -> None:
    name = f"thresholds.{name}"
    usual = DEFAULTS
    assert usual[name] == DECLARED[name].default
    changed = usual.with_value(name, 40)
    assert changed[name] == 40.0
    assert changed.changed == ()
    (rule,) = [rule for rule in rules_of(changed) if rule.name == of_rule]
    assert rule.limit == 40.0
    assert rule.clear <= rule.limit
    assert changed.with_value(name, DECLARED[name].default) == usual
    without = with_rules(usual, ())
    assert without[name] == DECLARED[name].default
    assert without.with_value(name, 40)[name] == 40.0


def test_other_settings_leave_the_rules_alone() -> None:
    own = with_rules(DEFAULTS, (BUSY,))
    assert rules_of(own.with_value("beat.interval_s", 2)) == (BUSY,)
    assert own.with_value("beat.interval_s", 2).with_value("beat.interval_s", 1) == own


def test_there_is_no_limit_for_a_rule_nobody_knows() -> None:
    with pytest.raises(KeyError):
        with_limit(DEFAULT_RULES, "busy", 1.0)


def test_the_worst_level() -> None:
    assert worst([]) is None
    assert worst([Level.WARNING]) is Level.WARNING
    assert worst([Level.WARNING, Level.CRITICAL]) is Level.CRITICAL
