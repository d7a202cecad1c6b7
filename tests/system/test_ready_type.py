"""Types that are read on several threads."""

import threading
from dataclasses import dataclass
from typing import Annotated

import msgspec
import pytest

from aios_gui.instance import commands
from aios_gui.instance.commands import GetLatest
from aios_gui.system.ready_type import ready


def test_a_type_that_is_ready_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    @ready
    class Row(msgspec.Struct, array_like=True):
        at_us: Annotated[int, msgspec.Meta(ge=0)]

    @ready
    @dataclass
    class Facts:
        name: str

    def looked_at(_kind: object) -> object:
        raise AssertionError("it is looked at while it is read")

    monkeypatch.setattr("msgspec._utils.get_class_annotations", looked_at)
    monkeypatch.setattr("msgspec._utils.get_dataclass_info", looked_at)
    assert msgspec.convert([3], Row).at_us == 3
    assert msgspec.convert({"name": "a"}, Facts).name == "a"


def test_one_thread_at_a_time_makes_what_reads_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    real, made, most = msgspec.json.Decoder, [], []

    def decoder(kind: object) -> object:
        made.append(kind)
        most.append(len(made))
        found = real(kind)
        made.remove(kind)
        return found

    monkeypatch.setattr(commands, "_decoders", {})
    monkeypatch.setattr(msgspec.json, "Decoder", decoder)
    threads = [threading.Thread(target=commands._answers, args=(GetLatest,)) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert most == [1]
