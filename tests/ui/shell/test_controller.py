"""What the user asks for takes effect at once and is saved; what cannot be done is said."""

import os
import threading
from collections.abc import Callable
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.heartbeat.model.warmup import Warmth
from aios_gui.instance.commands import CoolDown, ReloadSettings, SetRehearsal, WarmUp
from aios_gui.instance.lock import AlreadyRunning
from aios_gui.system import termination
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.engine_thread import EngineThread
from aios_gui.ui.shell.sources import LocalSource, SwitchFeed
from tests.ui.fakes import (
    FakeEngine,
    FakeFeed,
    FakeRemote,
    FakeResident,
    a_beat,
    a_snapshot,
    in_file,
    local_source,
    remote_source,
)

MakeController = Callable[..., Controller]


@pytest.fixture
def remote() -> FakeRemote:
    return FakeRemote()


@pytest.fixture
def following(make_controller: MakeController, remote: FakeRemote, resident: FakeResident) -> Controller:
    """A controller that follows the background service; what it starts here is ``resident``."""
    source = remote_source(remote)
    source.start()
    return make_controller(source, lambda: local_source(resident))


def test_a_setting_is_applied_and_saved(controller: Controller, resident: FakeResident, qtbot: QtBot) -> None:
    with qtbot.waitSignal(controller.settings_changed) as told:
        controller.set_value("beat.interval_s", 0.25)
    assert told.args == ["beat.interval_s"]
    assert [settings["beat.interval_s"] for settings in resident.applied] == [0.25]
    assert in_file(controller) == controller.settings


def test_the_same_value_again_does_nothing(controller: Controller, resident: FakeResident) -> None:
    controller.set_value("beat.interval_s", 1.0)
    assert resident.applied == []
    assert not controller.paths.settings.exists()


def test_a_value_that_is_not_allowed_changes_nothing(controller: Controller, resident: FakeResident) -> None:
    with pytest.raises(ValueError, match="between"):
        controller.set_value("beat.interval_s", 0.001)
    assert controller.settings["beat.interval_s"] == 1.0
    assert resident.applied == []


def test_settings_that_cannot_be_saved_hold_all_the_same_and_are_told(
    controller: Controller, resident: FakeResident, qtbot: QtBot
) -> None:
    controller.paths.settings.mkdir(parents=True)  # a folder where the file belongs
    with qtbot.waitSignal(controller.notice_raised) as told:
        controller.set_value("beat.interval_s", 2.0)
    assert resident.applied[-1]["beat.interval_s"] == 2.0
    assert str(controller.paths.settings) in told.args[0].text()


def test_pause_and_resume(controller: Controller, resident: FakeResident) -> None:
    controller.toggle_pause()
    assert resident.feed.snapshot.state is EngineState.PAUSED
    controller.toggle_pause()
    assert resident.feed.snapshot.state is EngineState.RUNNING


def test_the_engine_runs_on_a_thread_of_its_own(
    controller: Controller, resident: FakeResident, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: resident.engine.runs_on is not None)
    assert resident.engine.runs_on != threading.get_ident()


def test_an_engine_that_dies_is_told(
    make_controller: MakeController, resident: FakeResident, qtbot: QtBot
) -> None:
    resident.engine.error = RuntimeError("out of order")
    source = local_source(resident)
    controller = make_controller(source)
    with qtbot.waitSignal(controller.notice_raised) as told:
        source.start()
    assert "out of order" in told.args[0].text()


def test_shutdown_happens_once(controller: Controller, resident: FakeResident) -> None:
    controller.shutdown()
    controller.shutdown()
    assert resident.shutdowns == 1
    assert resident.on_raise is None


def test_a_thread_that_will_not_end_is_kept_and_reported(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Callable[[], bool]] = []
    monkeypatch.setattr(termination, "_left_behind", kept)
    resident = FakeResident()
    resident.engine.stuck = True
    source = local_source(resident)
    source.start()
    monkeypatch.setattr("aios_gui.ui.shell.engine_thread.STOP_TIMEOUT_MS", 20)
    assert not source.thread.finish(20)
    assert "did not end" in caplog.text
    resident.engine.unstick()
    source.stop()
    assert source.thread.isFinished()
    assert not termination.any_left_behind()


def test_take_over_swaps_the_feed(
    following: Controller, remote: FakeRemote, resident: FakeResident, qtbot: QtBot
) -> None:
    assert following.is_remote
    with qtbot.waitSignal(following.source_changed):
        following.take_over()
    assert following.is_busy
    qtbot.waitUntil(lambda: not following.is_remote)
    assert not following.is_busy
    assert remote.left
    assert following.snapshot is resident.feed.snapshot
    qtbot.waitUntil(lambda: resident.engine.runs_on is not None)


def test_recording_here_does_not_wait_for_the_thread_that_followed(
    following: Controller, remote: FakeRemote
) -> None:
    following.record_here()
    assert not following.is_remote
    assert (remote.left, remote.stopped) == (True, False)
    following.shutdown()
    assert remote.stopped


def test_a_service_that_does_not_hand_over_goes_on(
    following: Controller, remote: FakeRemote, qtbot: QtBot
) -> None:
    remote.hands_over = False
    with qtbot.waitSignal(following.notice_raised) as told:
        following.take_over()
    assert "did not hand over" in told.args[0].text()
    assert following.is_remote
    assert not remote.stopped


def test_recording_here_fails_with_words(
    make_controller: MakeController, remote: FakeRemote, qtbot: QtBot
) -> None:
    def nobody_may() -> LocalSource:
        raise AlreadyRunning(None)

    source = remote_source(remote)
    source.start()
    controller = make_controller(source, nobody_may)
    with qtbot.waitSignal(controller.notice_raised) as told:
        controller.record_here()
    assert "another instance is running" in told.args[0].text()
    assert controller.is_remote


def test_shutdown_during_a_take_over_waits_for_it(following: Controller, remote: FakeRemote) -> None:
    following.take_over()
    following.shutdown()
    assert remote.stopped


def test_pausing_the_service_of_another_process_does_nothing(following: Controller) -> None:
    following.toggle_pause()
    assert following.snapshot.state is EngineState.RUNNING


@pytest.mark.parametrize("whose", ["controller", "following"])
def test_warming_up_and_cooling_down_reach_whoever_beats(
    whose: str, request: pytest.FixtureRequest, qtbot: QtBot
) -> None:
    controller: Controller = request.getfixturevalue(whose)
    controller.send(CoolDown())
    assert controller.snapshot.warm_up.warmth is Warmth.COLD
    controller.send(WarmUp())
    assert controller.snapshot.warm_up.warmth is Warmth.WARM


@pytest.mark.parametrize("whose", ["controller", "following"])
def test_rehearsals_are_chosen_wherever_it_beats_and_kept(
    whose: str, request: pytest.FixtureRequest, qtbot: QtBot
) -> None:
    controller: Controller = request.getfixturevalue(whose)
    controller.set_rehearsal(RehearsalMode.OFF)
    assert controller.snapshot.rehearsal.mode is RehearsalMode.OFF
    assert in_file(controller)["beat.rehearsal"] == "off"


def test_a_service_with_another_setting_is_told_all_the_same(
    following: Controller, remote: FakeRemote
) -> None:
    remote.send(SetRehearsal(RehearsalMode.ON))
    following.set_rehearsal(RehearsalMode.AUTO)
    assert remote.snapshot.rehearsal.mode is RehearsalMode.AUTO


def test_a_service_that_does_not_obey_is_told_in_words(
    following: Controller, remote: FakeRemote, qtbot: QtBot
) -> None:
    remote.refusal = "no instance is running"
    with qtbot.waitSignal(following.notice_raised) as told:
        following.send(CoolDown())
    assert told.args[0].text() == (
        "The background service did not do what it was asked to: no instance is running"
    )
    remote.refusal = ""
    with qtbot.waitSignal(following.notice_over) as over:
        following.send(WarmUp())
    assert over.args == [told.args[0].key]


def test_what_the_heartbeat_of_this_process_refuses_is_told_too(
    controller: Controller, resident: FakeResident, qtbot: QtBot
) -> None:
    resident.refusal = "no"
    with qtbot.waitSignal(controller.notice_raised) as told:
        controller.send(CoolDown())
    assert told.args[0].text().endswith(": no")


def test_readers_are_told_once_to_read_again_after_a_switch() -> None:
    before, after = FakeFeed(), FakeFeed()
    for number in range(5):
        before.put(a_beat(number))
    after.put(a_beat(100))
    feed = SwitchFeed(before)
    cursor, items = feed.since(0)
    assert items is not None
    assert len(items) == 5
    slow_cursor, _items = feed.since(0)
    feed.switch(after)
    cursor, items = feed.since(cursor)
    assert items is None
    after.put(a_beat(101))
    cursor, items = feed.since(cursor)
    assert items == [a_beat(101)]
    _cursor, items = feed.since(slow_cursor)
    assert items is None


def test_a_switch_keeps_that_too_much_was_missed() -> None:
    small = FakeFeed(keeps=2)
    feed = SwitchFeed(FakeFeed())
    feed.switch(small)
    cursor, _items = feed.since(0)
    for number in range(5):
        small.put(a_beat(number))
    cursor, items = feed.since(cursor)
    assert items is None
    assert feed.since(cursor)[1] == []


def test_engine_thread_ends_in_time() -> None:
    thread = EngineThread(cast("Any", FakeEngine()))
    thread.start()
    assert thread.finish()
    assert thread.isFinished()


def test_snapshots_come_from_whatever_feeds() -> None:
    feed = SwitchFeed(FakeFeed(a_snapshot(1)))
    other = FakeFeed(a_snapshot(2))
    feed.switch(other)
    assert feed.snapshot is other.snapshot


@pytest.mark.skipif(os.name == "nt", reason="folders are private in other ways")
def test_the_settings_are_private(controller: Controller) -> None:
    controller.set_value("window.theme", "dark")
    in_file(controller)
    assert controller.paths.settings.stat().st_mode & 0o077 == 0


def test_a_change_reaches_the_background_service_by_its_file(
    make_controller: Callable[..., Controller],
) -> None:
    remote = FakeRemote()
    controller = make_controller(remote_source(remote))
    controller.set_value("beat.interval_s", 2)
    assert remote.commands == []  # it would read the file before it is written
    assert in_file(controller)["beat.interval_s"] == 2.0
    assert remote.commands == [ReloadSettings()]
    controller.set_value("window.refresh_hz", 4)  # that is the window's own business
    assert in_file(controller)["window.refresh_hz"] == 4.0
    assert remote.commands == [ReloadSettings()]
