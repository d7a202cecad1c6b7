"""The few calls on this user's part of the Windows registry that being started at log-in needs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import IntEnum
from importlib import import_module
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


@contextmanager
def _refusals_of(key: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ImportError) as error:  # only Windows' Python has the module
        said = getattr(error, "strerror", None) or error
        raise RegistryError(f"HKEY_CURRENT_USER\\{key}: {said}") from error
