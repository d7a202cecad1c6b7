"""A settings file that another program changes: what is valid is taken over, the rest stays as it was in force."""

import errno
import os
from pathlib import Path

import pytest

from aios_gui.alerts.settings import rules_of
from aios_gui.instance.settings import DECLARED
from aios_gui.settings.file import ProblemKind, SettingsFile
from aios_gui.settings.watch import SettingsWatch
from aios_gui.settings.words import kept_sentence
from tests.defaults import DEFAULTS


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "settings.toml", DECLARED)


IN_FORCE = DEFAULTS.with_value("beat.interval_s", 5).with_value("window.theme", "dark")


def test_what_one_saves_oneself_is_no_news(file: SettingsFile) -> None:
    watch = SettingsWatch(file)
    assert not watch.has_changed()
    file.save(IN_FORCE)
    watch.remember(file.identity())
    assert not watch.has_changed()


def test_a_change_is_told_once_and_taken_over(file: SettingsFile) -> None:
    file.save(IN_FORCE)
    watch = SettingsWatch(file)
    file.path.write_text("[beat]\ninterval_s = 2\n")
    assert watch.has_changed()
    assert not watch.has_changed()
    taken = watch.take_over(IN_FORCE)
    assert (taken.problems, taken.refused) == ((), False)
    assert taken.settings == DEFAULTS.with_value("beat.interval_s", 2)


def test_a_file_that_could_not_be_read_is_news_once_it_can(
    file: SettingsFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_asked: object) -> bytes:
        raise PermissionError(errno.EACCES, "another program of Windows holds it")

    watch = SettingsWatch(file)
    file.path.write_text("[beat]\ninterval_s = 2\n")
    with monkeypatch.context() as patched:
        patched.setattr("aios_gui.settings.file.read_regular", refuse)
        assert watch.has_changed()
        assert watch.take_over(IN_FORCE).refused
        assert not watch.has_changed()
    assert watch.has_changed()
    assert watch.take_over(IN_FORCE).settings["beat.interval_s"] == 2.0


def test_asked_to_forget_it_looks_again(file: SettingsFile) -> None:
    file.save(IN_FORCE)
    watch = SettingsWatch(file)
    watch.forget()
    assert watch.has_changed()


def test_a_wrong_line_leaves_what_was_in_force(file: SettingsFile) -> None:
    file.path.write_text("[beat]\ninterval_s = -3\nodd = 1\n[window]\ntheme = 'light'\n")
    taken = SettingsWatch(file).take_over(IN_FORCE)
    assert {each.kind for each in taken.problems} == {ProblemKind.OUT_OF_RANGE, ProblemKind.UNKNOWN_KEY}
    assert taken.settings["beat.interval_s"] == 5.0
    assert taken.settings["window.theme"] == "light"


def test_a_wrong_rule_leaves_the_rules_that_were_in_force(file: SettingsFile) -> None:
    in_force = DEFAULTS.with_value("thresholds.hiccup_ms", 77)
    file.path.write_text("[beat]\ninterval_s = 3\n[[rules]]\nname = 'mine'\nmeasure = 'no such thing'\n")
    taken = SettingsWatch(file).take_over(in_force)
    assert {each.kind for each in taken.problems} == {ProblemKind.ENTRY}
    assert rules_of(taken.settings) == rules_of(in_force)
    assert taken.settings["beat.interval_s"] == 3.0
    for problem in taken.problems:
        sentence = kept_sentence(problem)
        assert sentence.endswith("what was set before stays in force")
        assert "default" not in sentence
        assert "left out" not in sentence


@pytest.mark.parametrize("content", ["[beat\n", f"version = {DECLARED.version + 1}\n"])
def test_a_file_that_cannot_be_used_changes_nothing_and_stays_where_it_is(
    file: SettingsFile, content: str
) -> None:
    file.path.write_text(content)
    taken = SettingsWatch(file).take_over(IN_FORCE)
    assert taken.refused
    assert taken.settings == IN_FORCE
    assert file.path.read_text() == content


def test_a_file_that_is_missing_for_a_moment_is_not_gone(file: SettingsFile) -> None:
    file.save(IN_FORCE)
    watch = SettingsWatch(file)
    file.path.unlink()
    assert not watch.has_changed()
    file.save(IN_FORCE.with_value("beat.interval_s", 7))
    assert watch.has_changed()
    file.path.unlink()
    assert [watch.has_changed() for _look in range(3)] == [False, True, False]
    assert watch.take_over(IN_FORCE).settings == DEFAULTS


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_file_whose_rights_were_changed_is_looked_at_again(file: SettingsFile) -> None:
    file.save(IN_FORCE)
    watch = SettingsWatch(file)
    seen_ns = file.path.stat().st_ctime_ns
    while file.path.stat().st_ctime_ns == seen_ns:  # the clock of a file system goes in steps of some ms
        file.path.chmod(0o600)
    assert watch.has_changed()
