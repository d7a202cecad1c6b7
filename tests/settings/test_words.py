"""Every declared setting has a name, a help, and words for its choices; what is wrong with one is a sentence."""

from pathlib import Path

import pytest

from aios_gui.instance.settings import DECLARED
from aios_gui.record.relocation.model import MovePhase, MoveProblem, MoveStatus
from aios_gui.record.relocation.words import move_sentence
from aios_gui.settings.file import ProblemKind, SettingsProblem
from aios_gui.settings.model import Section, Setting
from aios_gui.settings.words import (
    choice_text,
    fault_sentence,
    help_text,
    kept_sentence,
    refusal_sentence,
    section_title,
    title,
    unit_text,
    value_sentence,
    value_text,
)

SAYS_IT_ALL = {"keyboard.settings", "keyboard.pause", "keyboard.close", "keyboard.quit"}


@pytest.mark.parametrize("setting", list(DECLARED), ids=lambda setting: setting.name)
def test_every_declared_setting_has_words(setting: Setting) -> None:
    assert title(setting) != setting.name
    assert bool(help_text(setting)) is (setting.name not in SAYS_IT_ALL)
    words = [choice_text(setting, choice) for choice in setting.choices]
    assert len(set(words)) == len(words)
    if setting.name != "keyboard.panels":
        assert not {word for word in words if not word[0].isdigit()} & set(setting.choices), (
            "a time is its own word"
        )
    assert bool(unit_text(setting)) is bool(setting.unit)
    assert value_text(setting, setting.default)


@pytest.mark.parametrize("section", DECLARED.sections, ids=lambda section: section.key)
def test_every_section_has_a_title(section: Section) -> None:
    assert section_title(section) != section.key


def test_a_setting_without_words_shows_its_name() -> None:
    later = Setting("later.thing", "a", choices={"a": "", "b": ""}, unit="furlongs")
    assert (title(later), help_text(later)) == ("later.thing", "")
    assert section_title(Section("later", "", (later,))) == "later"
    assert (choice_text(later, "b"), unit_text(later)) == ("b", "furlongs")


def test_what_a_value_must_be() -> None:
    assert value_sentence(DECLARED["beat.interval_s"]) == "This must be a number from 0.02 to 3600 s."
    assert value_sentence(DECLARED["record.raw_days"]) == "This must be a whole number from 1 to 3650 days."
    assert "Ctrl+P" in value_sentence(DECLARED["keyboard.pause"])
    sentence = refusal_sentence(DECLARED["window.theme"], "pi\nnk")
    assert sentence == "“window.theme” cannot be “pi nk”: it must be one of system, light, dark"


PATH = Path("/home/jo/settings.toml")


def test_a_fault_in_a_file_that_is_not_in_force_promises_no_default() -> None:
    cases: list[tuple[SettingsProblem, str]] = [
        (
            SettingsProblem(ProblemKind.DAMAGED, PATH, line=3, found="Expected ="),
            "line 3: the settings cannot be",
        ),
        (SettingsProblem(ProblemKind.NEWER_VERSION, PATH, found="9"), "a newer version of this program"),
        (SettingsProblem(ProblemKind.UNKNOWN_KEY, PATH, "beat.odd"), "there is no setting “beat.odd”"),
        (
            SettingsProblem(
                ProblemKind.OUT_OF_RANGE,
                PATH,
                "beat.interval_s",
                2,
                "nan",
                declared=DECLARED["beat.interval_s"],
            ),
            "is nan, but must be",
        ),
        (SettingsProblem(ProblemKind.UNREADABLE, PATH, found="Permission denied"), "Permission denied"),
    ]
    for problem, words in cases:
        for sentence in (fault_sentence(problem), kept_sentence(problem)):
            assert words in sentence
            assert "default" not in sentence
            assert "is used" not in sentence


def test_a_move_that_failed_says_why_and_that_nothing_is_lost() -> None:
    for problem in list(MoveProblem):
        picture = MoveStatus(
            MovePhase.FAILED, "/mnt/disk", problem=problem, reason="why", needed_bytes=2 << 20
        )
        sentence = move_sentence(picture)
        assert sentence.endswith("The record stays where it was, and nothing is lost.")
        assert "{" not in sentence


def test_a_move_tells_how_far_it_is_and_what_is_left() -> None:
    assert move_sentence(MoveStatus()) == ""
    copying = MoveStatus(MovePhase.COPYING, "/mnt", 1 << 20, 4 << 20)
    assert move_sentence(copying) == "Copying: 1 MB of 4 MB"
    done = MoveStatus(MovePhase.DONE, "/mnt", left_behind="/home/old")
    assert "/mnt" in move_sentence(done)
    assert "/home/old" in move_sentence(done)
