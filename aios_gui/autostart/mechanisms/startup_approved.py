r"""The user's own switch for what is started at log-in on Windows: Task Manager and the Settings keep it.

Under HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved every entry of a list
may have a value of twelve bytes. The first is even for enabled, odd for disabled; the last eight are the FILETIME of
the disabling. Windows leaves a value behind when its entry is deleted, so that the next entry of that name stays
disabled. Microsoft has not published the format; it is what Task Manager was seen to write.
"""

from __future__ import annotations

from aios_gui.system.windows.registry import Kind, Registry, Value

KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved"
_ENABLED = bytes([2]) + bytes(11)
_TIME_AT, _LENGTH = 4, 12
_1601_TO_1970_TICKS = 116_444_736_000_000_000
_NS_PER_TICK = 100


class Switch:
    """The switch of one entry. Methods raise AutostartError with what the system said."""

    def __init__(self, registry: Registry, kind: str, entry: str) -> None:
        self._registry = registry
        self._key = rf"{KEY}\{kind}"
        self._entry = entry

    def disabled_since_ns(self) -> int | None:
        """When the user disabled it (wall), 0 if that is unknown; None where it is enabled."""
        value = self._registry.read(self._key, self._entry)
        if value is None or value.kind != Kind.BINARY or not isinstance(value.data, bytes):
            return None
        if not value.data or value.data[0] % 2 == 0:
            return None
        ticks = int.from_bytes(value.data[_TIME_AT:_LENGTH], "little") if len(value.data) >= _LENGTH else 0
        return max(0, ticks - _1601_TO_1970_TICKS) * _NS_PER_TICK

    def allow(self) -> None:
        """Enable it, as Task Manager does."""
        self._registry.write(self._key, self._entry, Value(_ENABLED, Kind.BINARY))

    def forget(self) -> None:
        """Remove the switch, so that a later entry of this name is enabled."""
        self._registry.delete(self._key, self._entry)
