"""The benchmark on the Warm-up panel: run, cancelled, failed, kept, compared with earlier ones, exported."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.selfcheck.benchmark.model import Heartbeat, Pacing
from aios_gui.selfcheck.benchmark.words import title
from aios_gui.system.paths import Paths
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.warmup.benchmark_card import BenchCard, log_share
from aios_gui.ui.warmup.panel import WarmupPanel
from tests.ui.children import FOR_LONG, PATIENCE_MS, POLITE, STUBBORN, install, is_alive
from tests.ui.fakes import FakeResident, local_source
from tests.ui.machine import FakeRecord
from tests.ui.warmup.bench_facts import a_result, bench_prints, kept


def unfolded(warmup: WarmupPanel) -> BenchCard:
    warmup.fold.setChecked(True)
    return warmup.bench


def cells(card: BenchCard, column: int) -> list[str]:
    return [row[column].text for row in card.table.facts.rows]


def begun(card: BenchCard, qtbot: QtBot, quick: bool = True) -> int:
    """Start it, wait until it tells how far it is, and return its process."""
    with qtbot.waitSignal(card.child.progressed) as told:
        card.menu.actions()[0 if quick else 1].trigger()
    return int(told.args[0]["pid"])


def test_before_the_first_one(warmup: WarmupPanel) -> None:
    card = unfolded(warmup)
    assert cells(card, 0) == ["original", "optimized", "minimal", "warmed"]
    assert cells(card, 1) == ["–"] * 4
    assert cells(card, 4) == ["1.5 s", "5.0 ms", "2.3 ms", "3.4 ms"]
    assert card.notes.text().startswith("Not measured on this machine yet.")
    assert not card.save.isEnabled()
    assert card.choice.isHidden()


def test_it_tells_how_far_it_is_and_is_cancelled_without_a_trace(
    warmup: WarmupPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = install(monkeypatch, tmp_path, POLITE + FOR_LONG)
    card = unfolded(warmup)
    pid = begun(card, qtbot)
    assert json.loads(asked.read_text()) == ["bench", "--quick", "--progress"]
    assert card.run.running
    assert card.run.bar.value() == 250
    assert card.run.text.text() == "minimal, 1 min left"
    qtbot.keyClick(card.run.cancel, Qt.Key.Key_Space)
    assert not is_alive(pid)
    assert not card.run.running
    assert card.message.text() == "The benchmark was cancelled; nothing was kept."


def test_a_result_is_shown_at_once_and_then_taken_from_the_record(
    warmup: WarmupPanel,
    record: FakeRecord,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    result = a_result()
    asked = install(monkeypatch, tmp_path, bench_prints(result))
    card = unfolded(warmup)
    card._again.setInterval(1)
    with qtbot.waitSignal(card.child.ended, timeout=PATIENCE_MS):
        card.start(quick=False)
    assert json.loads(asked.read_text()) == ["bench", "--progress"]
    assert cells(card, 1) == ["1.5 s", "410 µs", "340 µs", "23 µs"]
    assert cells(card, 5) == ["1.0×", "3,663×", "4,418×", "65,304×"]
    bars = [row[2].bar or 0.0 for row in card.table.facts.rows]
    assert bars[0] == 1.0
    assert bars == sorted(bars, reverse=True)
    assert "A processor, 2 cores" in card.notes.text()
    assert "The resident heartbeat meanwhile: 26 beats" in card.notes.text().replace("\u00a0", " ")
    assert not card.save.isEnabled(), "it is not in the record yet"
    record.measurements.append(kept(1, result))
    qtbot.waitUntil(card.save.isEnabled)
    assert [past.number for past in card.past] == [1]


def test_a_failure_is_told_with_its_reason(
    warmup: WarmupPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    card = unfolded(warmup)
    for code, said in (
        ("sys.exit('the machine cannot be measured: no /proc')", "no /proc"),
        ("tell(machine='of a newer version')", "another version"),
        ("sys.exit(2)", "without an error message"),
    ):
        install(monkeypatch, tmp_path, code)
        with qtbot.waitSignal(card.child.ended, timeout=PATIENCE_MS):
            card.start(quick=True)
        assert card.message.text().startswith("The benchmark could not be finished")
        assert said in card.message.text()
        assert card.message.property("look") == "critical"
        assert not card.run.running


def test_a_result_that_could_not_be_kept_is_shown_with_the_reason(
    warmup: WarmupPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = "print('the result could not be put into the record: disk full', file=sys.stderr)\n"
    install(monkeypatch, tmp_path, code + bench_prints(a_result()))
    card = unfolded(warmup)
    with qtbot.waitSignal(card.child.ended, timeout=PATIENCE_MS):
        card.start(quick=True)
    assert cells(card, 1)[-1] == "23 µs"
    assert "disk full" in card.message.text()


def test_earlier_ones_are_chosen_and_compared(warmup: WarmupPanel, record: FakeRecord, qtbot: QtBot) -> None:
    card = unfolded(warmup)
    last = a_result(2, quick=False)
    last = replace(last, finished_ns=last.started_ns + 110_000_000_000)
    record.measurements += [
        kept(1, a_result(0, 25_000)),
        kept(2, a_result(1, 24_000)),
        kept(5, last),
    ]
    card.load()
    qtbot.waitUntil(lambda: len(card.past) == 3)
    assert card.shown is not None
    assert card.shown.number == 5
    entries = card.choices.actions()
    assert [entry.text().endswith("×") for entry in entries] == [True] * 3
    assert ["(quick)" in entry.text() for entry in entries] == [False, True, True]
    assert [entry.isChecked() for entry in entries] == [True, False, False]
    newest = card.choice.text()
    assert newest in title(last)  # one time of one benchmark, also in reports
    assert "25 µs → 24 µs → 23 µs" in card.notes.text().replace("\u00a0", " ")
    entries[2].trigger()
    assert cells(card, 1)[-1] == "25 µs"
    assert card.choice.text() < newest
    card.load()
    record.measurements.append(kept(6, a_result(3)))
    card.load()
    qtbot.waitUntil(lambda: len(card.past) == 4)
    assert card.shown.number == 1, "what was chosen stays"


def test_a_benchmark_of_another_version_is_passed_over(
    warmup: WarmupPanel, record: FakeRecord, qtbot: QtBot
) -> None:
    strange, odd = kept(1, a_result()), kept(3, a_result())
    strange.facts.clear()
    odd.facts["machine"]["busy_percent"] = "a lot"
    record.measurements += [strange, kept(2, a_result(1)), odd]
    warmup.fold.setChecked(True)
    warmup.bench.load()
    qtbot.waitUntil(lambda: len(warmup.bench.past) == 1)
    assert warmup.bench.past[0].number == 2


def test_a_record_that_cannot_be_read_is_told(warmup: WarmupPanel, record: FakeRecord, qtbot: QtBot) -> None:
    record.broken = "disk I/O error"
    warmup.fold.setChecked(True)
    warmup.bench.load()
    qtbot.waitUntil(lambda: not warmup.bench.message.isHidden())
    assert warmup.bench.message.text() == "The past benchmarks cannot be read: disk I/O error"


@pytest.mark.parametrize(("chosen", "begins"), [("b.md", "#"), ("b.json", "{"), ("b", "{")])
def test_the_one_shown_is_exported(
    warmup: WarmupPanel,
    record: FakeRecord,
    paths: Paths,
    qtbot: QtBot,
    tmp_path: Path,
    chosen: str,
    begins: str,
) -> None:
    measurement = kept(1, a_result())
    writer = SqliteWriter(paths.store, RECORD_SCHEMA)
    writer.open()
    writer.write([measurement], 0)
    writer.close()
    record.measurements.append(measurement)
    card = unfolded(warmup)
    card.load()
    qtbot.waitUntil(card.save.isEnabled)
    card.export.choose_file = lambda: tmp_path / chosen
    card.save.click()
    qtbot.waitUntil(lambda: card.message.text() == f"Saved {chosen}", timeout=PATIENCE_MS)
    text = (tmp_path / chosen).read_text(encoding="utf-8")
    assert text.startswith(begins)
    assert "original" in text


def test_an_export_that_fails_is_told(
    warmup: WarmupPanel, record: FakeRecord, qtbot: QtBot, tmp_path: Path
) -> None:
    record.measurements.append(kept(7, a_result()))
    card = unfolded(warmup)
    card.load()
    qtbot.waitUntil(card.save.isEnabled)
    card.export.choose_file = lambda: tmp_path / "b.csv"
    card.save.click()
    qtbot.waitUntil(lambda: bool(card.message.text()), timeout=PATIENCE_MS)
    assert card.message.text().startswith("The benchmark could not be saved: ")
    card.export.choose_file = lambda: None
    card.save.click()
    assert not card.export.child.running


def test_a_window_that_closes_leaves_no_process(
    make_controller: Callable[..., Controller],
    make_warmup: Callable[[Controller], WarmupPanel],
    warm_resident: FakeResident,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    install(monkeypatch, tmp_path, STUBBORN + FOR_LONG)
    panel = make_warmup(make_controller(local_source(warm_resident)))
    pid = begun(panel.bench, qtbot, quick=False)
    panel.deactivate()
    assert is_alive(pid), "it goes on while the panel is out of view"
    panel.close()
    assert not is_alive(pid)
    assert not panel.bench.child.running


def test_bars_are_logarithmic() -> None:
    result = a_result()
    shares = [
        log_share(timing.p50_ns, result)
        for name in Heartbeat
        if (timing := result.timing(name, Pacing.CADENCE)) is not None
    ]
    assert shares == pytest.approx([1.0, 0.312, 0.296, 0.070], abs=0.001)
    assert log_share(0, result) == 0.0
