"""Where the time goes: measured on request in a process of its own, shown group by group."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aios_gui.selfcheck.profile.facts import facts_of, profile_of
from aios_gui.ui.warmup.panel import WarmupPanel
from aios_gui.ui.warmup.profile_card import ProfileCard
from tests.ui.children import FOR_LONG, PATIENCE_MS, POLITE, install, is_alive
from tests.ui.warmup.bench_facts import a_profile, profile_prints


def texts(card: ProfileCard) -> list[list[str]]:
    return [[fact.text for fact in row if fact.text] for row in card.table.facts.rows]


def test_before_the_first_measurement_it_says_what_one_would_do(warmup: WarmupPanel) -> None:
    warmup.fold.setChecked(True)
    card = warmup.profile
    assert card.message.isVisible()
    assert "It takes about 3 s." in card.message.text().replace("\u00a0", " ")
    assert not card.table.isVisible()


def test_every_group_is_shown_with_its_bars_and_totals(
    warmup: WarmupPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = install(monkeypatch, tmp_path, profile_prints(a_profile()))
    warmup.fold.setChecked(True)
    card = warmup.profile
    with qtbot.waitSignal(card.child.ended, timeout=PATIENCE_MS):
        qtbot.keyClick(card.measure, Qt.Key.Key_Space)
    assert json.loads(asked.read_text()) == ["profile", "--progress"]
    assert card.profile == a_profile()
    assert texts(card) == [
        ["Wake up", "79 µs", "158 µs"],
        ["Read CPU", "9.2 µs", "18 µs"],
        ["Read memory", "4.6 µs", "9.2 µs"],
        ["In between, in no stage", "0.7 µs", "1.4 µs"],
    ]
    assert [row[1].bar for row in card.table.facts.rows] == [None, 1.0, 0.5, None]
    assert card.totals.text().replace("\u00a0", " ") == (
        "Whole path: 20 µs as in use, 21 µs with its stages timed; the timing is 1.1 µs."
    )
    card.groups.button(1).click()
    assert [row[0] for row in texts(card)] == ["Take the context sample", "Write and commit"]
    assert card.totals.text().startswith("Once a second")
    card.groups.button(2).click()
    assert texts(card)[1] == ["Divide the lateness by cause", "–", "–"]
    assert card.table.accessibleName() == "The slow path"
    warmup.grab()


def test_it_is_cancelled_and_leaves_nothing(
    warmup: WarmupPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, POLITE + FOR_LONG)
    warmup.fold.setChecked(True)
    card = warmup.profile
    with qtbot.waitSignal(card.child.progressed) as told:
        card.measure.click()
    assert card.run.running
    assert card.run.text.text() == "1 min left"
    card.run.cancel.click()
    assert not is_alive(told.args[0]["pid"])
    assert not card.run.running
    assert card.message.isVisible()


def test_a_failure_is_told_and_what_was_measured_before_stays(
    warmup: WarmupPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    warmup.fold.setChecked(True)
    card = warmup.profile
    for code, said in (
        ("sys.exit('the beat cannot be measured: no figures')", "no figures"),
        ("tell(stages=[])", "another version"),
        ("sys.exit(2)", "it ended without an error message"),
    ):
        install(monkeypatch, tmp_path, code)
        with qtbot.waitSignal(card.child.ended, timeout=PATIENCE_MS):
            card.start()
        assert card.message.text().startswith("The beat could not be measured: ")
        assert said in card.message.text()
        assert card.message.property("look") == "critical"
    install(monkeypatch, tmp_path, profile_prints(a_profile()))
    with qtbot.waitSignal(card.child.ended, timeout=PATIENCE_MS):
        card.start()
    assert card.table.isVisible()
    install(monkeypatch, tmp_path, code)
    with qtbot.waitSignal(card.child.ended, timeout=PATIENCE_MS):
        card.start()
    assert card.table.isVisible()
    assert said in card.totals.text()


def test_closing_ends_a_measurement(
    warmup: WarmupPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, POLITE + FOR_LONG)
    with qtbot.waitSignal(warmup.profile.child.progressed) as told:
        warmup.profile.start()
    warmup.close()
    assert not is_alive(told.args[0]["pid"])


def test_a_profile_is_read_back_as_it_was() -> None:
    assert profile_of(json.loads(json.dumps(facts_of(a_profile())))) == a_profile()
    for strange in (
        None,
        {},
        {"stages": [1]},
        {"stages": [], "runs": "x", "sampler": ""},
        facts_of(a_profile()) | {"runs": "x"},
    ):
        with pytest.raises(ValueError, match="another version"):
            profile_of(strange)
