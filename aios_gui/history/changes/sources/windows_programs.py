"""Programs, drivers and the build of Windows, as the registry has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aios_gui.history.changes.model import Change, ChangeKind
from aios_gui.history.changes.sources.source import WINDOWS, Found, Past, Source, Values, look_at_values
from aios_gui.system.windows.registry import all_values, machine_values

NAME = "windows"
DAY_S = 86_400
_UNINSTALL = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
_UNINSTALL_32 = r"SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall"
_DRIVERS = r"SYSTEM\CurrentControlSet\Control\Class"
_BUILD = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
Keys = Mapping[str, Mapping[str, str]]


def look(past: Past) -> Found:
    """Compare with the last look; at the first one, programs by the day that their installer noted."""
    programs = {**all_values(_UNINSTALL, of_user=True), **all_values(_UNINSTALL_32), **all_values(_UNINSTALL)}
    drivers = all_values(_DRIVERS, levels=2)
    return compare(past, programs, drivers, machine_values(_BUILD))


def compare(past: Past, programs: Keys, drivers: Keys, build: Mapping[str, str]) -> Found:
    """As ``look``, of what the registry was found to have."""
    values: Values = {
        ChangeKind.PROGRAM: _versions(programs, "DisplayName", "DisplayVersion"),
        ChangeKind.DRIVER: _versions(drivers, "DriverDesc", "DriverVersion"),
        ChangeKind.SYSTEM: {},
    }
    if build.get("CurrentBuild"):
        name = f"{build['CurrentBuild']}.{build.get('UBR', '')}".rstrip(".")
        values[ChangeKind.SYSTEM]["Windows"] = name
    found = look_at_values(NAME, past, values)
    if past.state is None:
        found.changes += _installed(programs)
    return found


def _versions(keys: Keys, name: str, version: str) -> dict[str, str]:
    """Versions by name; parts of a program and updates, which are many, are not listed by Windows either."""
    return {
        values[name]: values.get(version, "")
        for _key, values in sorted(keys.items())
        if values.get(name) and not values.get("ParentKeyName") and values.get("SystemComponent") != "1"
    }


def _installed(programs: Keys) -> list[Change]:
    """Each program at noon of its day, which is all that an installer notes, in whatever form it likes."""
    found = []
    for subject, day in _versions(programs, "DisplayName", "InstallDate").items():
        for form in ("%Y%m%d", "%Y-%m-%d", "%m/%d/%Y"):
            try:
                noon = datetime.strptime(day, form).replace(hour=12).astimezone()
                at_ns = int(noon.timestamp()) * 1_000_000_000
            except (ValueError, OverflowError, OSError):
                continue
            if at_ns > 0:
                facts: dict[str, int | float | str] = {"precision_s": DAY_S}
                version = next(
                    (
                        each.get("DisplayVersion", "")
                        for each in programs.values()
                        if each.get("DisplayName") == subject
                    ),
                    "",
                )
                found.append(Change(at_ns, ChangeKind.PROGRAM, NAME, subject, None, version, facts))
            break
    return found


SOURCE = Source(NAME, WINDOWS, look)
