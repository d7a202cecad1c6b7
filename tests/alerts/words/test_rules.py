"""Rules in words: each measure has a name and its unit, each fault says what would be right."""

from dataclasses import replace

import pytest

from aios_gui.alerts.model.rule_fields import BY_FIELD, RuleFault
from aios_gui.alerts.model.rules import Comparison, Level, Measure, Rule
from aios_gui.alerts.words.rules import condition, figure, level_name, measure_name, wanted

BUSY = Rule("busy", Measure.CPU, 80.0, for_s=90.0, clear=70.0)


def test_every_measure_has_a_name_of_its_own() -> None:
    assert len({measure_name(measure) for measure in Measure}) == len(Measure)
    assert measure_name("custom:queue\x1b length") == "queue length"


def test_figures_have_the_unit_of_their_measure() -> None:
    cases: list[tuple[str, float | None, str]] = [
        (Measure.CPU, 82.4, "82 %"),
        (Measure.LATENESS, 55.0, "55 ms"),
        (Measure.DURATION_P95, 1200.0, "1.2 s"),
        (Measure.OWN_MEMORY, 120.0, "120 MB"),
        (Measure.OWN_MEMORY, 123.456, "123 MB"),
        ("custom:rows", 1_234_567.0, "1,234,567"),
        (Measure.MISSED, 3.0, "3"),
        ("custom:queue", 2.5, "2.5"),
        (Measure.CPU, None, "–"),
    ]
    for measure, value, text in cases:
        assert figure(measure, value) == text


def test_the_condition_is_a_sentence() -> None:
    assert condition(BUSY) == "CPU of the machine at 80 % or more for 1 min"
    disk = replace(BUSY, measure=Measure.DISK_FREE, comparison=Comparison.BELOW, limit=5.0, for_s=0.0)
    assert condition(disk) == "free space on the disk of the record at 5.0 % or less"
    assert {level_name(level) for level in Level} == {"warning", "critical"}


@pytest.mark.parametrize("fault", [fault for fault in RuleFault if fault is not RuleFault.NOT_ALLOWED])
def test_every_fault_says_what_would_be_right(fault: RuleFault) -> None:
    sentence = wanted("name", fault)
    assert sentence
    assert "{" not in sentence


def test_every_field_says_what_is_allowed() -> None:
    for field in sorted(BY_FIELD):
        assert wanted(field, RuleFault.NOT_ALLOWED).startswith("must be ")
