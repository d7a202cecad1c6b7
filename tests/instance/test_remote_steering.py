"""Steering the heartbeat of another process: it obeys, and what it does not do is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.warmup import Warmth, WarmupReason
from aios_gui.instance.commands import CoolDown, SetRehearsal, WarmUp
from aios_gui.instance.remote import RemoteFeed
from aios_gui.system.paths import Paths, find_paths
from tests.processes import service, wait_until


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    return find_paths()


@pytest.fixture
def feed(paths: Paths) -> Iterator[RemoteFeed]:
    feed = RemoteFeed(paths)
    yield feed
    feed.stop()


def reason_of(feed: RemoteFeed) -> WarmupReason | None:
    report = feed.snapshot.warm_up.report
    return report.reason if report is not None else None


def test_the_other_process_obeys(paths: Paths, feed: RemoteFeed) -> None:
    with service(paths, "--interval", "0.5") as running:
        running.wait_for_beats(1)
        feed.start()
        wait_until(lambda: feed.snapshot.warm_up.warmth is Warmth.WARM, "a warm heartbeat")
        feed.send(CoolDown())
        wait_until(lambda: feed.snapshot.warm_up.warmth is Warmth.COLD, "a cold heartbeat")
        feed.send(SetRehearsal(RehearsalMode.OFF))
        feed.send(WarmUp())
        wait_until(lambda: reason_of(feed) is WarmupReason.ASKED, "a warm-up that was asked for")
        assert feed.snapshot.rehearsal.mode is RehearsalMode.OFF


def test_what_nobody_does_is_told_with_its_reason(feed: RemoteFeed) -> None:
    refusals: list[str] = []
    feed.on_refused = refusals.append
    feed.start()
    feed.send(WarmUp())
    wait_until(lambda: bool(refusals), "the refusal")
    assert refusals == ["no instance is running"]
