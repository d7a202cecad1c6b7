"""The few calls on the Windows registry: this user's part, to be started at log-in, and reading the machine's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import IntEnum
from importlib import import_module
from types import ModuleType
from typing import Protocol


class RegistryError(Exception):
    """The registry refused; the message names the key and says what the system said."""


class Kind(IntEnum):
    """Types of values, as Windows numbers them; any other number is kept as it is."""

    STRING = 1
    EXPANDABLE = 2
    """A string in which %NAME% stands for a variable of the environment."""
    BINARY = 3


@dataclass(frozen=True, slots=True)
class Value:
    """What a name holds: ``data`` as Python has it, a text for both kinds of strings, bytes for BINARY."""

    data: object
    kind: int


class Registry(Protocol):
    """HKEY_CURRENT_USER, whose keys are named from there. Methods raise RegistryError."""

    def is_available(self) -> bool:
        """Whether this system has a registry."""
        ...

    def read(self, key: str, name: str) -> Value | None:
        """What ``name`` holds, however it is capitalised; None where the key or the name is not there."""
        ...

    def write(self, key: str, name: str, value: Value) -> None:
        """Set ``name``, and make its key where that is not there."""
        ...

    def delete(self, key: str, name: str) -> None:
        """Remove ``name``; nothing where it is not there."""
        ...


class WindowsRegistry:
    """The real one."""

    def is_available(self) -> bool:
        """On Windows."""
        return sys.platform == "win32"

    def read(self, key: str, name: str) -> Value | None:
        """See Registry."""
        with _refusals_of(key):
            winreg = import_module("winreg")
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                    data, kind = winreg.QueryValueEx(opened, name)
            except FileNotFoundError:
                return None
            return Value(data, kind)

    def write(self, key: str, name: str, value: Value) -> None:
        """See Registry."""
        with _refusals_of(key):
            winreg = import_module("winreg")
            with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_SET_VALUE) as opened:
                winreg.SetValueEx(opened, name, 0, value.kind, value.data)

    def delete(self, key: str, name: str) -> None:
        """See Registry."""
        with _refusals_of(key), suppress(FileNotFoundError):
            winreg = import_module("winreg")
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_SET_VALUE) as opened:
                winreg.DeleteValue(opened, name)


_MOST_KEYS, _MOST_VALUES = 5_000, 200


def machine_values(key: str, of_user: bool = False) -> dict[str, str]:
    """The texts and numbers in a key of the whole machine, or of this user, as text; none where it cannot be read."""
    if sys.platform != "win32":
        return {}
    winreg = import_module("winreg")
    found: dict[str, str] = {}
    with suppress(OSError), winreg.OpenKey(_root(winreg, of_user), key) as opened:
        for number in range(_MOST_VALUES):
            name, data, _kind = winreg.EnumValue(opened, number)
            if isinstance(data, str | int):
                found[name] = str(data)
    return found


def all_values(key: str, of_user: bool = False, levels: int = 1) -> dict[str, dict[str, str]]:
    """As ``machine_values``, of each key that lies ``levels`` below ``key``."""
    if sys.platform != "win32":
        return {}
    keys = [key]
    for _level in range(levels):
        keys = [f"{each}\\{name}" for each in keys for name in _subkeys(each, of_user)][:_MOST_KEYS]
    return {each: machine_values(each, of_user) for each in keys}


def _subkeys(key: str, of_user: bool) -> list[str]:
    winreg = import_module("winreg")
    with suppress(OSError), winreg.OpenKey(_root(winreg, of_user), key) as opened:
        most = min(_MOST_KEYS, winreg.QueryInfoKey(opened)[0])
        return [winreg.EnumKey(opened, number) for number in range(most)]
    return []


def _root(winreg: ModuleType, of_user: bool) -> object:
    return winreg.HKEY_CURRENT_USER if of_user else winreg.HKEY_LOCAL_MACHINE


@contextmanager
def _refusals_of(key: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ImportError) as error:  # only Windows' Python has the module
        said = getattr(error, "strerror", None) or error
        raise RegistryError(f"HKEY_CURRENT_USER\\{key}: {said}") from error
