"""What the Warm-up panel says of the heartbeat, in every state, and how it is steered from it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from aios_gui.heartbeat.model.items import EventKind
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.stall import WatchStatus
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.heartbeat.model.warmup import StepReport, StepState, Warmth
from aios_gui.heartbeat.model.warmup_stats import FirstBeats, WarmupEffect, WarmupStatus
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.text.catalogue import use_language
from aios_gui.ui.panel import Place
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.theme import Theme
from aios_gui.ui.warmup.panel import WarmupPanel
from aios_gui.ui.widgets.dot import Mark
from tests.ui.fakes import FakeRemote, FakeResident, remote_source
from tests.ui.spoken import unspoken
from tests.ui.warmup.warmth import NOW_NS, a_status, a_warm_snapshot, first_beats, the_steps

S = 1_000_000_000
WARM = a_warm_snapshot(NOW_NS)


def shown(panel: WarmupPanel, snapshot: Snapshot) -> WarmupPanel:
    """The panel after a look at another snapshot."""
    panel._controller.feed._feed.snapshot = snapshot  # type: ignore[misc]
    panel.refresh()
    return panel


def with_status(**changed: object) -> Snapshot:
    return replace(WARM, warm_up=replace(a_status(NOW_NS), **changed))  # type: ignore[arg-type]


def plain_text(label: QLabel) -> str:
    return label.text().replace("\u00a0", " ")


def test_a_warm_heartbeat(warmup: WarmupPanel) -> None:
    assert plain_text(warmup.state) == "Warm. Every beat is rehearsed 0.3 ms before it is due."
    assert warmup.dot.mark is Mark.FINE
    assert [row.title.text() for row in warmup.steps.rows.values()][:2] == [
        "Open the record",
        "Measure own cost",
    ]
    assert warmup.steps.rows["sampler"].figure.text() == "900 µs"
    assert warmup.steps.rows["beats"].figure.text() == "64 × 23 µs"
    assert {row.dot.mark for row in warmup.steps.rows.values()} == {Mark.FINE}
    first, second = plain_text(warmup.steps.evidence).splitlines()
    assert first.startswith("Warmed up at the start, ")
    assert first.endswith(", in 6.2 ms.")
    assert second == "Stable: the last two medians of 16 runs are 24 µs and 23 µs."
    assert warmup.rehearsal.margin.value == "310 µs"
    assert warmup.rehearsal.cost.value == "0.02 %"
    assert warmup.rehearsal.gain.value == "106 µs → 23 µs, 4.6×"
    assert plain_text(warmup.rehearsal.effect).endswith(": the next beat took 24 µs, as usual.")


@pytest.mark.parametrize(
    ("snapshot", "mark", "sentence"),
    [
        (
            with_status(warmth=Warmth.COLD, cold_beats_left=57, effect=None),
            Mark.COLD,
            "Cold. Beats are not rehearsed; it warms up again after 57 beats.",
        ),
        (
            replace(WARM, state=EngineState.WARMING, warm_up=WarmupStatus(Warmth.WARMING)),
            Mark.RUNNING,
            "Warming up. The next beat is warm.",
        ),
        (replace(WARM, state=EngineState.STOPPED), Mark.NONE, "Stopped. Nothing is recorded any more."),
    ],
)
def test_other_states(warmup: WarmupPanel, snapshot: Snapshot, mark: Mark, sentence: str) -> None:
    shown(warmup, snapshot)
    assert plain_text(warmup.state) == sentence
    assert warmup.dot.mark is mark
    able = snapshot.state is not EngineState.STOPPED
    assert (warmup.cool_down.isEnabled(), warmup.warm_up.isEnabled()) == (able, able)


def test_steps_that_wait_run_and_fail(warmup: WarmupPanel) -> None:
    steps = list(the_steps())
    steps[2] = StepReport("sampler", StepState.FAILED, 90_000, "no such file: /proc/stat\x1b[2J\n")
    steps[3] = StepReport("baseline", StepState.RUNNING)
    steps[4] = StepReport("beats")
    shown(warmup, with_status(steps=tuple(steps)))
    rows = warmup.steps.rows
    assert [rows[name].dot.mark for name in ("sampler", "baseline", "beats")] == [
        Mark.FAILED,
        Mark.RUNNING,
        Mark.WAITING,
    ]
    assert plain_text(rows["sampler"].detail) == (
        "No such file: /proc/stat [2J. Beats still measure lateness; they carry no CPU and memory figures, "
        "and each one tries again."
    )
    assert not rows["sampler"].detail.isHidden()
    assert rows["record"].detail.isHidden()
    assert rows["sampler"].accessibleName().startswith("Open CPU and memory figures: failed, No such file")
    assert rows["beats"].figure.text() == "waiting"
    assert warmup.dot.mark is Mark.WARNING
    assert plain_text(warmup.state).endswith(" 1 step failed.")
    shown(warmup, with_status())
    assert rows["sampler"].detail.isHidden()


def test_steps_of_another_version_get_rows_too(warmup: WarmupPanel) -> None:
    shown(warmup, with_status(steps=(StepReport("novel", StepState.DONE, 1_500_000),)))
    assert list(warmup.steps.rows) == ["novel"]
    assert warmup.steps.rows["novel"].title.text() == "novel"


def test_first_comes_what_it_is_worth_and_the_rest_is_folded_away(warmup: WarmupPanel, qtbot: QtBot) -> None:
    assert plain_text(warmup.chart.worth) == "A beat takes 23 µs instead of 106 µs: 4.6×"
    assert "runs once without being recorded" in warmup.chart.why.text()
    assert warmup.chart.plot.isVisible()
    for card in (warmup.steps, warmup.rehearsal, warmup.profile, warmup.bench):
        assert not card.isVisible()
    qtbot.keyClick(warmup.fold, Qt.Key.Key_Space)
    for card in (warmup.steps, warmup.rehearsal, warmup.profile, warmup.bench):
        assert card.isVisible()
    assert warmup.fold.accessibleDescription().endswith("shown")


@pytest.mark.parametrize(
    ("snapshot", "sentence"),
    [
        (
            replace(WARM, rehearsal=replace(WARM.rehearsal, mode=RehearsalMode.OFF, rehearsed=False)),
            "A warm beat takes 23 µs, the first one 940 µs: 40.9×",
        ),
        (
            replace(
                with_status(report=None),
                rehearsal=replace(WARM.rehearsal, rehearsed=False, unrehearsed=Percentiles()),
            ),
            "A beat takes 23 µs",
        ),
        (with_status(warmth=Warmth.COLD), "How much warming up helps shows once warm beats were made."),
    ],
)
def test_nothing_is_claimed_that_was_not_measured(
    warmup: WarmupPanel, snapshot: Snapshot, sentence: str
) -> None:
    shown(warmup, snapshot)
    assert plain_text(warmup.chart.worth) == sentence


def test_what_it_is_worth_is_compared_with_one_thing_whether_or_not_the_last_beat_was_rehearsed(
    warmup: WarmupPanel,
) -> None:
    before = plain_text(warmup.chart.worth)
    shown(warmup, replace(WARM, rehearsal=replace(WARM.rehearsal, rehearsed=False)))
    assert plain_text(warmup.chart.worth) == before


def test_what_cooling_down_undid_is_not_done(warmup: WarmupPanel) -> None:
    shown(warmup, with_status(warmth=Warmth.COLD, cold_beats_left=60))
    marks = {name: row.dot.mark for name, row in warmup.steps.rows.items()}
    undone = {name for name, mark in marks.items() if mark is Mark.NONE}
    assert undone == {"sampler", "baseline", "beats"}
    assert warmup.steps.rows["beats"].figure.text() == "dropped"
    assert "done" not in warmup.steps.rows["beats"].accessibleName()
    shown(warmup, WARM)
    assert {row.dot.mark for row in warmup.steps.rows.values()} == {Mark.FINE}


def test_nothing_is_said_to_be_watched_where_beats_leave_no_time_for_it(warmup: WarmupPanel) -> None:
    busy = replace(WARM, watch=WatchStatus(50_000_000, 0.97))
    assert shown(warmup, busy).rehearsal.watch.value == "97 %"
    assert shown(warmup, replace(busy, interval_ns=50_000_000)).rehearsal.watch.value == "–"


def test_cooling_down_and_its_effect(warmup: WarmupPanel, warm_resident: FakeResident) -> None:
    warmup.cool_down.click()
    warmup.refresh()
    assert warm_resident.feed.snapshot.warm_up.warmth is Warmth.COLD
    assert plain_text(warmup.state).startswith("Cold. ")
    effect = WarmupEffect(EventKind.COOLED_DOWN, NOW_NS, 7, "", 23_000)
    shown(warmup, with_status(warmth=Warmth.COLD, cold_beats_left=60, effect=effect))
    assert plain_text(warmup.state).startswith("Cold. The next beat opens everything again; ")
    assert warmup.rehearsal.effect.text().endswith("waiting for the next beat.")
    shown(warmup, with_status(effect=replace(effect, next_beat_ns=812_000)))
    assert plain_text(warmup.rehearsal.effect).endswith(": the next beat took 812 µs, 35.3× the usual 23 µs.")
    warmup.warm_up.click()
    assert warm_resident.feed.snapshot.warm_up.warmth is Warmth.WARM


def test_what_was_asked_for_is_shown_soon(
    warmup: WarmupPanel, warm_resident: FakeResident, qtbot: QtBot
) -> None:
    qtbot.keyClick(warmup.cool_down, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: warmup.dot.mark is Mark.COLD)


def test_the_switches_are_the_settings(warmup: WarmupPanel, warm_resident: FakeResident) -> None:
    controller = warmup._controller
    assert warmup.rehearsal.mode is RehearsalMode.AUTO
    warmup.rehearsal.button(RehearsalMode.OFF).click()
    assert controller.settings["beat.rehearsal"] == "off"
    assert warm_resident.feed.snapshot.rehearsal.mode is RehearsalMode.OFF
    assert warmup.rehearsal.automatic.isChecked()
    warmup.rehearsal.automatic.click()
    assert controller.settings["beat.warm_up"] is False
    assert warm_resident.applied[-1]["beat.warm_up"] is False
    controller.set_value("beat.warm_up", True)
    controller.set_rehearsal(RehearsalMode.ON)
    warmup._timer.start(10_000)
    warmup._look_again()
    assert warmup.rehearsal.automatic.isChecked()
    assert warmup.rehearsal.mode is RehearsalMode.ON


@pytest.fixture
def remote() -> FakeRemote:
    made = FakeRemote()
    made.snapshot = WARM
    return made


@pytest.fixture
def following(
    remote: FakeRemote,
    make_controller: Callable[..., Controller],
    make_warmup: Callable[[Controller], WarmupPanel],
) -> WarmupPanel:
    """The panel over the background service."""
    source = remote_source(remote)
    source.start()
    return make_warmup(make_controller(source))


def test_the_background_service_is_steered_too(following: WarmupPanel, remote: FakeRemote) -> None:
    assert not following.rehearsal.automatic.isEnabled()
    assert "background service" in following.rehearsal.automatic.toolTip()
    following.cool_down.click()
    assert remote.snapshot.warm_up.warmth is Warmth.COLD
    following.warm_up.click()
    assert remote.snapshot.warm_up.warmth is Warmth.WARM
    before = remote.snapshot
    following.rehearsal.button(RehearsalMode.OFF).click()
    assert remote.snapshot.rehearsal.mode is RehearsalMode.OFF
    obeyed, remote.snapshot = remote.snapshot, replace(before)
    following.refresh()
    assert following.rehearsal.mode is RehearsalMode.OFF, "what was asked for stays until the service tells"
    remote.snapshot = obeyed
    following.refresh()
    assert following.rehearsal.mode is RehearsalMode.OFF


def test_a_choice_that_the_service_refuses_goes_back(
    following: WarmupPanel, remote: FakeRemote, qtbot: QtBot
) -> None:
    remote.refusal = "the running instance does not answer"
    following._timer.start(10_000)
    with qtbot.waitSignal(following._controller.notice_raised):
        following.rehearsal.button(RehearsalMode.ON).click()
    assert following.rehearsal.mode is RehearsalMode.AUTO


def test_a_lost_service_cannot_be_steered(following: WarmupPanel, remote: FakeRemote) -> None:
    remote.die()
    following.refresh()
    assert not following.warm_up.isEnabled()
    assert not following.rehearsal.button(RehearsalMode.ON).isEnabled()
    assert following.state.text().startswith("The background service does not answer.")


def test_everything_has_a_name_for_a_screen_reader(warmup: WarmupPanel) -> None:
    assert unspoken(warmup) == []
    for widget in (*warmup.steps.rows.values(), warmup.rehearsal.gain):
        assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name), widget
    assert "the record go on" in warmup.cool_down.accessibleDescription()
    assert warmup.chart.plot.accessibleDescription().startswith("60 rehearsed beats, median 24 µs")


def test_the_keyboard_reaches_every_control(warmup: WarmupPanel) -> None:
    for button in warmup.findChildren(QPushButton):
        # Of buttons of which one is chosen, Tab leads to that one.
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus or button.group() is not None, button.text()


def test_it_speaks_another_language_at_once(warmup: WarmupPanel) -> None:
    use_language("zh_CN")
    warmup.retranslate()
    assert warmup.chart.toggle.text() == "表格"
    use_language("en")
    warmup.retranslate()
    assert warmup.chart.toggle.text() == "Table"
    assert warmup.state.text().startswith("Warm. ")


def test_it_takes_on_another_theme(warmup: WarmupPanel, theme: Theme) -> None:
    before = warmup.grab().toImage().pixelColor(30, 100).name()
    theme.choose("dark")
    after = warmup.grab().toImage().pixelColor(30, 100).name()
    plot = warmup.chart.plot.grab().toImage().pixelColor(2, 2).name()
    assert (before, after, plot) == ("#ffffff", "#1b1f26", "#1b1f26")


def test_nothing_is_painted_when_nothing_has_changed(
    warmup: WarmupPanel, warm_resident: FakeResident, count_paints: Callable[..., object], qtbot: QtBot
) -> None:
    warmup.grab()
    parts = (warmup.state, warmup.chart.plot.viewport(), warmup.rehearsal, *warmup.steps.rows.values())
    counter = count_paints(*parts)
    warm_resident.feed.snapshot = replace(WARM, made=WARM.made + 1)
    warmup.refresh()
    QApplication.processEvents()
    assert counter.count == 0  # type: ignore[attr-defined]


def test_timers_stop_when_it_is_left(warmup: WarmupPanel) -> None:
    warmup.activate()
    warmup.cool_down.click()
    assert warmup._timer.isActive()
    warmup.deactivate()
    assert not any(timer.isActive() for timer in warmup.findChildren(QTimer))


@pytest.mark.parametrize("unfolded", [False, True])
def test_nothing_is_cut_off(warmup: WarmupPanel, unfolded: bool) -> None:
    warmup.fold.setChecked(unfolded)
    for width, height in ((1196, 724), (1836, 1004), (676, 484)):
        warmup.resize(width, height)
        warmup.grab()
        for label in warmup.findChildren(QLabel):
            if label.isVisible() and not label.wordWrap():
                assert label.width() >= label.sizeHint().width(), (width, label.text())
        for button in warmup.findChildren(QPushButton):
            if button.isVisible():
                assert button.width() >= button.minimumSizeHint().width(), (width, button.text())
        scrolls = warmup.view.verticalScrollBar().maximum() > 0
        assert scrolls == (unfolded and height < 700), width


def test_a_heartbeat_that_never_warmed_up(warmup: WarmupPanel) -> None:
    shown(warmup, replace(WARM, warm_up=WarmupStatus(), rehearsal=replace(WARM.rehearsal, rehearsed=False)))
    assert plain_text(warmup.state).startswith("Cold. It was not warmed up")
    assert warmup.steps.evidence.text() == "Not warmed up since it started."
    assert warmup.rehearsal.effect.text() == "No changes so far."
    assert warmup.rehearsal.margin.value == warmup.rehearsal.cost.value == "–"
    assert warmup.chart.plot.accessibleDescription() == "No beats yet"
    warmup.grab()


def test_the_table_has_the_values_of_the_chart(warmup: WarmupPanel) -> None:
    warmup.chart.toggle.click()
    facts = warmup.chart.table.facts
    assert facts.rowCount() == 61
    assert facts.rows[1][0].text == "1"
    assert facts.rows[1][3].text == "812 µs"
    shown(warmup, with_status(first=FirstBeats((24_000,), (0,)), report=None))
    assert [[fact.text for fact in row] for row in facts.rows] == [["1", "–", "24 µs", "–"]]
    shown(warmup, with_status(first=first_beats(3)))
    warmup.chart.toggle.click()
    assert warmup.chart.plot.isVisible()


def test_it_leads_to_a_report_of_the_warm_up(warmup: WarmupPanel) -> None:
    asked: list[Place] = []
    warmup._controller.place_asked.connect(asked.append)
    warmup.report.click()
    assert asked == [Place("reports", template="warmup")]
