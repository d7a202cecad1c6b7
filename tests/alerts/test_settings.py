"""Rules in the settings file: read with their faults named by line, written whole, brought over from version 1."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.rule_fields import MAXIMUM_RULES, RuleFault
from aios_gui.alerts.model.rules import DEFAULT_RULES, Rule
from aios_gui.alerts.settings import rules_of, with_rules
from aios_gui.instance.settings import DECLARED
from aios_gui.settings.file import Loaded, ProblemKind, SettingsFile
from aios_gui.settings.model import Settings
from aios_gui.settings.words import problem_sentence, remedy
from tests.alerts.made_rules import names, rules
from tests.defaults import DEFAULTS

ONE = '[[rules]]\nname = "one"\nmeasure = "cpu_percent"\nlimit = 60\n'


def load(tmp_path: Path, text: str) -> Loaded:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return SettingsFile(path, DECLARED).load(set_aside=False)


def reload(path: Path, chosen: Settings) -> Loaded:
    SettingsFile(path, DECLARED).save(chosen)
    return SettingsFile(path, DECLARED).load(set_aside=False)


def test_without_rules_the_default_ones_hold(tmp_path: Path) -> None:
    loaded = load(tmp_path, "version = 2\n")
    assert rules_of(loaded.settings) == DEFAULT_RULES
    assert loaded.problems == ()


def test_rules_that_are_written_hold_alone_and_in_their_order(tmp_path: Path) -> None:
    loaded = load(tmp_path, ONE + ONE.replace("one", "<script>"))
    assert loaded.problems == ()
    assert [rule.name for rule in rules_of(loaded.settings)] == ["one", "<script>"]


def test_no_rule_at_all_can_be_wanted_and_survives_a_save(tmp_path: Path) -> None:
    assert rules_of(load(tmp_path, "rules = []\n").settings) == ()
    loaded = reload(tmp_path / "settings.toml", with_rules(DEFAULTS, ()))
    assert loaded == Loaded(with_rules(DEFAULTS, ()))


@pytest.mark.parametrize(
    ("text", "key", "line", "fault"),
    [
        (ONE + "clear = 'x'\n", "rules[1].clear", 5, RuleFault.NOT_ALLOWED),
        (ONE + "\n" + ONE.replace("60", "nan"), "rules[2].name", 7, RuleFault.NAME_TAKEN),
        (ONE + "colour = 1\n", "rules[1].colour", 5, RuleFault.UNKNOWN_FIELD),
        (ONE + "[rules.sub]\nx = 1\n", "rules[1].sub", 1, RuleFault.UNKNOWN_FIELD),
        ("# mine\n[[rules]]\nname = 'x'\nlimit = 1\n", "rules[1].measure", 2, RuleFault.MISSING),
        (
            "rules = [{name = 'x', limit = 1, measure = 'y'}]\n",
            "rules[1].measure",
            1,
            RuleFault.NO_SUCH_MEASURE,
        ),
        ("rules = 3\n", "rules", 1, RuleFault.NOT_A_TABLE),
        ("rules = [3]\n", "rules[1]", 1, RuleFault.NOT_A_TABLE),
        ("[rules]\nname = 'x'\n", "rules", 1, RuleFault.NOT_A_TABLE),
        ("\n" + ONE + "quiet_from = '22:00'\n", "rules[1].quiet_to", 2, RuleFault.HALF_A_SPAN),
    ],
)
def test_a_fault_is_told_with_key_and_line(
    tmp_path: Path, text: str, key: str, line: int, fault: RuleFault
) -> None:
    problems = load(tmp_path, text).problems
    (problem,) = [each for each in problems if each.key == key]
    assert (problem.kind, problem.line, problem.entry and problem.entry.fault) == (
        ProblemKind.ENTRY,
        line,
        fault,
    )
    sentence = problem_sentence(problem)
    assert f"line {line}: “{key}” " in sentence
    assert "{" not in sentence.replace(str(tmp_path), "").partition("“")[2].partition("”")[2].replace(
        problem.found, ""
    )
    assert remedy(problem)


def test_a_faulty_rule_is_left_out_unless_a_default_one_has_its_name(tmp_path: Path) -> None:
    loaded = load(
        tmp_path, (ONE + ONE.replace("one", "cpu") + ONE.replace("one", "two")).replace("60\n[[", "'x'\n[[")
    )
    assert [rule.name for rule in rules_of(loaded.settings)] == ["cpu", "two"]
    assert rules_of(loaded.settings)[0] == DEFAULT_RULES[0]
    assert [each.used for each in loaded.problems] == ["", "cpu"]
    assert "the rule is left out" in problem_sentence(loaded.problems[0])
    assert "the default rule “cpu” is used" in problem_sentence(loaded.problems[1])


def test_a_faulty_rule_survives_a_save(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    loaded = load(tmp_path, ONE.replace("60", "'sixty'"))
    again = reload(path, loaded.settings.with_value("beat.interval_s", 2))
    assert 'limit = "sixty"' in path.read_text()
    assert [each.key for each in again.problems] == ["rules[1].limit"]
    assert rules_of(again.settings) == ()


def test_there_is_a_limit_to_their_number(tmp_path: Path) -> None:
    many = "".join(ONE.replace("one", f"r{number}") for number in range(MAXIMUM_RULES + 5))
    loaded = load(tmp_path, many)
    assert len(rules_of(loaded.settings)) == MAXIMUM_RULES
    assert [each.entry and each.entry.fault for each in loaded.problems] == [RuleFault.TOO_MANY]
    assert "there may be 200 rules" in problem_sentence(loaded.problems[0])


@given(st.lists(names, max_size=4, unique=True).flatmap(lambda each: st.tuples(*map(rules, each))))
def test_rules_survive_a_save(tmp_path_factory: pytest.TempPathFactory, chosen: tuple[Rule, ...]) -> None:
    path = tmp_path_factory.getbasetemp() / "rules.toml"
    assert reload(path, with_rules(DEFAULTS, chosen)) == Loaded(with_rules(DEFAULTS, chosen))


def test_thresholds_of_version_1_become_limits_of_rules(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    loaded = load(
        tmp_path, "version = 1\n[thresholds]\ncpu_percent = 60\nhiccup_ms = 20.5\n[beat]\ninterval_s = 2\n"
    )
    assert loaded.problems == ()
    by_name = {rule.name: rule for rule in rules_of(loaded.settings)}
    assert (by_name["cpu"].limit, by_name["cpu"].clear) == (60.0, 52.0)
    assert (by_name["hiccup"].limit, by_name["hiccup"].clear) == (20.5, 20.5)
    assert len(by_name) == len(DEFAULT_RULES)
    assert loaded.settings["beat.interval_s"] == 2.0
    assert reload(path, loaded.settings) == loaded
    assert "version = 3" in path.read_text()
    assert "[thresholds]" not in path.read_text()


def test_version_1_without_changed_thresholds_keeps_the_default_rules(tmp_path: Path) -> None:
    assert load(tmp_path, "version = 1\n[thresholds]\ncpu_percent = 80.0\n") == Loaded(DEFAULTS)
    assert load(tmp_path, "version = 1\nthresholds = 3\n").settings == DEFAULTS


def test_a_threshold_of_version_1_that_is_not_allowed_is_told_of(tmp_path: Path) -> None:
    loaded = load(tmp_path, "version = 1\n[thresholds]\ncpu_percent = 'x'\nmemory_percent = 70\n")
    assert [(each.key, each.line) for each in loaded.problems] == [("thresholds.cpu_percent", 3)]
    assert loaded.settings["thresholds.memory_percent"] == 70.0
    assert loaded.settings["thresholds.cpu_percent"] == 80.0
