"""How the window and the command line ask the program that beats, here or in another process."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from aios_gui.instance.channel import ChannelError, CommandRefused, NoResident, exchange
from aios_gui.instance.commands import A, Command, Quit, checked, encode, read_answer
from aios_gui.instance.lock import WindowPaths, is_locked
from aios_gui.system.paths import Paths

if TYPE_CHECKING:
    from aios_gui.instance.resident import Resident

log = logging.getLogger(__name__)
END_PATIENCE_S = 10.0
_LOOK_S = 0.05


class Client(Protocol):
    """Asks the program that beats."""

    def execute(self, command: Command[A]) -> A:
        """Its answer. CommandRefused, in words, where it does not do it; ChannelError where it does not answer."""
        ...


class LocalClient:
    """Asks the resident of this process."""

    def __init__(self, resident: Resident) -> None:
        self._resident = resident

    def execute(self, command: Command[A]) -> A:
        """As of ``Client``."""
        try:
            return self._resident.execute(checked(command))
        except ValueError as error:
            raise CommandRefused(str(error)) from error


class ChannelClient:
    """Asks the instance that runs, by its channel; NoResident where none does. Waits ``timeout_s`` at most a step."""

    def __init__(self, paths: Paths, timeout_s: float = 1.0) -> None:
        self._paths = paths
        self._timeout_s = timeout_s

    def execute(self, command: Command[A]) -> A:
        """As of ``Client``; AnotherVersion where the answer is of another version's shape."""
        try:
            request = encode(command)
        except ValueError as error:
            raise CommandRefused(str(error)) from error
        return read_answer(command, exchange(self._paths, request, self._timeout_s))


def ask_to_end(paths: Paths, wait: Callable[[float], object] = time.sleep) -> bool:
    """Ask the instance that runs to end and wait until its lock is free, up to 10 s; True when it is.

    ``wait`` waits the seconds that it is given. With ``WindowPaths`` it is the window that is asked.
    """
    return _ask(paths) and _is_free_soon(paths, wait)


def ask_all_to_end(paths: Paths) -> bool:
    """As ``ask_to_end``, of the instance and of the window beside it."""
    window = WindowPaths(*paths)
    asked = [_ask(each) for each in (window, paths) if is_locked(each)]
    return all(asked) and _is_free_soon(paths, time.sleep) and _is_free_soon(window, time.sleep)


def _ask(paths: Paths) -> bool:
    try:
        ChannelClient(paths, 2.0).execute(Quit())
    except NoResident:
        pass  # or one that is not announced, as where its note could not be written: the lock knows
    except ChannelError as error:
        log.warning("the other instance could not be asked to end: %s", error)
        return False
    return True


def _is_free_soon(paths: Paths, wait: Callable[[float], object]) -> bool:
    deadline = time.monotonic() + END_PATIENCE_S
    while is_locked(paths):
        if time.monotonic() > deadline:
            return False
        wait(_LOOK_S)
    return True
