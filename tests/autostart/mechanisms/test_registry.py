"""What the fake registry does is what Windows' own does, wherever that can be asked."""

import importlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from aios_gui.system.windows.registry import Kind, Registry, RegistryError, Value, WindowsRegistry
from tests.autostart.mechanisms.windows_fakes import LONGEST_NAME, FakeRegistry

KEY = r"Software\AIOS Heartbeat tests"
ON_WINDOWS = pytest.mark.skipif(sys.platform != "win32", reason="asks Windows itself")


@pytest.fixture(params=[FakeRegistry, pytest.param(WindowsRegistry, marks=ON_WINDOWS)])
def registry(request: pytest.FixtureRequest) -> Iterator[Registry]:
    made: Registry = request.param()
    yield made
    if isinstance(made, WindowsRegistry):
        winreg: Any = importlib.import_module("winreg")
        winreg.DeleteKey(winreg.HKEY_CURRENT_USER, KEY)


@pytest.mark.parametrize(
    "value",
    [
        Value("", Kind.STRING),
        Value(r'"C:\Ünï 心跳 💓\a.exe" --home "D:\x y\\"', Kind.STRING),
        Value(r"%TEMP%\a.exe", Kind.EXPANDABLE),
        Value("x" * 20_000, Kind.STRING),
        Value(bytes([2] + [0] * 11), Kind.BINARY),
    ],
)
def test_a_value_is_read_as_it_was_written_with_its_kind(registry: Registry, value: Value) -> None:
    registry.write(KEY, "AIOS Heartbeat", value)
    assert registry.read(KEY, "AIOS Heartbeat") == value
    assert registry.read(KEY.upper(), "aios HEARTBEAT") == value


def test_one_name_holds_one_value_of_any_kind(registry: Registry) -> None:
    registry.write(KEY, "AIOS Heartbeat", Value("text", Kind.STRING))
    registry.write(KEY, "aios heartbeat", Value(b"\2", Kind.BINARY))
    assert registry.read(KEY, "AIOS Heartbeat") == Value(b"\2", Kind.BINARY)
    registry.delete(KEY, "AIOS HEARTBEAT")
    assert registry.read(KEY, "AIOS Heartbeat") is None


def test_what_is_not_there_is_none_and_need_not_be_deleted(registry: Registry) -> None:
    registry.write(KEY, "other", Value("x", Kind.STRING))
    assert registry.read(KEY, "AIOS Heartbeat") is None
    assert registry.read(KEY + r"\nowhere", "AIOS Heartbeat") is None
    registry.delete(KEY, "AIOS Heartbeat")
    registry.delete(KEY + r"\nowhere", "AIOS Heartbeat")
    assert registry.read(KEY, "other") == Value("x", Kind.STRING)


def test_a_name_has_its_longest(registry: Registry) -> None:
    registry.write(KEY, "n" * LONGEST_NAME, Value("x", Kind.STRING))
    assert registry.read(KEY, "n" * LONGEST_NAME) == Value("x", Kind.STRING)
    with pytest.raises(RegistryError, match="AIOS Heartbeat tests"):
        registry.write(KEY, "n" * (LONGEST_NAME + 1), Value("x", Kind.STRING))
    registry.delete(KEY, "n" * LONGEST_NAME)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has one")
def test_a_system_without_a_registry_says_so() -> None:
    registry = WindowsRegistry()
    assert not registry.is_available()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: registry.read(KEY, "x"),
        lambda: registry.write(KEY, "x", Value("", Kind.STRING)),
        lambda: registry.delete(KEY, "x"),
    )
    for attempt in attempts:
        with pytest.raises(RegistryError, match="winreg"):
            attempt()
