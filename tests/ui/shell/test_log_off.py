"""Signals of the system end the program through the GUI's own thread."""

import os
import signal
import socket

import pytest
from pytestqt.qtbot import QtBot

from aios_gui.system.termination import HeldSignals
from aios_gui.ui.shell.log_off import EndSignals


@pytest.fixture
def shut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine reaches not even itself."""

    def refused() -> None:
        raise OSError(10051, "network unreachable")

    monkeypatch.setattr(socket, "socketpair", refused)


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_program(number: signal.Signals, qtbot: QtBot) -> None:
    before = signal.getsignal(number)
    ended: list[int] = []
    signals = EndSignals(lambda: ended.append(1), lambda: None)
    try:
        os.kill(os.getpid(), number)
        qtbot.waitUntil(lambda: ended == [1])
    finally:
        signals.close()
        signals.deleteLater()
    assert signal.getsignal(number) is before


def test_log_off_saves_but_does_not_end(qtbot: QtBot, qapp: object) -> None:
    done: list[str] = []
    signals = EndSignals(lambda: done.append("end"), lambda: done.append("save"))
    try:
        signals._on_log_off(None)
    finally:
        signals.close()
        signals.deleteLater()
    assert done == ["save"]


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")
def test_what_is_ignored_stays_ignored(qtbot: QtBot) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup has it
    try:
        signals = EndSignals(lambda: None, lambda: None)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        signals.close()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_what_was_asked_before_there_was_a_window_ends_it(qtbot: QtBot) -> None:
    with HeldSignals() as held:
        signal.raise_signal(signal.SIGTERM)
        ended: list[int] = []
        signals = EndSignals(lambda: ended.append(1), lambda: None, asked=held.asked)
        qtbot.waitUntil(lambda: ended == [1])
        signals.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")
@pytest.mark.usefixtures("shut_off")
def test_without_a_network_of_its_own_a_signal_ends_it_at_the_next_step(qtbot: QtBot) -> None:
    ended: list[int] = []
    signals = EndSignals(lambda: ended.append(1), lambda: None)
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        qtbot.waitUntil(lambda: ended == [1])
    finally:
        signals.close()
        signals.deleteLater()


@pytest.mark.usefixtures("shut_off")
def test_without_a_network_of_its_own_it_starts_and_closes() -> None:
    signals = EndSignals(lambda: None, lambda: None)
    signals.close()
    signals.deleteLater()
