"""Having the record moved by another instance: its progress is followed, and no one waits for ever."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from aios_gui.instance import relocation
from aios_gui.instance.channel import ChannelError
from aios_gui.instance.commands import Command, GetMove, GetSnapshot, MoveAnswer, SnapshotAnswer
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.record.model.health import StoreHealth
from aios_gui.record.relocation.model import MovePhase, MoveStatus

COPYING = MoveStatus(MovePhase.COPYING, "/elsewhere", 1, 10)


class Elsewhere:
    """The client of an instance whose move stands as it is told to."""

    def __init__(self, moves: Iterator[MoveStatus], store: StoreHealth) -> None:
        self.moves = moves
        self.store = store
        self.looks = 0

    def execute(self, command: Command[Any]) -> Any:
        if isinstance(command, GetSnapshot):
            self.looks += 1
            return SnapshotAnswer(Snapshot(store=self.store))
        assert isinstance(command, GetMove)
        return MoveAnswer(next(self.moves))


def stalled() -> Iterator[MoveStatus]:
    while True:
        yield COPYING


@pytest.fixture(autouse=True)
def soon_stalled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relocation, "_LOOK_S", 0.001)
    monkeypatch.setattr(relocation, "_STALLED_S", 0.01)


def test_a_recorder_that_hangs_is_not_waited_for() -> None:
    client = Elsewhere(stalled(), StoreHealth(False, silent_since_ns=1))
    with pytest.raises(ChannelError, match="recorder does not answer"):
        relocation._follow(client, COPYING, threading.Event(), lambda status: None)


def test_a_slow_one_is() -> None:
    client = Elsewhere(stalled(), StoreHealth())
    done = MoveStatus(MovePhase.DONE, "/elsewhere", 10, 10)

    def slowly() -> Iterator[MoveStatus]:
        while client.looks < 3:
            yield COPYING
        yield done

    client.moves = slowly()
    assert relocation._follow(client, COPYING, threading.Event(), lambda status: None) == done
